import { type Bytes, Fault, renderHex, sha256, utf8 } from "../../../schemas/ground/index.ts";
import { rawToDer } from "../../shape/index.ts";
import {
  renderCanonical,
  renderKey,
  type RepositoryFiles,
  rolePath,
  timestampPath,
} from "../../trust/index.ts";
import type { SigningKey } from "../../keys/index.ts";
import { readMetadata, type SignedMetadata } from "./read.ts";

/** Metadata of a role that is to be signed and put in its place, and the content that it names. */
export interface Draft {
  /** `root`, `targets`, `snapshot`, `timestamp`, or an authority. */
  readonly role: string;
  readonly version: number;
  /** A file of metadata, as it will stand in the repository; its signatures grow. */
  readonly metadata: Bytes;
  /** Files that the metadata names and that go with it. */
  readonly targets: RepositoryFiles;
}

const specification = "1.0.31";

/** What is signed: the members all metadata has, and those of its kind. */
export interface DraftContent {
  readonly version: number;
  /** RFC 3339 to the second. */
  readonly expires: string;
  readonly more: Readonly<Record<string, unknown>>;
}

function renderFile(metadata: SignedMetadata): Bytes {
  return utf8(`${JSON.stringify(metadata)}\n`);
}

/** Builds a draft without any signature. */
export function makeDraft(
  role: string,
  { version, expires, more }: DraftContent,
  targets: RepositoryFiles = new Map(),
): Draft {
  const isTop = ["root", "snapshot", "timestamp"].includes(role);
  const signed = {
    _type: isTop ? role : "targets",
    spec_version: specification,
    version,
    expires,
    ...more,
  };
  return { role, version, metadata: renderFile({ signatures: [], signed }), targets };
}

/** What metadata says of a file that it names. */
export function renderMeta(bytes: Bytes): {
  readonly length: number;
  readonly hashes: { readonly sha256: string };
} {
  return { length: bytes.length, hashes: { sha256: renderHex(sha256(bytes)) } };
}

/** Where the metadata of a draft stands in the repository. */
export function draftPath({ role, version }: Pick<Draft, "role" | "version">): string {
  return role === "timestamp" ? timestampPath : rolePath(role, version);
}

/**
 * Adds one key's signature to a file of metadata, in the place of an earlier one by the same key. The file goes
 * from hand to hand: nobody needs the key of another. Says nothing of whether the key may sign it.
 *
 * @throws {Fault} REGISTER_INVALID when it is no metadata, KEY_UNUSABLE
 */
export function signMetadata(file: Bytes, key: SigningKey): Bytes {
  const { signed, signatures } = readMetadata(file);
  const { keyid } = renderKey(key.spki);
  const value = key.sign(utf8(renderCanonical(signed)));
  const sig = renderHex(key.algorithm === "ES256" ? rawToDer(value) : value);
  const others = signatures.filter((one) => one.keyid !== keyid);
  return renderFile({ signatures: [...others, { keyid, sig }], signed });
}

/** Adds the signatures of all keys that are at hand. @throws {Fault} KEY_UNUSABLE */
export function signDraft(draft: Draft, keys: readonly SigningKey[]): Draft {
  if (keys.length === 0) throw new Fault("KEY_UNUSABLE", `no key of ${draft.role} is at hand`);
  return { ...draft, metadata: keys.reduce(signMetadata, draft.metadata) };
}
