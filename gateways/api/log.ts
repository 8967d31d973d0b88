import { renderInstant } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  faults,
  isFaultCode,
  parseUtf8,
  renderHex,
  tryShape,
} from "../../schemas/ground/index.ts";
import type { LogDesk } from "../proofs/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { logTrustShape } from "./log-shapes.ts";
import { readJsonBody } from "./read-body.ts";
import { renderLogStanding } from "./render-log-standing.ts";

type Head = ReturnType<LogDesk["heads"]>[number];
type Told = ReturnType<LogDesk["told"]>[number];
type Act = ReturnType<LogDesk["acts"]>[number];
type Alarm = ReturnType<LogDesk["alarms"]>[number];

/** @throws {Fault} NOT_FOUND where nothing is proved */
function logOf({ services }: Desk): LogDesk {
  if (services?.log !== undefined) return services.log;
  throw new Fault("NOT_FOUND", "this gateway follows no log");
}

function renderHead({
  hub,
  origin,
  size,
  root,
  since,
  at,
  endedAt,
}: Head): Record<string, unknown> {
  const times = { since: renderInstant(since), at: renderInstant(at) };
  const ended = endedAt === undefined ? {} : { endedAt: renderInstant(endedAt) };
  return { hub, origin, size, root: renderHex(root), ...times, ...ended };
}

function renderTold({ agency, origin, size, root, at, state }: Told): Record<string, unknown> {
  return { agency, origin, size, root: renderHex(root), at: renderInstant(at), state };
}

/** Signed notes are text. */
function noteText(name: string, note: Bytes | undefined): Record<string, string> {
  return note === undefined ? {} : { [name]: parseUtf8(note) };
}

function renderAlarm({ code, hub, origin, at, agency, ours, theirs, endedAt, endedBy = "" }: Alarm): Record<string, unknown> {
  return {
    code, hub, origin,
    says: isFaultCode(code) ? faults[code].title : code,
    at: renderInstant(at),
    ...(agency === "" ? {} : { agency }),
    ...noteText("ours", ours),
    ...noteText("theirs", theirs),
    ...(endedAt === undefined ? {} : { endedAt: renderInstant(endedAt) }),
    ...(endedBy === "" ? {} : { endedBy }),
  };
} // prettier-ignore

function renderAct({ act, position, at, state, number, code, commitment, proved }: Act): Record<string, unknown> {
  return {
    act, state, code, number,
    line: position,
    at: renderInstant(at),
    commitment: renderHex(commitment),
    ...(proved === undefined ? {} : { origin: proved.origin, index: proved.index }),
  };
} // prettier-ignore

function renderLog(log: LogDesk): Record<string, unknown> {
  const standing = log.standing();
  return {
    ...(standing === undefined ? {} : { standing: renderLogStanding(standing) }),
    heads: log.heads().map(renderHead),
    told: log.told().map(renderTold),
    alarms: log.alarms().map(renderAlarm),
    acts: log.acts().map(renderAct),
  };
}

/** What was seen of the logs of hubs. */
export function getLog(desk: Desk): Response {
  return renderAnswer(renderLog(logOf(desk)));
}

/** A person goes on with the log as the hub shows it now. */
export async function postLogTrust(desk: Desk, { request, caller, record }: Call): Promise<Response> {
  const log = logOf(desk);
  const wish = tryShape(logTrustShape, await readJsonBody(request));
  if (!wish.success) throw new Fault("REQUEST_INVALID", "send hub, such as ecowas/hub, and nothing else");
  await log.trust(wish.data.hub, caller.id);
  record.keep(wish.data.hub);
  return renderAnswer(renderLog(log));
} // prettier-ignore
