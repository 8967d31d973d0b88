import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "./register-view.ts";

/**
 * Checks that the part of an agency's authority still counts at `at`. An authority that lets its part run out is
 * out itself, and nobody else is: nothing of its agencies is proved until it signs anew.
 *
 * @throws {Fault} CERT_STATUS_UNKNOWN
 */
export function checkPartTime(register: RegisterView, authority: string, at: EpochMs): void {
  const expiresAt = register.authority(authority)?.expiresAt;
  if (expiresAt === undefined || at < expiresAt) return;
  const why = "is past its time; the authority has to sign it anew";
  throw new Fault("CERT_STATUS_UNKNOWN", `the part of ${authority} in the register ${why}`);
}
