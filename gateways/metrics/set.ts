import { statSync } from "node:fs";
import { join } from "node:path";

import { type EpochMs, isFaultCode } from "../../schemas/ground/index.ts";
import type { ExchangeStatus } from "../exchange/index.ts";
import type { Gauges } from "./gauges.ts";
import { codeLabel } from "./message-counts.ts";
import type { MetricsParts } from "./parts.ts";

type LogStanding = NonNullable<ExchangeStatus["log"]>;

/** A hub's name is the register's word; more than a register has, or no name of one, is not told. */
const hubName = /^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/;
const maxHubs = 16;

function since(at: EpochMs | undefined, now: EpochMs): number | undefined {
  return at === undefined ? undefined : Math.max(0, now - at) / 1_000;
}

function isNamed({ hub }: { readonly hub: string }): boolean {
  return hub.length <= 45 && hubName.test(hub);
}

function findHubs({ hubs }: ExchangeStatus): ExchangeStatus["hubs"] {
  return hubs.slice(0, maxHubs).filter(isNamed);
}

function setLinks(gauges: Gauges, status: ExchangeStatus, now: EpochMs): void {
  const { linkUp, contactAge, hubWaiting, speed } = gauges;
  for (const gauge of [linkUp, contactAge, hubWaiting]) gauge.reset();
  for (const { hub, isUp, lastContactAt, waiting } of findHubs(status)) {
    linkUp.set({ hub }, Number(isUp));
    hubWaiting.set({ hub }, waiting);
    if (lastContactAt !== undefined) contactAge.set({ hub }, (now - lastContactAt) / 1_000);
  }
  speed.set({ direction: "out" }, status.hub.sentPerSecond ?? 0);
  speed.set({ direction: "in" }, status.hub.receivedPerSecond ?? 0);
}

function setQueue({ queueAge, queueMessages, queueBytes }: Gauges, { queue }: ExchangeStatus, now: number): void {
  for (const gauge of [queueAge, queueMessages, queueBytes]) gauge.reset();
  for (const { urgency, count, bytes, oldestAt } of queue.byUrgency) {
    const label = { urgency: codeLabel("URGENCY", urgency) };
    queueMessages.inc(label, count);
    queueBytes.inc(label, bytes);
    queueAge.set(label, Math.max(0, now - oldestAt) / 1_000);
  }
} // prettier-ignore

function setEnds(gauges: Gauges, status: ExchangeStatus, now: number): void {
  const { certificates, registerEpoch, registerExpiresAt, clockBehind, clockAhead } = status;
  gauges.certificate.reset();
  // the soonest of each kind
  for (const { kind, notAfter } of certificates.toSorted((a, b) => b.notAfter - a.notAfter)) {
    gauges.certificate.set({ kind }, (notAfter - now) / 1_000);
  }
  gauges.epoch.set(registerEpoch);
  gauges.registerEnd.set((registerExpiresAt - now) / 1_000);
  gauges.clockBehind.set(clockBehind === undefined ? 0 : Math.max(0, clockBehind - now) / 1_000);
  gauges.clockAhead.set(since(clockAhead, now) ?? 0);
}

function setLog(
  gauges: Gauges,
  hub: string,
  { log, now }: { readonly log: LogStanding; readonly now: EpochMs },
): void {
  const { acts, witnesses } = log;
  gauges.logState.set({ hub }, log.state === "INCONSISTENT" ? 0 : 1);
  gauges.logSize.set({ hub }, log.size ?? 0);
  if (log.at !== undefined) gauges.logAge.set({ hub }, (now - log.at) / 1_000);
  gauges.unproved.inc({ flag: "PENDING" }, log.pending);
  gauges.unproved.inc({ flag: "MISSING" }, log.missing);
  gauges.acts.set({ hub }, acts?.waiting ?? 0);
  gauges.actAge.set({ hub }, since(acts?.since, now) ?? 0);
  if (witnesses !== undefined)
    gauges.witnessesLate.set({ hub }, since(witnesses.lateSince, now) ?? 0);
}

function setLogs(gauges: Gauges, status: ExchangeStatus, now: EpochMs): void {
  const { logState, logSize, logAge, unproved, acts, actAge, witnessesLate } = gauges;
  for (const gauge of [logState, logSize, logAge, unproved, acts, actAge, witnessesLate])
    gauge.reset();
  for (const flag of ["PENDING", "MISSING"]) unproved.set({ flag }, 0);
  for (const { hub, log } of findHubs(status))
    if (log !== undefined) setLog(gauges, hub, { log, now });
}

function setAlarms({ alarms: gauge }: Gauges, { alarms }: MetricsParts): void {
  gauge.reset();
  for (const { code } of alarms?.() ?? []) gauge.inc({ code: isFaultCode(code) ? code : "OTHER" });
}

function setCanaries(gauges: Gauges, { canaries }: MetricsParts, now: EpochMs): void {
  const { canarySent, canaryBack, canaryLost, canaryLate, canarySeconds, canaryAge } = gauges;
  for (const one of [canarySent, canaryBack, canaryLost, canaryLate, canarySeconds, canaryAge])
    one.reset();
  for (const { hub, sent, back, lost, isLate, seconds, backAt } of (canaries?.() ?? []).filter(
    isNamed,
  )) {
    canarySent.inc({ hub }, sent);
    canaryBack.inc({ hub }, back);
    canaryLost.inc({ hub }, lost);
    canaryLate.set({ hub }, Number(isLate));
    if (seconds !== undefined) canarySeconds.set({ hub }, seconds);
    if (backAt !== undefined) canaryAge.set({ hub }, (now - backAt) / 1_000);
  }
}

function bytesOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

function setStore(gauges: Gauges, { disk, catchingUp }: ExchangeStatus, parts: MetricsParts): void {
  gauges.disk.set(disk === undefined ? 1 : 0);
  gauges.catchingUp.set(Number(catchingUp === true));
  gauges.closed.set(parts.closed?.() ?? 0);
  const { dir } = parts;
  if (dir === undefined) return gauges.storeBytes.remove();
  const file = join(dir, "store.db");
  gauges.storeBytes.set(bytesOf(file) + bytesOf(`${file}-wal`));
} // prettier-ignore

function setContacts({ contacts: gauge }: Gauges, { contacts }: MetricsParts): void {
  gauge.reset();
  for (const [flag, count] of contacts?.() ?? []) gauge.set({ flag }, count);
}

function setReleases(gauges: Gauges, { releases, clock }: MetricsParts): void {
  const { count, oldestAt } = releases?.() ?? { count: 0 };
  gauges.releases.set(count);
  gauges.releaseAge.set(since(oldestAt, clock.now()) ?? 0);
}

function setLate({ late: gauge }: Gauges, { late }: MetricsParts): void {
  for (const flag of ["OVERDUE", "ESCALATED"]) gauge.set({ flag }, 0);
  for (const { isEscalated, count } of late?.() ?? []) {
    gauge.inc({ flag: isEscalated ? "ESCALATED" : "OVERDUE" }, count);
  }
}

/** Sets everything to how it stands now. */
export function setAll(gauges: Gauges, status: ExchangeStatus, parts: MetricsParts): void {
  const now = parts.clock.now();
  setLinks(gauges, status, now);
  setQueue(gauges, status, now);
  setEnds(gauges, status, now);
  setLogs(gauges, status, now);
  setAlarms(gauges, parts);
  setCanaries(gauges, parts, now);
  setStore(gauges, status, parts);
  gauges.inbox.set(status.inbox);
  gauges.quarantined.set(status.quarantined);
  gauges.unconfirmed.set(status.sealingKeys.unconfirmed);
  setContacts(gauges, parts);
  setReleases(gauges, parts);
  setLate(gauges, parts);
}
