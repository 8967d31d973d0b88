import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import { renderPartContent } from "../../certs/authority/index.ts";
import type { TrustedPart } from "../../certs/trust/index.ts";
import type { StatePart } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { AuthorityWorld } from "./world.ts";
import { saveNewFile } from "./register-world.ts";
import { type FiledRegister, readFiledRegister } from "./revoke-publish.ts";

/** What is to be done with an edited part. */
export function proposeNext(file: string): string {
  return `Next: atumpan register propose ${file} --as KEY --reason TEXT`;
}

/**
 * Reads and proves the register that is in force, from the root beside it; a folder stands for the register in it.
 *
 * @throws {Fault} USAGE_INVALID, REGISTER_*
 */
export function readNamedRegister({ cwd }: AuthorityWorld, name: string): FiledRegister {
  const path = resolve(cwd, name);
  const within = join(path, "register.bin");
  return readFiledRegister(existsSync(within) ? within : path);
}

/** The part of an authority as it is in force. @throws {Fault} REGISTER_INVALID */
export function findOwnPart({ view }: FiledRegister, authority: string): TrustedPart {
  const held = view.trusted.parts.get(authority);
  if (held !== undefined) return held;
  throw new Fault("REGISTER_INVALID", `the register has no part of ${authority}`);
}

/** Looks before the work whether its result can be written. @throws {Fault} USAGE_INVALID */
export function checkNewFile({ cwd }: AuthorityWorld, name: string): void {
  if (!existsSync(resolve(cwd, name))) return;
  throw new Fault("USAGE_INVALID", `${name} is there already; name a new file with --out`);
}

/**
 * Writes a part as `atumpan register propose` takes it: what it is, the version it was made on, its content.
 *
 * @throws {Fault} USAGE_INVALID when the file is there, STORE_WRITE_FAILED
 */
export function saveEditedPart(
  { cwd }: AuthorityWorld,
  name: string,
  { state, base }: { readonly state: StatePart; readonly base: number },
): void {
  const content = renderPartContent({ kind: "state", state });
  const edit = { part: state.authority, base, content };
  saveNewFile(resolve(cwd, name), `${JSON.stringify(edit, undefined, 2)}\n`);
}
