import { createHash } from "node:crypto";
import { setImmediate as turn } from "node:timers/promises";

import { Fault } from "../../schemas/ground/index.ts";
import type { MessageDetail } from "../exchange/index.ts";
import { visibleTo } from "../people/index.ts";
import type { StoredExport } from "../store/index.ts";
import { csvStart, renderCsvLine } from "./csv.ts";
import type { ExportContent, ExportParts, ExportReading } from "./desk.ts";
import { findWithheld, projectRow, renderValue, type Withheld } from "./project.ts";
import { type ExportGiven, type ExportWish, exportWishOf } from "./wish.ts";

/** Messages judged and written down in one write: a few milliseconds' work, and never more than that in memory. */
const lotRows = 100;
const rowsATurn = 20;

/** One reading of one export. */
interface Reader {
  readonly parts: ExportParts;
  readonly entry: StoredExport;
  readonly wish: ExportWish;
  readonly reading: ExportReading;
  /** Whether the file leaves this agency. */
  readonly isOutside: boolean;
  /** Why what is not given is not, by the message's id; all else is given whole. */
  readonly withheld: Map<string, Withheld>;
}

/** A message that who reads may see; undefined when he may not, or it is not there any more. */
function findSeen({ parts, reading }: Reader, id: string): MessageDetail | undefined {
  const message = parts.exchange.find(id);
  return message !== undefined && visibleTo(reading.caller, message) ? message : undefined;
}

/** What says against a message before its owner's word is asked. */
function withheldHere({ entry, reading, isOutside }: Reader, message: MessageDetail): Withheld | undefined {
  const unread = reading.findUnread(message, entry.purpose);
  if (entry.isPersonal) return findWithheld(message, { unread, isOutside });
  return isOutside && message.body === undefined ? "QUARANTINED" : undefined;
} // prettier-ignore

/** Judges a lot; what leaves is written down as used before anything of it is given. */
async function judgeLot(reader: Reader, ids: readonly string[]): Promise<void> {
  const { parts, entry, wish, withheld, isOutside } = reader;
  const going: string[] = [];
  for (const [at, id] of ids.entries()) {
    if (at % rowsATurn === 0) await turn();
    const message = findSeen(reader, id);
    if (message === undefined) continue;
    const why = withheldHere(reader, message);
    if (why === undefined) going.push(id);
    else withheld.set(id, why);
  }
  if (!isOutside || going.length === 0) return;
  const { to: receiver, crime } = wish;
  const file = { carrier: entry.id, receiver, purpose: entry.purpose, crime, by: entry.owner };
  const left = await parts.onward.filed({ ids: going, ...file });
  for (const [id, why] of left) withheld.set(id, why);
}

/** A row as text; undefined for one of which nothing is given. */
function renderRow(reader: Reader, message: MessageDetail): string | undefined {
  const { entry, wish, isOutside } = reader;
  const why = reader.withheld.get(message.id);
  // that there is such a message is its owner's as well
  if (isOutside && why !== undefined) return undefined;
  const row = projectRow(message, wish.fields, why);
  if (wish.format === "ndjson") return `${JSON.stringify(row)}\n`;
  const columns = columnsOf(entry, wish, isOutside);
  return renderCsvLine(columns.map((name) => renderValue(row[name])));
}

function columnsOf({ isPersonal }: StoredExport, { fields }: ExportWish, isOutside: boolean): readonly string[] {
  return isPersonal && !isOutside ? [...fields, "withheld"] : fields;
} // prettier-ignore

/** The whole, piece by piece, by what was judged. */
async function* renderAll(reader: Reader): AsyncGenerator<{ readonly text: string; readonly of?: MessageDetail }, void, void> {
  const { entry, wish, isOutside } = reader;
  if (wish.format === "csv") yield { text: csvStart + renderCsvLine(columnsOf(entry, wish, isOutside)) };
  for (const [at, id] of entry.messages.entries()) {
    if (at % rowsATurn === 0) await turn();
    const message = findSeen(reader, id);
    const text = message === undefined ? undefined : renderRow(reader, message);
    if (message !== undefined && text !== undefined) yield { text, of: message };
  }
} // prettier-ignore

/** Goes through it once as it will be given: how many rows, of what digest, and whose content it opens. */
async function measure(reader: Reader): Promise<ExportGiven> {
  const { entry, reading, withheld } = reader;
  const hash = createHash("sha256");
  let rows = 0;
  for await (const { text, of } of renderAll(reader)) {
    hash.update(text);
    if (of === undefined) continue;
    rows += 1;
    if (entry.isPersonal && !withheld.has(of.id)) reading.opens(of.id);
  }
  const counts = Map.groupBy(withheld.values(), (why) => why);
  const told = Object.fromEntries([...counts].map(([why, all]) => [why, all.length]));
  return { rows, withheld: told, digest: hash.digest("hex") };
}

/** What was measured, and nothing else: what became another meanwhile breaks off before its end. */
async function* give(reader: Reader, { digest }: ExportGiven): AsyncGenerator<string, void, void> {
  const hash = createHash("sha256");
  let last: string | undefined;
  for await (const { text } of renderAll(reader)) {
    if (last !== undefined) yield last;
    hash.update(text);
    last = text;
  }
  if (hash.digest("hex") !== digest) {
    throw new Fault("EXPORT_NOT_READY", "what it holds changed while it was given; read it again");
  }
  if (last !== undefined) yield last;
}

/**
 * Judges every row anew, writes down the use of what leaves, and gives what is left with its digest.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export async function readExport(parts: ExportParts, entry: StoredExport, reading: ExportReading): Promise<ExportContent> {
  const wish = exportWishOf(entry.wish);
  const isOutside = !("agency" in wish.to) || wish.to.agency !== parts.agency;
  const reader = { parts, entry, wish, reading, isOutside, withheld: new Map<string, Withheld>() };
  // what holds no content and stays here is judged by who may see it alone
  const judged = entry.isPersonal || isOutside ? entry.messages : [];
  for (let at = 0; at < judged.length; at += lotRows) {
    await judgeLot(reader, judged.slice(at, at + lotRows));
  }
  const given = await measure(reader);
  const { store } = parts;
  await store.write(() => {
    const now = store.exports.get(entry.id);
    if (now !== undefined) store.exports.put({ ...now, given: JSON.stringify(given) });
  });
  const { format } = wish;
  return { format, purpose: entry.purpose, given, pieces: () => give(reader, given) };
} // prettier-ignore
