import { addRun, type Run } from "../../certs/oversight/index.ts";

/** A run is kept as one number: its first position, and its length as a fraction; of 52 bits all are exact. */
const lengths = 2 ** 20;
const firstRoom = 64;

/** Runs of positions that come in any order, eight octets each: a log has millions. */
export class RunHeap {
  #runs = new Float64Array(firstRoom);
  #size = 0;

  /** Adds positions that were not added before. */
  add(first: number, last: number): void {
    for (let at = first; at <= last; at += lengths - 1) {
      const length = Math.min(last - at + 1, lengths - 1);
      if (this.#size === this.#runs.length) this.#grow();
      this.#runs[this.#size] = at + length / lengths;
      this.#size += 1;
    }
  }

  /** All of them, rising; those that touch are one. */
  take(): readonly Run[] {
    const runs: Run[] = [];
    for (const one of this.#runs.subarray(0, this.#size).toSorted()) {
      const first = Math.floor(one);
      addRun(runs, [first, first + Math.round((one - first) * lengths) - 1]);
    }
    return runs;
  }

  #grow(): void {
    const wider = new Float64Array(this.#runs.length * 2);
    wider.set(this.#runs);
    this.#runs = wider;
  }
}
