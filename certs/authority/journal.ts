import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";

import { z } from "zod";

import { syncFolder } from "../../schemas/disk/index.ts";
import { Fault, renderHex, sha256, toFault, utf8 } from "../../schemas/ground/index.ts";
import { type JournalEvent, journalEvent } from "./journal-events.ts";
import { type Ledger, makeLedger } from "./ledger.ts";

const digest = z.string().regex(/^[0-9a-f]{64}$/);

const line = z.strictObject({
  /** From 0, without a gap. */
  index: z.int().nonnegative(),
  /** SHA-256 of the line before, without its end; zeros for the first. */
  previous: digest,
  event: journalEvent,
});

/**
 * How far a journal goes: the number of its lines and the digest of the last. Kept elsewhere, it shows later
 * whether the end was cut off.
 */
export interface JournalHead {
  readonly count: number;
  /** SHA-256 of the last line without its end, hexadecimal; zeros when there is none. */
  readonly digest: string;
}

/**
 * What an authority has done, in order; the only place its revocations are kept.
 *
 * One process at a time holds a journal. `append` has returned only when the event is on disk.
 */
export interface Journal {
  /** @throws {Fault} STORE_WRITE_FAILED; the journal is then closed to further events */
  append(event: JournalEvent): void;
  events(): readonly JournalEvent[];
  /** The same for looking up. */
  readonly ledger: Ledger;
  /** Whether it only tries: nothing of it comes to the disk, so no CA signs on its behalf. */
  readonly isTried: boolean;
  head(): JournalHead;
  /** Whether the journal went through this head: false when its end was cut off or it is another's. */
  includes(head: JournalHead): boolean;
  stop(): void;
}

interface Chain {
  readonly events: JournalEvent[];
  /** Of each line its digest, in order. */
  readonly digests: string[];
  /** Bytes of all lines. */
  size: number;
  readonly ledger: Ledger;
  readonly add: (one: JournalEvent) => void;
}

const zeros = "0".repeat(64);

function broken(file: string, index: number, cause?: unknown): Fault {
  return new Fault("INTEGRITY_STORE", `${file}: line ${index} does not follow the one before`, {
    cause,
  });
}

function lastOf({ digests }: Chain): string {
  return digests.at(-1) ?? zeros;
}

function extend(chain: Chain, event: JournalEvent, text: string): void {
  chain.events.push(event);
  const bytes = utf8(text);
  chain.digests.push(renderHex(sha256(bytes)));
  chain.size += bytes.length + 1;
  chain.add(event);
}

function readLine(text: string, chain: Chain, file: string): void {
  const index = chain.events.length;
  try {
    const read = line.parse(JSON.parse(text));
    if (read.index !== index || read.previous !== lastOf(chain)) throw broken(file, index);
    extend(chain, read.event, text);
  } catch (error) {
    throw error instanceof Fault ? error : broken(file, index, error);
  }
}

/** Where the last whole line ends. */
function endOf(text: string): number {
  return text.lastIndexOf("\n") + 1;
}

function readLines(text: string, file: string): Chain {
  const chain: Chain = { events: [], digests: [], size: 0, ...makeLedger() };
  for (const one of text.slice(0, endOf(text)).split("\n").slice(0, -1)) readLine(one, chain, file);
  return chain;
}

/** A last line without its end was never acknowledged, so what it tells of was never given out: cut off. */
function readChain(handle: number, file: string): Chain {
  const text = readFileSync(handle, "utf8");
  const end = endOf(text);
  if (end < text.length) ftruncateSync(handle, Buffer.byteLength(text.slice(0, end)));
  return readLines(text, file);
}

function renderLine(chain: Chain, event: JournalEvent): string {
  return JSON.stringify({ index: chain.events.length, previous: lastOf(chain), event });
}

function appendLine(handle: number, chain: Chain, added: JournalEvent): void {
  const text = renderLine(chain, added);
  const bytes = utf8(`${text}\n`);
  if (fstatSync(handle).size !== chain.size) {
    throw new Fault("STORE_WRITE_FAILED", "another process writes this journal; one at a time may");
  }
  if (writeSync(handle, bytes) !== bytes.length) {
    throw new Fault("STORE_WRITE_FAILED", "a line of the journal was written in part");
  }
  fsyncSync(handle);
  extend(chain, added, text);
}

function openChain(file: string): { readonly handle: number; readonly chain: Chain } {
  let handle: number | undefined;
  try {
    handle = openSync(file, "a+", 0o600);
    const chain = readChain(handle, file);
    // a new file is on the disk only when its folder is
    if (chain.events.length === 0) syncFolder(dirname(file));
    return { handle, chain };
  } catch (error) {
    if (handle !== undefined) closeSync(handle);
    throw toFault(error, "STORE_WRITE_FAILED", `${file}: the journal cannot be opened`);
  }
}

function lookInto(chain: Chain): Pick<Journal, "events" | "ledger" | "head" | "includes"> {
  return {
    events: () => [...chain.events],
    ledger: chain.ledger,
    head: () => ({ count: chain.digests.length, digest: lastOf(chain) }),
    includes: ({ count, digest: wanted }) =>
      count === 0 ? wanted === zeros : chain.digests[count - 1] === wanted,
  };
}

/**
 * Opens the journal in `file`, making it when it is not there. Each line is checked against the one before.
 *
 * @throws {Fault} INTEGRITY_STORE when a line was changed, lost or put in; STORE_WRITE_FAILED
 */
export function startJournal(file: string): Journal {
  const { handle: opened, chain } = openChain(file);
  let handle: number | undefined = opened;
  const stop = (): void => {
    if (handle !== undefined) closeSync(handle);
    handle = undefined;
  };
  return {
    append: (added) => {
      if (handle === undefined)
        throw new Fault("STORE_WRITE_FAILED", `${file}: the journal is closed`);
      try {
        appendLine(handle, chain, journalEvent.parse(added));
      } catch (error) {
        // What is on disk is not known now; opening again reads it and cuts a torn line off.
        stop();
        throw toFault(error, "STORE_WRITE_FAILED", `${file}: the journal could not be written`);
      }
    },
    ...lookInto(chain),
    isTried: false,
    stop,
  };
}

function readTried(file: string): Chain {
  try {
    return readLines(existsSync(file) ? readFileSync(file, "utf8") : "", file);
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file}: the journal cannot be opened`);
  }
}

/**
 * The journal in `file` for trying what would be done: read as it lies, and left so. What is added is known here alone,
 * so that the next step is judged as if it had been done.
 *
 * @throws {Fault} INTEGRITY_STORE when a line was changed, lost or put in; STORE_WRITE_FAILED
 */
export function tryJournal(file: string): Journal {
  const chain = readTried(file);
  return {
    append: (added) => {
      const event = journalEvent.parse(added);
      extend(chain, event, renderLine(chain, event));
    },
    ...lookInto(chain),
    isTried: true,
    stop: () => undefined,
  };
}
