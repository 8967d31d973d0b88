import { toFault } from "../../../schemas/ground/index.ts";
import type { Office } from "../office.ts";
import { answerKeyRequests } from "./answer.ts";
import { askForKeys } from "./ask.ts";
import { renewKeys } from "./renew.ts";

const dayMs = 86_400_000;
/** Ticks between looks at what has waited long for its key. */
const askTicks = 10;
/** Ticks between looks at which keys end soon, and which are to be erased. */
const renewTicks = 300;

/** Erases every key that can open nothing any more. */
export async function eraseKeys({ store, clock, log }: Office): Promise<void> {
  const erased = await store.write(() => {
    const now = clock.now();
    store.keyWaits.forgetGiven(now - dayMs);
    return store.audienceKeys.erase(now) + store.heldKeys.erase(now);
  });
  if (erased > 0) log.info("keys erased", { count: erased });
}

/** Does what keys need besides messages: answers, questions, next keys, and erasing. */
export interface KeyTender {
  /** Call about once a second. */
  tick(): void;
}

/** What a tender tells others. */
export interface KeyTenderDuties {
  /** There is something new to send. */
  wake(): void;
  /** Somebody judges by this epoch of the register. */
  sawEpoch(epoch: number): void;
}

/** Builds the tender of an office's keys. One round at a time; what fails is written down and tried again. */
export function makeKeyTender(office: Office, duties: KeyTenderDuties): KeyTender {
  let ticks = 0;
  let isBusy = false;
  const round = async (at: number): Promise<void> => {
    let isNew = await answerKeyRequests(office, (epoch) => duties.sawEpoch(epoch));
    if (at % askTicks === 0) isNew = (await askForKeys(office)) || isNew;
    if (at % renewTicks === 0) {
      isNew = (await renewKeys(office)) || isNew;
      await eraseKeys(office);
    }
    if (isNew) duties.wake();
  };
  const roundSafely = async (at: number): Promise<void> => {
    isBusy = true;
    try {
      await round(at);
    } catch (error) {
      office.log.error("keys not tended", { code: toFault(error, "INTERNAL").code });
    } finally {
      isBusy = false;
    }
  };
  return {
    tick: () => {
      ticks += 1;
      if (!isBusy) void roundSafely(ticks);
    },
  };
}
