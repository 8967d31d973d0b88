import type { z } from "zod";

import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { logShape, type logProofShape, type logStandingShape } from "./log-shapes.ts";
import { renderMinute } from "./render-minute.ts";
import { type Say, sayOf } from "./words.ts";

type Log = z.infer<typeof logShape>;
type Standing = z.infer<typeof logStandingShape>;
type Proof = z.infer<typeof logProofShape>;

/** What we did and the hub does not enter; acts that merely wait are told with the acts. */
function renderOwed({ acts }: Standing, say: Say): readonly string[] {
  if (acts === undefined || acts.state === "WAITING") return [];
  const { state, waiting: count, since, code = "-" } = acts;
  return [say(`log.acts.${state}`, { count, at: renderMinute(since), code })];
}

function renderCounted({ counted, size = 0 }: Standing, say: Say): readonly string[] {
  if (counted === undefined) return [];
  const { size: count, behindSince } = counted;
  if (behindSince === undefined) return [say("log.counted", { count })];
  return [say("log.behind", { count, size, at: renderMinute(behindSince) })];
}

/** How the hub's log stands, in one line. */
export function renderStanding(standing: Standing, say: Say): string {
  const { state, size = 0, at, pending, missing, witnesses } = standing;
  const facts = { size, count: missing, at: at === undefined ? "?" : renderMinute(at) };
  const waits = pending === 0 ? [] : [say("log.waits", { count: pending })];
  const { lateSince, missing: names = [] } = witnesses ?? {};
  const late = lateSince === undefined ? [] : [say("log.unwitnessed", { at: renderMinute(lateSince), names: names.join(", ") })];
  return [say(`log.${state}`, facts), ...waits, ...late, ...renderOwed(standing, say), ...renderCounted(standing, say)].join("; ");
} // prettier-ignore

/** Whether a message is proved, a line for each channel. */
export function renderProofs(proofs: readonly Proof[], say: Say): string {
  return proofs
    .map(({ state, code = "?", index = 0, size = 0, leafAt, cosignedAt }) => {
      const at = leafAt === undefined ? "?" : renderMinute(leafAt);
      const line = say(`log.proof.${state}`, { code, index, size, at });
      if (cosignedAt === undefined) return line;
      return `${line}; ${say("log.proof.cosigned", { at: renderMinute(cosignedAt) })}`;
    })
    .join("\n");
}

function renderHeads({ heads }: Log, say: Say): readonly string[] {
  return heads.map(({ origin, size, root, at, endedAt }) => {
    const line = say("log.head", { origin, size, root: root.slice(0, 16), at: renderMinute(at) });
    const ended = endedAt === undefined ? [] : [say("log.ended", { at: renderMinute(endedAt) })];
    return [line, ...ended].join("; ");
  });
}

function renderTold({ told }: Log, say: Say): readonly string[] {
  return told.map(({ agency, size, at, state }) =>
    say("log.told", { agency, size, at: renderMinute(at), state: say(`log.told.${state}`) }),
  );
}

function renderAlarms({ alarms }: Log, say: Say): readonly string[] {
  return alarms.map(({ code, says, at, agency, endedAt }) => {
    const line = `${renderMinute(at)}  ${code}  ${says}`;
    const over = endedAt === undefined ? [] : [say("log.over", { at: renderMinute(endedAt) })];
    return [line, ...(agency === undefined ? [] : [agency]), ...over].join("; ");
  });
}

/** What a person ends; the others end by themselves. */
const confirmed: readonly string[] = ["LOG_INCONSISTENT", "LOG_RESTARTED"];

/** The newest of our own acts. */
const shownActs = 10;

/** Acts of this agency, a line for each. */
export function renderActs({ acts }: Pick<Log, "acts">, say: Say): readonly string[] {
  return acts.slice(0, shownActs).map(({ act, state, at, line, index = 0, code = "-" }) => {
    const where = say(`log.act.${state}`, { index, code });
    return `${renderMinute(at)}  ${act}  ${line}  ${where}`;
  });
}

function renderLog(log: Log, say: Say): string {
  const { standing, alarms } = log;
  const first = standing === undefined ? [] : [`${standing.hub}: ${renderStanding(standing, say)}`];
  const open = alarms.find(({ code, endedAt }) => endedAt === undefined && confirmed.includes(code));
  const next = open === undefined ? [] : [say("log.next", { hub: open.hub })];
  return [...first, ...renderHeads(log, say), ...renderTold(log, say), ...renderAlarms(log, say), ...renderActs(log, say), ...next].join("\n");
} // prettier-ignore

/** Shows what the gateway saw of the logs of hubs, and alarms; ends with its own exit code while the log is not the one it was. */
export async function runLogShow(desk: Desk): Promise<number> {
  const log = await desk.client().askFor(logShape, { path: "/v1/log" });
  desk.result(log, renderLog(log, sayOf(desk)));
  return log.standing?.state === "INCONSISTENT" ? exitCodes.verificationFailed : exitCodes.ok;
}

/** Goes on with the log as the hub shows it now. */
export async function runLogTrust(desk: Desk, hub: string): Promise<number> {
  if (desk.common.yes !== true) {
    throw new Fault("USAGE_INVALID", "compare both notes with other agencies first, then say it again with --yes");
  }
  const body = JSON.stringify({ hub });
  const headers = { "content-type": "application/json" };
  const question = { method: "POST", path: "/v1/log:trust", body, headers } as const;
  const log = await desk.client().askFor(logShape, question);
  desk.result(log, renderLog(log, sayOf(desk)));
  return exitCodes.ok;
} // prettier-ignore
