import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

import { Fault, renderHex, sha256, toFault, utf8 } from "../../schemas/ground/index.ts";

const hex = z.string().regex(/^[0-9a-f]+$/);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const issuer = z.enum(["ROOT", "ISSUING"]);
const at = z.int().nonnegative();

const event = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("issued"),
    at,
    issuer,
    serial: hex,
    thumbprint: digest,
    agency: z.string(),
    kind: z.enum(["LINK", "SERVER", "SIGNING", "SEALING"]),
  }),
  z.strictObject({
    event: z.literal("revoked"),
    at,
    issuer,
    serial: hex,
    reason: z.int().min(1).max(10),
  }),
  z.strictObject({
    event: z.literal("listed"),
    at,
    issuer,
    number: z.int().positive(),
    digest,
  }),
]);

const line = z.strictObject({
  /** From 0, without a gap. */
  index: z.int().nonnegative(),
  /** SHA-256 of the line before, without its end; zeros for the first. */
  previous: digest,
  event,
});

/** One act of an authority. */
export type JournalEvent = z.infer<typeof event>;

/**
 * What an authority has done, in order; the only place its revocations are kept.
 *
 * One process at a time holds a journal. `append` has returned only when the event is on disk.
 */
export interface Journal {
  /** @throws {Fault} STORE_WRITE_FAILED; the journal is then closed to further events */
  append(event: JournalEvent): void;
  events(): readonly JournalEvent[];
  stop(): void;
}

interface Chain {
  readonly events: JournalEvent[];
  previous: string;
}

const zeros = "0".repeat(64);

function broken(file: string, index: number, cause?: unknown): Fault {
  return new Fault("INTEGRITY_STORE", `${file}: line ${index} does not follow the one before`, {
    cause,
  });
}

function readLine(text: string, chain: Chain, file: string): void {
  const index = chain.events.length;
  try {
    const read = line.parse(JSON.parse(text));
    if (read.index !== index || read.previous !== chain.previous) throw broken(file, index);
    chain.events.push(read.event);
  } catch (error) {
    throw error instanceof Fault ? error : broken(file, index, error);
  }
  chain.previous = renderHex(sha256(utf8(text)));
}

/** A last line without its end was never acknowledged, so what it tells of was never given out: cut off. */
function readChain(handle: number, file: string): Chain {
  const text = readFileSync(handle, "utf8");
  const end = text.lastIndexOf("\n") + 1;
  if (end < text.length) ftruncateSync(handle, Buffer.byteLength(text.slice(0, end)));
  const chain: Chain = { events: [], previous: zeros };
  for (const one of text.slice(0, end).split("\n").slice(0, -1)) readLine(one, chain, file);
  return chain;
}

function appendLine(handle: number, chain: Chain, added: JournalEvent): void {
  const text = JSON.stringify({
    index: chain.events.length,
    previous: chain.previous,
    event: added,
  });
  const bytes = utf8(`${text}\n`);
  if (writeSync(handle, bytes) !== bytes.length) {
    throw new Fault("STORE_WRITE_FAILED", "a line of the journal was written in part");
  }
  fsyncSync(handle);
  chain.events.push(added);
  chain.previous = renderHex(sha256(utf8(text)));
}

/** A new file is on disk only when its folder is. */
function syncFolder(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Opens the journal in `file`, making it when it is not there. Each line is checked against the one before.
 *
 * @throws {Fault} INTEGRITY_STORE when a line was changed, lost or put in; STORE_WRITE_FAILED
 */
export function startJournal(file: string): Journal {
  let handle: number | undefined;
  let chain: Chain;
  try {
    handle = openSync(file, "a+", 0o600);
    chain = readChain(handle, file);
    if (chain.events.length === 0) syncFolder(dirname(file));
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    throw toFault(error, "STORE_WRITE_FAILED", `${file}: the journal cannot be opened`);
  }
  const stop = (): void => {
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };
  return {
    append: (added) => {
      if (handle === undefined)
        throw new Fault("STORE_WRITE_FAILED", `${file}: the journal is closed`);
      try {
        appendLine(handle, chain, event.parse(added));
      } catch (error) {
        // What is on disk is not known now; opening again reads it and cuts a torn line off.
        stop();
        throw toFault(error, "STORE_WRITE_FAILED", `${file}: the journal could not be written`);
      }
    },
    events: () => [...chain.events],
    stop,
  };
}
