import {
  makeKeyPair,
  makeSigner,
  makeSigningKey,
  publicHalf,
  type Signer,
} from "../../certs/keys/index.ts";
import {
  keyIdOf,
  keyOf,
  leafExtensions,
  makeSerial,
  revokeCertificate,
} from "../../certs/authority/index.ts";
import { draftCertificate, signDraft } from "../../certs/authority/sign.ts";
import { type LeafKind, parseCertificate, renderExtension } from "../../certs/shape/index.ts";
import { type Credential, enrolAgency, type Office } from "../../deploy/local/office.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import type { World } from "./world.ts";

/** What is wrong with a certificate, if anything. */
export type Flaw = "none" | "expired" | "early" | "foreign" | "revoked";

const day = 86_400_000;

/** Another state's CA names our agency: its own tools would refuse to, so its key is used without them. */
export async function usurp(
  { authority: { issuing } }: Pick<Office, "authority">,
  { agency, kind }: { readonly agency: string; readonly kind: LeafKind },
  now: number,
): Promise<Credential> {
  const key = makeKeyPair("P-256");
  const { spki } = publicHalf(key);
  const order = {
    serial: makeSerial(systemChance),
    subject: `CN=${agency}`,
    issuer: issuing.certificate.subjectName,
    notBefore: now - 300_000,
    notAfter: now + 90 * day,
    spki,
    extensions: [
      ...leafExtensions(kind, agency),
      renderExtension.subjectKeyId(keyIdOf(spki)),
      renderExtension.authorityKeyId(keyIdOf(issuing.certificate.spki)),
    ],
  };
  const ca = keyOf(issuing);
  const certificate = parseCertificate(signDraft(await draftCertificate(order, ca.keyType), ca));
  return { kind, key, certificate, issuing: issuing.certificate };
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
  const now = Date.now() + (flaw === "early" ? 5 * day : 0);
  if (flaw === "foreign") return await usurp(world.office("gh"), { agency, kind }, now);
  const order = { agency, kinds: [kind], ...(flaw === "expired" ? { days: 0 } : {}) };
  const [credential] = await enrolAgency(own, order, { now, chance: systemChance });
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
