import { makeKeyPair, makeSigner, makeSigningKey, type KeySigner } from "../../certs/keys/index.ts";
import type { RegisteredAgency, RegisterView } from "../../certs/trust/index.ts";
import type { AlgorithmRule } from "../../schemas/index.ts";
import { sha256 } from "../../schemas/ground/index.ts";
import { day, makeLeaf, makePki, pkiNow } from "./pki.ts";

/** An agency `ng/tcu` with a signer of each algorithm, in a register whose lines about algorithms can be chosen. */
export interface Suites {
  readonly es256: KeySigner;
  readonly eddsa: KeySigner;
  readonly mldsa: KeySigner;
  /** Certified as `es256` is, and in no register. */
  readonly stranger: KeySigner;
  /** The register with these lines; agencies may be changed. */
  view(lines: readonly AlgorithmRule[], change?: (one: RegisteredAgency) => RegisteredAgency): RegisterView; // prettier-ignore
}

/** One line about signatures, counted from long ago unless changed. */
export function signatureLine(name: string, change: Partial<AlgorithmRule> = {}): AlgorithmRule {
  return { use: "SIGNATURE", name, from: pkiNow - 1000 * day, ...change };
}

/** Makes the agency and its certificates. */
export async function makeSuites(): Promise<Suites> {
  const signer = "ng/tcu";
  const { root, issuing, leaf, question } = await makePki();
  const edwards = await makeLeaf(issuing, { keyType: "Ed25519" });
  const other = await makeLeaf(issuing);
  const linking = await makeLeaf(issuing);
  const pq = makeSigningKey(makeKeyPair("ML-DSA-65"));
  const certified = ({ certificate, key }: typeof leaf): KeySigner =>
    makeSigner({ signer, key: makeSigningKey(key), thumbprint: certificate.thumbprint });
  const agency: RegisteredAgency = {
    agency: signer,
    authority: "ng",
    kind: "TCU",
    languages: [],
    certificates: [linking, leaf, edwards].map(({ certificate: { der, thumbprint } }) => ({
      kind: der === linking.certificate.der ? "LINK" : "SIGNING",
      certificate: der,
      thumbprint,
      endorsements: [],
    })),
    keys: [{ algorithm: "ML-DSA-65", spki: pq.spki, from: pkiNow - day, until: pkiNow + day }],
  };
  const authority = {
    authority: "ng",
    roots: [root.certificate.der],
    intermediates: [issuing.certificate.der],
    crls: question.crls.map(({ der }) => der),
    release: [],
    agreements: [],
    givenAssurances: [],
    nominations: [],
  };
  let views = 0;
  return {
    es256: certified(leaf),
    eddsa: certified(edwards),
    mldsa: makeSigner({ signer, key: pq, thumbprint: sha256(pq.spki) }),
    stranger: certified(other),
    view: (algorithms, change = (one) => one) => {
      views += 1;
      const agencies = [
        change(agency),
        { ...agency, agency: "ng/moc", certificates: [], keys: [] },
      ];
      const stub: Pick<RegisterView, "key" | "algorithms" | "agencies" | "agency" | "authority"> = {
        key: `suites ${views}`,
        algorithms,
        agencies,
        agency: (name) => agencies.find((one) => one.agency === name),
        authority: (name) => (name === "ng" ? authority : undefined),
      };
      return stub as RegisterView;
    },
  };
}
