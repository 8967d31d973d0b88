import { askHub } from "./ask-hub.ts";
import type { GatewayMonitorParts } from "./gateway-monitor.ts";
import { isThin } from "./link/index.ts";
import { type Counter, startCounter } from "./oversight/index.ts";

/** Builds what counts the hub's log for a seat of oversight; undefined where the operator did not ask for it. */
export function makeGatewayCounter(parts: GatewayMonitorParts): Counter | undefined {
  const { agency, store, clock, log, hub, register, link, proofs, oversight = "off" } = parts;
  if (oversight === "off") return undefined;
  return startCounter({
    agency,
    store,
    clock,
    log,
    register,
    hub: () => hub,
    ask: (subject, question) => askHub(link()?.connection, question, { log, subject }),
    bell: proofs.bell,
    // each entry costs a hundred bytes: a thin line is for messages
    mayAsk: () => {
      const line = link()?.connection.line;
      return line === undefined || !isThin(line);
    },
    saw: (of, note) => proofs.saw(of, note),
  });
}
