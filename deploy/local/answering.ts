import { once } from "node:events";
import { connect } from "node:net";

import { z } from "zod";

import { tryShape } from "../../schemas/ground/index.ts";
import type { GatewayStanding } from "./readiness.ts";

/** Whether something listens on a port of this machine. */
export async function isAnswering(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    // refused is the answer, not a failure
    return false;
  } finally {
    socket.destroy();
  }
}

const readyShape = z.looseObject({ ready: z.boolean(), linkUp: z.boolean().optional() });
const maxReadyChars = 10_000;
const askMs = 5_000;

/** How far the gateway has come whose API is on a port. */
export async function askGateway(port: number): Promise<GatewayStanding> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/readyz`, {
      signal: AbortSignal.timeout(askMs),
    });
    const text = await answer.text();
    if (!answer.ok || text.length > maxReadyChars) return "SILENT";
    const found = tryShape(readyShape, JSON.parse(text));
    if (!found.success || !found.data.ready) return "SILENT";
    return found.data.linkUp === true ? "LINKED" : "ANSWERS";
  } catch {
    // not listening yet, or not one of ours
    return "SILENT";
  }
}
