import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { replaceFile } from "../schemas/disk/index.ts";
import { type Bytes, Fault, sameBytes, toFault } from "../schemas/ground/index.ts";
import {
  type Anchors,
  parseRegister,
  type ProvenRegister,
  type RepositoryFiles,
  verifyRegister,
} from "../certs/trust/index.ts";

/** A proved register, and the same as it is handed on. */
export interface HeldRegister {
  readonly view: ProvenRegister;
  readonly files: RepositoryFiles;
  readonly bytes: Bytes;
}

/** What the file says now: a register newer than the one held, one that was refused, or nothing new. */
export type RegisterNews =
  | { readonly kind: "newer"; readonly held: HeldRegister }
  | { readonly kind: "refused"; readonly fault: Fault }
  | { readonly kind: "same" };

/** Reads the register's file, and never goes back behind what it held, not even over a restart. */
export interface RegisterSource {
  /** Looks at the file; one that was looked at is read again only when it changed. */
  look(): RegisterNews;
  /** Proves a register that somebody brought, as one of the file is; nothing is kept. */
  weigh(bytes: Bytes): RegisterNews;
  /** Keeps a register as the one held, on disk too. */
  keep(held: HeldRegister): void;
  /** What is held: over a restart, as long as nothing was looked at. */
  readonly held: HeldRegister | undefined;
}

/** Where the register lies that was held last, in the hub's folder. */
export const heldRegisterFile = "register-held.bin";

function verify(bytes: Bytes, anchors: Anchors, held?: ProvenRegister): HeldRegister {
  return { view: verifyRegister(bytes, anchors, held), files: parseRegister(bytes), bytes };
}

/** What tells one content of a file from the next without reading it. */
function markOf(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  return found === undefined ? "" : `${found.ino} ${found.mtimeMs} ${found.size}`;
}

/**
 * Opens the source. What was held before the restart is held again.
 *
 * @throws {Fault} INTEGRITY_STORE when the register held before does not verify any more
 */
export function openRegisterSource({
  registerFile,
  anchors,
  dir,
}: {
  registerFile: string;
  anchors: Anchors;
  dir: string;
}): RegisterSource {
  const file = join(dir, heldRegisterFile);
  let held: HeldRegister | undefined;
  let mark = "";
  try {
    if (existsSync(file)) held = verify(readFileSync(file), anchors);
  } catch (error) {
    throw new Fault("INTEGRITY_STORE", "the register held before does not verify", {
      cause: error,
    });
  }
  let isOpening = true;

  const read = (): RegisterNews => {
    const bytes = readFileSync(registerFile);
    const isSame = held !== undefined && sameBytes(bytes, held.bytes);
    if (isSame && !isOpening) return { kind: "same" };
    const found = isSame && held !== undefined ? held : verify(bytes, anchors, held?.view);
    isOpening = false;
    return { kind: "newer", held: found };
  };

  return {
    look: () => {
      const next = markOf(registerFile);
      if (next === mark) return { kind: "same" };
      mark = next;
      try {
        return read();
      } catch (error) {
        return { kind: "refused", fault: toFault(error, "REGISTER_INVALID", "it cannot be read") };
      }
    },
    weigh: (bytes) => {
      try {
        const found = verify(bytes, anchors, held?.view);
        const isSame =
          found.view.trusted.timestamp.version === held?.view.trusted.timestamp.version;
        return isSame ? { kind: "same" } : { kind: "newer", held: found };
      } catch (error) {
        return { kind: "refused", fault: toFault(error, "REGISTER_INVALID", "it cannot be read") };
      }
    },
    get held() {
      return held;
    },
    keep: (next) => {
      held = next;
      replaceFile(file, next.bytes, { mode: 0o600 });
    },
  };
}

/**
 * The register to start with: the file's, or the one that was held before where the file is older, as it is after somebody
 * brought a newer one.
 *
 * @throws {Fault} REGISTER_* when there is none that can be used
 */
export function lookFirst(source: RegisterSource): HeldRegister {
  const before = source.held;
  const news = source.look();
  if (news.kind === "newer") return news.held;
  if (news.kind === "refused" && news.fault.code === "REGISTER_ROLLBACK" && before !== undefined)
    return before;
  if (news.kind === "refused") throw news.fault;
  throw new Fault("REGISTER_INVALID", "there is no register to start with");
}
