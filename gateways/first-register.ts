import { existsSync } from "node:fs";
import { join } from "node:path";

import { type Anchors, verifyRegister } from "../certs/trust/index.ts";
import type { Bytes } from "../schemas/ground/index.ts";
import { type HeldRegister, loadRegister, saveRegister } from "./link/index.ts";

/**
 * The register a gateway begins with: the newer of the one given and the one in its folder.
 *
 * @throws {Fault} REGISTER_*, CONFIG_INVALID
 */
export function firstRegister({
  dir,
  register,
  anchors,
}: {
  readonly dir: string;
  readonly register?: Bytes | undefined;
  readonly anchors: Anchors;
}): HeldRegister {
  const path = join(dir, "register.bin");
  const filed = existsSync(path) ? loadRegister(path, anchors) : undefined;
  if (register === undefined) return filed ?? loadRegister(path, anchors);
  const given = { bytes: register, view: verifyRegister(register, anchors) };
  if (filed !== undefined && filed.view.epoch >= given.view.epoch) return filed;
  saveRegister(path, register);
  return given;
}
