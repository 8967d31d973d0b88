import { createPublicKey, sign as signWith } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { z } from "zod";

import { Fault, isFault, toFault, tryShape } from "../../schemas/ground/index.ts";
import { loadKey, makeKeyPair, saveKey } from "../../certs/keys/index.ts";
import { type Cosigner, makeCosigner, parseVerifierKey } from "../../certs/log/index.ts";
import { makeSeenStore } from "./seen-store.ts";

const path = z.string().min(1).max(4096);
const agency = z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/);

/** What a witness's folder says of it. */
export const witnessConfig = z.strictObject({
  name: z.string().min(1).max(255),
  /** The hub that is dialled, as which agency, and by which register it is believed. */
  link: z
    .strictObject({
      hub: agency,
      agency,
      registerFile: path,
      rootFile: path,
      certificateFile: path,
      keyFile: path,
    })
    .optional(),
  /** Verifier keys of further logs. */
  logs: z.array(z.string().max(2200)).max(1000).default([]),
  /** Where it listens for what logs send. */
  listen: z
    .strictObject({ host: z.string().min(1).max(255), port: z.int().min(0).max(65_535) })
    .optional(),
});

/** A witness's configuration; paths are absolute. */
export type WitnessConfig = Readonly<z.infer<typeof witnessConfig>>;

const configFile = "witness.json";
/** One of each algorithm: the second is what quantum computers do not break. */
const keyFiles = ["witness.key", "witness-ml-dsa-44.key"] as const;

function checkConfig(value: unknown): WitnessConfig {
  const read = tryShape(witnessConfig, value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Fault("CONFIG_INVALID", `${configFile}: /${issue?.path.join("/") ?? ""}: ${issue?.message ?? ""}`);
  }
  for (const vkey of read.data.logs) parseVerifierKey(vkey);
  if (read.data.link !== undefined || read.data.listen !== undefined) return read.data;
  throw new Fault("CONFIG_INVALID", "a witness dials a hub (--hub) or listens (--listen)");
} // prettier-ignore

/** Opens the keys of a witness. @throws {Fault} KEY_UNUSABLE, LOG_NOTE_INVALID */
export function openCosigners(dir: string, name: string): readonly Cosigner[] {
  return keyFiles.map((file) => {
    const key = loadKey(join(dir, file));
    const spki = createPublicKey(key).export({ format: "der", type: "spki" });
    return makeCosigner(name, { spki, sign: (bytes) => signWith(null, bytes, key) });
  });
}

/**
 * Makes the folder of a new witness: keys, an empty record of what it cosigned, its configuration.
 *
 * @throws {Fault} CONFIG_INVALID, KEY_UNUSABLE when there is one already
 */
export function makeWitnessFolder(dir: string, config: unknown): readonly Cosigner[] {
  const checked = checkConfig(config);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  saveKey(join(dir, keyFiles[0]), makeKeyPair("Ed25519"));
  saveKey(join(dir, keyFiles[1]), makeKeyPair("ML-DSA-44"));
  const cosigners = openCosigners(dir, checked.name);
  writeFileSync(join(dir, configFile), `${JSON.stringify(checked, undefined, 2)}\n`, { mode: 0o600, flag: "wx" });
  // last: where it is, the witness may be used, and where it is gone it may not
  makeSeenStore(dir);
  return cosigners;
} // prettier-ignore

/** Reads a witness's configuration. @throws {Fault} CONFIG_INVALID */
export function loadWitnessConfig(dir: string): WitnessConfig {
  try {
    const config = checkConfig(JSON.parse(readFileSync(join(dir, configFile), "utf8")));
    const { link } = config;
    const at = (file: string): string => resolve(dir, file);
    if (link === undefined) return config;
    const { registerFile, rootFile, certificateFile, keyFile } = link;
    return {
      ...config,
      link: {
        ...link,
        registerFile: at(registerFile),
        rootFile: at(rootFile),
        certificateFile: at(certificateFile),
        keyFile: at(keyFile),
      },
    };
  } catch (error) {
    if (isFault(error)) throw error;
    throw toFault(error, "CONFIG_INVALID", `${dir} holds no witness; make one with witness init`);
  }
}
