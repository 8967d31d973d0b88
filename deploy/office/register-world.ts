import { createPublicKey } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { openRegisterOffice, type RegisterOffice } from "../../certs/authority/index.ts";
import { isTokenPlace, loadSigningKey, type SigningKey } from "../../certs/keys/index.ts";
import { parsePublicKey } from "../../certs/shape/index.ts";
import { isLanguage, type Language } from "../../schemas/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { AuthorityWorld } from "./world.ts";

/** Everything `atumpan register` may touch. */
export type RegisterWorld = Pick<AuthorityWorld, "cwd" | "out" | "err" | "ask" | "clock" | "say">;

/** Options that every act on a register's folder takes. */
export interface Common {
  readonly folder: string;
  readonly json?: boolean;
  readonly yes?: boolean;
  readonly lang?: string;
}

/** A register of this size takes seconds to compare; whoever waits is told so. */
const largeBytes = 500_000;

/** Opens the register's folder that was named. @throws {Fault} USAGE_INVALID, CHANGE_*, REGISTER_INVALID */
export function openOffice({ cwd, err }: RegisterWorld, { folder }: Common): RegisterOffice {
  const office = openRegisterOffice(resolve(cwd, folder));
  const size = [...office.files.values()].reduce((sum, { length }) => sum + length, 0);
  if (size > largeBytes) err("The register is large: this takes some seconds.\n");
  return office;
}

/** Opens a private key by its file or its place in a token. @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY */
export function openKey({ cwd }: RegisterWorld, place: string): SigningKey {
  return loadSigningKey(isTokenPlace(place) ? place : resolve(cwd, place));
}

const maxKeyFileBytes = 8192;

/** Reads a public key, PEM. @throws {Fault} USAGE_INVALID */
export function readPublicKey({ cwd }: RegisterWorld, name: string): Bytes {
  let text: string;
  try {
    text = readFileSync(resolve(cwd, name), "utf8");
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${name} cannot be read`, { cause });
  }
  const isPublic = text.startsWith("-----BEGIN PUBLIC KEY-----") && text.length <= maxKeyFileBytes;
  try {
    if (isPublic)
      return parsePublicKey(createPublicKey(text).export({ format: "der", type: "spki" })).spki;
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${name} holds no public key of ours`, { cause });
  }
  throw new Fault(
    "USAGE_INVALID",
    `${name} is no public key; name the .pub file that atumpan register key make wrote`,
  );
}

/** Writes a new file. @throws {Fault} USAGE_INVALID when it is there */
export function saveNewFile(file: string, words: string): void {
  if (existsSync(file))
    throw new Fault("USAGE_INVALID", `${file} is there already; name a new file`);
  try {
    writeFileSync(file, words, { flag: "wx", flush: true });
  } catch (cause) {
    throw new Fault("STORE_WRITE_FAILED", `${file} could not be written`, { cause });
  }
}

/** The language that was asked for. @throws {Fault} USAGE_INVALID */
export function chooseLanguage({ lang = "en" }: Common): Language {
  if (isLanguage(lang)) return lang;
  throw new Fault("USAGE_INVALID", "--lang is en, fr, pt, ar, es or sw");
}

/** Shows what is about to be signed and asks for a yes, unless it was said already. @throws {Fault} CEREMONY_REFUSED */
export async function confirm(
  { err, ask }: RegisterWorld,
  { yes }: Common,
  { lines, question }: { readonly lines: readonly string[]; readonly question: string },
): Promise<void> {
  for (const line of lines) err(`  ${line}\n`);
  if (yes === true) return;
  const answer = (await ask(`${question} Type yes to go on`)).trim().toLowerCase();
  if (answer !== "yes") throw new Fault("CEREMONY_REFUSED", "it was not confirmed; nothing was signed");
} // prettier-ignore
