import type { GatewayProofParts } from "./gateway-proofs.ts";
import { askHub } from "./ask-hub.ts";
import { isThin } from "./link/index.ts";
import { type Monitor, startMonitor } from "./monitor/index.ts";
import type { Proofs } from "./proofs/index.ts";

/** What a gateway's monitor stands on besides what its proofs do. */
export interface GatewayMonitorParts extends GatewayProofParts {
  readonly proofs: Proofs;
  /** On where the operator says so. */
  readonly monitor?: "on" | "off" | undefined;
  /** On at a seat of oversight. */
  readonly oversight?: "on" | "off" | undefined;
}

/** Builds what reads the hub's log for messages in our name; undefined where the operator did not ask for it. */
export function makeGatewayMonitor(parts: GatewayMonitorParts): Monitor | undefined {
  const { agency, store, clock, log, hub, register, link, proofs, monitor = "off" } = parts;
  if (monitor === "off") return undefined;
  return startMonitor({
    agency,
    store,
    clock,
    log,
    register,
    hub: () => hub,
    ask: (subject, question) => askHub(link()?.connection, question, { log, subject }),
    bell: proofs.bell,
    // each leaf costs a hundred bytes: a thin line is for messages
    mayAsk: () => {
      const line = link()?.connection.line;
      return line === undefined || !isThin(line);
    },
    saw: (of, note) => proofs.saw(of, note),
  });
}
