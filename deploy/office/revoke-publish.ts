import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import {
  bundleRegister,
  type Draft,
  draftPath,
  draftSnapshot,
  draftState,
  draftTimestamp,
  exportRepository,
  placeDraft,
  registerDays,
  signDraft,
} from "../../certs/authority/index.ts";
import { loadSigningKey, type SigningKey } from "../../certs/keys/index.ts";
import { type Crl, parseCertificate, parseCrl } from "../../certs/shape/index.ts";
import {
  type Anchors,
  parseRegister,
  type ProvenRegister,
  type RepositoryFiles,
  verifyRegister,
} from "../../certs/trust/index.ts";
import { replaceFile } from "../../schemas/disk/index.ts";
import type { Agency, StatePart } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, toFault } from "../../schemas/ground/index.ts";
import type { MeantCertificate } from "./revoke-plan.ts";

/** A register as it lies in its file, with what it was proved from. */
export interface FiledRegister {
  readonly file: string;
  readonly anchors: Anchors;
  readonly view: ProvenRegister;
  readonly files: RepositoryFiles;
}

const dayMs = 86_400_000;
const maxRegisterBytes = 64 * 1024 * 1024;

function read(file: string, what: string): Bytes {
  if (!existsSync(file)) throw new Fault("USAGE_INVALID", `${what} is not at ${file}`);
  const bytes = readFileSync(file);
  if (bytes.length <= maxRegisterBytes) return bytes;
  throw new Fault("USAGE_INVALID", `${what} at ${file} is too large`);
}

/**
 * Reads and proves the register in a file, from the root that lies beside it.
 *
 * @throws {Fault} USAGE_INVALID when one of them is not there, REGISTER_*
 */
export function readFiledRegister(file: string): FiledRegister {
  const bytes = read(file, "the register; name it with --register; it");
  const anchors = { root: read(join(dirname(file), "root.json"), "the register's first root") };
  return { file, anchors, view: verifyRegister(bytes, anchors), files: parseRegister(bytes) };
}

/** What a part says otherwise after a revocation. */
export interface PartChange {
  readonly agency: string;
  readonly meant: readonly MeantCertificate[];
  readonly lists: readonly Crl[];
  /** From then on keys without a certificate count for nothing. */
  readonly endsAt: EpochMs;
}

/**
 * An agency without what was revoked. Signing certificates stay: what the hub took before the revocation is still
 * proved by them, and the list says from when on they prove nothing.
 */
function withoutRevoked(agency: Agency, { meant, endsAt }: PartChange): Agency {
  const serials = meant.flatMap(({ serial, kind }) => (kind === "SIGNING" ? [] : [serial]));
  const certificates = agency.certificates.filter(
    ({ certificate }) => !serials.includes(parseCertificate(certificate).serial),
  );
  if (meant.every(({ kind }) => kind !== "SIGNING")) return { ...agency, certificates };
  const keys = agency.keys.map((key) => ({ ...key, until: Math.min(key.until ?? endsAt, endsAt) }));
  return { ...agency, certificates, keys };
}

/** The part of a state after a revocation: new lists in the place of those before. */
export function makeRevokedPart(part: StatePart, change: PartChange): StatePart {
  const issuers = change.lists.map(({ authorityKeyId }) => authorityKeyId);
  const others = part.crls.filter((der) => !issuers.includes(parseCrl(der).authorityKeyId));
  return {
    ...part,
    crls: [...others, ...change.lists.map(({ der }) => der)],
    agencies: part.agencies.map((one) =>
      one.agency === change.agency ? withoutRevoked(one, change) : one,
    ),
  };
}

/** What came of publishing: a register in force for whoever reads the file, or files for the registrars. */
export type Published =
  | { readonly kind: "published"; readonly epoch: number; readonly file: string }
  | { readonly kind: "carried"; readonly folder: string };

function putInPlace(file: string, bytes: Bytes): void {
  try {
    replaceFile(file, bytes, { sync: "bytes" });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written`);
  }
}

function publishWith(
  registrar: SigningKey,
  { file, anchors, view }: FiledRegister,
  { files, now, isTried }: { files: RepositoryFiles; now: EpochMs; isTried: boolean },
): Published {
  const expiresAt = now + registerDays * dayMs;
  let next = placeDraft(files, signDraft(draftSnapshot(files, expiresAt), [registrar]));
  next = placeDraft(next, signDraft(draftTimestamp(next, expiresAt), [registrar]));
  const bytes = bundleRegister(next);
  const { epoch } = verifyRegister(bytes, anchors, view);
  if (!isTried) putInPlace(file, bytes);
  return { kind: "published", epoch, file };
}

function carry(draft: Draft, folder: string, isTried: boolean): Published {
  const files = new Map([...draft.targets, [draftPath(draft), draft.metadata]]);
  if (!isTried) exportRepository(folder, files);
  return { kind: "carried", folder };
}

/** The keys that sign: the state's own, and the registrars' where it is at hand. */
export interface PublishingKeys {
  /** The state's key of its part of the register. */
  readonly stateKey: string;
  readonly registrarKey: string;
  /** Where the signed part is written for the registrars when their key is not here. */
  readonly carryTo: string;
}

/**
 * Signs a state's next part with the state's own key, and publishes it where the registrars' key is at hand; else
 * writes what they need into a folder. Where it is only tried, the keys sign as they would, the result is proved as
 * readers prove it, and is dropped.
 *
 * @throws {Fault} KEY_UNUSABLE, REGISTER_*, STORE_WRITE_FAILED
 */
export function publishPart(
  filed: FiledRegister,
  state: StatePart,
  { keys, now, isTried }: { keys: PublishingKeys; now: EpochMs; isTried: boolean },
): Published {
  const held = filed.view.trusted.parts.get(state.authority);
  const expiresAt = Math.max(held?.expiresAt ?? 0, now + 365 * dayMs);
  const draft = signDraft(draftState(filed.files, { state, expiresAt }), [
    loadSigningKey(keys.stateKey),
  ]);
  const files = placeDraft(filed.files, draft);
  if (!existsSync(keys.registrarKey)) return carry(draft, keys.carryTo, isTried);
  return publishWith(loadSigningKey(keys.registrarKey), filed, { files, now, isTried });
}
