import { bodyMessageName, descriptors, isKnownType } from "../../../schemas/index.ts";
import { Fault, isFault } from "../../../schemas/ground/index.ts";
import { readRecords } from "../maritime/read-records.ts";
import { type CellReading, type FlatDates, isDay, readCell } from "./cells.ts";

export type { FlatDates } from "./cells.ts";

type Field = NonNullable<(typeof descriptors)[string]>["fields"][number];

/** One row: the body of a message with the line it begins on, or what is wrong with that line. */
export type FlatRow =
  | { readonly line: number; readonly body: Readonly<Record<string, unknown>> }
  | { readonly line: number; readonly fault: Fault };

interface Column {
  readonly path: readonly string[];
  readonly field: Field;
}

/** What a file is read with. */
export interface FlatOptions {
  /** The message type every row becomes. */
  readonly type: string;
  readonly dates?: FlatDates | undefined;
}

const maxColumns = 300;
const maxDepth = 6;
const delimiters = [",", ";", "\t"] as const;

function fieldsOf(name: string | undefined): readonly Field[] {
  return name !== undefined && Object.hasOwn(descriptors, name)
    ? (descriptors[name]?.fields ?? [])
    : [];
}

function isFlat({ kind, message }: Field): boolean {
  return kind !== "message" || isDay({ fields: fieldsOf(message) });
}

function findColumn(name: string, type: string, at: number): Column {
  const path = name.split(".", maxDepth + 1);
  let fields = fieldsOf(isKnownType(type) ? bodyMessageName(type) : undefined);
  let field: Field | undefined;
  for (const [step, wanted] of path.entries()) {
    field = fields.find((one) => one.name === wanted);
    const isLast = step === path.length - 1;
    if (field === undefined || (!isLast && field.repeated)) break;
    if (isLast && isFlat(field)) return { path, field };
    fields = fieldsOf(field.message);
  }
  const detail = `column ${at + 1} of the first line is no flat field of ${type}; name fields as narrative.text`;
  throw new Fault("IMPORT_FILE_UNREADABLE", detail);
}

function readHeader(cells: readonly string[], type: string): readonly Column[] {
  const names = cells.map((cell) => cell.trim());
  if (names.length > maxColumns) {
    throw new Fault("IMPORT_FILE_UNREADABLE", `the first line has more than ${maxColumns} columns`);
  }
  if (new Set(names).size !== names.length) {
    throw new Fault("IMPORT_FILE_UNREADABLE", "the first line names a column twice");
  }
  const columns = names.map((name, at) => findColumn(name, type, at));
  const paths = new Set(names);
  const doubled = columns.some(({ path }) =>
    path.some((_, end) => end > 0 && paths.has(path.slice(0, end).join("."))),
  );
  if (doubled) throw new Fault("IMPORT_FILE_UNREADABLE", "the first line has a day whole and in parts");
  return columns;
} // prettier-ignore

type Branch = Map<string, unknown>;

function put(root: Branch, path: readonly string[], value: unknown): void {
  let branch = root;
  for (const step of path.slice(0, -1)) {
    const held = branch.get(step);
    const next: Branch = held instanceof Map ? held : new Map<string, unknown>();
    branch.set(step, next);
    branch = next;
  }
  branch.set(path.at(-1) ?? "", value);
}

function close(branch: Branch): Readonly<Record<string, unknown>> {
  const entries = [...branch].map(([name, value]): [string, unknown] => [
    name,
    value instanceof Map ? close(value) : value,
  ]);
  return Object.fromEntries(entries);
}

function readBody(
  cells: readonly string[] | undefined,
  columns: readonly Column[],
  reading: CellReading,
): Readonly<Record<string, unknown>> {
  if (cells === undefined) {
    throw new Fault("IMPORT_ROW_MALFORMED", "the row's quotation marks do not match");
  }
  if (cells.length !== columns.length) {
    const detail = `the row has ${cells.length} cells and the header ${columns.length}`;
    throw new Fault("IMPORT_ROW_MALFORMED", detail);
  }
  const root: Branch = new Map<string, unknown>();
  for (const [at, { path, field }] of columns.entries()) {
    const text = cells[at]?.trim() ?? "";
    if (text === "") continue;
    try {
      put(root, path, readCell(text, field, reading));
    } catch (error) {
      if (!isFault(error)) throw error;
      throw new Fault(error.code, `${path.join(".")}: ${error.detail}`);
    }
  }
  return close(root);
}

/** What divides the cells: whatever stands most often in the first line. */
function chooseDelimiter(first: string): (typeof delimiters)[number] {
  const counts = delimiters.map((one) => first.split(one).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ",";
}

/**
 * The rows of a CSV file whose first line names flat fields of a message type, as `ship.name` or `narrative.text`.
 * Cells are divided by comma, semicolon or tab. A malformed row comes as a fault with its line (IMPORT_ROW_MALFORMED)
 * and the next ones follow. Whether a body is good is for `parseBody` to say.
 *
 * @throws {Fault} IMPORT_FILE_UNREADABLE
 */
export async function* readFlatRows(text: string, { type, dates }: FlatOptions): AsyncGenerator<FlatRow> {
  const end = text.indexOf("\n");
  const delimiter = chooseDelimiter(text.slice(0, end === -1 ? undefined : end));
  const reading = { dates, hasDecimalComma: delimiter === ";" };
  let columns: readonly Column[] | undefined;
  for await (const { line, cells } of readRecords(pieces(text), delimiter)) {
    if (columns === undefined) {
      columns = readHeader(cells ?? [], type);
      continue;
    }
    yield readRow(line, cells, { columns, reading });
  }
  if (columns === undefined) throw new Fault("IMPORT_FILE_UNREADABLE", "the file is empty");
} // prettier-ignore

function readRow(
  line: number,
  cells: readonly string[] | undefined,
  { columns, reading }: { readonly columns: readonly Column[]; readonly reading: CellReading },
): FlatRow {
  try {
    return { line, body: readBody(cells, columns, reading) };
  } catch (error) {
    if (isFault(error)) return { line, fault: error };
    throw error;
  }
}

const pieceChars = 64 * 1024;

async function* pieces(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < text.length;) {
    // half a character may not end a piece
    const end = at + pieceChars;
    const isHalf = /[\ud800-\udbff]/.test(text[end - 1] ?? "");
    const next = isHalf ? end - 1 : end;
    yield Buffer.from(text.slice(at, next));
    at = next;
  }
}
