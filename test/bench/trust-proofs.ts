import { verify } from "node:crypto";

import { makeSigner, makeSigningKey } from "../../certs/keys/index.ts";
import {
  type Certificate,
  type KeyType,
  parseCertificate,
  parseCrl,
  rawToDer,
  type Signed,
} from "../../certs/shape/index.ts";
import {
  isStatementProven,
  parseSignature,
  proveLeaf,
  signingInput,
} from "../../certs/trust/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { makeLeaf, makePki, type Pki, pkiNow } from "../kit/pki.ts";
import { compareCosts, type Cost } from "./rounds.ts";
import type { BigRegister } from "./trust-register.ts";

const statementBytes = 800;
const paths = 60;
const warmUp = 500;

/** A statement of 800 bytes by an agency whose path is known, against the verification alone. */
export function measureStatement({ view, pki }: BigRegister): Record<"bare" | "ours", Cost> {
  const { key, certificate } = pki.leaf;
  const signer = "ng/tcu";
  const made = makeSigner({ signer, key: makeSigningKey(key), thumbprint: certificate.thumbprint });
  const bytes = systemChance.bytes(statementBytes);
  const typ = "atumpan-envelope";
  const signature = made.sign(typ, bytes);
  const { encodedHeader, value } = parseSignature(signature);
  const input = signingInput(encodedHeader, bytes);
  const der = rawToDer(value);
  const statement = { typ, bytes, signature, signer } as const;
  if (!isStatementProven(view, statement, pkiNow)) throw new Error("the statement is not proved");
  const acts = {
    bare: () => verify("sha256", input, certificate.publicKey, der),
    ours: () => isStatementProven(view, statement, pkiNow),
  };
  return compareCosts(acts, { rounds: 41, calls: 200 });
}

const hashes: Readonly<Record<Certificate["keyType"], string | null>> = {
  "P-256": "sha256",
  "P-384": "sha384",
  Ed25519: null,
  X25519: null,
};

function verifyBare({ tbs, signature }: Signed, { keyType, publicKey }: Certificate): void {
  if (!verify(hashes[keyType], tbs, publicKey, signature)) throw new Error("not verified");
}

/** The four signatures of a path of three and its lists. */
function verifyAll({ question: { leaf, intermediates, roots, crls } }: Pki): void {
  const [issuing, root] = [intermediates[0]!, roots[0]!];
  verifyBare(leaf, issuing);
  verifyBare(issuing, root);
  verifyBare(crls[0]!, root);
  verifyBare(crls[1]!, issuing);
}

/** Reads every document from its bytes and proves the path. */
function proveAnew({ question }: Pki, leaf: Certificate = question.leaf): void {
  const { intermediates, roots, crls } = question;
  proveLeaf({
    ...question,
    leaf: parseCertificate(leaf.der),
    intermediates: intermediates.map(({ der }) => parseCertificate(der)),
    roots: roots.map(({ der }) => parseCertificate(der)),
    crls: crls.map(({ der }) => parseCrl(der)),
  });
}

function eachOnce<T>(all: readonly T[], act: (one: T) => void): () => void {
  let at = 0;
  return () => act(all[(at += 1) % all.length]!);
}

/** A path of three, of which nothing was ever seen, against its four verifications; each is proved once. */
export async function measureColdPath(root: KeyType): Promise<Record<"bare" | "ours", Cost>> {
  const many = [];
  for (let made = 0; made < paths + 3; made += 1)
    many.push(await makePki({ root: { keyType: root } }));
  // the code has run before, the path has not
  for (let call = 0; call < warmUp; call += 1) proveAnew(many[0]!);
  const acts = {
    bare: eachOnce(many.slice(1), verifyAll),
    ours: eachOnce(many.slice(1), (pki) => proveAnew(pki)),
  };
  return compareCosts(acts, { rounds: paths, calls: 1 });
}

/** Leaves never seen, of a state whose CA and lists were: as they stand in memory, and all of it read anew. */
export async function measureKnownCa(): Promise<Record<"bare" | "held" | "anew", Cost>> {
  const pki = await makePki({ root: { keyType: "P-384" } });
  proveLeaf(pki.question);
  const leaves: Certificate[] = [];
  for (let made = 0; made < 2 * paths + 4; made += 1)
    leaves.push((await makeLeaf(pki.issuing)).certificate);
  const [first, second] = [leaves.slice(paths + 2), leaves.slice(0, paths + 2)];
  const issuing = pki.question.intermediates[0]!;
  const acts = {
    bare: eachOnce(first, (leaf) => verifyBare(leaf, issuing)),
    held: eachOnce(
      first,
      ({ der }) => void proveLeaf({ ...pki.question, leaf: parseCertificate(der) }),
    ),
    anew: eachOnce(second, (leaf) => proveAnew(pki, leaf)),
  };
  return compareCosts(acts, { rounds: paths, calls: 1 });
}
