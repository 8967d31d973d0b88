import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { encodeRelay } from "../../schemas/index.ts";
import type { Office } from "../exchange/index.ts";

/** What of an office a relay works with. */
export type RelayGround = Pick<
  Office,
  "agency" | "store" | "signer" | "clock" | "log" | "register"
>;

/** What a statement is made for. */
export interface Stated {
  readonly agreementRef: string;
  readonly fromHub: string;
  readonly toHub: string;
  /** SHA-256 of what was found. */
  readonly carried: Bytes;
  readonly takenAt: EpochMs;
}

/** A statement as it stands beside what is passed on. */
export interface Beside {
  readonly relay: Bytes;
  readonly relaySignature: string;
}

/** Signs that we took this on, on this way, under this agreement. @throws {Fault} SIGNATURE_KEY_MISSING, KEY_* */
export function signRelay({ agency, signer }: Pick<RelayGround, "agency" | "signer">, stated: Stated): Beside {
  const relay = encodeRelay({ version: 1, relay: agency, ...stated });
  return { relay, relaySignature: signer.sign("atumpan-relay", relay) };
} // prettier-ignore

/** Whether an agency is one that the register names as a relay. */
export function isRelay({ relays }: RegisterView, agency: string): boolean {
  return relays.some(({ relay }) => relay === agency);
}
