import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import { type Caller, owner, type Visit } from "../people/index.ts";
import type { Desk } from "./call.ts";
import type { Route } from "./route.ts";
import { checkBearer } from "./token.ts";

/** How long ago a person may have proved to be there for an act that wants it. */
const stepUpMs = 5 * 60_000;

async function findCaller(desk: Desk, { request, peer }: Visit): Promise<Caller> {
  const proved = await desk.callers?.who(request, peer);
  if (proved !== undefined) return proved;
  checkBearer(request.headers.get("authorization"), desk.tokenDigest);
  return owner;
}

/**
 * Who asks: a person or machine by one of the ways that are set up, or else the owner of the token. Who asks too often, or too
 * often fails to prove who he is, is told so; nobody else's requests are touched by it.
 *
 * @throws {Fault} NOT_AUTHENTICATED, ORIGIN_FOREIGN, TOO_MANY_TRIES
 */
export async function whoAsks(desk: Desk, visit: Visit): Promise<Caller> {
  let caller: Caller;
  try {
    caller = await findCaller(desk, visit);
  } catch (error) {
    if (isFault(error, "NOT_AUTHENTICATED")) desk.callers?.count?.(undefined, visit.peer);
    throw error;
  }
  desk.callers?.count?.(caller, visit.peer);
  return caller;
}

function isThere({ kind, provedAt }: Caller, now: EpochMs): boolean {
  // who holds the token stands at the machine
  if (kind === "owner") return true;
  return provedAt !== undefined && now - provedAt < stepUpMs;
}

/**
 * Refuses who has no role for this route, and who has not lately proved to be there where it is an act that signs.
 *
 * @throws {Fault} ROLE_MISSING, STEP_UP_NEEDED
 */
export function checkRole(route: Route, caller: Caller, now: EpochMs): void {
  if (!route.for.some((role) => caller.roles.has(role))) {
    throw new Fault("ROLE_MISSING", `this is for: ${route.for.join(", ")}; an administrator gives roles`);
  }
  if (route.stepUp === true && !isThere(caller, now)) {
    throw new Fault("STEP_UP_NEEDED", "prove again that it is you (POST /v1/session:prove), then repeat the request");
  }
} // prettier-ignore
