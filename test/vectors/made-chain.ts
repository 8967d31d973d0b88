import { constants, generateKeyPairSync, type KeyObject, createPublicKey, sign } from "node:crypto";

import { keyIdOf } from "../../certs/authority/index.ts";
import {
  type ExtensionValue,
  type KeyUsage,
  oids,
  renderDer,
  renderExtension,
  renderOid,
} from "../../certs/shape/index.ts";
import type { EncodedQuestion } from "../../certs/trust/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";

/** The moment every made document is good at: 2026-06-01T00:00:00Z. */
export const madeAt = Date.UTC(2026, 5, 1);
export const dayMs = 86_400_000;

/** Kinds of key that documents are made with. */
export type MadeKeyType = "P-256" | "P-384" | "P-521" | "Ed25519" | "RSA" | "RSA-PSS";

/** Somebody with a key: a CA, or whom a leaf is for. */
export interface Holder {
  readonly name: Bytes;
  readonly key: KeyObject;
  readonly keyType: MadeKeyType;
  readonly spki: Bytes;
  readonly keyId: Bytes;
}

/** One attribute of a name: a common name unless said, as UTF8 text. */
export function madeName(text: string, { tag = 0x0c, oid = "2.5.4.3" } = {}): Bytes {
  const attribute = renderDer(0x30, renderOid(oid), renderDer(tag, utf8(text)));
  return renderDer(0x31, attribute);
}

/** A distinguished name of its parts. */
export function madeNames(...parts: readonly Bytes[]): Bytes {
  return renderDer(0x30, ...parts);
}

const rsaKeys: KeyObject[] = [];

function makeKey(keyType: MadeKeyType): KeyObject {
  if (keyType === "Ed25519") return generateKeyPairSync("ed25519").privateKey;
  if (keyType.startsWith("P-")) {
    return generateKeyPairSync("ec", { namedCurve: keyType }).privateKey;
  }
  // RSA keys take long to make; nobody asks here whether two holders have one key.
  const [held = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey] = rsaKeys;
  rsaKeys[0] = held;
  return held;
}

/** Makes a holder with a new key. */
export function makeHolder(
  name: string | Bytes,
  { keyType = "P-256", key = makeKey(keyType) }: { keyType?: MadeKeyType; key?: KeyObject } = {},
): Holder {
  const spki = createPublicKey(key).export({ format: "der", type: "spki" });
  const bytes = typeof name === "string" ? madeNames(madeName(name)) : name;
  return { name: bytes, key, keyType, spki, keyId: keyIdOf(spki) };
}

const pssSha256 = Buffer.from(
  "304106092a864886f70d01010a3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120",
  "hex",
);

/** The algorithm that a kind of key signs with here: its identifier, and the arguments of signing. */
const algorithms: Readonly<Record<MadeKeyType, { identifier: Bytes; hash: string | null }>> = {
  "P-256": { identifier: renderDer(0x30, renderOid("1.2.840.10045.4.3.2")), hash: "sha256" },
  "P-384": { identifier: renderDer(0x30, renderOid("1.2.840.10045.4.3.3")), hash: "sha384" },
  "P-521": { identifier: renderDer(0x30, renderOid("1.2.840.10045.4.3.4")), hash: "sha512" },
  Ed25519: { identifier: renderDer(0x30, renderOid("1.3.101.112")), hash: null },
  RSA: {
    identifier: renderDer(0x30, renderOid("1.2.840.113549.1.1.11"), renderDer(0x05)),
    hash: "sha256",
  },
  "RSA-PSS": { identifier: pssSha256, hash: "sha256" },
};

function signDocument(
  fields: readonly Bytes[],
  { key, keyType }: Holder,
  identifier: Bytes,
): Bytes {
  const tbs = renderDer(0x30, ...fields);
  const padding =
    keyType === "RSA-PSS" ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  const isRsa = keyType.startsWith("RSA");
  const saltLength = constants.RSA_PSS_SALTLEN_DIGEST;
  const signer = isRsa ? { key, padding, saltLength } : key;
  const bits = sign(algorithms[keyType].hash, tbs, signer);
  return renderDer(0x30, tbs, identifier, renderDer(0x03, Buffer.of(0), bits));
}

/** A time as RFC 5280 §4.1.2.5 spells it. */
export function madeTime(moment: number): Bytes {
  const text = new Date(moment).toISOString().replaceAll(/[-:T]|\.000/g, "");
  return text < "2050" ? renderDer(0x17, utf8(text.slice(2))) : renderDer(0x18, utf8(text));
}

function extensionList(extensions: readonly ExtensionValue[]): Bytes {
  const rendered = extensions.map(({ oid, critical, value }) =>
    renderDer(
      0x30,
      renderOid(oid),
      ...(critical ? [renderDer(0x01, Buffer.of(0xff))] : []),
      renderDer(0x04, value),
    ),
  );
  return renderDer(0x30, ...rendered);
}

/** How one document is to differ from a usual one. */
export interface Change {
  readonly serial?: Bytes;
  readonly issuerName?: Bytes;
  readonly from?: number;
  readonly until?: number;
  readonly fields?: (fields: readonly Bytes[]) => readonly Bytes[];
  readonly extensions?: (usual: readonly ExtensionValue[]) => readonly ExtensionValue[];
  /** Another algorithm identifier than that of the signer's kind of key. */
  readonly identifier?: Bytes;
}

let serials = 0;

function nextSerial(): Bytes {
  serials += 1;
  return Buffer.from([1, serials >> 16, (serials >> 8) & 0xff, serials & 0xff]);
}

/** Makes a certificate of `subject`, signed by `by`; its extensions are `extensions` and both key identifiers. */
export function certify(
  subject: Holder,
  by: Holder,
  { extensions, change = {} }: { extensions: readonly ExtensionValue[]; change?: Change },
): Bytes {
  const identifier = change.identifier ?? algorithms[by.keyType].identifier;
  const usual = [
    ...extensions,
    renderExtension.subjectKeyId(subject.keyId),
    renderExtension.authorityKeyId(by.keyId),
  ];
  const from = madeTime(change.from ?? madeAt - 10 * dayMs);
  const until = madeTime(change.until ?? madeAt + 10 * dayMs);
  const fields = [
    renderDer(0xa0, renderDer(0x02, Buffer.of(2))),
    renderDer(0x02, change.serial ?? nextSerial()),
    identifier,
    change.issuerName ?? by.name,
    renderDer(0x30, from, until),
    subject.name,
    subject.spki,
    renderDer(0xa3, extensionList(change.extensions?.(usual) ?? usual)),
  ];
  return signDocument(change.fields?.(fields) ?? fields, by, identifier);
}

/** One line of a list. */
export interface ListEntry {
  readonly serial: Bytes;
  readonly extensions?: readonly ExtensionValue[];
}

function renderEntry({ serial, extensions = [] }: ListEntry): Bytes {
  const more = extensions.length > 0 ? [extensionList(extensions)] : [];
  return renderDer(0x30, renderDer(0x02, serial), madeTime(madeAt - 2 * dayMs), ...more);
}

/** Makes a list of `by` with `entries`. */
export function makeList(
  by: Holder,
  { entries = [], change = {} }: { entries?: readonly ListEntry[]; change?: Change } = {},
): Bytes {
  const { from, until, issuerName, identifier } = {
    from: madeAt - dayMs,
    until: madeAt + dayMs,
    issuerName: by.name,
    identifier: algorithms[by.keyType].identifier,
    ...change,
  };
  const usual = [renderExtension.authorityKeyId(by.keyId), renderExtension.crlNumber(1)];
  const lines = entries.map(renderEntry);
  const fields = [
    renderDer(0x02, Buffer.of(1)),
    identifier,
    issuerName,
    madeTime(from),
    madeTime(until),
    ...(lines.length > 0 ? [renderDer(0x30, ...lines)] : []),
    renderDer(0xa0, extensionList(change.extensions?.(usual) ?? usual)),
  ];
  return signDocument(change.fields?.(fields) ?? fields, by, identifier);
}

/** The reason of an entry, RFC 5280 §5.3.1. */
export function reasonCode(reason: number): ExtensionValue {
  return { oid: oids.reasonCode, critical: false, value: renderDer(0x0a, Buffer.of(reason)) };
}

const caUsage: readonly KeyUsage[] = ["keyCertSign", "cRLSign"];

/** What a CA bears here, but for key identifiers. */
export function caExtensions(pathLength = 9): readonly ExtensionValue[] {
  return [renderExtension.basicConstraints(pathLength), renderExtension.keyUsage(caUsage)];
}

/** What a leaf bears here, but for key identifiers. */
export const leafExtensions: readonly ExtensionValue[] = [
  renderExtension.keyUsage(["digitalSignature"]),
];

/** How a made world is to differ from a good one. */
export interface WorldChange {
  readonly keyTypes?: readonly [MadeKeyType, MadeKeyType, MadeKeyType];
  readonly names?: readonly [string | Bytes, string | Bytes, string | Bytes];
  readonly root?: Change;
  readonly issuing?: Change;
  readonly leaf?: Change;
  readonly rootList?: Change;
  readonly issuingList?: Change;
}

/** Three holders, their certificates and lists; a question about them. */
export interface World {
  readonly root: Holder;
  readonly issuing: Holder;
  readonly leaf: Holder;
  readonly question: EncodedQuestion & { readonly crls: readonly Bytes[] };
}

/** Puts the extension in place of that with its identifier, or adds it. */
export function having(...values: readonly ExtensionValue[]): Pick<Change, "extensions"> {
  const replaced = new Set(values.map(({ oid }) => oid));
  return {
    extensions: (usual) => [...usual.filter(({ oid }) => !replaced.has(oid)), ...values],
  };
}

/** Leaves extensions out. */
export function lacking(...left: readonly string[]): Pick<Change, "extensions"> {
  return { extensions: (usual) => usual.filter(({ oid }) => !left.includes(oid)) };
}

/** Makes a root, an issuing CA, a leaf and both lists, good by RFC 5280 but for what `change` says. */
export function makeWorld(change: WorldChange = {}): World {
  const [rootType, issuingType, leafType] = change.keyTypes ?? ["P-256", "P-256", "P-256"];
  const names = change.names ?? ["a root", "an issuing CA", "a leaf"];
  const root = makeHolder(names[0], { keyType: rootType });
  const issuing = makeHolder(names[1], { keyType: issuingType });
  const leaf = makeHolder(names[2], { keyType: leafType });
  const ca = caExtensions();
  const question = {
    anchors: [certify(root, root, { extensions: ca, change: change.root ?? {} })],
    intermediates: [certify(issuing, root, { extensions: ca, change: change.issuing ?? {} })],
    leaf: certify(leaf, issuing, { extensions: leafExtensions, change: change.leaf ?? {} }),
    crls: [
      makeList(root, { change: change.rootList ?? {} }),
      makeList(issuing, { change: change.issuingList ?? {} }),
    ],
    at: madeAt,
    usage: "any" as const,
  };
  return { root, issuing, leaf, question };
}
