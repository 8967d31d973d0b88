import { existsSync } from "node:fs";
import { join } from "node:path";

import { type Bytes, type EpochMs, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { endorseSealingKey, makeRequest, makeSigningKey } from "../keys/index.ts";
import {
  type Certificate,
  checkLeafProfile,
  parseCertificate,
  parsePem,
  renderAgencyUri,
} from "../shape/index.ts";
import {
  parseRenewalRequest,
  renderCarriedEndorsement,
  renderRenewalAsked,
  renderRenewalRequest,
} from "../trust/index.ts";
import { type PendingKey, readSmallFile, type RenewalDisk } from "./folder.ts";
import type { OwnSealing, OwnSigning } from "./pairs.ts";

/** The folder that is carried between a gateway and its authority, and what it is written with. */
export interface CarriedPlace {
  readonly agency: string;
  readonly folder: string;
  readonly disk: RenewalDisk;
}

const maxFileBytes = 32 * 1024;
const endings = ["request", "certificate", "endorsement"] as const;

function fileOf({ folder }: CarriedPlace, name: string, ending: (typeof endings)[number]): string {
  return join(folder, `${name}.${ending}`);
}

/** When the request of a waiting key that lies there was signed; undefined when none does, or it cannot be read. */
export function findRequest(place: CarriedPlace, { name }: PendingKey): EpochMs | undefined {
  try {
    const bytes = readSmallFile(fileOf(place, name, "request"), maxFileBytes);
    return bytes === undefined ? undefined : parseRenewalRequest(bytes).at;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/**
 * Writes the request for a waiting key, signed by the key it is for and by the agency.
 *
 * @throws {Fault} STORE_WRITE_FAILED, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function writeRequest(
  place: CarriedPlace,
  { name, kind, key }: PendingKey,
  { signer, at }: { readonly signer: OwnSigning["signer"]; readonly at: EpochMs },
): Promise<void> {
  const { agency, disk } = place;
  const asked = { agency, kind, request: await makeRequest(agency, key), at };
  const signature = signer.sign("atumpan-renewal", renderRenewalAsked(asked));
  disk.writeFile(fileOf(place, name, "request"), renderRenewalRequest({ ...asked, signature }));
}

function isFor(leaf: Certificate, { kind, spki }: PendingKey, agency: string): boolean {
  checkLeafProfile(leaf, kind);
  const [uri, ...more] = leaf.uris;
  return sameBytes(leaf.spki, spki) && more.length === 0 && uri === renderAgencyUri(agency);
}

/** The certificate that the authority made for a waiting key, where it lies there. One that is not for it is none. */
export function findCertificate(place: CarriedPlace, pending: PendingKey): Certificate | undefined {
  try {
    const bytes = readSmallFile(fileOf(place, pending.name, "certificate"), maxFileBytes);
    if (bytes === undefined) return undefined;
    const [der] = parsePem("CERTIFICATE", Buffer.from(bytes).toString("utf8"));
    const leaf = der === undefined ? undefined : parseCertificate(der);
    return leaf !== undefined && isFor(leaf, pending, place.agency) ? leaf : undefined;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/**
 * Writes the word of the sealing key before on the next one, unless it lies there: without it nobody would seal to it.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function writeEndorsement(
  place: CarriedPlace,
  name: string,
  { previous, next }: { readonly previous: OwnSealing; readonly next: Bytes },
): void {
  const { agency, disk } = place;
  const file = fileOf(place, name, "endorsement");
  if (existsSync(file)) return;
  const key = makeSigningKey(previous.key.privateKey());
  const { thumbprint } = previous.certificate;
  const endorsement = endorseSealingKey({ key, thumbprint }, { agency, thumbprint: next });
  disk.writeFile(file, renderCarriedEndorsement({ ...endorsement, thumbprint: next }));
}

/** Takes away what was carried for a key whose certificate is in force. */
export function clearCarried(place: CarriedPlace, name: string): void {
  const files = endings.map((ending) => fileOf(place, name, ending));
  for (const file of files.flatMap((one) => [one, `${one}.new`])) {
    if (existsSync(file)) place.disk.removeFile(file);
  }
}
