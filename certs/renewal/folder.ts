import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import type { KeyObject } from "node:crypto";

import { replaceFile, syncFolder } from "../../schemas/disk/index.ts";
import { type Bytes, Fault, isFault, toFault, utf8 } from "../../schemas/ground/index.ts";
import { loadKey, publicHalf, saveKey } from "../keys/index.ts";
import { parseCertificate, parsePem } from "../shape/index.ts";
import { renewalName } from "../trust/index.ts";
import { makeOwnPair, type OwnPair, type PairParts } from "./pairs.ts";

/** A key that waits for its certificate. */
export interface PendingKey {
  readonly name: string;
  readonly kind: PairParts["kind"];
  readonly key: KeyObject;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
}

/** Every act on the disk, each of which may fail; for tests, so that each can be made to. */
export interface RenewalDisk {
  /** A new key under its name. Nothing is overwritten, and what is not whole bears another name. */
  saveKey(folder: string, name: string, key: KeyObject): void;
  /** A file as a whole or not at all. */
  writeFile(file: string, text: string): void;
  removeFile(file: string): void;
}

/** What lies in a folder of keys by our own names: whole pairs, and keys that wait. */
export interface RenewedKeys {
  readonly pairs: readonly OwnPair[];
  readonly pending: readonly PendingKey[];
}

const kinds = { link: "LINK", server: "SERVER", signing: "SIGNING", sealing: "SEALING" } as const;
const namePattern = /^((link|server|signing|sealing)-[0-9a-f]{16})\.(key|pem)$/;
const leftPattern = /^(?:link|server|signing|sealing)-[0-9a-f]{16}\.(?:key|pem)\.new$/;
const maxFiles = 1_000;
const maxPemBytes = 32 * 1024;

/** The disk itself. */
export const realDisk: RenewalDisk = {
  saveKey: (folder, name, key) => {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, `${name}.key`);
    if (existsSync(file)) throw new Fault("KEY_UNUSABLE", `${file} is there already`);
    // what an earlier end left behind was never asked for; it is nobody's key
    for (const left of readdirSync(folder).filter((one) => leftPattern.test(one))) {
      rmSync(join(folder, left), { force: true });
    }
    saveKey(`${file}.new`, key);
    renameSync(`${file}.new`, file);
    syncFolder(folder);
  },
  writeFile: (file, text) => {
    try {
      mkdirSync(join(file, ".."), { recursive: true, mode: 0o700 });
      replaceFile(file, utf8(text));
    } catch (error) {
      throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written`);
    }
  },
  removeFile: (file) => rmSync(file, { force: true }),
};

/** The bytes of a file that may not be there, or be too large for what it should be; then undefined. */
export function readSmallFile(file: string, maxBytes: number): Bytes | undefined {
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  return size === 0 || size > maxBytes ? undefined : readFileSync(file);
}

interface Found {
  readonly file: string;
  readonly name: string;
  readonly kind: PairParts["kind"];
}

function refuse(file: string, detail: string, cause?: unknown): never {
  throw new Fault("CONFIG_INVALID", `${file}: ${detail}`, { cause });
}

function loadPair(agency: string, pending: PendingKey, file: string): OwnPair {
  const { kind, key } = pending;
  try {
    const pem = Buffer.from(readSmallFile(file, maxPemBytes) ?? "").toString("utf8");
    const [leaf] = parsePem("CERTIFICATE", pem);
    if (leaf === undefined) return refuse(file, "there is no certificate in it");
    return makeOwnPair({ agency, kind, key, certificate: parseCertificate(leaf), pem });
  } catch (error) {
    if (isFault(error, "CONFIG_INVALID")) throw error;
    return refuse(file, "it is not the certificate of the key beside it", error);
  }
}

function loadPending({ file, name, kind }: Found): PendingKey {
  const key = loadKey(file);
  const { spki } = publicHalf(key);
  if (renewalName(kind, spki) === name) return { name, kind, key, spki };
  return refuse(file, "the name is not that of the key in it; give each file its own name back");
}

function findFiles(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder).filter((file) => namePattern.test(file));
  if (files.length > maxFiles) refuse(folder, `more than ${maxFiles} renewed keys lie there`);
  return files.toSorted();
}

/**
 * Reads the renewed keys of a folder: files `<kind>-<16 digits>.key` and `.pem`, named by the key. A key
 * without a certificate waits for one; a certificate without its key, or another's, is refused, and so is a key file
 * that others may read. What was written in part bears other names and is passed over.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE
 */
export function loadRenewed(folder: string, agency: string): RenewedKeys {
  const pairs: OwnPair[] = [];
  const pending: PendingKey[] = [];
  const files = findFiles(folder);
  for (const file of files) {
    const [, name = "", word = "", end] = namePattern.exec(file) ?? [];
    const [, kind] = Object.entries(kinds).find(([one]) => one === word) ?? [];
    if (kind === undefined) continue;
    if (end === "pem") {
      if (!files.includes(`${name}.key`)) refuse(join(folder, file), "its key is not beside it");
      continue;
    }
    const found = loadPending({ file: join(folder, file), name, kind });
    if (files.includes(`${name}.pem`)) {
      pairs.push(loadPair(agency, found, join(folder, `${name}.pem`)));
    } else pending.push(found);
  }
  return { pairs, pending };
}
