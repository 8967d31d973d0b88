import { type Clock, Fault, parseUtf8 } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import type { CountDimension, CountTable, DaySpan } from "../../certs/oversight/index.ts";
import type { Store } from "../store/index.ts";
import { chooseTables, type ChosenTables, type LeftTable } from "./choose-tables.ts";
import { type AskedCounts, makeCounts } from "./count-desk.ts";
import { type FigureFile, type GivenFile, renderCountsCsv, renderCountsJson, renderFiguresCsv, renderFiguresJson, showSource, type ShownSource } from "./export.ts"; // prettier-ignore
import { findWider } from "./find-wider.ts";
import { parsePopulation } from "./population.ts";
import { type FigureType, figureTypes, readTables } from "./read-tables.ts";
import { makeSdg } from "./sdg.ts";
import { type FigureRow, type SumBy, sumFigures } from "./sum-figures.ts";
import { makeTipnet } from "./tipnet.ts";

/** Figures that agencies told, and what they were taken from. */
export interface ShownFigures {
  readonly rows: readonly FigureRow[];
  readonly sources: readonly ShownSource[];
  readonly left: readonly LeftTable[];
  /** Types that the register lets this seat read beyond figures; none, as it should be. */
  readonly readsMore: readonly string[];
  readonly log?: FigureFile["log"];
}

/** Which figures. */
export interface AskedFigures extends DaySpan {
  readonly type?: FigureType | undefined;
  readonly by: SumBy;
}

/** What is given out as a file. */
export interface AskedExport {
  readonly what: "counts" | "sdg" | "tipnet";
  /** Days, the first of a month each. */
  readonly from: string;
  readonly until: string;
  readonly by: readonly CountDimension[];
  readonly format: "csv" | "json";
  /** Lines of country, sex, age and persons. */
  readonly population?: string | undefined;
}

/** A seat of oversight, as the API tells of it. */
export interface OversightDesk {
  /** @throws {Fault} NOT_FOUND while nothing is counted; REQUEST_INVALID when it is too much */
  counts(asked: Omit<AskedCounts, "smallest">): Promise<CountTable>;
  /** @throws {Fault} REQUEST_INVALID when it is too much */
  figures(asked: AskedFigures): Promise<ShownFigures>;
  /** @throws {Fault} REQUEST_INVALID for a time that is not over or not of whole months; OVERSIGHT_FILE_INVALID; NOT_FOUND */
  give(asked: AskedExport): Promise<GivenFile>;
}

/** What a seat stands on. */
export interface OversightParts {
  readonly agency: string;
  readonly store: Pick<Store, "oversight" | "messages" | "tables" | "lookups" | "logProofs">;
  readonly clock: Pick<Clock, "now">;
  readonly hub: () => string | undefined;
  readonly register: () => Parameters<typeof findWider>[0];
}

/** Smaller counts of entries are told as that in whatever is given out. */
const smallestGiven = 5;
const dayChars = 10;

const columns = {
  sdg: ["indicator", "state", "sex", "age", "form", "count", "rate", "population", "withheldBy", "sources"],
  tipnet: ["state", "indicator", "sex", "age", "citizenship", "form", "movement", "role", "count", "withheldBy", "sources"],
} as const; // prettier-ignore

/** What is given out is of months that are over: else two files of almost the same time would tell what each withholds. */
function checkMonths({ from, until }: AskedExport, now: number): void {
  const isWhole = from.endsWith("-01") && until.endsWith("-01") && from < until;
  if (!isWhole || until > renderInstant(now).slice(0, dayChars)) {
    throw new Fault("REQUEST_INVALID", "from and until are the first days of months, such as 2026-01-01 and 2026-04-01, and until is past");
  }
} // prettier-ignore

async function choose({ store, clock }: OversightParts, { type, ...span }: Omit<AskedFigures, "by">): Promise<ChosenTables> {
  const types = type === undefined ? figureTypes : [type];
  return chooseTables(await readTables(store, types, clock.now()), span);
} // prettier-ignore

function showSeat({ register, agency, clock }: OversightParts): Pick<ShownFigures, "readsMore"> {
  return { readsMore: findWider(register(), agency, clock.now()) };
}

function showLog({ store, hub }: OversightParts): Pick<ShownFigures, "log"> {
  const log = store.oversight.of(hub() ?? "");
  if (log === undefined || log.size === 0) return {};
  return { log: { origin: log.origin, size: log.size, checkpoint: parseUtf8(log.note) } };
}

async function giveFigures(parts: OversightParts, { what, ...asked }: AskedExport & { readonly what: "sdg" | "tipnet" }): Promise<GivenFile> {
  const { from, until, population, format } = asked;
  const people = population === undefined ? [] : parsePopulation(population);
  const { chosen, left } = await choose(parts, { from, until });
  const { rows, missing } = what === "sdg" ? await makeSdg(chosen, people) : { rows: await makeTipnet(chosen), missing: [] };
  const cited = new Set(rows.flatMap(({ sources }) => sources));
  const sources = chosen.filter(({ id }) => cited.has(id)).map(showSource);
  const head = { what, seat: parts.agency, madeAt: parts.clock.now(), from, until };
  const file: FigureFile = { ...head, rows: rows.map((row) => ({ ...row })), missing, sources, left, ...showSeat(parts), ...showLog(parts) };
  return format === "json" ? renderFiguresJson(file) : renderFiguresCsv(file, columns[what]);
} // prettier-ignore

/** Builds the desk of a seat of oversight. */
export function makeOversightDesk(parts: OversightParts): OversightDesk {
  const { store, clock, hub } = parts;
  return {
    counts: (asked) => makeCounts(store.oversight, hub(), { ...asked, smallest: 0 }),
    figures: async ({ by, ...asked }) => {
      const { chosen, left } = await choose(parts, asked);
      return { rows: await sumFigures(chosen, by), sources: chosen.map(showSource), left, ...showSeat(parts), ...showLog(parts) };
    },
    give: async (asked) => {
      const { what, from, until, by } = asked;
      checkMonths(asked, clock.now());
      if (what !== "counts") return await giveFigures(parts, { ...asked, what });
      const table = await makeCounts(store.oversight, hub(), { from, until, by, isAll: false, smallest: smallestGiven });
      return asked.format === "json" ? renderCountsJson(table) : renderCountsCsv(table);
    },
  };
} // prettier-ignore
