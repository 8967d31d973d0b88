import { toFault } from "../../schemas/ground/index.ts";
import type { Caller, Peer } from "../people/index.ts";
import { checkRole } from "./admit.ts";
import { makeCallRecord } from "./audit-call.ts";
import type { Desk } from "./call.ts";
import { findPurpose } from "./purpose.ts";
import type { Route } from "./route.ts";

/** A request whose caller was proved, and the route it found. */
export interface ProvedRequest {
  readonly request: Request;
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
  readonly traceId: string;
  readonly caller: Caller;
  readonly peer: Peer;
}

/**
 * The one place that every handler is called from: the caller's role, what he reads for, and the line of the audit
 * record, which is on the disk before anything is answered. Where that line cannot be kept, nothing is answered.
 *
 * @throws {Fault} ROLE_MISSING, STEP_UP_NEEDED, PURPOSE_MISSING, PURPOSE_UNKNOWN, STORE_WRITE_FAILED, and all of the handler
 */
export async function answerRecorded(desk: Desk, asked: ProvedRequest): Promise<Response> {
  const { request, route, params, traceId, caller, peer } = asked;
  const record = makeCallRecord(desk, asked);
  try {
    if (route.open !== true) checkRole(route, caller, desk.clock.now());
    const purpose = findPurpose(desk, asked);
    record.readFor(purpose);
    const url = new URL(request.url);
    const call = { request, url, params, traceId, caller, peer, purpose, record };
    const response = await route.handle(desk, call);
    await record.settle();
    return response;
  } catch (error) {
    if (route.open !== true) await record.refuse(toFault(error, "INTERNAL").code);
    throw error;
  }
}
