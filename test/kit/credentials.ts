import { makeSigner, makeSigningKey, type Signer } from "../../certs/keys/index.ts";
import { revokeCertificate } from "../../certs/authority/index.ts";
import type { LeafKind } from "../../certs/shape/index.ts";
import { type Credential, enrolAgency, type Office } from "../../deploy/local/office.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import type { World } from "./world.ts";

/** What is wrong with a certificate, if anything. */
export type Flaw = "none" | "expired" | "early" | "foreign" | "revoked";

const day = 86_400_000;

/** Another state's CA, acting in the name of this one. */
function usurpedOffice(own: Office, other: Office): Office {
  return { ...own, authority: { ...other.authority, authority: own.authority.authority } };
}

/**
 * Issues a certificate with new keys to an agency, spoilt in one way. It is in no register yet; a revoked one
 * is on its CA's next list.
 */
export async function issueFlawed(
  world: World,
  { agency, kind }: { readonly agency: string; readonly kind: LeafKind },
  flaw: Flaw,
): Promise<Credential> {
  const own = world.office(agency.split("/")[0] ?? "");
  const office = flaw === "foreign" ? usurpedOffice(own, world.office("gh")) : own;
  const now = Date.now() + (flaw === "early" ? 5 * day : 0);
  const order = { agency, kinds: [kind], ...(flaw === "expired" ? { days: 0 } : {}) };
  const [credential] = await enrolAgency(office, order, { now, chance: systemChance });
  if (credential === undefined) throw new Error("nothing was issued");
  if (flaw === "revoked") {
    const { serial } = credential.certificate;
    revokeCertificate({ ...own, serial, reason: "KEY_COMPROMISE", now });
  }
  return credential;
}

/** What signs in an agency's name with a credential. */
export function signerOf(agency: string, { key, certificate }: Credential): Signer {
  const { thumbprint } = certificate;
  return makeSigner({ signer: agency, key: makeSigningKey(key), thumbprint });
}
