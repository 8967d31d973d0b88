import { z } from "zod";

import { parseInstant } from "../../schemas/index.ts";
import { checkClock, judgeAhead } from "./check-machine.ts";
import { type Finding, makeFinding } from "./finding.ts";
import type { Probes } from "./probes.ts";
import { tryShape } from "../../schemas/ground/index.ts";

/** How the gateway is asked: its status code and its JSON; undefined when nobody answers. */
export interface GatewayFace {
  readonly url: string;
  ask(path: string): Promise<{ readonly status: number; readonly body: unknown } | undefined>;
}

const wayShape = z.object({
  isUp: z.boolean(),
  since: z.string().optional(),
  roundTripMs: z.number().optional(),
  lastFailure: z.object({ code: z.string(), why: z.string() }).optional(),
});
const logShape = z.object({
  hub: z.string(),
  state: z.enum(["NONE", "WAITING", "GOOD", "MISSING", "INCONSISTENT"]),
  size: z.number().optional(),
  missing: z.number(),
  witnesses: z
    .object({ lateSince: z.string().optional(), missing: z.array(z.string()) })
    .optional(),
  acts: z
    .object({
      state: z.enum(["WAITING", "MISSING", "REFUSED"]),
      waiting: z.number(),
      since: z.string(),
      code: z.string().optional(),
    })
    .optional(),
  counted: z.object({ size: z.number(), behindSince: z.string().optional() }).optional(),
});
const statusShape = z.object({
  log: logShape.optional(),
  clockBehind: z.string().optional(),
  clockAhead: z.string().optional(),
  hub: wayShape.optional(),
  waiting: z.number(),
  queue: z.object({ byUrgency: z.array(z.object({ oldestAt: z.string() })) }).optional(),
  disk: z.enum(["NEARLY_FULL", "FULL", "READ_ONLY"]).optional(),
});
const lockedShape = z.object({ store: z.object({ state: z.string() }) });
const listShape = z.object({
  items: z.array(z.object({ id: z.string(), code: z.string().optional() })),
});
const breachesShape = z.object({
  items: z.array(z.object({ escalatedAt: z.string().optional() })),
});

type Status = z.infer<typeof statusShape>;

/** Everything that waits is offered to the hub again within a minute while the link is up. */
const lateMs = 300_000;
const minuteMs = 60_000;

function judgeLink({ hub }: Status): readonly Finding[] {
  if (hub === undefined) return [];
  const { isUp, since = "?", roundTripMs = 0, lastFailure } = hub;
  if (isUp) return [makeFinding("LINK_UP", { since, ms: Math.round(roundTripMs) })];
  const why = lastFailure === undefined ? "?" : `${lastFailure.code} (${lastFailure.why})`;
  return [makeFinding("LINK_DOWN", { since, why })];
}

/** What waits, from the oldest on. */
export function judgeQueue(count: number, oldestAt: number | undefined, now: number): Finding {
  const waits = oldestAt === undefined ? 0 : now - oldestAt;
  if (count === 0 || waits < lateMs)
    return makeFinding("QUEUE_EMPTY", { count, minutes: Math.floor(waits / minuteMs) });
  return makeFinding("QUEUE_WAITS", { count, minutes: Math.floor(waits / minuteMs) });
}

function oldestOf({ queue }: Status): number | undefined {
  const times = (queue?.byUrgency ?? []).flatMap(({ oldestAt }) => parseInstant(oldestAt) ?? []);
  return times.length === 0 ? undefined : Math.min(...times);
}

async function findRefused(face: GatewayFace): Promise<readonly Finding[]> {
  const answer = await face.ask("/v1/messages?box=out&state=REFUSED&limit=1");
  const list = tryShape(listShape, answer?.body);
  const [first] = list.success ? list.data.items : [];
  if (first === undefined) return [];
  return [makeFinding("MESSAGE_REFUSED", { id: first.id, why: first.code ?? "?" })];
}

/** What is late, of us and of others: both sides of a matter should know. */
async function findLate(face: GatewayFace): Promise<readonly Finding[]> {
  const answer = await face.ask("/v1/breaches?open=true");
  const list = tryShape(breachesShape, answer?.body);
  if (!list.success) return [];
  const { items } = list.data;
  const twice = items.filter(({ escalatedAt }) => escalatedAt !== undefined).length;
  const facts = { count: items.length, twice };
  return [makeFinding(items.length === 0 ? "DEADLINES_KEPT" : "DEADLINES_MISSED", facts)];
}

const logFindings = {
  NONE: "LOG_ABSENT",
  WAITING: "LOG_PROVED",
  GOOD: "LOG_PROVED",
  MISSING: "LOG_UNPROVED",
  INCONSISTENT: "LOG_FORKED",
} as const;

type LogStatus = z.infer<typeof logShape>;

/** What we did and the hub does not enter; what waits a moment is well. */
function judgeActs({ hub, acts }: LogStatus): readonly Finding[] {
  if (acts === undefined || acts.state === "WAITING") return [];
  const { state, waiting: count, since, code: why = "?" } = acts;
  const code = state === "MISSING" ? "ACTS_MISSING" : "ACTS_REFUSED";
  return [makeFinding(code, { hub, count, since, why })];
}

function judgeCounted({ hub, counted, size = 0 }: LogStatus): readonly Finding[] {
  if (counted === undefined) return [];
  const { size: count, behindSince: since } = counted;
  if (since === undefined) return [makeFinding("LOG_COUNTED", { hub, count })];
  return [makeFinding("LOG_COUNT_BEHIND", { hub, count, size, since })];
}

function judgeLog({ log }: Status): readonly Finding[] {
  if (log === undefined) return [];
  const { hub, state, size = 0, missing: count, witnesses } = log;
  const { lateSince: since, missing = [] } = witnesses ?? {};
  const late = { hub, since: since ?? "", names: missing.join(", ") };
  return [
    makeFinding(logFindings[state], { hub, size, count }),
    ...(since === undefined ? [] : [makeFinding("LOG_UNWITNESSED", late)]),
    ...judgeActs(log),
    ...judgeCounted(log),
  ];
}

function judgeDisk({ disk }: Status, url: string): readonly Finding[] {
  if (disk === undefined) return [];
  const code = disk === "READ_ONLY" ? "DISK_READ_ONLY" : "DISK_FULL";
  return [makeFinding(code, { file: url, why: disk })];
}

async function judgeStatus(
  face: GatewayFace,
  status: Status,
  { clock }: Probes,
): Promise<readonly Finding[]> {
  const passed = parseInstant(status.clockBehind ?? "");
  const hubTime = parseInstant(status.clockAhead ?? "");
  return [
    ...judgeLink(status),
    judgeQueue(status.waiting, oldestOf(status), clock.now()),
    ...(await findRefused(face)),
    ...(await findLate(face)),
    ...judgeLog(status),
    ...judgeDisk(status, face.url),
    ...(passed === undefined ? [] : [checkClock([passed], { clock })]),
    ...(hubTime === undefined ? [] : [judgeAhead(hubTime, { clock })]),
  ];
}

/** What a gateway was found to be: whether somebody answers, and what that means. */
export interface GatewayFound {
  readonly isUp: boolean;
  readonly findings: readonly Finding[];
}

/** Whether a gateway answers and knows our token; then its link, its queue, its clock and its disk, in its own words. */
export async function checkGateway(face: GatewayFace, probes: Probes): Promise<GatewayFound> {
  const { url } = face;
  const began = probes.clock.elapsed();
  const answer = await face.ask("/v1/status");
  const ms = Math.round(probes.clock.elapsed() - began);
  if (answer === undefined) return { isUp: false, findings: [makeFinding("API_DOWN", { url })] };
  if (answer.status === 401 || answer.status === 403) {
    return { isUp: true, findings: [makeFinding("TOKEN_REFUSED", { url, why: answer.status })] };
  }
  const answers = makeFinding("API_ANSWERS", { url, ms });
  const status = tryShape(statusShape, answer.body);
  if (status.success) {
    const found = await judgeStatus(face, status.data, probes);
    return { isUp: true, findings: [answers, ...found] };
  }
  const locked = tryShape(lockedShape, answer.body);
  if (!locked.success) return { isUp: false, findings: [makeFinding("API_DOWN", { url })] };
  const state = makeFinding("STORE_LOCKED", { why: locked.data.store.state });
  return { isUp: true, findings: [answers, state] };
}
