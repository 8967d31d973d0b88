/** Draws the same again from the same seed. */
export interface Draw {
  /** True in so many cases of 1. */
  share(of: number): boolean;
  /** One of some, the first ones most. */
  skewed(all: readonly string[]): string;
  /** A number below `most`, small ones most. */
  rare(most: number): number;
}

/** Draws numbers by a well-known mixing of 32 bits; good enough to scatter rows, and for nothing else. */
export function makeDraw(seed: number): Draw {
  let state = seed;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const rare = (most: number): number => Math.floor(most * next() ** 3);
  return {
    share: (of) => next() < of,
    skewed: (all) => all[Math.floor(all.length * next() ** 2)] ?? "",
    rare,
  };
}

const syllables = [
  "ba",
  "ko",
  "mi",
  "ta",
  "ru",
  "se",
  "na",
  "do",
  "li",
  "fa",
  "zu",
  "ve",
  "gho",
  "ka",
  "pe",
  "wo",
];

/** A word of this number; no two numbers have the same. */
export function makeWord(number: number): string {
  const digits = (number + 256).toString(16);
  return digits.split("").map((digit) => syllables[Number.parseInt(digit, 16)] ?? "").join("");
} // prettier-ignore
