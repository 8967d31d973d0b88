import { Fault } from "../../schemas/ground/index.ts";

/** Which bytes of a file are asked for: from the first to before the last. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

const maxHeader = 100;
const single = /^bytes=(\d{0,12})-(\d{0,12})$/;

/** Of what was asked for, what a file of this size has; undefined of what is no run. */
function runOf(first: string, last: string, size: number): ByteRange | undefined {
  if (first === "") return last === "" ? undefined : { from: Math.max(0, size - Number(last)), to: size };
  if (last === "") return { from: Number(first), to: size };
  if (Number(last) < Number(first)) return undefined;
  return { from: Number(first), to: Math.min(size, Number(last) + 1) };
} // prettier-ignore

/**
 * The one run of bytes that a request asks for (RFC 9110 §14), or undefined for the whole: without a Range, with several, with
 * one that is none, or when If-Range names another file than this.
 *
 * @throws {Fault} RANGE_UNSATISFIABLE
 */
export function parseRange(headers: Headers, size: number, tag: string): ByteRange | undefined {
  const condition = headers.get("if-range");
  if (condition !== null && condition !== tag) return undefined;
  const match = single.exec((headers.get("range") ?? "").slice(0, maxHeader));
  const run = match === null ? undefined : runOf(match[1] ?? "", match[2] ?? "", size);
  if (run === undefined || run.from < run.to) return run;
  throw new Fault("RANGE_UNSATISFIABLE", `the file has ${size} bytes`);
}
