import { parseInstant, renderInstant } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { renderCsvLine } from "../exports/index.ts";
import {
  type InsightDesk,
  type TrendDimension,
  trendDimensions,
  type TrendRow,
} from "../insight/index.ts";
import { sightOf } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { chooseForm } from "./negotiate.ts";
import { readShape } from "./people-body.ts";
import { challengeShape, trendsQueryShape } from "./trends-shapes.ts"; // prettier-ignore

const dayMs = 86_400_000;
const usualDays = 13 * 7;
const maxDays = 53 * 7;
/** A file goes on to others; what they must not learn is not in it. */
const smallestInFile = 5;

/** What follows from what is held here. @throws {Fault} NOT_FOUND where nothing is counted */
export function insightOf({ services }: Desk): InsightDesk {
  if (services?.insight !== undefined) return services.insight;
  throw new Fault("NOT_FOUND", "this gateway counts nothing");
}

function refuse(): never {
  const says = `say from and until as days, ${maxDays} at most between them; by: each once of ${trendDimensions.join(", ")}; box, exercise=true, smallest; or nothing`;
  throw new Fault("REQUEST_INVALID", says);
}

function readBy(text = "week,crime"): readonly TrendDimension[] {
  const asked = text.split(",");
  const known = asked.flatMap((name) => trendDimensions.filter((one) => one === name));
  return known.length === asked.length && new Set(asked).size === asked.length ? known : refuse();
}

/** Of a day that the shape found good. */
function midnightOf(day: string): number {
  return parseInstant(`${day}T00:00:00Z`) ?? refuse();
}

function readDays({ clock }: Desk, { from, until }: { readonly from?: string | undefined; readonly until?: string | undefined }): { readonly from: number; readonly until: number } {
  const tomorrow = (Math.floor(clock.now() / dayMs) + 1) * dayMs;
  const end = until === undefined ? tomorrow : midnightOf(until);
  const start = from === undefined ? end - usualDays * dayMs : midnightOf(from);
  return start < end && end - start <= maxDays * dayMs ? { from: start, until: end } : refuse();
} // prettier-ignore

function renderFile(by: readonly string[], rows: readonly TrendRow[]): Response {
  const lines = rows.map(({ of, count }) => [...by.map((name) => of[name] ?? ""), count === undefined ? "withheld" : String(count)]);
  const text = [[...by, "messages"], ...lines].map(renderCsvLine).join("");
  const headers = { "content-type": "text/csv; charset=utf-8; header=present", "content-disposition": 'attachment; filename="trends.csv"' };
  return new Response(text, { headers });
} // prettier-ignore

/** How many messages there were week by week, as far as the caller may see them; as a file without small figures. */
export function getTrends(desk: Desk, call: Call): Response {
  const { caller, url, request, record } = call;
  const asked = tryShape(trendsQueryShape, Object.fromEntries(url.searchParams));
  if (!asked.success) refuse();
  const { box = "in", exercise, smallest: said = "0", ...rest } = asked.data;
  const isFile = chooseForm(request.headers.get("accept"), ["application/json", "text/csv"]).type === "text/csv";
  const smallest = isFile ? Math.max(smallestInFile, Number(said)) : Number(said);
  const [span, by] = [readDays(desk, rest), readBy(rest.by)];
  const { handlings } = sightOf(caller);
  const rows = insightOf(desk).trends({ ...span, by, box, handlings, isExercise: exercise === "true", smallest });
  record.count(rows.length);
  if (isFile) return renderFile(by, rows);
  const days = { from: renderInstant(span.from).slice(0, 10), until: renderInstant(span.until).slice(0, 10) };
  return renderAnswer({ ...days, by, smallest, rows });
} // prettier-ignore

/** Whether this gateway knows of something by its digest, and where in a hub's log it stands; nothing of its content. */
export async function postChallenge(desk: Desk, call: Call): Promise<Response> {
  const { digest } = await readShape(challengeShape, call.request);
  const entries = insightOf(desk).challenge(Buffer.from(digest, "hex"));
  call.record.about(digest);
  call.record.count(entries.length);
  const items = entries.map(({ at, ...entry }) => ({ ...entry, ...(at === undefined ? {} : { at: renderInstant(at) }) }));
  return renderAnswer({ found: items.length > 0, entries: items });
} // prettier-ignore
