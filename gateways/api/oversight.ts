import {
  type CountDimension,
  countDimensions,
  renderCountTable,
} from "../../certs/oversight/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import type { OversightDesk } from "../oversight/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import {
  oversightCountsQueryShape,
  oversightExportShape,
  oversightFiguresQueryShape,
} from "./oversight-shapes.ts";
import { readJsonBody } from "./read-body.ts";

/** @throws {Fault} NOT_FOUND at a gateway that is no seat of oversight */
function deskOf({ services }: Desk): OversightDesk {
  if (services?.oversight !== undefined) return services.oversight;
  throw new Fault("NOT_FOUND", "this gateway is no seat of oversight");
}

const usualBy: readonly CountDimension[] = ["month", "rec", "crime", "type"];

function readBy(text: string | undefined): readonly CountDimension[] {
  if (text === undefined) return usualBy;
  const asked = text.split(",");
  const known = countDimensions.filter((name) => asked.includes(name));
  if (known.length === asked.length) return asked.flatMap((name) => known.filter((one) => one === name));
  throw new Fault("REQUEST_INVALID", `by: each once of ${countDimensions.join(", ")}`);
} // prettier-ignore

function searchOf({ url }: Call): object | undefined {
  const said = Object.fromEntries(url.searchParams);
  return Object.keys(said).length === url.searchParams.size ? said : undefined;
}

/** Counts of the hub's log, with positions and the signed note, so that whoever has the log counts again. */
export async function getOversightCounts(desk: Desk, call: Call): Promise<Response> {
  const seat = deskOf(desk);
  const asked = tryShape(oversightCountsQueryShape, searchOf(call));
  if (!asked.success) {
    throw new Fault("REQUEST_INVALID", "say from and until as days, by with commas between, positions=all, log, or nothing; each once");
  }
  const { from, until, log, positions, by } = asked.data;
  const table = await seat.counts({ from, until, log, by: readBy(by), isAll: positions === "all" });
  call.record.count(table.rows.length);
  return renderAnswer(renderCountTable(table));
} // prettier-ignore

/** Figures that agencies told, summed; each with the messages and places it was taken from. */
export async function getOversightFigures(desk: Desk, call: Call): Promise<Response> {
  const seat = deskOf(desk);
  const asked = tryShape(oversightFiguresQueryShape, searchOf(call));
  if (!asked.success) {
    throw new Fault("REQUEST_INVALID", "say from and until as days, type, by=state, or nothing; each once");
  }
  const { from, until, type, by = "region" } = asked.data;
  const figures = await seat.figures({ from, until, type, by });
  call.record.readFor("STATISTICS");
  call.record.count(figures.rows.length);
  return renderAnswer(figures);
} // prettier-ignore

const types = { csv: "text/csv; charset=utf-8; header=present", json: "application/json" } as const;

/** A file of figures for others: what is small is withheld, and others with it. */
export async function postOversightExport(desk: Desk, call: Call): Promise<Response> {
  const seat = deskOf(desk);
  const wish = tryShape(oversightExportShape, await readJsonBody(call.request));
  if (!wish.success) {
    throw new Fault("REQUEST_INVALID", `say {"what": "counts", "sdg" or "tipnet", "from", "until", "format": "csv" or "json"}, and by or population`);
  }
  const { what, by = usualBy, format } = wish.data;
  const isOdd = new Set(by).size !== by.length || (what === "counts" ? wish.data.population !== undefined : wish.data.by !== undefined);
  if (isOdd) throw new Fault("REQUEST_INVALID", "by is of counts, each once; population is of sdg");
  const { bytes, rows, digest } = await seat.give({ ...wish.data, by });
  const { record } = call;
  record.about(what);
  record.readFor("STATISTICS");
  record.count(rows);
  record.digest(digest);
  const headers = {
    "content-type": types[format],
    "content-disposition": `attachment; filename="oversight-${what}.${format}"`,
    "repr-digest": `sha-256=:${Buffer.from(digest, "hex").toString("base64")}:`,
  };
  return new Response(Uint8Array.from(bytes), { headers });
} // prettier-ignore
