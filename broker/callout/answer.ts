import { type Bytes, type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import { parseAgencyUri } from "../../certs/shape/index.ts";
import { proveCertificate, type RegisterView } from "../../certs/trust/index.ts";
import {
  agencyAccount,
  type AgencyPermissions,
  hubLimits,
  isLinking,
  permissionsOf,
} from "../nats/index.ts";
import type { LoginRequest } from "./request.ts";

/** A login that is allowed: as whom, with what, and until when. */
export interface Login {
  readonly agency: string;
  /** NATS account. */
  readonly account: string;
  readonly permissions: AgencyPermissions;
  /** By the server's clock, which ends it. */
  readonly until: EpochMs;
}

/** The answer to a login. */
export type LoginDecision =
  | { readonly allow: true; readonly login: Login }
  | { readonly allow: false; readonly fault: Fault };

/** Our time, and the server's. */
interface LoginTimes {
  readonly now: EpochMs;
  readonly askedAt: EpochMs;
}

/** What a link's right to stand rests on. */
export interface LinkClaim {
  readonly agency: string;
  /** SHA-256 of the LINK certificate shown. */
  readonly thumbprint: Bytes;
}

/**
 * Proves that an agency may hold a link now: the register names the certificate for it as a LINK one, its
 * path holds, and neither is it a hub nor suspended.
 *
 * @returns until when at most: never longer than the path holds by the lists of today, nor past a suspension
 * that is announced
 * @throws {Fault} AGENCY_UNKNOWN, MANDATE_SUSPENDED, CERT_*
 */
export function checkLink(register: RegisterView, claim: LinkClaim, now: EpochMs): EpochMs {
  const { agency, thumbprint } = claim;
  if (!isLinking(register, agency)) {
    throw new Fault("AGENCY_UNKNOWN", "the certificate names no agency that links to hubs");
  }
  const suspendedFrom = register.agency(agency)?.suspendedFrom ?? Infinity;
  if (suspendedFrom <= now) throw new Fault("MANDATE_SUSPENDED", "the agency is suspended");
  const { holds } = proveCertificate(register, { agency, kind: "LINK", thumbprint }, now);
  // should the hub's processes be away then, the server ends the session by itself
  return Math.min(holds.until, suspendedFrom, now + hubLimits.loginLifetimeMs);
}

function agencyOf({ kind, protocol, certificate }: LoginRequest): string {
  if (kind !== "Client" || protocol !== "nats") {
    throw new Fault("CALLOUT_REQUEST_INVALID", "only plain NATS clients may log in");
  }
  if (certificate === undefined) {
    throw new Fault("CERT_UNKNOWN", "no certificate was verified in the handshake");
  }
  if (certificate.fault !== undefined) throw certificate.fault;
  const [uri, ...more] = certificate.uris;
  if (uri === undefined || more.length > 0) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "a link certificate bears exactly one name");
  }
  return parseAgencyUri(uri).agency;
}

/**
 * Whether the server's clock and ours differ by more than clocks may: then one of them lies, and nobody here can tell which.
 */
export function isApart({ askedAt }: Pick<LoginRequest, "askedAt">, now: EpochMs): boolean {
  return Math.abs(askedAt - now) > limits.maxAheadMs;
}

/** Until when a login may stand, on the server's clock. Where the clocks are apart it has to be right by both. */
function checkBoth(register: RegisterView, claim: LinkClaim, times: LoginTimes): EpochMs {
  const { now, askedAt } = times;
  const until = checkLink(register, claim, now);
  if (!isApart(times, now)) return until;
  // told in the server's time: a clock that is ahead would give days instead of an hour, one behind nothing at all
  return Math.min(checkLink(register, claim, askedAt), askedAt + (until - now));
}

/** Answers a login by the register alone. What it does not allow is refused, with the reason. */
export function decideLogin(
  register: RegisterView,
  { hub, request }: { hub: string; request: LoginRequest },
  now: EpochMs,
): LoginDecision {
  try {
    const agency = agencyOf(request);
    const thumbprint = request.certificate?.thumbprint ?? new Uint8Array();
    const { askedAt } = request;
    const until = checkBoth(register, { agency, thumbprint }, { now, askedAt });
    const account = agencyAccount(register, hub, agency);
    const login = { agency, account: account.account, permissions: permissionsOf(account), until };
    return { allow: true, login };
  } catch (error) {
    if (isFault(error)) return { allow: false, fault: error };
    throw error;
  }
}

/**
 * The claims that tell the server who logs in. They bear no name: with one, every reload would drop every
 * session instead of asking about it again.
 */
export function loginClaims(login: Login, userNkey: string): Readonly<Record<string, unknown>> {
  const { account, permissions, until } = login;
  return {
    sub: userNkey,
    aud: account,
    exp: Math.floor(until / 1000),
    nats: {
      type: "user",
      version: 2,
      pub: { allow: permissions.publish, deny: [] },
      sub: { allow: permissions.subscribe, deny: [] },
      // -1 is "no limit here": the account's own limits hold, and zero would mean none at all.
      subs: -1,
      data: -1,
      payload: -1,
    },
  };
}

/** The claims of the answer around it: a login, or an error that the server logs and the client never sees. */
export function answerClaims(
  { server, userNkey }: Pick<LoginRequest, "server" | "userNkey">,
  answer: { readonly jwt: string } | { readonly error: string },
): Readonly<Record<string, unknown>> {
  return {
    sub: userNkey,
    aud: server,
    nats: { type: "authorization_response", version: 2, ...answer },
  };
}
