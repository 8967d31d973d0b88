import { Counter, Registry } from "prom-client";

import { addProcessFigures } from "../../schemas/figures/index.ts";
import type { FaultCode } from "../../schemas/ground/index.ts";
import { makeGauges } from "./gauges.ts";
import { countMessages } from "./message-counts.ts";
import type { MetricsParts } from "./parts.ts";
import { setAll } from "./set.ts";

/** Numbers for those who watch the gateway, in the text form of Prometheus. */
export interface Metrics {
  readonly contentType: string;
  /** All of them, as they stand now. */
  render(): Promise<string>;
  /** A request was refused with this code. */
  refused(code: FaultCode): void;
  stop(): void;
}

/** Builds the numbers of one gateway. No label holds a person, a message, an agency or a word that anybody wrote. */
export function makeMetrics(parts: MetricsParts): Metrics {
  const { exchange, clock, dir } = parts;
  const register = new Registry();
  const gauges = makeGauges(register);
  const own = dir === undefined ? undefined : addProcessFigures(register, { dir });
  const rejects = new Counter({
    name: "atumpan_reject_total",
    help: "requests that were refused, by their code",
    labelNames: ["code"],
    registers: [register],
  });
  const stopCounting = countMessages({ exchange, clock, register });
  return {
    contentType: register.contentType,
    render: () => {
      setAll(gauges, exchange.status(), parts);
      return register.metrics();
    },
    refused: (code) => rejects.inc({ code }),
    stop: () => {
      stopCounting();
      own?.stop();
    },
  };
}
