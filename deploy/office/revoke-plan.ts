import { findCurrent, type Journal } from "../../certs/authority/index.ts";
import { type LeafKind, parseCertificate } from "../../certs/shape/index.ts";
import { isInForce, type ProvenRegister } from "../../certs/trust/index.ts";
import { type EpochMs, Fault } from "../../schemas/ground/index.ts";

/** Kinds of an agency's certificates that can be revoked by name. */
export const revocableKinds = ["LINK", "SIGNING", "SEALING"] as const;

/** Whose certificates of which kinds are to be revoked. */
export interface RevocationTarget {
  readonly agency: string;
  readonly kinds: readonly LeafKind[];
}

/** A certificate that is to be revoked. */
export interface MeantCertificate {
  readonly serial: string;
  readonly kind: LeafKind;
}

/**
 * Every certificate that is meant: those that the register names, and those on record that nobody published yet.
 *
 * @throws {Fault} AGENCY_UNKNOWN, CERT_UNKNOWN
 */
export function findMeant(
  { agency, kinds }: RevocationTarget,
  { register, journal, now }: { register: ProvenRegister; journal: Journal; now: EpochMs },
): readonly MeantCertificate[] {
  const registered = register.agency(agency);
  if (registered === undefined) {
    throw new Fault("AGENCY_UNKNOWN", `${agency} is not in the register`);
  }
  const meant = kinds.flatMap((kind) => {
    const named = registered.certificates
      .filter((one) => one.kind === kind)
      .map(({ certificate }) => parseCertificate(certificate).serial);
    const recorded = findCurrent(journal.ledger, { agency, kind, at: now }).map(
      ({ serial }) => serial,
    );
    return [...new Set([...named, ...recorded])].map((serial) => ({ serial, kind }));
  });
  if (meant.length > 0) return meant;
  throw new Fault("CERT_UNKNOWN", `${agency} has no certificate of ${kinds.join(" or ")}`);
}

function rightsOf(
  register: ProvenRegister,
  { agency, action }: { agency: string; action: "PUBLISH" | "READ" },
  now: EpochMs,
): string {
  const scopes = [...register.recs, "direct"].flatMap((scope) => {
    const lines = register.mandates(agency, action, scope).filter((one) => isInForce(one, now));
    const types = [...new Set(lines.flatMap((line) => line.types))];
    return types.length === 0 ? [] : [`${scope} (${types.join(", ")})`];
  });
  return scopes.length === 0 ? "nothing" : scopes.join("; ");
}

const effects: Readonly<Record<string, string>> = {
  LINK: "LINK: its sessions are closed and its logins refused; how many are open is not known here",
  SIGNING: "SIGNING: what the hub took before stays good, what comes after is refused by everybody",
  SEALING: "SEALING: nothing is sealed to it any more; what it holds it can still read",
};

/** What a revocation reaches, in words, before it is done. */
export function renderReach(
  { agency, kinds }: RevocationTarget,
  { register, count, now }: { register: ProvenRegister; count: number; now: EpochMs },
): readonly string[] {
  const kind = register.agency(agency)?.kind ?? "unknown";
  return [
    `${agency} (${kind}) loses ${count} certificates, for good:`,
    ...kinds.map((one) => `  ${effects[one] ?? one}`),
    `It may send: ${rightsOf(register, { agency, action: "PUBLISH" }, now)}`,
    `It may read: ${rightsOf(register, { agency, action: "READ" }, now)}`,
  ];
}
