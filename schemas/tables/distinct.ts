const lot = 2_048;
const bits = 32;

/**
 * How many different numbers were said, each a place that is nought or more. An octet for eight places that lie near each
 * other, where a set takes some thirty for each: there is one of these for every figure.
 */
export class Distinct {
  readonly #lots = new Map<number, Uint32Array>();
  #size = 0;

  /** How many there are. */
  get size(): number {
    return this.#size;
  }

  /** Notes a place; one that was said before changes nothing. */
  add(place: number): void {
    const at = Math.floor(place / lot);
    let words = this.#lots.get(at);
    if (words === undefined) {
      words = new Uint32Array(lot / bits);
      this.#lots.set(at, words);
    }
    const word = Math.floor((place % lot) / bits);
    const held = words[word] ?? 0;
    const next = (held | (1 << (place % bits))) >>> 0;
    if (next === held) return;
    words[word] = next;
    this.#size += 1;
  }
}
