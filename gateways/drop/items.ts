import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  isFault,
  parseUtf8,
  renderHex,
  sha256,
  tryShape,
} from "../../schemas/ground/index.ts";
import {
  goamlDialects,
  type HtcdsSaid,
  readFlatRows,
  readGoaml,
  readHtcds,
} from "../formats/index.ts";
import type { DropChoice } from "./choice.ts";
import { type FileKind, parseSheetType } from "./name.ts";

/** One message of a file, or what is wrong with its place. */
export type Item =
  | { readonly row: number; readonly key: string; readonly body: string; readonly type?: string }
  | { readonly row: number; readonly fault: Fault };

/** A file as it is read. */
export interface DropFile {
  readonly name: string;
  readonly kind: FileKind;
  readonly bytes: Bytes;
  readonly choice: DropChoice;
  /** Told what a report says that has no place in a message. */
  readonly note: (line: number, path: string, code: string) => void;
}

/** So many messages one file may hold. */
export const maxRows = 10_000;
/** Bytes of one file. */
export const maxFileBytes = 8 * 1024 * 1024;

/** The same content is the same message, whatever its file is called and however often it comes. */
function keyOf(text: string | Bytes): string {
  return `drop:${renderHex(sha256(typeof text === "string" ? Buffer.from(text) : text))}`;
}

function textOf({ bytes }: DropFile): string {
  try {
    return parseUtf8(bytes).replace(/^\ufeff/, "");
  } catch {
    throw new Fault("IMPORT_FILE_UNREADABLE", "the file is not UTF-8; save it as UTF-8");
  }
}

function templateOf({ choice }: DropFile, type: string): Readonly<Record<string, unknown>> {
  const template = choice.templates?.[type];
  if (template !== undefined) return template;
  const detail = `drop.templates has no ${type}: who it is for, crimes and handling; the operator sets it`;
  throw new Fault("IMPORT_FILE_UNREADABLE", detail);
}

/** The key of what was made of a file is its content's own, not that of the template: a file sent stays sent. */
function makeItem(file: DropFile, { row, type, key, body }: { row: number; type: string; key: string; body: unknown }): Item {
  const message = { ...templateOf(file, type), type, body };
  return { row, key, type, body: JSON.stringify(message) };
} // prettier-ignore

async function* readLines(file: DropFile): AsyncGenerator<Item> {
  await Promise.resolve();
  let row = 0;
  for (const line of textOf(file).split("\n")) {
    row += 1;
    const text = line.trim();
    if (text !== "") yield { row, key: keyOf(text), body: text };
  }
}

async function* readSheet(file: DropFile): AsyncGenerator<Item> {
  const type = parseSheetType(file.name);
  templateOf(file, type);
  const dates = file.choice.csv?.dates;
  for await (const found of readFlatRows(textOf(file), { type, dates })) {
    const { line: row } = found;
    if ("fault" in found) yield { row, fault: found.fault };
    else {
      const { body } = found;
      yield makeItem(file, { row, type, key: keyOf(`${type}\n${JSON.stringify(body)}`), body });
    }
  }
}

function readReport(file: DropFile): Item {
  const { dialect = "base", lang } = file.choice.goaml ?? {};
  const options = lang === undefined ? {} : { lang };
  const { body, notTaken, warnings } = readGoaml(file.bytes, goamlDialects[dialect], options);
  for (const { line, path, code } of warnings) file.note(line, path, code);
  for (const { line, path, why } of notTaken) file.note(line, path, why);
  return makeItem(file, { row: 1, type: "fiu.report", key: keyOf(file.bytes), body });
}

const office: z.ZodType<HtcdsSaid> = z.strictObject({
  caseRef: z.string(),
  personRef: z.string(),
  lang: z.string(),
  branch: z.string(),
  justiceStage: z.string(),
  movement: z.string(),
  ageBand: z.string(),
  consent: z.record(z.string(), z.unknown()),
  toAgency: z.string(),
  toRole: z.string(),
  referralStage: z.string(),
});
const texts = z.record(z.string(), z.string());
const cell = z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.array(texts)]);
const caseShape = z.strictObject({ record: z.record(z.string(), cell), office });

function* readCase(file: DropFile): Generator<Item> {
  const read = tryShape(caseShape, parseJsonText(textOf(file), maxFileBytes));
  if (!read.success) {
    const [issue] = read.error.issues;
    const where = issue?.path.filter((step) => step in caseShape.shape || step in office).join("/");
    const detail = `the file is {"record": …, "office": …}; look at ${where === undefined || where === "" ? "its shape" : where}`;
    throw new Fault("IMPORT_ROW_MALFORMED", detail);
  }
  const { bodies, leftOut } = readHtcds(read.data.record, read.data.office);
  // a source's own field names are its words, so they are counted and not repeated
  if (leftOut.length > 0) file.note(leftOut.length, "record", "FIELDS_NOT_CARRIED");
  const key = keyOf(file.bytes);
  let row = 0;
  for (const [type, body] of Object.entries(bodies)) {
    row += 1;
    try {
      yield makeItem(file, { row, type, key: `${key}:${type}`, body });
    } catch (error) {
      if (!isFault(error)) throw error;
      yield { row, fault: error };
    }
  }
}

/**
 * The messages of one file, in their order. What is wrong with one row comes as a fault in its place; what is wrong with
 * the file is thrown. Whether a message is good is not asked here.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE, IMPORT_ROW_MALFORMED, JSON_*, XML_*, GOAML_*, SCHEMA_INVALID
 */
export async function* readItems(file: DropFile): AsyncGenerator<Item> {
  if (file.kind === "ndjson") yield* readLines(file);
  else if (file.kind === "csv") yield* readSheet(file);
  else if (file.kind === "htcds") yield* readCase(file);
  else if (file.kind === "goaml") yield readReport(file);
  else {
    const body = textOf(file);
    yield { row: 1, key: keyOf(body.trim()), body };
  }
}
