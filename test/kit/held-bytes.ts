import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Has what nobody holds any more collected. */
export function collect(): void {
  setFlagsFromString("--expose-gc");
  const gc: unknown = runInNewContext("gc");
  if (typeof gc !== "function") throw new Error("this runtime cannot be asked to collect");
  gc();
}

/**
 * How many of these somebody still holds, after what nobody does was collected. Whatever else happens in this process meanwhile does not
 * count. To be asked in a later turn than the one that made them.
 */
export function countHeld(given: readonly WeakRef<Uint8Array>[]): number {
  collect();
  return given.filter((one) => one.deref() !== undefined).length;
}
