/**
 * A gateway of its own over a store that is there already, without a hub: says how long it took to start, what it holds in
 * memory, and how long pages of its lists take over HTTP. Stops turning pages after so many seconds of one list.
 * `node store-process.ts FOLDER`.
 */
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";

import { makeDirectory, startApi } from "../../gateways/api/index.ts";
import { startGateway } from "../../gateways/gateway.ts";
import type { Callers } from "../../gateways/people/index.ts";
import { makeServices } from "../../gateways/services.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeGatewayWorld } from "../kit/gateway-world.ts";
import { median, spreadOf } from "./percentile.ts";
import { type AskedList, makeLists } from "./store-lists.ts";

/** How the pages of one list were. */
export interface ListTimes {
  readonly name: string;
  readonly pages: number;
  readonly rows: number;
  readonly p50: number;
  readonly worst: number;
  /** Processor time of a page, asking and answering, the middle one; others on the machine hardly change it. */
  readonly cpu: number;
  /** Octets of the first page on the line, for a caller who takes it packed; and whether it is. */
  readonly sent: number;
  readonly isPacked: boolean;
}

/** What the process tells. */
export interface StoreTold {
  readonly startMs: number;
  readonly rss: number;
  readonly inbox: number;
  readonly lists: readonly ListTimes[];
}

interface Answer {
  readonly ms: number;
  readonly cpu: number;
  readonly sent: number;
  readonly isPacked: boolean;
  readonly text: string;
}

const [, , dir = ""] = process.argv;
const agency = "ng/tcu";
const dayMs = 86_400_000;
/** The first pages compile statements and routes. */
const warmPages = 3;
const mostPages = 40;
const patienceMs = 1_500;
const narrowHeader = "x-bench-narrow";

const callers: Callers = {
  who: (asked) =>
    Promise.resolve(
      asked.headers.get(narrowHeader) === null
        ? undefined
        : { id: "machine:narrow", kind: "machine", name: "narrow", roles: new Set(["integrator"] as const), handlingUpTo: "H1", purpose: "INVESTIGATION" } as const,
    ),
}; // prettier-ignore

const world = await makeGatewayWorld([agency, "gh/tcu"], { now: Date.now() - 60_000 });
const { signer, sealing, link } = world.agency(agency);
const ground = { clock: systemClock, chance: systemChance, log: silentLog };
const startedAt = performance.now();
const gateway = await startGateway({
  agency,
  dir,
  register: world.register,
  anchors: world.anchors,
  signer,
  sealing: [sealing],
  link,
  hubUrls: ["tls://127.0.0.1:1"],
  ...ground,
});
const { services, stop } = makeServices({ gateway, dir, ...ground });
const startMs = performance.now() - startedAt;
const { exchange } = gateway;
const directory = makeDirectory(() => gateway.register(), systemClock);
const edge = { exchange, directory, dir, host: "127.0.0.1", port: 0, services, callers };
const served = await startApi({ ...edge, ...ground });
const authorization = `Bearer ${readFileSync(join(dir, "api-token"), "utf8").trim()}`;

function headersOf({ body, isNarrow = false }: AskedList, packing: string): Record<string, string> {
  return {
    authorization,
    "accept-encoding": packing,
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(isNarrow ? { [narrowHeader]: "1" } : {}),
  };
}

/** Asks for one page; `packing` is what the caller can unpack. */
function ask(list: AskedList, cursor: string | undefined, packing: string): Promise<Answer> {
  const url = new URL(`${served.url}${list.path}`);
  if (cursor !== undefined && list.body === undefined) {
    url.searchParams.delete("from");
    url.searchParams.set("cursor", cursor);
  }
  const body = list.body === undefined ? undefined : JSON.stringify({ ...list.body, ...(cursor === undefined ? {} : { cursor }) }); // prettier-ignore
  const [began, usedBefore] = [performance.now(), process.cpuUsage()];
  return new Promise((resolve, reject) => {
    const method = body === undefined ? "GET" : "POST";
    const asked = request(url, { method, headers: headersOf(list, packing) }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () => {
        const bytes = Buffer.concat(pieces);
        const ms = performance.now() - began;
        const { user, system } = process.cpuUsage(usedBefore);
        const cpu = (user + system) / 1_000;
        const isPacked = response.headers["content-encoding"] !== undefined;
        const text = bytes.toString();
        if (response.statusCode === 200) resolve({ ms, cpu, isPacked, sent: bytes.length, text });
        else reject(new Error(`${list.name}: ${response.statusCode} ${text}`));
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
} // prettier-ignore

interface Turned {
  readonly rows: number;
  readonly next: string | undefined;
}

function readPage(text: string): Turned {
  const { items, next, hasMore } = JSON.parse(text) as { items: unknown[]; next?: string | null; hasMore?: boolean }; // prettier-ignore
  return { rows: items.length, next: hasMore === false ? undefined : (next ?? undefined) };
}

async function turnPages(list: AskedList): Promise<ListTimes> {
  const packed = await ask(list, undefined, "br");
  const [times, used] = [[], []] as [number[], number[]];
  let [rows, at, spent] = [0, undefined as string | undefined, 0];
  for (let page = 0; page < mostPages + warmPages && (spent < patienceMs || times.length < 3); page += 1) {
    const answer = await ask(list, at, "identity");
    const turned = readPage(answer.text);
    spent += answer.ms;
    if (page >= warmPages) {
      times.push(answer.ms);
      used.push(answer.cpu);
    }
    rows = Math.max(rows, turned.rows);
    // a list of one page is asked for again
    at = turned.next;
  }
  const { p50, max: worst } = spreadOf(times);
  const { sent, isPacked } = packed;
  return { name: list.name, pages: times.length, rows, p50, worst, cpu: median(used), sent, isPacked };
} // prettier-ignore

async function findPlaces(): Promise<Parameters<typeof makeLists>[0]> {
  const first = { name: "first", path: "/v1/messages?box=in&state=VERIFIED&limit=1" };
  const { items } = JSON.parse((await ask(first, undefined, "identity")).text) as { items: { id: string }[] }; // prettier-ignore
  const id = items[0]?.id ?? "";
  const time = (days: number): string => new Date(Date.now() - days * dayMs).toISOString();
  return { id, thread: id, since: time(90), until: time(60) };
}

const lists: ListTimes[] = [];
for (const list of makeLists(await findPlaces())) lists.push(await turnPages(list));
const told: StoreTold = { startMs, rss: process.memoryUsage().rss, inbox: exchange.status().inbox, lists }; // prettier-ignore
process.stdout.write(`${JSON.stringify(told)}\n`);
await served.stop();
await stop();
await gateway.stop();
process.exit(0);
