import { closeSync, fstatSync, openSync, readSync } from "node:fs";

import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import { isFault, toFault, tryShape } from "../../schemas/ground/index.ts";

const maxTailBytes = 512 * 1024;
const maxLines = 500;
/** Words of our own: codes, agencies, addresses. Whatever else somebody brought into a line is not told. */
const word = z.string().regex(/^[A-Za-z0-9_.:/ -]{0,120}$/);
const count = z.number();
const lineShape = z.object({
  level: count,
  time: z.iso.datetime(),
  name: z.enum(["gateway", "broker", "hub"]),
  msg: z.string().regex(/^[a-zA-Z0-9 ,;:'()./-]{1,160}$/),
  agency: word.optional(),
  hub: word.optional(),
  code: word.optional(),
  type: word.optional(),
  channel: word.optional(),
  stream: word.optional(),
  version: word.optional(),
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
