import { createHash } from "node:crypto";

/** Draws that depend on the seed and on what is drawn for, and on nothing else: the same question has the same answer. */
export interface Draw {
  /** One of `choices`, for a reason that names what it is for. */
  <T>(choices: readonly [T, ...T[]], why: string): T;
}

/** Builds a draw. */
export function makeDraw(seed: string): Draw {
  return (choices, why) => {
    const number = createHash("sha256").update(`${seed}\n${why}`).digest().readUInt32BE(0);
    return choices[number % choices.length] ?? choices[0];
  };
}
