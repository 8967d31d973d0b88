import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import type { Command } from "commander";

import {
  describeRoot,
  draftRoot,
  type OfficersFile,
  parseOfficers,
  readOfficeFile,
  renderFingerprint,
  renderOfficersFile,
  renderRemark,
  type RoleKeys,
  saveOfficeFile,
  savePending,
  saveRegisterOffice,
  startOfficers,
  takeIn,
} from "../../certs/authority/index.ts";
import {
  parseRegister,
  parseTrustedRoot,
  type RepositoryFiles,
  rolePath,
} from "../../certs/trust/index.ts";
import { Fault, renderBase64url } from "../../schemas/ground/index.ts";
import { parseNumber } from "./words.ts";
import { type OfficeStart, writeResult } from "./world.ts";
import {
  chooseLanguage,
  type Common,
  readPublicKey,
  type RegisterWorld,
} from "./register-world.ts";

interface InitOptions extends Common {
  readonly office: string;
  readonly officer: readonly string[];
  readonly register?: string;
  readonly root?: string;
  readonly rootKey?: readonly string[];
  readonly rootThreshold?: string;
  readonly registrarKey?: readonly string[];
  readonly registrarThreshold?: string;
  readonly snapshotKey?: readonly string[];
  readonly timestampKey?: readonly string[];
  readonly days?: string;
}

const dayMs = 86_400_000;
const rootDays = 1095;

function readOfficer(world: RegisterWorld, text: string): { name: string; key: string } {
  const at = text.lastIndexOf("=");
  if (at < 1) throw new Fault("USAGE_INVALID", '--officer is "NAME=FILE.pub"');
  return {
    name: text.slice(0, at),
    key: renderBase64url(readPublicKey(world, text.slice(at + 1))),
  };
}

function readOfficers(world: RegisterWorld, { office, officer }: InitOptions): OfficersFile {
  if (!/^[a-z]{2,10}$/.test(office))
    throw new Fault("USAGE_INVALID", "--office is region, or an authority such as ng");
  return startOfficers(office, parseOfficers(officer.map((one) => readOfficer(world, one))));
}

function readRole(
  world: RegisterWorld,
  names: readonly string[] | undefined,
  threshold?: string,
): RoleKeys {
  if (names === undefined || names.length === 0) {
    const wanted =
      "--root-key, --registrar-key, --snapshot-key and --timestamp-key, each with FILE.pub";
    throw new Fault("USAGE_INVALID", `the office of the region begins with its keys: ${wanted}`);
  }
  const keys = names.map((name) => readPublicKey(world, name));
  return { keys, threshold: parseNumber(threshold, "a threshold") ?? 1 };
}

function initRegion(world: RegisterWorld, options: InitOptions, folder: string): readonly string[] {
  const expiresAt = world.clock.now() + (parseNumber(options.days, "--days") ?? rootDays) * dayMs;
  const roles = {
    root: readRole(world, options.rootKey, options.rootThreshold),
    targets: readRole(world, options.registrarKey, options.registrarThreshold),
    snapshot: readRole(world, options.snapshotKey),
    timestamp: readRole(world, options.timestampKey),
  };
  const none: RepositoryFiles = new Map();
  const { metadata } = draftRoot(none, { roles, expiresAt });
  const told = describeRoot(none, metadata, true);
  savePending({ folder }, "root", metadata);
  const lang = chooseLanguage(options);
  return [
    ...told.map((one) => renderRemark(one, lang)),
    "Next: each holder of a root key, one after another: atumpan register sign --role root --key FILE",
  ];
}

function initState(world: RegisterWorld, options: InitOptions, folder: string): readonly string[] {
  const { register, root } = options;
  if (register === undefined || root === undefined) {
    throw new Fault(
      "USAGE_INVALID",
      "the office of an authority begins with --register register.bin and --root root.json",
    );
  }
  const trusted = readOfficeFile(resolve(world.cwd, root));
  parseTrustedRoot(trusted);
  const offered = parseRegister(readOfficeFile(resolve(world.cwd, register)));
  const { files, taken } = takeIn(new Map([[rolePath("root", 1), trusted]]), offered);
  const officers = readOfficers(world, options);
  saveRegisterOffice({ folder, officers, files });
  saveOfficeFile(join(folder, "root.json"), trusted);
  return [
    `Taken in: ${taken.join(", ")}. Root, to be compared on paper: ${renderFingerprint(trusted)}`,
    `Next: atumpan register show --part ${options.office} --out FILE, edit the file, then atumpan register propose FILE`,
  ];
}

function runInit(world: RegisterWorld, options: InitOptions): void {
  const folder = resolve(world.cwd, options.folder);
  if (existsSync(join(folder, "officers.json"))) {
    throw new Fault("USAGE_INVALID", `${folder} holds an office already; name another folder with --folder`);
  }
  const officers = readOfficers(world, options);
  const begin = options.office === "region" ? initRegion : initState;
  const next = begin(world, options, folder);
  const file = renderOfficersFile(officers);
  saveOfficeFile(join(folder, "officers.json"), file);
  const fingerprint = renderFingerprint(file);
  const names = officers.officers.map(({ name, key }) => `${name}, key ${renderFingerprint(key.spki)}`);
  const words = [
    `${folder} is the office of ${options.office}. No key lies in it.`,
    ...names.map((one) => `Officer: ${one}`),
    `Officers, to be compared on paper: ${fingerprint}`,
    ...next,
  ];
  writeResult(world, { json: options.json, result: { folder, office: options.office, officers: fingerprint }, words });
} // prettier-ignore

/** `atumpan register init`: the ceremony that an office begins with. */
export function addInit(command: Command, start: OfficeStart): void {
  command
    .requiredOption("--office <office>", "region, or an authority such as ng")
    .requiredOption("--officer <officer...>", 'who may propose and accept, two at least: "NAME=FILE.pub"')
    .option("--root-key <file...>", "region: the holders of the root, each FILE.pub")
    .option("--root-threshold <number>", "how many of them must sign; 1 unless said")
    .option("--registrar-key <file...>", "region: the registrars, who sign the region's part")
    .option("--registrar-threshold <number>", "how many of them must sign; 1 unless said")
    .option("--snapshot-key <file...>", "region: the key that signs each epoch")
    .option("--timestamp-key <file...>", "region: the key that says every day which epoch is the newest")
    .option("--days <days>", `region: how long the root lives; ${rootDays} unless said`)
    .option("--register <file>", "authority: the register as it is, register.bin")
    .option("--root <file>", "authority: its first root, root.json, compared on paper")
    .action((options: InitOptions) => start((world) => runInit(world, options)));
} // prettier-ignore
