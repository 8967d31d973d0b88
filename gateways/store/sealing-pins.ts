import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, textOf } from "./row.ts";

/**
 * What a gateway thinks of one sealing key: met together with its agency; later, and vouched for, or not; or what a
 * person said of it.
 */
export type PinState = "FIRST" | "ENDORSED" | "UNENDORSED" | "CONFIRMED" | "REFUSED";

/** One word on one key. The last word on a key counts. */
export interface PinnedState {
  readonly agency: string;
  /** SHA-256 of the sealing certificate. */
  readonly thumbprint: Bytes;
  readonly state: PinState;
  readonly at: EpochMs;
  /** The person who said so; absent when the gateway judged. */
  readonly by?: string | undefined;
}

/** Every word on every sealing key, kept for good. What changes it is called inside `write` only. */
export interface SealingPins {
  /** In the order they were said. */
  all(): readonly PinnedState[];
  add(word: PinnedState): void;
}

const states = ["FIRST", "ENDORSED", "UNENDORSED", "CONFIRMED", "REFUSED"] as const;

/** Of a state we do not know the strictest is made: such a key is not sealed to. */
function stateOf(text: string): PinState {
  return states.find((one) => one === text) ?? "REFUSED";
}

/** Builds the part of the store that remembers sealing keys. */
export function makeSealingPins(database: Database): SealingPins {
  const all = database.prepare("SELECT * FROM sealing_pin ORDER BY seq");
  const add = database.prepare(
    "INSERT INTO sealing_pin (agency, thumbprint, state, at, who) VALUES (?, ?, ?, ?, ?)",
  );
  return {
    all: () =>
      all.all().map((row) => ({
        agency: textOf(row, "agency"),
        thumbprint: bytesOf(row, "thumbprint"),
        state: stateOf(textOf(row, "state")),
        at: numberOf(row, "at"),
        by: maybeOf(row, "who", textOf),
      })),
    add: ({ agency, thumbprint, state, at, by }) =>
      void add.run(agency, thumbprint, state, at, by ?? null),
  };
}
