import { Fault } from "../../../schemas/ground/index.ts";

/** Longest value that is kept as the source wrote it: what CodedValue holds. */
const maxKept = 60;

/** A value of the source that has no place, or another spelling, in ours: kept to be given back. */
export interface Kept {
  readonly scheme: string;
  readonly version: string;
  readonly code: string;
  readonly mapped?: readonly {
    readonly list: string;
    readonly code: string;
    readonly quality: string;
  }[];
}

/** Our code that stands for a kept value. */
interface Stand {
  readonly list: string;
  readonly code: string;
  readonly quality: string;
}

/**
 * A value to be given back in its own spelling.
 *
 * @throws {Fault} IMPORT_ROW_MALFORMED when it is too long to be kept
 */
export function makeKept(key: string, text: string, stand?: Stand): Kept {
  if (Array.from(text).length > maxKept) {
    const detail = `${key} is no value of the standard and longer than ${maxKept} characters; shorten it`;
    throw new Fault("IMPORT_ROW_MALFORMED", detail);
  }
  const kept = { scheme: `HTCDS ${key}`, version: "2.0", code: text };
  return stand === undefined ? kept : { ...kept, mapped: [stand] };
}
