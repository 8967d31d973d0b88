import { join } from "node:path";

import { Fault, sameBytes } from "../../../schemas/ground/index.ts";
import { checkCaProfile, findAgencyName, isSignedBy } from "../../shape/index.ts";
import { loadCertificate } from "../certificate-files.ts";
import type { Authority } from "../issuer.ts";
import { loadIssuerKey } from "../key-files.ts";
import type { CeremonyDesk } from "./desk.ts";
import { askPins, findTokenPlaces } from "./pins.ts";
import { rootAlone } from "./root.ts";

/**
 * Opens the root of a folder on the offline machine, with its key.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_PATH_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function openRoot(
  desk: Pick<CeremonyDesk, "askPin">,
  folder: string,
): Promise<Authority> {
  const certificate = loadCertificate(join(folder, "root.crt"));
  checkCaProfile(certificate);
  const [domain = ""] = certificate.nameConstraints?.permittedUris ?? [];
  const authority = findAgencyName(`spiffe://${domain}/any`)?.authority;
  if (authority === undefined || !isSignedBy(certificate, certificate))
    throw new Fault("CERT_PATH_INVALID", `${folder}: root.crt is no authority's root`);
  const pinOf = await askPins(desk, findTokenPlaces(folder, ["root"]));
  const held = loadIssuerKey(folder, "root", pinOf);
  if (held?.key === undefined || !sameBytes(held.key.spki, certificate.spki))
    throw new Fault(
      "KEY_UNUSABLE",
      `${folder}: the root's key is not here; this is done where it is`,
    );
  return rootAlone(authority, certificate, { key: held.key, place: held.place });
}
