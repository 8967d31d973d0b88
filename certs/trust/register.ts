import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import { type Anchors, proveParts } from "./register-parts.ts";
import { makeView, type RegisterView } from "./register-view.ts";
import { parseRegister } from "./repository/layout.ts";
import { parseTrustedRoot } from "./repository/root.ts";
import type { TrustedRoles } from "./repository/trusted.ts";

export type { Anchors } from "./register-parts.ts";
export type {
  RegisteredAgency,
  RegisteredAuthority,
  RegisteredCertificate,
  RegisterView,
} from "./register-view.ts";

/** A register as it was proved, with what the next one is held against. */
export interface ProvenRegister extends RegisterView {
  readonly trusted: TrustedRoles;
}

function proveFault(error: unknown): Fault {
  const fault = toFault(error, "REGISTER_INVALID");
  if (fault.code.startsWith("REGISTER_")) return fault;
  return new Fault("REGISTER_INVALID", "the register is not well formed", { cause: fault });
}

/**
 * Proves a register as a client of its repository does (TUF §5): every role signed by enough of those who may
 * sign it, all named by one snapshot, none older than what is held. A part that its own authority spoilt costs
 * that authority alone: it stays as it was held, or is left out; `trusted.flaws` says so.
 *
 * Nothing is refused for being past its time, because a newer register is better than an older one whatever its
 * date; `expiresAt` is the earliest end of root, timestamp, snapshot and targets, and the caller's to ask.
 *
 * @param held the register trusted so far, if any
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID, REGISTER_ROLLBACK, REGISTER_FORKED
 */
export function verifyRegister(
  bytes: Bytes,
  anchors: Anchors,
  held?: ProvenRegister,
): ProvenRegister {
  try {
    const { parts, trusted } = proveParts(parseRegister(bytes), anchors, held?.trusted);
    return Object.freeze({ ...makeView(parts), trusted });
  } catch (error) {
    throw proveFault(error);
  }
}

/**
 * Checks that a file is a root that a gateway or hub may begin with: well formed, and signed by enough of its
 * own keys.
 *
 * @throws {Fault} REGISTER_INVALID, REGISTER_SIGNATURE_INVALID
 */
export function checkTrustedRoot(root: Bytes): void {
  try {
    parseTrustedRoot(root);
  } catch (error) {
    throw proveFault(error);
  }
}
