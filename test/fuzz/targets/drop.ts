import { join, resolve } from "node:path";

import { decideKind, parseDropName, parseSheetType } from "../../../gateways/drop/index.ts";
import { readFlatRows } from "../../../gateways/formats/index.ts";
import { isKnownType } from "../../../schemas/index.ts";
import { utf8 } from "../../../schemas/ground/index.ts";
import { hold } from "../promises.ts";
import type { Target } from "../target.ts";

const alert = '{"type":"alert.incident","body":{}}';
const sheet =
  "stage;ship.name;position.lat;occurred.date;statesConcerned;reportedAt\r\nINITIAL;Exercise Star;4,6;46345;NG|BJ;20.11.2026 09:30\r\n";

/** A file as it lies in `in/`: its name on the first line, its bytes after it. */
const frontTarget: Target = {
  name: "gateways/parseDropName",
  shape: "bytes",
  seeds: [
    utf8(`alert.json\n${alert}`),
    utf8(`two.ndjson\n\ufeff${alert}\n${alert}`),
    utf8(`rapport état 1.xml\n<?xml version="1.0"?><report/>`),
    utf8(`maritime.incident.2026-11.csv\n${sheet}`),
    utf8(`تقرير.htcds.json\n{"record":{},"office":{}}`),
  ],
  codes: ["IMPORT_FILE_UNREADABLE"],
  run: (input) => {
    const end = Buffer.from(input).indexOf(10);
    const name = parseDropName(input.subarray(0, end === -1 ? undefined : end));
    const folder = "/drop/in";
    hold(resolve(folder, name) === join(folder, name), "a name leads out of its folder");
    hold(join(folder, name).startsWith(`${folder}/`), "a name is more than one step of a path");
    hold(Buffer.byteLength(name) <= 150 && !/[\p{Cc}\p{Cf}]/u.test(name), "a name is too long or hides something");
    const kind = decideKind(name, end === -1 ? new Uint8Array() : input.subarray(end + 1));
    if (kind === "csv") hold(/^[a-z_]+\.[a-z_]+$/.test(parseSheetType(name)), "a sheet's type is none");
  },
}; // prettier-ignore

/** A sheet is read row by row; so many rows are one call's work. */
const maxRows = 300;

const sheetTarget: Target = {
  name: "gateways/readFlatRows",
  shape: "text",
  seeds: [utf8(sheet), utf8(sheet.replaceAll(",", ".").replaceAll(";", ","))],
  codes: ["IMPORT_"],
  run: async (input) => {
    const text = Buffer.from(input).toString("utf8").split("\n", maxRows).join("\n");
    hold(isKnownType("maritime.incident"), "the seeds' type is gone");
    const dates = { order: "DMY", offset: "+01:00" } as const;
    for await (const row of readFlatRows(text, { type: "maritime.incident", dates })) {
      if ("fault" in row) continue;
      hold(JSON.stringify(row.body).length <= 6 * text.length + 2_000, "a row has more than its file");
    }
  },
}; // prettier-ignore

/** The front of the drop folder, and the reader of its sheets. */
export const dropTargets: readonly Target[] = [frontTarget, sheetTarget];
