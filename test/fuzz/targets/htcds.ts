import {
  type HtcdsRecord,
  type HtcdsRow,
  readHtcds,
  readHtcdsRows,
  writeHtcds,
} from "../../../gateways/formats/htcds/index.ts";
import { perpetratorRow, said, victimRow } from "../../../gateways/formats/htcds/fixtures/rows.ts";
import {
  bodyMessageName,
  isKnownType,
  limits,
  parseBody,
  parseJsonText,
  renderJson,
} from "../../../schemas/index.ts";
import { type Bytes, Fault, utf8 } from "../../../schemas/ground/index.ts";
import { certain, hold, holdSame } from "../promises.ts";
import { jsonTarget, type Target } from "../target.ts";

function isText(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function isValue(value: unknown): boolean {
  if (!Array.isArray(value)) return isText(value);
  return value.every(
    (item: unknown) =>
      typeof item === "string" || Object.values(Object(item) as object).every((one) => typeof one === "string"),
  );
} // prettier-ignore

/** What is a record at all: the reader of the file lets nothing else through. */
function recordIn(text: string): HtcdsRecord {
  const json = parseJsonText(text, limits.maxRequestBytes);
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new Fault("IMPORT_ROW_MALFORMED", "a record is an object");
  }
  return Object.fromEntries(Object.entries(json).filter(([, value]) => isValue(value)));
} // prettier-ignore

const recordTarget: Target = jsonTarget(
  "gateways/readHtcds",
  [victimRow, perpetratorRow],
  (text) => {
    const read = readHtcds(recordIn(text), said);
    const bodies = Object.entries(read.bodies).map(([type, json]): [string, unknown] => {
      if (!isKnownType(type)) throw new Error(`${type} is no type of ours`);
      const body = parseBody(type, json);
      return [type, renderJson(bodyMessageName(type), body)];
    });
    const written = certain("writing the record", () => writeHtcds(Object.fromEntries(bodies)));
    const again = certain("reading what was written", () => readHtcds(written, said));
    hold(again.leftOut.length === 0, "what we write has a field that is none of the standard");
    const twice = certain("writing it again", () => writeHtcds(again.bodies));
    holdSame(twice, written, "a record changes when it goes through our messages again");
  },
);

async function* cut(bytes: Bytes, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(bytes: Bytes, size: number): Promise<readonly HtcdsRow[]> {
  const rows: HtcdsRow[] = [];
  for await (const row of readHtcdsRows(cut(bytes, size))) rows.push(row);
  return rows;
}

function cellOf(value: unknown): string {
  return `"${String(value).replaceAll('"', '""')}"`;
}

const flat = Object.entries(victimRow).filter(([, value]) => isText(value));
const file = `${flat.map(([name]) => name).join(",")}\r\n${flat.map(([, value]) => cellOf(value)).join(",")}\r\n`;
const few =
  'vic_TraffickingStatus,prs_FirstName,cco_CaseComment\nPresumed,Awa,"two\nlines; =1+1"\n,,\n';

/** The reader takes a file row by row; so many rows are one call's work. */
const maxRows = 500;

const rowsTarget: Target = {
  name: "gateways/readHtcdsRows",
  shape: "text",
  seeds: [utf8(file), utf8(`\ufeff${few}`)],
  codes: ["IMPORT_"],
  run: async (input) => {
    const lines = Buffer.from(input).toString("latin1").split("\n", maxRows);
    const some = Buffer.from(lines.join("\n"), "latin1");
    const rows = await readAll(some, 1 << 16);
    if (some.length < 4096) {
      hold(JSON.stringify(rows) === JSON.stringify(await readAll(some, 7)), "rows depend on how they come");
    }
    for (const row of rows) {
      if ("fault" in row) continue;
      hold(Object.keys(row.record).length <= some.length, "a row has more than its file");
    }
  },
}; // prettier-ignore

/** Readers of the Human Trafficking Case Data Standard. */
export const htcdsTargets: readonly Target[] = [recordTarget, rowsTarget];
