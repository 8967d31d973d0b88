import type { Outbox } from "../store/index.ts";

/** Which publications may have left this machine. */
export interface Departures {
  /** This one is about to be handed to the link. */
  note(publication: number): void;
  /** Whether one may have been handed over, by this process or by one before it. */
  mayHave(publication: number): boolean;
}

/** Above so many, those that no longer wait are forgotten. */
const maxNoted = 4_096;

/**
 * Begins to note what leaves. What was stored before this process began may have left with the one before it, which kept no
 * note: nothing tells that it has not.
 */
export function makeDepartures(outbox: Pick<Outbox, "last" | "get">): Departures {
  const before = outbox.last();
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
