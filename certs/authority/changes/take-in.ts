import {
  type Bytes,
  Fault,
  isFault,
  parseUtf8,
  renderHex,
  sha256,
  utf8,
} from "../../../schemas/ground/index.ts";
import {
  type ProvenRegister,
  renderRegister,
  type RepositoryFiles,
  rolePath,
  targetPath,
  timestampPath,
  verifyRegister,
} from "../../trust/index.ts";
import { findCurrentFiles, placeDraft } from "../repository/place.ts";
import { findNewest, findVersions, readMetadata } from "../repository/read.ts";
import type { Change } from "./change.ts";
import { digestOfMetadata } from "./root-change.ts";

/** A repository after something was taken in, and what that was: `register 7`, `ng 3`. */
export interface TakenIn {
  readonly files: RepositoryFiles;
  readonly taken: readonly string[];
}

/** The register that a repository publishes, proved from its first root; undefined while it publishes none. */
export function findPublished(files: RepositoryFiles): ProvenRegister | undefined {
  const root = files.get(rolePath("root", 1));
  if (root === undefined || !files.has(timestampPath)) return undefined;
  return verifyRegister(renderRegister(findCurrentFiles(files)), { root });
}

/** Our own roots stay as they are, the first above all: from it everything is proved, and nothing proves it. */
function withOwnRoots(files: RepositoryFiles, current: RepositoryFiles): RepositoryFiles {
  const ours = [...files].filter(([path]) => path.endsWith(".root.json"));
  return new Map([...current, ...ours]);
}

function takeRegister(files: RepositoryFiles, offered: RepositoryFiles): TakenIn {
  const root = files.get(rolePath("root", 1));
  if (root === undefined || !offered.has(timestampPath)) return { files, taken: [] };
  const held = findPublished(files);
  const current = withOwnRoots(files, findCurrentFiles(offered));
  try {
    const view = verifyRegister(renderRegister(current), { root }, held);
    const isNew = held === undefined || view.key !== held.key || view.trusted.timestamp.version !== held.trusted.timestamp.version;
    return isNew ? { files: new Map([...files, ...current]), taken: [`register ${view.epoch}`] } : { files, taken: [] };
  } catch (error) {
    // an office that works on older ground may still bring a part of its own
    if (isFault(error, "REGISTER_ROLLBACK")) return { files, taken: [] };
    throw error;
  }
} // prettier-ignore

function contentIn(offered: RepositoryFiles, role: string, metadata: Bytes): RepositoryFiles {
  const { targets = {} } = readMetadata(metadata).signed;
  const names = typeof targets === "object" && targets !== null ? Object.entries(targets) : [];
  const paths = names.flatMap(([name, meta]: readonly [string, unknown]) => {
    const digest = /"sha256":"([0-9a-f]{64})"/.exec(JSON.stringify(meta))?.[1] ?? "";
    const path = targetPath(name, digest);
    const content = offered.get(path);
    // other content in this place would keep the good one out for ever: its version is taken then
    if (content !== undefined && renderHex(sha256(content)) === digest) return [path];
    const told = content === undefined ? "lacks its content" : "has other content than it names";
    throw new Fault("REGISTER_INVALID", `what was brought for ${role} ${told}`);
  });
  return new Map([...offered].filter(([path]) => paths.includes(path)));
}

/** Roots first, then the registrars' part, then the rest: each is judged by who may sign by what stands before it. */
function rolesIn(offered: RepositoryFiles): readonly string[] {
  const roles = [...findVersions(offered).keys()].filter((role) => role !== "snapshot");
  const first = ["root", "targets"].filter((role) => roles.includes(role));
  return [...first, ...roles.filter((role) => !first.includes(role))];
}

function takeParts(files: RepositoryFiles, offered: RepositoryFiles): TakenIn {
  let next = files;
  const taken: string[] = [];
  for (const role of rolesIn(offered)) {
    for (;;) {
      const version = findNewest(next, role) + 1;
      const metadata = offered.get(rolePath(role, version));
      if (metadata === undefined) break;
      const targets = contentIn(offered, role, metadata);
      next = placeDraft(next, { role, version, metadata, targets });
      taken.push(`${role} ${version}`);
    }
  }
  return { files: next, taken };
}

/**
 * Takes in what another office published or signed: a newer register as a whole, and parts that are signed and not
 * published yet. Each is proved by the keys that may sign it; of what is older nothing is taken.
 *
 * @throws {Fault} REGISTER_*, CHANGE_OUTDATED when nothing of it is new
 */
export function takeIn(files: RepositoryFiles, offered: RepositoryFiles): TakenIn {
  const whole = takeRegister(files, offered);
  const parts = takeParts(whole.files, offered);
  const taken = [...whole.taken, ...parts.taken];
  if (taken.length > 0) return { files: parts.files, taken };
  throw new Fault("CHANGE_OUTDATED", "nothing of it is newer than what is here");
}

/** Puts the signatures under two copies of one file of metadata together. @throws {Fault} CHANGE_OUTDATED */
export function mergeMetadata(one: Bytes, other: Bytes): Bytes {
  if (digestOfMetadata(one) !== digestOfMetadata(other)) {
    throw new Fault("CHANGE_OUTDATED", "another draft is pending; withdraw one of the two");
  }
  const { signed, signatures } = readMetadata(one);
  const known = new Set(signatures.map(({ keyid }) => keyid));
  const more = readMetadata(other).signatures.filter(({ keyid }) => !known.has(keyid));
  return utf8(`${JSON.stringify({ signatures: [...signatures, ...more], signed })}\n`);
}

/** Puts two copies of one change together, whoever accepted and signed which. @throws {Fault} CHANGE_OUTDATED */
export function mergeChanges(one: Change, other: Change): Change {
  if (one.signature !== other.signature) {
    const way = "withdraw the one that is not to be";
    throw new Fault("CHANGE_OUTDATED", `another change of ${one.proposal.part} is pending; ${way}`);
  }
  const accepted = one.accepted ?? other.accepted;
  const copies = [one.metadata, other.metadata].flatMap((text) => (text === undefined ? [] : [utf8(text)]));
  const [first, second] = copies;
  const metadata = first === undefined ? undefined : parseUtf8(second === undefined ? first : mergeMetadata(first, second));
  return { ...one, ...(accepted && { accepted }), ...(metadata !== undefined && { metadata }) };
} // prettier-ignore
