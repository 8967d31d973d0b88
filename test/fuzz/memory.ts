import { getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

// the collector is asked for by hand only here, so no command line needs a flag
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** Bytes of this thread's heap and of what hangs on it outside, garbage included. */
export function usedBytes(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** Bytes that are kept: what is left of `usedBytes` when all garbage is gone. */
export function keptBytes(): number {
  collectGarbage();
  // what the first collection let go of may have held buffers
  collectGarbage();
  return usedBytes();
}
