import type { Counter, Gauge } from "prom-client";

import { type EpochMs, isFaultCode } from "../../schemas/ground/index.ts";
import { streamKinds } from "../nats/index.ts";
import type { HubGauges } from "./gauges.ts";
import { judgeHealth } from "./health.ts";
import type { ServerWord } from "./metrics.ts";
import type { HubStanding, LogStanding, WitnessStanding } from "./standing.ts";

const daySeconds = 86_400;
const certificateKinds = new Set(["LINK", "SIGNING", "SERVER", "LIST", "REGISTER"]);

/** A code of our table: nothing that somebody wrote becomes a label. */
function codeLabel(code: string | undefined): string {
  return code !== undefined && isFaultCode(code) ? code : "OTHER";
}

/** What is not known has no line: a 0 would be read as one. */
function put(gauge: Gauge, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}

function since(at: EpochMs | undefined, now: EpochMs): number | undefined {
  return at === undefined ? undefined : Math.max(0, now - at) / 1_000;
}

/** Counted elsewhere since the start, and told here. */
function tell(counter: Counter, counts: number | Readonly<Record<string, number>>, label: "code" | "outcome" = "code"): void {
  counter.reset();
  if (typeof counts === "number") return counter.inc(counts);
  for (const [value, count] of Object.entries(counts)) {
    if (label === "code") counter.inc({ code: codeLabel(value) }, count);
    else counter.inc({ outcome: value }, count);
  }
} // prettier-ignore

function setCounts(gauges: HubGauges, standing: HubStanding): void {
  const { accepted, repeated, refused, heldBack, blobs } = standing;
  const outcomes = { ACCEPTED: accepted, REPEATED: repeated, REFUSED: refused, HELD_BACK: heldBack };
  tell(gauges.admissions, outcomes, "outcome");
  tell(gauges.refused, standing.refusedBy);
  tell(gauges.heldBack, standing.heldBackBy);
  tell(gauges.receipts, standing.receipts);
  tell(gauges.pauses, standing.paused);
  const { stored, repeated: again, listed, handedOut, refused: not } = blobs;
  tell(gauges.blobs, { STORED: stored, REPEATED: again, LISTED: listed, HANDED_OUT: handedOut, REFUSED: not }, "outcome");
} // prettier-ignore

function setLog(gauges: HubGauges, log: LogStanding | undefined, now: EpochMs): void {
  const { room } = log ?? {};
  put(gauges.logEntries, log?.size);
  put(gauges.logAge, since(log?.checkpointAt, now));
  put(gauges.logBytes, room?.bytes);
  put(gauges.logMax, room?.maxBytes);
  put(gauges.logLeft, room?.daysLeft === undefined ? undefined : room.daysLeft * daySeconds);
  put(gauges.logStopped, log && Number(log.stopped !== undefined));
  put(gauges.logWaiting, log && Number(log.waiting !== undefined));
}

function setWitnesses(gauges: HubGauges, witnesses: WitnessStanding | undefined, now: EpochMs): void {
  put(gauges.cosigned, witnesses?.size);
  put(gauges.cosignedAge, since(witnesses?.at, now));
  put(gauges.witnessesMissing, witnesses?.missing.length);
  put(gauges.quorumMissing, witnesses && (since(witnesses.missingSince, now) ?? 0));
  put(gauges.disputed, witnesses && Number(witnesses.isDisputed));
} // prettier-ignore

function setCertificates({ certificate }: HubGauges, standing: HubStanding, now: EpochMs): void {
  certificate.reset();
  // the soonest of each kind
  for (const { kind, notAfter } of standing.certificates.toSorted((a, b) => b.notAfter - a.notAfter)) {
    certificate.set({ kind: certificateKinds.has(kind) ? kind : "OTHER" }, (notAfter - now) / 1_000);
  }
} // prettier-ignore

/** Sets what the broker itself knows. */
export function setStanding(gauges: HubGauges, standing: HubStanding, now: EpochMs): void {
  gauges.ready.set(Number(judgeHealth(standing, now).ready));
  // only one that works has these numbers
  gauges.standby.set(0);
  gauges.stopped.set(Number(standing.stopped !== undefined));
  gauges.stoppedFor.set(since(standing.stopped?.since, now) ?? 0);
  gauges.serverUp.set(Number(standing.serverUp));
  gauges.underWay.set(standing.underWay);
  gauges.known.set(standing.known);
  gauges.epoch.set(standing.epoch);
  gauges.registerEnd.set((standing.registerExpiresAt - now) / 1_000);
  setCertificates(gauges, standing, now);
  setCounts(gauges, standing);
  setLog(gauges, standing.log, now);
  setWitnesses(gauges, standing.witnesses, now);
}

/** Sets what the server said; what it did not say has no line. */
export function setServer(gauges: HubGauges, word: ServerWord): void {
  put(gauges.sessions, word.sessions);
  put(gauges.connected, word.connected);
  const byStream = [gauges.streams, gauges.streamMessages, gauges.streamBytes, gauges.streamFill, gauges.streamReplicas, gauges.streamCurrent, gauges.streamLag, gauges.streamLeaderless];
  for (const gauge of byStream) gauge.reset();
  for (const { kind, ...health } of word.streams ?? []) {
    const label = { stream: streamKinds.includes(kind) ? kind : "OTHER" };
    gauges.streams.set(label, health.streams);
    gauges.streamMessages.set(label, health.messages);
    gauges.streamBytes.set(label, health.bytes);
    gauges.streamFill.set(label, health.fill);
    gauges.streamReplicas.set(label, health.replicas);
    gauges.streamCurrent.set(label, health.current);
    gauges.streamLag.set(label, health.lag);
    gauges.streamLeaderless.set(label, health.leaderless);
  }
} // prettier-ignore

/** Counts one more answer to a login. */
export function setLogins({ logins }: HubGauges, outcome: string | undefined): void {
  logins.inc({ outcome: outcome === "ALLOWED" ? outcome : codeLabel(outcome) });
}
