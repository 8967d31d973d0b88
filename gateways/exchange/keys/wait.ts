import type { Envelope } from "../../../schemas/index.ts";
import type { Bytes } from "../../../schemas/ground/index.ts";
import { readKeyName } from "../../crypto/index.ts";
import type { CameKey } from "../../store/index.ts";
import type { Office } from "../office.ts";
import { findContentKey } from "./content-key.ts";

/** A feed message whose outside was proved and whose key has not come. */
export interface Keyless {
  readonly envelope: Envelope;
  /** Its sealed body. */
  readonly body: Bytes;
}

/** Whoever is online shares its keys ahead of its messages; so long nobody is asked. */
const patienceMs = 5 * 60_000;
/** Publications judged again in one go. */
const pageSize = 100;

function feedOf({ envelope, body }: Keyless): Parameters<typeof readKeyName>[0] {
  const { originator, id, type = "" } = envelope;
  return { originator, id, type, sealed: body };
}

/** Whether the key came while the message was judged. Asked inside a write. */
export function hasKeyNow({ store }: Office, keyless: Keyless): boolean {
  const feed = feedOf(keyless);
  return findContentKey(store, feed, readKeyName(feed)) !== undefined;
}

/** Notes that a publication in quarantine waits for its key. Runs inside a write. */
export function addWait({ store, clock }: Office, message: number, keyless: Keyless): void {
  const { originator, id, crimes } = keyless.envelope;
  const since = clock.now();
  const name = readKeyName(feedOf(keyless));
  const times = { since, nextAskAt: since + patienceMs };
  store.keyWaits.add({ message, originator, id, name, crime: crimes[0] ?? "", ...times });
}

/** A publication in quarantine. */
export interface LyingArrival {
  readonly subject: string;
  readonly bytes: Bytes;
  readonly quarantined: number;
}

/** Hands all that waited for these keys to `take`, in pages, the newest first. */
export async function judgeWaiting(
  { store, clock }: Office,
  keys: readonly CameKey[],
  take: (arrivals: readonly LyingArrival[]) => Promise<void>,
): Promise<void> {
  for (const key of keys) {
    let before = Number.MAX_SAFE_INTEGER;
    for (;;) {
      const page = { now: clock.now(), before, limit: pageSize };
      const lying = store.keyWaits.ready(key, page);
      const last = lying.at(-1);
      if (last === undefined) break;
      before = last.seq;
      await take(lying.map(({ seq, subject, raw }) => ({ subject, bytes: raw, quarantined: seq })));
    }
  }
}
