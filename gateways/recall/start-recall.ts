import {
  type Bytes,
  type EpochMs,
  Fault,
  isFault,
  parseUuid,
  renderUuid,
  toFault,
} from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { StoredMessage } from "../store/index.ts";
import type { RecallParts } from "./parts.ts"; // prettier-ignore

/** What is to be taken back of all who hold it. */
export interface RecallWish {
  /** Ids of messages of ours; fifty at most. */
  readonly ids: readonly string[];
  /** A code of PURGE_SCOPE. */
  readonly scope: string;
  /** A code of PURGE_REASON. */
  readonly reason: string;
  readonly deadline: EpochMs;
  /** What else `data.purge` says in its JSON form: orderRef, orderAuthority, subjectRefs, explanation… */
  readonly more?: Readonly<Record<string, unknown>> | undefined;
}

/** What came of it, holder by holder. */
export interface RecallStarted {
  readonly sent: readonly { readonly holder: string; readonly id: string }[];
  readonly unreached: readonly { readonly holder: string; readonly code: string }[];
}

type Place = Pick<RecallParts, "agency" | "store" | "exchange" | "clock">;

const maxCrimes = 12;

function ownOf({ agency, store }: Place, id: Bytes): StoredMessage {
  const seq = store.messages.known("out", agency, id)?.seq;
  const message = seq === undefined ? undefined : store.messages.get(seq);
  if (message === undefined) throw new Fault("NOT_FOUND", "no message of this agency here has this id; only its sender takes a message back");
  return message;
} // prettier-ignore

/** With each its other edition: who was told in the name and who was told without lose it together. */
function withEditions(place: Place, named: readonly StoredMessage[]): readonly StoredMessage[] {
  const others = named.flatMap(({ id }) => place.store.editions.otherOf(id) ?? []).map((id) => ownOf(place, id));
  return [...new Map([...named, ...others].map((one) => [one.seq, one])).values()];
} // prettier-ignore

/** An order to one holder about the copies he has: no holder learns of another by it. */
function orderTo(holder: string, targets: readonly StoredMessage[], wish: RecallWish): object {
  const { scope, reason, deadline, more = {} } = wish;
  // ids and a reason; nothing of what is taken back
  const handling = targets.every((one) => one.handling === "H0") ? "H0" : "H1";
  return {
    type: "data.purge",
    crimes: [...new Set(targets.flatMap(({ crimes }) => crimes))].slice(0, maxCrimes),
    handling,
    recipients: [holder],
    body: {
      ...more,
      targetIds: targets.map(({ id }) => renderUuid(id)),
      purgeScope: scope,
      purgeReason: reason,
      deadline: renderInstant(deadline),
    },
  };
} // prettier-ignore

/** Whoever was to read any of these, with those of them he was to read: also who left the audience since, or never fetched it. */
function holdersOf({ store }: Place, targets: readonly StoredMessage[]): ReadonlyMap<string, readonly StoredMessage[]> {
  const pairs = targets.flatMap((target) => store.ladder.readers(target.seq).map(({ reader }) => ({ reader, target })));
  const byReader = Map.groupBy(pairs, ({ reader }) => reader);
  return new Map([...byReader].map(([reader, own]) => [reader, own.map(({ target }) => target)]));
} // prettier-ignore

async function noteUnreached({ store, clock }: Place, targets: readonly StoredMessage[], word: { readonly holder: string; readonly code: string | undefined }): Promise<void> {
  const { holder, code } = word;
  await store.write(() => {
    for (const { id } of targets) {
      store.recalls.noteUnreached(id, holder, code === undefined ? undefined : { code, at: clock.now() });
    }
  });
} // prettier-ignore

/** Orders about messages of ours: what is written to each who holds some of them, and under which key. */
export interface HoldersOrder {
  readonly make: (holder: string, targets: readonly StoredMessage[]) => object;
  readonly key: string;
}

/**
 * One signed order to each who holds a copy, was to have one, or was written a file. Whom no order can be written to is named,
 * with why, and stays open. The same key and order send nothing twice.
 *
 * @throws {Fault} SCHEMA_INVALID, RELEASE_NEEDED; CLOCK_*, STORE_* as `submit`
 */
export async function orderHolders(place: Place, targets: readonly StoredMessage[], { make, key }: HoldersOrder): Promise<RecallStarted> {
  const sent: { holder: string; id: string }[] = [];
  const unreached: { holder: string; code: string }[] = [];
  for (const [holder, own] of holdersOf(place, targets)) {
    try {
      const { id } = await place.exchange.submit(make(holder, own), `${key} ${holder}`);
      await noteUnreached(place, own, { holder, code: undefined });
      sent.push({ holder, id });
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      // what is wrong with the order is wrong for all; the store's and the clock's troubles too
      if (!isFault(error) || /^(?:SCHEMA|RULE|STORE|CLOCK|IDEMPOTENCY|RELEASE)_/.test(code))
        throw error;
      await noteUnreached(place, own, { holder, code });
      unreached.push({ holder, code });
    }
  }
  return { sent, unreached };
} // prettier-ignore

/**
 * Takes messages of ours back, each with its other edition, as `orderHolders` does.
 *
 * @throws {Fault} NOT_FOUND, ID_INVALID, SCHEMA_INVALID; CLOCK_*, STORE_* as `submit`
 */
export async function startRecall(place: Place, wish: RecallWish, key: string): Promise<RecallStarted> {
  const named = wish.ids.map((id) => ownOf(place, parseUuid(id)));
  const targets = withEditions(place, named);
  return await orderHolders(place, targets, { key, make: (holder, own) => orderTo(holder, own, wish) });
} // prettier-ignore
