import type { Chance, Clock, Log } from "../schemas/ground/index.ts";
import type { ReleaseDesk } from "./approval/index.ts";
import type { DirectoryDesk } from "./directory/index.ts";
import { makeMetrics, type Metrics } from "./metrics/index.ts";
import type { Gateway } from "./running.ts";
import { makeTracer, traceMessages, type Tracer, type TracesChoice } from "./traces/index.ts";

/** What the numbers of a gateway are made of. */
export interface MetricsDeskParts {
  readonly gateway: Pick<Gateway, "canaries" | "exchange" | "office">;
  readonly releases: Pick<ReleaseDesk, "waiting">;
  readonly directory: Pick<DirectoryDesk, "counts">;
  /** The gateway's own folder. */
  readonly dir: string;
  readonly clock: Clock;
}

/** What the traces of a gateway are made of. */
export interface TracesDeskParts {
  readonly gateway: Pick<Gateway, "exchange">;
  readonly traces?: TracesChoice | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
}

/** Traces of one gateway, where the operator named a collector. */
export function openTraces({
  gateway,
  traces: choice,
  ...ground
}: TracesDeskParts): Tracer | undefined {
  if (choice === undefined) return undefined;
  const tracer = makeTracer({ ...ground, choice });
  const { clock } = ground;
  const unwatch = traceMessages({ exchange: gateway.exchange, tracer, clock });
  return {
    note: (span) => tracer.note(span),
    stop: () => {
      unwatch();
      tracer.stop();
    },
  };
}

/** Makes the numbers of one gateway. */
export function openMetrics(parts: MetricsDeskParts): Metrics {
  const { gateway, releases, directory, dir, clock } = parts;
  const { store } = gateway.office;
  return makeMetrics({
    exchange: gateway.exchange,
    clock,
    dir,
    releases: () => releases.waiting(),
    contacts: () => directory.counts(),
    late: () => store.breaches.countOpen(),
    alarms: () => store.logAlarms.open(),
    canaries: () => gateway.canaries(),
    closed: () => store.keyWaits.count(),
  });
}
