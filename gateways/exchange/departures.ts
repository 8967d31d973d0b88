import type { Outbox, Store } from "../store/index.ts";

/** Which publications may have left this machine. */
export interface Departures {
  /** This one is about to be handed to the link. */
  note(publication: number): void;
  /** Whether one may have been handed over, by this process or by one before it. */
  mayHave(publication: number): boolean;
}

/** Above so many, those that no longer wait are forgotten. */
const maxNoted = 4_096;

const setting = "left.before";
const anything = "all";

/** Notes whether things leave from now on; while none does, that what is stored from now on did not. Runs inside a write. */
export function noteLeft({ settings, outbox }: Pick<Store, "settings" | "outbox">, isLeaving: boolean): void {
  settings.set(setting, isLeaving ? anything : String(outbox.last()));
} // prettier-ignore

/** The last publication that may have left before this process began; of a store that was put back nothing is known. */
export function leftBefore({ settings, outbox, restored }: Pick<Store, "settings" | "outbox" | "restored">): number {
  const noted = settings.get(setting) ?? anything;
  return noted === anything || restored.mark() !== undefined ? outbox.last() : Number(noted);
} // prettier-ignore

/**
 * Begins to note what leaves.
 *
 * @param before the last publication that may have left with a process before this one: it kept no note of each
 */
export function makeDepartures(
  outbox: Pick<Outbox, "last" | "get">,
  before = outbox.last(),
): Departures {
  let noted = new Set<number>();
  let most = maxNoted;
  const forget = (): void => {
    noted = new Set([...noted].filter((one) => outbox.get(one)?.state === "WAITING"));
    most = Math.max(maxNoted, noted.size * 2);
  };
  return {
    note: (publication) => {
      if (publication <= before) return;
      noted.add(publication);
      if (noted.size > most) forget();
    },
    mayHave: (publication) => publication <= before || noted.has(publication),
  };
}
