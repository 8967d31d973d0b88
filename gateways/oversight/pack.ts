import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { Run } from "../../certs/oversight/index.ts";

const low = 0x80;

function addNumber(to: number[], value: number): void {
  let left = value;
  for (; left >= low; left = Math.floor(left / low)) to.push((left % low) + low);
  to.push(left);
}

/** Runs after a position, as gaps and lengths: two octets for most. */
export function packRuns(runs: readonly Run[], after: number): Bytes {
  const octets: number[] = [];
  let end = after;
  for (const [first, last] of runs) {
    addNumber(octets, first - end);
    addNumber(octets, last - first);
    end = last + 1;
  }
  return Uint8Array.from(octets);
}

/**
 * Gives each run of what was packed, from the first position of a log on.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function unpackRuns(pieces: readonly Bytes[], give: (first: number, last: number) => void): void {
  let [end, value, scale, isLength] = [0, 0, 1, false];
  let first = 0;
  for (const piece of pieces) {
    for (const octet of piece) {
      value += (octet % low) * scale;
      scale *= low;
      if (octet >= low) continue;
      if (isLength) {
        end = first + value + 1;
        give(first, end - 1);
      } else first = end + value;
      [value, scale, isLength] = [0, 1, !isLength];
    }
  }
  if (isLength || scale !== 1) throw new Fault("INTEGRITY_STORE", "positions of counted entries are cut off");
} // prettier-ignore
