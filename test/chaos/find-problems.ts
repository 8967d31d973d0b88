import type { GatewayHttp, ListedMessage } from "../kit/gateway-http.ts";
import { centres, type Expected } from "./expected.ts";

/** Shows at once; a gateway answers them one after another anyway. */
const atOnce = 8;

async function inParts<T, R>(items: readonly T[], act: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += atOnce) {
    results.push(...(await Promise.all(items.slice(from, from + atOnce).map(act))));
  }
  return results;
}

const isIncident = ({ type }: ListedMessage): boolean => type === "maritime.incident";

/** The line of the file each imported message was made from, read at the regional centres; others are left out. */
async function readLines(
  http: GatewayHttp,
  inboxes: ReadonlyMap<string, readonly ListedMessage[]>,
): Promise<ReadonlyMap<string, number>> {
  const lines = new Map<string, number>();
  for (const centre of centres) {
    const incidents = (inboxes.get(centre) ?? []).filter(isIncident);
    const bodies = await inParts(incidents, async ({ id }) => ({
      id,
      body: await http.body(centre, id),
    }));
    for (const { id, body } of bodies) {
      if (typeof body["sourceRef"] === "string") lines.set(id, Number(body["sourceRef"]));
    }
  }
  return lines;
}

function comparable(lines: Iterable<number>): readonly number[] {
  return [...lines].toSorted((a, b) => a - b);
}

function findMisplaced(
  agency: string,
  held: readonly number[],
  wanted: ReadonlySet<number>,
): readonly string[] {
  const sorted = comparable(held);
  const twice = sorted.filter((line, i) => line === sorted[i - 1]);
  const missing = comparable(wanted).filter((line) => !sorted.includes(line));
  const surplus = sorted.filter((line) => !wanted.has(line));
  const say = (what: string, lines: readonly number[]): readonly string[] =>
    lines.length === 0 ? [] : [`${agency}: ${lines.length} ${what}, such as line ${lines[0]}`];
  return [...say("twice", twice), ...say("missing", missing), ...say("too many", surplus)];
}

function findBadStates(
  agency: string,
  messages: readonly ListedMessage[],
  good: string,
): readonly string[] {
  const bad = Map.groupBy(
    messages.filter(({ state }) => state !== good),
    ({ state }) => state,
  );
  return [...bad].map(([state, some]) => `${agency}: ${some.length} are ${state}, not ${good}`);
}

/**
 * Everything that is not as it should be once an import settled: each reader's inbox holds exactly its rows,
 * each once and verified; each reporter's outbox has exactly its rows, each delivered to everybody. Empty
 * when all is well.
 */
export async function findProblems(
  http: GatewayHttp,
  expected: Expected,
): Promise<readonly string[]> {
  const inboxes = new Map<string, readonly ListedMessage[]>();
  for (const agency of http.agencies) inboxes.set(agency, await http.list(agency, "in"));
  const lines = await readLines(http, inboxes);
  const problems: string[] = [];
  for (const agency of http.agencies) {
    const inbox = inboxes.get(agency) ?? [];
    const held = inbox.flatMap(({ id }) => lines.get(id) ?? []);
    problems.push(
      ...findMisplaced(agency, held, expected.inboxes.get(agency) ?? new Set()),
      ...findBadStates(agency, inbox, "VERIFIED"),
    );
    const outbox = await http.list(agency, "out");
    const sent = outbox.filter(({ id }) => lines.has(id)).length;
    const wanted = expected.outboxes.get(agency) ?? 0;
    if (sent !== wanted) problems.push(`${agency}: sent ${sent} rows, not ${wanted}`);
    problems.push(...findBadStates(agency, outbox, "DELIVERED"));
  }
  return problems;
}
