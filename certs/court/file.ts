import { fromBase64, type Octets, refuse } from "./bytes.ts";
import { wordsOf } from "./text.ts";

/** An evidence file as the page reads it. */
export interface CourtFile {
  readonly id: string;
  readonly channel: string;
  readonly digest: Octets;
  readonly salt: Octets;
  readonly message: Octets | undefined;
  readonly certificates: readonly Octets[];
  readonly crls: readonly Octets[];
  readonly leaf: Octets;
  readonly proof: string;
  readonly receipts: readonly Octets[];
}

/** What is believed: roots by state, and the rule about logs and witnesses in the words of C2SP. */
export interface CourtTrust {
  readonly roots: ReadonlyMap<string, readonly Octets[]>;
  readonly policy: string;
}

const badFile = "EVIDENCE_INVALID";
const members = ["format", "subject", "message", "certificates", "crls", "register", "leaf", "proof", "receipts"]; // prettier-ignore

function parse(bytes: Octets, maxBytes: number): { readonly value: object; readonly text: string } {
  if (bytes.length > maxBytes) refuse(badFile);
  try {
    const text = wordsOf(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null) return { value, text };
  } catch {
    // told below
  }
  return refuse(badFile);
}

function get(holder: unknown, name: string): unknown {
  if (typeof holder !== "object" || holder === null) return refuse(badFile);
  return Object.entries(holder).find(([key]) => key === name)?.[1];
}

function getText(holder: unknown, name: string): string {
  const value = get(holder, name);
  return typeof value === "string" ? value : refuse(badFile);
}

function getAll(holder: unknown, name: string): readonly unknown[] {
  const value = get(holder, name);
  return Array.isArray(value) ? value : refuse(badFile);
}

function getDocuments(holder: unknown, name: string): readonly Octets[] {
  const texts = getAll(holder, name).map((one) =>
    typeof one === "string" ? one : refuse(badFile),
  );
  const isInOrder = texts.every((one, i) => i === 0 || (texts[i - 1] ?? "") < one);
  return isInOrder && texts.length <= 64 ? texts.map((one) => fromBase64(one)) : refuse(badFile);
}

function checkMembers(value: object): void {
  const keys = Object.keys(value);
  const expected = members.filter((name) => name !== "message" || keys.includes("message"));
  if (keys.join() !== expected.join()) refuse(badFile);
  const inner = [get(value, "subject"), get(value, "register")].map((one) => Object.keys(one ?? {}).join());
  if (inner.join(" ") !== "id,channel,envelopeDigest,salt epoch,digest") refuse(badFile);
} // prettier-ignore

/** The register's epoch and digest. The page cannot judge by them, but they have to be what they are called. */
function checkRegister(register: unknown): void {
  const epoch = get(register, "epoch");
  if (!Number.isInteger(epoch) || Number(epoch) < 1 || Number(epoch) > 4_294_967_295)
    refuse(badFile);
  if (fromBase64(getText(register, "digest")).length !== 32) refuse(badFile);
}

/** Reads an evidence file, strictly: one spelling, its members and no others. */
export function readEvidence(bytes: Octets): CourtFile {
  const { value, text } = parse(bytes, 2_500_000);
  if (`${JSON.stringify(value)}\n` !== text) refuse(badFile);
  checkMembers(value);
  if (getText(value, "format") !== "atumpan evidence 1") refuse(badFile);
  checkRegister(get(value, "register"));
  const subject = get(value, "subject");
  const message = get(value, "message");
  const file = {
    id: getText(subject, "id"),
    channel: getText(subject, "channel"),
    digest: fromBase64(getText(subject, "envelopeDigest")),
    salt: fromBase64(getText(subject, "salt")),
    message: message === undefined ? undefined : fromBase64(getText(value, "message")),
    certificates: getDocuments(value, "certificates"),
    crls: getDocuments(value, "crls"),
    leaf: fromBase64(getText(value, "leaf")),
    proof: getText(value, "proof"),
    receipts: getDocuments(value, "receipts"),
  };
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(file.id) ? file : refuse(badFile);
}

/** Reads a file of roots. */
export function readTrust(bytes: Octets): CourtTrust {
  const { value } = parse(bytes, 2_500_000);
  if (getText(value, "format") !== "atumpan evidence roots 1") refuse(badFile);
  const roots = getAll(value, "authorities").map((one): [string, readonly Octets[]] => {
    const texts = getAll(one, "roots").map((root) => (typeof root === "string" ? root : refuse(badFile)));
    return [getText(one, "authority"), texts.map((text) => fromBase64(text))];
  });
  return { roots: new Map(roots), policy: getText(value, "policy") };
} // prettier-ignore
