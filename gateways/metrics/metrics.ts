import { Counter, Gauge, Registry } from "prom-client";

import type { Clock, FaultCode } from "../../schemas/ground/index.ts";
import type { Exchange, ExchangeStatus } from "../exchange/index.ts";
import { codeLabel, countMessages } from "./message-counts.ts";

/** Numbers for those who watch the gateway, in the text form of Prometheus. */
export interface Metrics {
  readonly contentType: string;
  /** All of them, as they stand now. */
  render(): Promise<string>;
  /** A request was refused with this code. */
  refused(code: FaultCode): void;
  stop(): void;
}

/** What they are made of. */
export interface MetricsParts {
  readonly exchange: Pick<Exchange, "status" | "watch" | "find">;
  readonly clock: Clock;
  /** What waits for a second officer. */
  readonly releases?:
    (() => { readonly count: number; readonly oldestAt?: number | undefined }) | undefined;
  /** Entries of the directory, by the first thing that is to be said of them. */
  readonly contacts?: (() => ReadonlyMap<string, number>) | undefined;
  /** Deadlines that passed and are awaited still. */
  readonly late?:
    (() => readonly { readonly isEscalated: boolean; readonly count: number }[]) | undefined;
}

type Label = "urgency" | "direction" | "kind" | "code" | "flag";

/** Their values are set before each reading. */
function makeGauges(register: Registry) {
  const gauge = (name: string, help: string, label?: Label): Gauge<Label> => {
    const labelNames = label === undefined ? [] : [label];
    return new Gauge({ name: `atumpan_${name}`, help, labelNames, registers: [register] });
  };
  return {
    linkUp: gauge("link_up", "whether the hub is reached"),
    contactAge: gauge("link_contact_age_seconds", "since the hub was last heard"),
    speed: gauge(
      "link_bytes_per_second",
      "as seen while there was something to carry",
      "direction",
    ),
    queueAge: gauge("queue_age_seconds", "of the oldest message that waits", "urgency"),
    queueMessages: gauge("queue_messages", "messages that wait to be sent", "urgency"),
    queueBytes: gauge("queue_bytes", "bytes that wait to be sent", "urgency"),
    inbox: gauge("inbox_messages", "messages of others that were proved"),
    quarantined: gauge("quarantined_messages", "messages that could not be proved"),
    unconfirmed: gauge("sealing_keys_unconfirmed", "sealing keys that need a person"),
    certificate: gauge("cert_expiry_seconds", "until what our work rests on ends", "kind"),
    epoch: gauge("register_epoch", "of the register in force"),
    registerEnd: gauge("register_expiry_seconds", "until the register is out of date"),
    clockBehind: gauge(
      "clock_behind_seconds",
      "how far this clock stands before a time that has passed",
    ),
    clockAhead: gauge("clock_ahead_seconds", "how far this clock stands after what its hub says"),
    contacts: gauge(
      "directory_entries",
      "authorities one can ask, by what is to be said of them",
      "flag",
    ),
    releases: gauge("releases_waiting", "messages that wait for a second officer"),
    releaseAge: gauge(
      "approval_wait_seconds",
      "of the oldest message that waits for a second officer",
    ),
    late: gauge("deadlines_missed", "still awaited, overdue once or twice", "flag"),
    disk: gauge("store_writable", "whether the store takes new messages"),
  };
}

type Gauges = ReturnType<typeof makeGauges>;

function setLink(gauges: Gauges, { hub }: ExchangeStatus, now: number): void {
  gauges.linkUp.set(hub.isUp ? 1 : 0);
  gauges.contactAge.reset();
  if (hub.lastContactAt !== undefined) gauges.contactAge.set((now - hub.lastContactAt) / 1_000);
  gauges.speed.set({ direction: "out" }, hub.sentPerSecond ?? 0);
  gauges.speed.set({ direction: "in" }, hub.receivedPerSecond ?? 0);
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
  const { certificates, registerEpoch, registerExpiresAt, clockBehind, clockAhead, disk } = status;
  gauges.certificate.reset();
  // the soonest of each kind
  for (const { kind, notAfter } of certificates.toSorted((a, b) => b.notAfter - a.notAfter)) {
    gauges.certificate.set({ kind }, (notAfter - now) / 1_000);
  }
  gauges.epoch.set(registerEpoch);
  gauges.registerEnd.set((registerExpiresAt - now) / 1_000);
  gauges.clockBehind.set(clockBehind === undefined ? 0 : Math.max(0, clockBehind - now) / 1_000);
  gauges.clockAhead.set(clockAhead === undefined ? 0 : Math.max(0, now - clockAhead) / 1_000);
  gauges.disk.set(disk === undefined ? 1 : 0);
}

function setAll(gauges: Gauges, status: ExchangeStatus, now: number): void {
  setLink(gauges, status, now);
  setQueue(gauges, status, now);
  setEnds(gauges, status, now);
  gauges.inbox.set(status.inbox);
  gauges.quarantined.set(status.quarantined);
  gauges.unconfirmed.set(status.sealingKeys.unconfirmed);
}

function setContacts({ contacts: gauge }: Gauges, { contacts }: MetricsParts): void {
  gauge.reset();
  for (const [flag, count] of contacts?.() ?? []) gauge.set({ flag }, count);
}

function setReleases(gauges: Gauges, { releases, clock }: MetricsParts): void {
  const { count, oldestAt } = releases?.() ?? { count: 0 };
  gauges.releases.set(count);
  gauges.releaseAge.set(oldestAt === undefined ? 0 : Math.max(0, clock.now() - oldestAt) / 1_000);
}

function setLate({ late: gauge }: Gauges, { late }: MetricsParts): void {
  for (const flag of ["OVERDUE", "ESCALATED"]) gauge.set({ flag }, 0);
  for (const { isEscalated, count } of late?.() ?? []) {
    gauge.inc({ flag: isEscalated ? "ESCALATED" : "OVERDUE" }, count);
  }
}

/** Builds the numbers of one gateway. No label holds a person, a message, an agency or a word that anybody wrote. */
export function makeMetrics(parts: MetricsParts): Metrics {
  const { exchange, clock } = parts;
  const register = new Registry();
  const gauges = makeGauges(register);
  const rejects = new Counter({
    name: "atumpan_reject_total",
    help: "requests that were refused, by their code",
    labelNames: ["code"],
    registers: [register],
  });
  const stop = countMessages({ exchange, clock, register });
  return {
    contentType: register.contentType,
    render: () => {
      setAll(gauges, exchange.status(), clock.now());
      setContacts(gauges, parts);
      setReleases(gauges, parts);
      setLate(gauges, parts);
      return register.metrics();
    },
    refused: (code) => rejects.inc({ code }),
    stop,
  };
}
