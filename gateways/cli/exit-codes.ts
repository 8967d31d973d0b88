import { type Fault, faults } from "../../schemas/ground/index.ts";

/** What the exit code of `atumpan` says. A published number never changes its meaning. */
export const exitCodes = {
  ok: 0,
  other: 1,
  usage: 2,
  invalidContent: 3,
  notPermitted: 4,
  notFound: 5,
  conflict: 6,
  /** Saved at the gateway, whose link is down: it will be sent, nothing is to be done. */
  savedNotSent: 7,
  verificationFailed: 8,
  /** Asked for; it waits for another person's word. */
  needsApproval: 9,
  timedOut: 10,
  interrupted: 130,
  /** Of `check` alone, which says 0 OK, 1 WARNING, 2 CRITICAL and this UNKNOWN. */
  checkUnknown: 3,
} as const;

const byCode: Readonly<Record<string, number>> = {
  USAGE_INVALID: exitCodes.usage,
  CONTEXT_UNKNOWN: exitCodes.usage,
  CONFIG_INVALID: exitCodes.usage,
  GATEWAY_TIMEOUT: exitCodes.timedOut,
  REGISTER_INVALID: exitCodes.verificationFailed,
  REGISTER_ROLLBACK: exitCodes.verificationFailed,
  REGISTER_FORKED: exitCodes.verificationFailed,
};

const byStatus: Readonly<Record<number, number>> = {
  400: exitCodes.invalidContent,
  401: exitCodes.notPermitted,
  403: exitCodes.notPermitted,
  404: exitCodes.notFound,
  409: exitCodes.conflict,
  413: exitCodes.invalidContent,
  415: exitCodes.invalidContent,
  422: exitCodes.invalidContent,
};

/** The exit code of a command that ended with this fault. */
export function exitCodeOf({ code }: Fault): number {
  if (code.endsWith("SIGNATURE_INVALID") || code.startsWith("INTEGRITY_")) {
    return exitCodes.verificationFailed;
  }
  return byCode[code] ?? byStatus[faults[code].status] ?? exitCodes.other;
}
