import type { Agency, AgencyCertificate, StatePart } from "../../schemas/index.ts";
import { type EpochMs, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { parseCertificate } from "../shape/index.ts";
import type { RenewedLine } from "./renewals.ts";

const dayMs = 86_400_000;
/**
 * Days that a line stands after its certificate's end. A sealing key vouches for the next one to whoever comes back
 * after a year; signatures are looked up for a month; a link is shown by nobody.
 */
const keptDays: Readonly<Record<string, number>> = { SEALING: 400, SIGNING: 30 };
const keptOtherDays = 1;

function isKept({ kind, certificate }: AgencyCertificate, now: EpochMs): boolean {
  try {
    const { notAfter } = parseCertificate(certificate);
    return notAfter + (keptDays[kind] ?? keptOtherDays) * dayMs > now;
  } catch (error) {
    // what cannot be read is somebody else's to judge
    if (isFault(error)) return true;
    throw error;
  }
}

function renew(agency: Agency, added: readonly AgencyCertificate[], now: EpochMs): Agency {
  const held = agency.certificates.filter(
    (one) => !added.some(({ certificate }) => sameBytes(certificate, one.certificate)),
  );
  // a line is taken away only when one comes: nobody is left with nothing by the passing of time
  const certificates = [...held.filter((one) => isKept(one, now)), ...added];
  return { ...agency, certificates };
}

/** An authority's part with new lines beside the old ones; lines of its agencies that are long over fall away. */
export function withRenewed(
  part: StatePart,
  added: readonly RenewedLine[],
  now: EpochMs,
): StatePart {
  const agencies = part.agencies.map((one) => {
    const own = added.filter(({ agency }) => agency === one.agency).map(({ line }) => line);
    return own.length === 0 ? one : renew(one, own, now);
  });
  return { ...part, agencies };
}
