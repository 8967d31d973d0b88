import { type GatewayMonitorParts, makeGatewayMonitor } from "./gateway-monitor.ts";
import { makeGatewayCounter } from "./gateway-oversight.ts";
import { makeGatewayProofs } from "./gateway-proofs.ts";
import { type LogDesk, makeLogDesk, type Proofs } from "./proofs/index.ts";

/** All that a gateway does with the log of one hub. */
export interface GatewayLog {
  /** What of it is proved. */
  readonly proofs: Proofs;
  /** What is told of it, and whether all of it is counted. */
  readonly desk: LogDesk & { readonly isCounted: boolean };
  /** Goes on where it stands; called every so often, with whether the link is up. */
  tick(isUp: boolean): void;
  /** Once nothing is under way any more. */
  settled(): Promise<void>;
}

/** Builds proofs, monitor, counter and desk over one link. */
export function makeGatewayLog(parts: Omit<GatewayMonitorParts, "proofs">): GatewayLog {
  const proofs = makeGatewayProofs(parts);
  const monitor = makeGatewayMonitor({ ...parts, proofs });
  const counter = makeGatewayCounter({ ...parts, proofs });
  const desk = makeLogDesk({
    ...parts,
    hub: () => parts.hub,
    witnesses: () => proofs.witnesses,
    counted: () => counter?.standing(),
  });
  return {
    proofs,
    desk: { ...desk, isCounted: counter !== undefined },
    tick: (isUp) => {
      proofs.tick(isUp);
      monitor?.tick(isUp);
      counter?.tick(isUp);
    },
    settled: async () => {
      await proofs.settled();
      await monitor?.settled();
      await counter?.settled();
    },
  };
}
