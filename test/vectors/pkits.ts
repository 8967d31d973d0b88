import { existsSync, globSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

import { z } from "zod";

import type { EncodedQuestion } from "../../certs/trust/index.ts";
import type { VectorCase } from "./vector-case.ts";

/** Every certificate of the collection is valid then, but for those whose dates are the case. */
const judgedAt = Date.UTC(2024, 0, 1);

const der = z.base64().transform((text) => Buffer.from(text, "base64"));
const sample = z.object({
  anchor: der,
  cases: z.array(
    z.object({
      id: z.string(),
      leaf: der,
      intermediates: z.array(der),
      crls: z.array(der),
      valid: z.boolean(),
    }),
  ),
});

/** Reads the collection, or a part of it, from one file: an anchor, and cases with their verdicts. */
export function readPkitsFile(file: string): readonly VectorCase[] {
  const { anchor, cases } = sample.parse(JSON.parse(readFileSync(file, "utf8")));
  return cases.map(({ id, valid, ...documents }) => ({
    id,
    family: `PKITS 4.${Number(id.slice(1, 3))}`,
    question: { ...documents, anchors: [anchor], at: judgedAt, usage: "any" },
    isGood: valid,
  }));
}

/** Parts of the collection by what their cases are called. */
const families: readonly (readonly [string, RegExp])[] = [
  ["4.13", /nameConstraints/],
  ["4.15", /deltaCRL/],
  ["4.14", /distributionPoint|DistributionPoint|onlyContains|onlySome|IDP|cRLIssuer/],
  ["4.12", /inhibitAnyPolicy/],
  ["4.11", /inhibitPolicyMapping/],
  ["4.10", /Mapping/],
  ["4.9", /equireExplicitPolicy/],
  ["4.16", /CriticalCertificateExtension/],
  ["4.8", /Polic|Qualifier/],
  ["4.7", /keyUsage/],
  ["4.6", /asicConstraints|cAFalse|pathLen/],
  ["4.5", /BasicSelfIssued/],
  ["4.4", /CRL|Revoked|SerialNumber/],
  ["4.3", /Chain|RFC3280|UTF8String/],
  ["4.2", /Date/],
  ["4.1", /Signature|DSA/],
];

/** Cases of policies whose names do not say their verdict; these are bad where nothing is asked of policies. */
const badPolicies = /^DifferentPoliciesTest(?:4|5|7|8|9|12)$/;

function isGoodByName(name: string): boolean {
  return !name.startsWith("Invalid") && !name.startsWith("MissingCRL") && !badPolicies.test(name);
}

/** One value of BER: where its content begins and ends. */
interface Value {
  readonly bytes: Buffer;
  readonly tag: number;
  readonly content: Buffer;
}

/** The values that stand side by side in `bytes`; definite lengths only. */
function splitValues(bytes: Buffer): readonly Value[] {
  const values: Value[] = [];
  for (let at = 0; at < bytes.length;) {
    const first = bytes[at + 1] ?? 0;
    const count = first < 0x80 ? 0 : first & 0x7f;
    const length = count === 0 ? first : bytes.readUIntBE(at + 2, count);
    const start = at + 2 + count;
    const tag = bytes[at] ?? 0;
    values.push({
      tag,
      bytes: bytes.subarray(at, start + length),
      content: bytes.subarray(start, start + length),
    });
    at = start + length;
  }
  return values;
}

/** The content of the value at each step inward; empty when there is none. */
function within(bytes: Buffer, ...steps: readonly number[]): Buffer {
  return steps.reduce(
    (content, step) => splitValues(content).at(step)?.content ?? Buffer.alloc(0),
    bytes,
  );
}

/** Issuer and serial of a certificate, as they stand in a signer's information. */
function identityOf(certificate: Buffer): string {
  const [, serial, , issuer] = splitValues(within(certificate, 0, 0));
  return [issuer, serial].map((value) => value?.bytes.toString("hex")).join("");
}

/** Certificates, lists and signer of a signed message, RFC 5652 §5.1. */
function readSignedMessage(file: string): Pick<EncodedQuestion, "leaf" | "intermediates" | "crls"> {
  const text = readFileSync(file, "latin1");
  const [, part = ""] = /smime\.p7s"?\r?\n\r?\n([A-Za-z0-9+/=\s]+)/.exec(text) ?? [];
  const signed = within(Buffer.from(part.replaceAll(/\s/g, ""), "base64"), 0, 1, 0);
  const set = (tag: number): readonly Buffer[] =>
    splitValues(signed)
      .filter((field) => field.tag === tag)
      .flatMap(({ content }) => splitValues(content).map(({ bytes }) => bytes));
  const signer = within(signed, -1, 0, 1).toString("hex");
  const certificates = set(0xa0);
  const leaf = certificates.find((one) => identityOf(one) === signer);
  if (leaf === undefined) throw new Error(`no signer in ${basename(file)}`);
  return { leaf, intermediates: certificates.filter((one) => one !== leaf), crls: set(0xa1) };
}

/** Reads the whole collection from the folder its publisher packs it in. */
function readPkitsFolder(folder: string): readonly VectorCase[] {
  const anchor = readFileSync(join(folder, "certs/TrustAnchorRootCertificate.crt"));
  return globSync("smime/*.eml", { cwd: folder })
    .toSorted()
    .map((path) => {
      const id = basename(path, ".eml").replace(/^Signed/, "");
      const family = families.find(([, names]) => names.test(id))?.[0] ?? "?";
      const question = { ...readSignedMessage(join(folder, path)), anchors: [anchor] };
      return {
        id,
        family: `PKITS ${family}`,
        question: { ...question, at: judgedAt, usage: "any" as const },
        isGood: isGoodByName(id),
      };
    });
}

/** Reads cases of PKITS from the folder of the collection, or from a file of cases. */
export function readPkits(path: string): readonly VectorCase[] {
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  return statSync(path).isDirectory() ? readPkitsFolder(path) : readPkitsFile(path);
}
