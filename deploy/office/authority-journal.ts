import { existsSync } from "node:fs";
import { resolve } from "node:path";

import {
  type Journal,
  journalFile,
  startJournal,
  verifyTranscript,
} from "../../certs/authority/index.ts";
import { parsePem } from "../../certs/shape/index.ts";
import { Fault, renderHex, sha256 } from "../../schemas/ground/index.ts";
import { readNamed } from "./authority-files.ts";
import type { Common } from "./words.ts";
import { type AuthorityWorld, writeResult } from "./world.ts";

/** Options of `journal`. */
export interface JournalOptions extends Common {
  readonly verify?: boolean;
  readonly events?: boolean;
  /** `COUNT:DIGEST` as this command printed it earlier. */
  readonly head?: readonly string[];
  /** Certificates and lists that the authority gave out, PEM. */
  readonly document?: readonly string[];
  readonly transcript?: readonly string[];
}

function broken(detail: string): never {
  throw new Fault("INTEGRITY_STORE", detail);
}

function checkHead(journal: Journal, text: string): void {
  const [, count, digest] = /^(\d{1,9}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (count === undefined || digest === undefined)
    throw new Fault("USAGE_INVALID", "a head is COUNT:DIGEST, as this command prints it");
  if (!journal.includes({ count: Number(count), digest }))
    broken(
      `the journal did not go through head ${count}: its end was cut off, or it is another one`,
    );
}

/** Whatever an authority gave out is in its journal; a list that is not shows a journal that was cut. */
function checkDocument(journal: Journal, { name, text }: { name: string; text: string }): void {
  const label = text.includes("BEGIN X509 CRL") ? "X509 CRL" : "CERTIFICATE";
  for (const der of parsePem(label, text)) {
    if (!journal.ledger.knows(renderHex(sha256(der))))
      broken(
        `${name} is not in the journal: lines were cut off, or another made it with the CA's key`,
      );
  }
}

function checkTranscript(journal: Journal, { name, text }: { name: string; text: string }): void {
  const digest = verifyTranscript(text);
  const known = journal.events().some((one) => one.event === "ceremony" && one.digest === digest);
  if (!known) broken(`${name} is the transcript of no ceremony in the journal`);
}

function verifyAll(world: AuthorityWorld, journal: Journal, options: JournalOptions): number {
  const { head = [], document = [], transcript = [] } = options;
  const read = (name: string): { name: string; text: string } => ({
    name,
    text: Buffer.from(readNamed(world, name)).toString("utf8"),
  });
  for (const one of head) checkHead(journal, one);
  for (const one of document) checkDocument(journal, read(one));
  for (const one of transcript) checkTranscript(journal, read(one));
  return head.length + document.length + transcript.length;
}

/**
 * `atumpan authority journal`: its head, to be kept elsewhere; its events; and whether it is whole. That the
 * end was not cut off, only what is kept elsewhere can show: an earlier head, or what was given out.
 */
export async function runJournal(world: AuthorityWorld, options: JournalOptions): Promise<void> {
  const file = journalFile(resolve(world.cwd, options.folder));
  if (!existsSync(file))
    throw new Fault("USAGE_INVALID", `there is no journal in ${options.folder}`);
  const journal = startJournal(file);
  try {
    const compared = verifyAll(world, journal, options);
    const { count, digest } = journal.head();
    const events = options.events === true ? journal.events() : [];
    const verdict =
      compared > 0
        ? `Whole, and it holds with ${compared} things kept elsewhere.`
        : "Whole as far as it goes. Whether its end was cut off, only an earlier head or a list given out can show.";
    const words = [
      ...events.map((one) => JSON.stringify(one)),
      ...(options.verify === true ? [verdict] : []),
      `Head, to be kept elsewhere: ${count}:${digest}`,
    ];
    const result = { count, digest, compared, ...(options.events === true ? { events } : {}) };
    writeResult(world, { json: options.json, result, words });
    await Promise.resolve();
  } finally {
    journal.stop();
  }
}
