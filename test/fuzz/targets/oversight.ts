import { leafHash, makeFrontier } from "../../../certs/log/index.ts";
import {
  countFormat,
  parseCountTable,
  recount,
  renderCountTable,
} from "../../../certs/oversight/index.ts";
import { parsePopulation } from "../../../gateways/oversight/index.ts";
import { parseUtf8, renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { madeLeaf, makeLog } from "../../kit/made-log.ts";
import { hold } from "../promises.ts";
import type { Target } from "../target.ts";

const leaves = Array.from({ length: 9 }, (_, i) =>
  madeLeaf(i + 1, { crime: i % 3 === 0 ? "tip" : "drugs" }),
);
const frontier = makeFrontier();
for (const leaf of leaves) frontier.append(leafHash(leaf));
const origin = "atumpan/ecowas/hub";
const log = { origin, size: leaves.length, root: frontier.root(), leaves };
const rowOf = (crime: string, runs: readonly (readonly number[])[], count: number): object => {
  const text = runs
    .map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`))
    .join(",");
  return {
    of: { crime },
    count,
    positions: { runs, left: 0, digest: renderHex(sha256(utf8(text))) },
  };
};
const table = {
  format: countFormat,
  log: origin,
  size: 9,
  checkpoint: Buffer.from(makeLog(leaves).note).toString(),
  by: ["crime"],
  smallest: 0,
  rows: [
    rowOf(
      "drugs",
      [
        [1, 2],
        [4, 5],
        [7, 8],
      ],
      6,
    ),
    rowOf(
      "tip",
      [
        [0, 0],
        [3, 3],
        [6, 6],
      ],
      3,
    ),
  ],
};
const seeds = [
  table,
  { ...table, smallest: 5, rows: [{ of: { crime: "drugs" } }, { of: { crime: "tip" } }] },
].map((one) => utf8(JSON.stringify(one)));
const right = JSON.stringify(table.rows);

/** What an auditor is given of a seat of oversight, and what the seat is brought. */
export const oversightTargets: readonly Target[] = [
  {
    name: "certs/parseCountTable",
    shape: "json",
    codes: ["OVERSIGHT_FILE_INVALID", "BYTES_NOT_TEXT"],
    seeds,
    run: (input) => {
      const again = utf8(JSON.stringify(renderCountTable(parseCountTable(input))));
      hold(parseCountTable(again).rows.length >= 0, "a table is not read back");
    },
  },
  {
    name: "certs/recount",
    shape: "json",
    codes: ["OVERSIGHT_FILE_INVALID", "BYTES_NOT_TEXT", "LOG_INCONSISTENT", "LOG_ENTRY_MISSING", "LOG_NOTE_INVALID", "LOG_CHECKPOINT_INVALID"],
    seeds,
    run: (input) => {
      const read = parseCountTable(input);
      const isPlain = read.by.length === 1 && read.by[0] === "crime" && read.smallest === 0 && read.size === 9 && read.from === undefined && read.until === undefined;
      const found = recount(read, log);
      if (isPlain && found.length === 0) {
        const told = read.rows.toSorted((a, b) => ((a.of["crime"] ?? "") < (b.of["crime"] ?? "") ? -1 : 1)).map(({ of, count }) => [of, count]);
        hold(JSON.stringify(told) === JSON.stringify([[{ crime: "drugs" }, 6], [{ crime: "tip" }, 3]]), `a forged count is taken for right: ${right}`);
      }
    },
  },
  {
    name: "gateways/parsePopulation",
    shape: "text",
    codes: ["OVERSIGHT_FILE_INVALID", "BYTES_NOT_TEXT"],
    seeds: [utf8("country,sex,age,persons\nGH,F,ADULT,10200000\nGH,,,33000000\n")],
    run: (input) => {
      for (const { country, persons } of parsePopulation(parseUtf8(input))) {
        hold(/^[A-Z]{2}$/.test(country) && Number.isSafeInteger(persons) && persons > 0, "no population");
      }
    },
  },
]; // prettier-ignore
