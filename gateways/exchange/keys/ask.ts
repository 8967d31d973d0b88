import {
  bytesKey,
  type EpochMs,
  Fault,
  isFault,
  renderUuid,
  toFault,
} from "../../../schemas/ground/index.ts";
import { lastUse } from "../../../certs/trust/index.ts";
import { limits } from "../../../schemas/index.ts";
import type { KeyWait } from "../../store/index.ts";
import type { Office } from "../office.ts";
import { placeOf } from "../place.ts";
import { addKeyMessage, draftKeyMessage, makeKeyMessage } from "./system-message.ts";

const dayMs = 86_400_000;
/** Waiting messages looked at in one go; the others come with the next. */
const batch = 512;

/** A message is asked about once a day at most, and less often the longer nobody answers. */
function nextAsk({ since }: KeyWait, now: EpochMs): EpochMs {
  return now + Math.max(dayMs, now - since);
}

function firstOfEach(waits: readonly KeyWait[]): readonly KeyWait[] {
  return [...new Map(waits.map((wait) => [bytesKey(wait.id), wait])).values()].slice(
    0,
    limits.maxKeysAsked,
  );
}

async function askOne(
  office: Office,
  originator: string,
  waits: readonly KeyWait[],
): Promise<void> {
  const { store, clock } = office;
  const place = placeOf(office);
  const crimes = [...new Set(waits.map(({ crime }) => crime))];
  const registerEpoch = place.register.epoch;
  const body = { messageIds: waits.map(({ id }) => renderUuid(id)), registerEpoch };
  const plan = { type: "key.request", recipient: originator, crimes, body } as const;
  const made = await makeKeyMessage(office, draftKeyMessage(plan, place), place);
  await store.write(() => {
    addKeyMessage(office, made);
    for (const wait of waits) store.keyWaits.asked(wait, nextAsk(wait, clock.now()));
  });
}

/** Who may not be asked is tried again as if he had not answered. */
async function putOff({ store, clock }: Office, waits: readonly KeyWait[]): Promise<void> {
  await store.write(() => {
    for (const wait of waits) store.keyWaits.asked(wait, nextAsk(wait, clock.now()));
  });
}

/**
 * Asks the senders of messages that have waited some minutes for their keys, in one message for up to 64 of them. Says
 * whether there is something new to send.
 */
export async function askForKeys(office: Office): Promise<boolean> {
  const { store, clock, log } = office;
  if (lastUse(office.register()) <= clock.now()) return false;
  const bySender = Map.groupBy(store.keyWaits.due(clock.now(), batch), (one) => one.originator);
  let isNew = false;
  for (const [originator, waits] of bySender) {
    const some = firstOfEach(waits);
    try {
      await askOne(office, originator, some);
      isNew = true;
    } catch (error) {
      const fault = isFault(error) ? error : toFault(error, "INTERNAL");
      log.warn("keys could not be asked for", { agency: originator, code: fault.code });
      if (fault instanceof Fault && fault.code !== "STORE_WRITE_FAILED") await putOff(office, some);
    }
  }
  return isNew;
}
