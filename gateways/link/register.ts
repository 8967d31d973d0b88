import { readFileSync } from "node:fs";

import { replaceFile } from "../../schemas/disk/index.ts";
import { type Bytes, Fault, toFault } from "../../schemas/ground/index.ts";
import {
  type Anchors,
  findNeeded,
  isNamed,
  metadataShapes,
  type Needed,
  parseMetadata,
  parseRegister,
  proveRoots,
  type ProvenRegister,
  renderRegister,
  repositoryLimits,
  rolePath,
  timestampPath,
  verifyRegister,
} from "../../certs/trust/index.ts";
import type { RegisterSource } from "./register-source.ts";

/** A register and the bytes it was proved from. */
export interface HeldRegister {
  readonly bytes: Bytes;
  readonly view: ProvenRegister;
}

type Files = Map<string, Bytes>;

/** Takes every root that follows the newest one; each is proved before the next is asked for. */
async function takeRoots(
  source: RegisterSource,
  { root }: Anchors,
  files: Files,
): Promise<boolean> {
  let isNew = false;
  for (;;) {
    const path = rolePath("root", proveRoots(root, files).root.version + 1);
    const next = await source.ask({ path, maxBytes: repositoryLimits.rootBytes });
    if (next === undefined) return isNew;
    files.set(path, next);
    isNew = true;
  }
}

/** The version a timestamp says it has: the source's word until the whole is proved. @throws {Fault} REGISTER_INVALID */
export function versionOf(timestamp: Bytes): number {
  const maxBytes = repositoryLimits.timestampBytes;
  const shape = metadataShapes.timestamp;
  return parseMetadata("timestamp", timestamp, { shape, maxBytes }).signed.version;
}

/** Roots, timestamp, snapshot, targets, the authorities' metadata, and what they name. */
const maxRounds = 6;

async function takeNeeded(
  source: RegisterSource,
  { files, anchors }: { readonly files: Files; readonly anchors: Anchors },
  known: ReadonlyMap<string, Bytes>,
): Promise<void> {
  const take = async (needed: Needed): Promise<void> => {
    const held = known.get(needed.path);
    const isHeld = held !== undefined && isNamed(held, needed);
    const bytes = isHeld ? held : await source.ask(needed);
    if (bytes === undefined || !isNamed(bytes, needed)) {
      throw new Fault(
        "REGISTER_INVALID",
        `${needed.path} is missing, or not the file that is named`,
      );
    }
    files.set(needed.path, bytes);
  };
  for (let round = 0; round < maxRounds; round += 1) {
    const missing = findNeeded(files, anchors.root);
    if (missing.length === 0) return;
    for (const needed of missing) await take(needed);
  }
}

/**
 * Fetches what of the register changed, file by file, and proves the whole against the one held. Each file is
 * asked for only when metadata that was proved names it, and is the very one that is named.
 *
 * @returns undefined when the source has nothing newer
 * @throws {Fault} HUB_UNREACHABLE, REGISTER_*
 */
export async function fetchRegister(
  source: RegisterSource,
  anchors: Anchors,
  held: HeldRegister,
): Promise<HeldRegister | undefined> {
  const known = parseRegister(held.bytes);
  const files: Files = new Map([...known].filter(([path]) => path.endsWith(".root.json")));
  const hasNewRoot = await takeRoots(source, anchors, files);
  const maxBytes = repositoryLimits.timestampBytes;
  const timestamp = await source.ask({ path: timestampPath, maxBytes });
  if (timestamp === undefined) return undefined;
  if (!hasNewRoot && versionOf(timestamp) <= held.view.trusted.timestamp.version) return undefined;
  files.set(timestampPath, timestamp);
  await takeNeeded(source, { files, anchors }, known);
  const bytes = renderRegister(files);
  return { bytes, view: verifyRegister(bytes, anchors, held.view) };
}

/**
 * Writes a register to its file so that a crash leaves either the old one or the new one, whole.
 *
 * @throws {Fault} STORE_WRITE_FAILED
 */
export function saveRegister(path: string, bytes: Bytes): void {
  try {
    replaceFile(path, bytes, { mode: 0o600 });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", "the register could not be written");
  }
}

/**
 * Reads and proves the register from its file.
 *
 * @param held the register trusted so far, if any
 * @throws {Fault} CONFIG_INVALID when there is no such file, REGISTER_*
 */
export function loadRegister(path: string, anchors: Anchors, held?: ProvenRegister): HeldRegister {
  let bytes: Bytes;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw toFault(error, "CONFIG_INVALID", "the register's file cannot be read");
  }
  return { bytes, view: verifyRegister(bytes, anchors, held) };
}
