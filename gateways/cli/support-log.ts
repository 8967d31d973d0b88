import { closeSync, fstatSync, openSync, readSync } from "node:fs";

import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { isFault, isFaultCode, toFault, tryShape } from "../../schemas/ground/index.ts";

const maxTailBytes = 512 * 1024;
const maxLines = 500;
/** Words of our own, each of a closed form. A line that says anything else under these names is not told at all. */
const agency = z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/);
const count = z.number();
const lineShape = z.object({
  level: count,
  time: z.iso.datetime(),
  name: z.enum(["gateway", "broker", "hub"]),
  /** Our sentences have neither numbers nor capitals in the middle. */
  msg: z.string().regex(/^[a-zA-Z][a-z ,;:'()/-]{0,120}$/),
  agency: agency.optional(),
  hub: agency.optional(),
  code: z.string().refine(isFaultCode).optional(),
  type: z
    .string()
    .regex(/^[a-z][a-z_.]{0,60}$/)
    .optional(),
  stream: z
    .string()
    .regex(/^(?:FEED_[A-Z]{2,10}|DIRECT|RECEIPTS|QUARANTINE|BLOB|LOG)$/)
    .optional(),
  version: z
    .string()
    .regex(/^\d[\d.]{0,20}$/)
    .optional(),
  count: count.optional(),
  epoch: count.optional(),
  port: count.optional(),
  ms: count.optional(),
  status: count.optional(),
});

/** The last lines of a log, each with the members that say nothing of messages, persons or keys. */
export interface LogTail {
  readonly lines: readonly z.infer<typeof lineShape>[];
  /** Lines that are none of ours, or say more. */
  readonly leftOut: number;
}

function readTail(file: string): string {
  let handle: number | undefined;
  try {
    handle = openSync(file, "r");
    const { size } = fstatSync(handle);
    const bytes = Buffer.alloc(Math.min(size, maxTailBytes));
    const read = readSync(handle, bytes, 0, bytes.length, size - bytes.length);
    const text = bytes.toString("utf8", 0, read);
    // of a line that was cut off nothing is known
    return size > maxTailBytes ? text.slice(text.indexOf("\n") + 1) : text;
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function parseLine(text: string): unknown {
  try {
    return parseJsonText(text, maxTailBytes);
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Reads lines of a log as far as they are ours; never throws for what stands in them. */
export function parseLogLines(text: string): LogTail {
  const all = text.split("\n").filter((line) => line !== "");
  const last = all.slice(-maxLines);
  const lines = last.flatMap((line) => {
    const read = tryShape(lineShape, parseLine(line));
    return read.success ? [read.data] : [];
  });
  return { lines, leftOut: last.length - lines.length };
} // prettier-ignore

/** Reads the end of a log. @throws {Fault} USAGE_INVALID when it cannot be read */
export function readLogTail(file: string): LogTail {
  return parseLogLines(readTail(file));
}
