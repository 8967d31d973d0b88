import type { Bytes } from "../../schemas/ground/index.ts";
import { maxInputBytes } from "./change-bytes.ts";

/** What one thread is trying, for another to see. */
export interface Watch {
  begin(target: string): void;
  note(run: number, input: Bytes): void;
  end(): void;
  /** What is being tried, and how many inputs were tried before; undefined between two targets. */
  look(): { readonly target: string; readonly run: number; readonly tried: number; readonly input: Bytes } | undefined;
} // prettier-ignore

const maxName = 256;
const header = 5;
/** Places in the header. */
const at = { isOn: 0, tried: 1, run: 2, length: 3, name: 4 } as const;

/** Bytes of memory a watch needs. */
export const watchBytes = header * 4 + maxName + maxInputBytes;

/** Opens a watch over shared memory. One thread writes; what another reads meanwhile may be half of two inputs. */
export function openWatch(memory: SharedArrayBuffer): Watch {
  const numbers = new Int32Array(memory, 0, header);
  const name = new Uint8Array(memory, header * 4, maxName);
  const held = new Uint8Array(memory, header * 4 + maxName, maxInputBytes);
  const set = (place: number, value: number): void => void Atomics.store(numbers, place, value);
  const get = (place: number): number => Atomics.load(numbers, place);
  return {
    begin: (target) => {
      const bytes = Buffer.from(target).subarray(0, maxName);
      name.set(bytes);
      set(at.name, bytes.length);
      set(at.run, -1);
      set(at.length, 0);
      set(at.isOn, 1);
    },
    note: (run, input) => {
      held.set(input.subarray(0, maxInputBytes));
      set(at.length, input.length);
      set(at.run, run);
      set(at.tried, get(at.tried) + 1);
    },
    end: () => set(at.isOn, 0),
    look: () => {
      if (get(at.isOn) === 0) return undefined;
      const target = Buffer.from(name.slice(0, get(at.name))).toString();
      const input = Buffer.from(held.slice(0, get(at.length)));
      return { target, run: get(at.run), tried: get(at.tried), input };
    },
  };
}
