import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderList } from "./render-lists.ts";
import { saveFile } from "./save-file.ts";
import { type Say, sayOf } from "./words.ts";

const ofShape = z.record(z.string(), z.string());
const countsShape = z.looseObject({
  log: z.string(),
  size: z.number(),
  by: z.array(z.string()),
  rows: z.array(
    z.looseObject({
      of: ofShape,
      count: z.number().optional(),
      positions: z
        .looseObject({ runs: z.array(z.tuple([z.number(), z.number()])), left: z.number() })
        .optional(),
    }),
  ),
});
const figuresShape = z.looseObject({
  rows: z.array(
    z.looseObject({
      type: z.string(),
      indicator: z.string(),
      of: ofShape,
      count: z.number().optional(),
      quantity: z.looseObject({ value: z.string(), unit: z.string() }).optional(),
      withheldBy: z.number(),
      sources: z.array(z.string()),
    }),
  ),
  sources: z.array(
    z.looseObject({
      id: z.string(),
      type: z.string(),
      from: z.string(),
      periodFrom: z.string(),
      periodTo: z.string(),
      log: z.array(z.looseObject({ origin: z.string(), index: z.number() })),
    }),
  ),
  left: z.array(z.looseObject({ id: z.string(), why: z.string() })),
  readsMore: z.array(z.string()),
});

type Counts = z.infer<typeof countsShape>;
type Figures = z.infer<typeof figuresShape>;

/** Which counts or figures. */
export interface OversightOptions {
  readonly from?: string;
  readonly until?: string;
  readonly by?: string;
  readonly type?: string;
  readonly log?: string;
  readonly allPositions?: boolean;
}

/** What is given out, and where to. */
export interface OversightExportOptions {
  readonly from: string;
  readonly until: string;
  readonly by?: string;
  readonly format: string;
  readonly population?: string;
  readonly out: string;
}

/** On a screen so many runs of positions are shown. */
const shownRuns = 3;
const dayChars = 10;

function searchOf(said: Readonly<Record<string, string | undefined>>): string {
  const known = Object.entries(said).flatMap(([name, value]): readonly [string, string][] => (value === undefined ? [] : [[name, value]]));
  return new URLSearchParams(known).toString();
} // prettier-ignore

function renderRuns({ positions }: Counts["rows"][number], say: Say): string {
  if (positions === undefined) return "";
  const { runs, left } = positions;
  const told = runs.slice(0, shownRuns).map(([first, last]) => (first === last ? String(first) : `${first}-${last}`));
  const rest = left + runs.length - told.length;
  return [...told, ...(rest > 0 ? [say("oversight.more", { count: rest })] : [])].join(" ");
} // prettier-ignore

/** Shows counts of the hub's log. */
export async function runOversightCounts(desk: Desk, options: OversightOptions): Promise<number> {
  const { from, until, by, log, allPositions } = options;
  const positions = allPositions === true ? "all" : undefined;
  const path = `/v1/oversight/counts?${searchOf({ from, until, by, log, positions })}`;
  const counts = await desk.client().askFor(countsShape, { path });
  const say = sayOf(desk);
  const rows = counts.rows.map((row) => [
    counts.by.map((name) => row.of[name] ?? "").join(" "),
    row.count === undefined ? say("oversight.withheld") : String(row.count),
    renderRuns(row, say),
  ]);
  const list = renderList(rows, { say, none: "counts", heads: ["under", "figure", "positions"] });
  desk.result(counts, list);
  desk.say(say("oversight.counted", { size: counts.size, log: counts.log }));
  return exitCodes.ok;
}

function renderFigure({ count, quantity, withheldBy }: Figures["rows"][number], say: Say): string {
  const number = quantity === undefined ? count : `${quantity.value} ${quantity.unit}`;
  if (number === undefined) return say("oversight.withheld");
  return withheldBy === 0 ? String(number) : say("oversight.atLeast", { count: number });
}

function renderSources({ sources, left }: Figures, say: Say): readonly string[] {
  const cited = sources.map(({ id, type, from, periodFrom, periodTo, log }) => {
    const places = log.map(({ origin, index }) => `${origin} ${index}`).join(", ");
    const time = `${periodFrom.slice(0, dayChars)}/${periodTo.slice(0, dayChars)}`;
    return `${id}  ${type}  ${from}  ${time}  ${places === "" ? say("oversight.unproved") : places}`;
  });
  return [...cited, ...left.map(({ id, why }) => say("oversight.left", { id, why }))];
}

/** Shows figures that agencies told, and the messages they stand in. */
export async function runOversightFigures(desk: Desk, options: OversightOptions): Promise<number> {
  const { from, until, by, type } = options;
  const path = `/v1/oversight/figures?${searchOf({ from, until, by, type })}`;
  const figures = await desk.client().askFor(figuresShape, { path });
  const say = sayOf(desk);
  const rows = figures.rows.map((row) => [
    row.type,
    row.indicator,
    Object.entries(row.of)
      .map((one) => one.join("="))
      .join(" "),
    renderFigure(row, say),
    String(row.sources.length),
  ]);
  const heads = ["type", "indicator", "under", "figure", "messages"];
  const list = renderList(rows, { say, none: "oversight", heads });
  desk.result(figures, [list, ...renderSources(figures, say)].join("\n"));
  if (figures.readsMore.length > 0)
    desk.say(say("oversight.wider", { types: figures.readsMore.join(", ") }));
  return exitCodes.ok;
}

function readText(desk: Desk, file: string): string {
  try {
    return readFileSync(resolve(desk.world.cwd, file), "utf8");
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes> {
  yield await Promise.resolve(bytes);
}

/**
 * Writes a file of figures for others, whole and as the gateway measured it, or not at all.
 *
 * @throws {Fault} USAGE_INVALID, GATEWAY_UNREACHABLE, and what the gateway says
 */
export async function runOversightExport(desk: Desk, what: string, options: OversightExportOptions): Promise<number> {
  const { from, until, by, format, population, out } = options;
  const brought = population === undefined ? {} : { population: readText(desk, population) };
  const wish = { what, from, until, format, ...(by === undefined ? {} : { by: by.split(",") }), ...brought };
  const headers = { "content-type": "application/json" };
  const accept = "text/csv, application/json, application/problem+json";
  const answer = await desk.client().ask({ method: "POST", path: "/v1/oversight:export", headers, accept, body: JSON.stringify(wish) });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const hash = createHash("sha256").update(bytes);
  const digest = hash.copy().digest("hex");
  if (answer.headers.get("repr-digest") !== `sha-256=:${hash.digest("base64")}:`) {
    throw new Fault("GATEWAY_UNREACHABLE", "the gateway broke off or gave something else; nothing was written, so do it again");
  }
  await saveFile(resolve(desk.world.cwd, out), once(bytes));
  desk.result({ file: out, bytes: bytes.length, digest }, `${out}  ${bytes.length} bytes\nSHA-256 ${digest}`);
  return exitCodes.ok;
} // prettier-ignore
