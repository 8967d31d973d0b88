import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  bundleRegister,
  type Change,
  checkAccepted,
  checkProposed,
  type Draft,
  draftSnapshot,
  draftTimestamp,
  exportRepository,
  findPending,
  findPublished,
  findRole,
  findVersions,
  finishChange,
  finishRoot,
  importRepository,
  mergeChanges,
  mergeMetadata,
  parseChange,
  placeDraft,
  readOfficeFile,
  readRootRoles,
  type RegisterOffice,
  saveOfficeFile,
  savePending,
  saveRegisterOffice,
  signDraft,
  type Signed,
  takeIn,
} from "../../certs/authority/index.ts";
import type { SigningKey } from "../../certs/keys/index.ts";
import {
  parseRegister,
  renderKey,
  type RepositoryFiles,
  rolePath,
  verifyRegister,
} from "../../certs/trust/index.ts";
import { type Bytes, type EpochMs, Fault } from "../../schemas/ground/index.ts";
import { type Trial } from "./trial.ts";
import { parseNumber, renderDay } from "./words.ts";
import { writeResult } from "./world.ts";
import { keepOfficers } from "./register-change.ts";
import { keepPlaced } from "./register-sign.ts";
import { tellPublished } from "./register-trial.ts";
import { type Common, openKey, openOffice, type RegisterWorld } from "./register-world.ts";

/** Options of `publish` and `refresh`. */
export interface PublishOptions extends Common, Trial {
  readonly key: readonly string[];
  readonly days?: string;
  readonly hours?: string;
}

const hourMs = 3_600_000;
/** How long a snapshot is relied on, and how long a timestamp: who is refreshed every day has two days to spare. */
const snapshotDays = 30;
const timestampHours = 72;

function signOwn(
  files: RepositoryFiles,
  draft: Draft,
  keys: readonly SigningKey[],
): RepositoryFiles {
  const known = new Set(findRole(files, draft.role).keys.map(({ keyid }) => keyid));
  const own = keys.filter(({ spki }) => known.has(renderKey(spki).keyid));
  if (own.length > 0) return placeDraft(files, signDraft(draft, own));
  throw new Fault(
    "CHANGE_NOT_PERMITTED",
    `no key that was named may sign ${draft.role}: add --key FILE, see atumpan register show`,
  );
}

function keepPublished(
  world: RegisterWorld,
  options: PublishOptions,
  office: RegisterOffice,
): void {
  const { folder, files } = office;
  const first = files.get(rolePath("root", 1));
  if (first === undefined) throw new Fault("REGISTER_INVALID", "the repository holds no root");
  const bundle = bundleRegister(files);
  const file = join(folder, "register.bin");
  const held = existsSync(file) ? verifyRegister(readOfficeFile(file), { root: first }) : undefined;
  const view = verifyRegister(bundle, { root: first }, held);
  if (options.dryRun === true) return tellPublished(world, options, { file, held, bundle, view });
  saveRegisterOffice(office);
  saveOfficeFile(file, bundle);
  const { epoch, expiresAt, agencies } = view;
  const flaws = view.trusted.flaws.map(
    ({ authority }) => `${authority}: its part counts no longer until it signs anew`,
  );
  const words = [
    ...flaws,
    `${file}: epoch ${epoch}, ${agencies.length} agencies, good until ${renderDay(expiresAt)}`,
    `${folder}/metadata and targets are what a web server serves. Next: refresh it before that, every day.`,
  ];
  const result = {
    epoch,
    expiresAt,
    agencies: agencies.length,
    leftOut: view.trusted.flaws.map(({ authority }) => authority),
  };
  return writeResult(world, { json: options.json, result, words });
}

function endOfTimestamp(world: RegisterWorld, { hours }: PublishOptions): EpochMs {
  return world.clock.now() + (parseNumber(hours, "--hours") ?? timestampHours) * hourMs;
}

/** `atumpan register publish`: the next epoch: a snapshot of all that was signed, and its timestamp. */
export function runPublish(world: RegisterWorld, options: PublishOptions): void {
  const office = openOffice(world, options);
  if (!findVersions(office.files).has("targets")) {
    throw new Fault(
      "NOT_FOUND",
      "the region has no part yet: atumpan register show --part region --out FILE, edit it, propose it",
    );
  }
  const keys = options.key.map((name) => openKey(world, name));
  const end =
    world.clock.now() + (parseNumber(options.days, "--days") ?? snapshotDays) * 24 * hourMs;
  const named = signOwn(office.files, draftSnapshot(office.files, end), keys);
  const files = signOwn(named, draftTimestamp(named, endOfTimestamp(world, options)), keys);
  keepPublished(world, options, { ...office, files });
}

/** `atumpan register refresh`: the epoch stays; that it is the newest is said again. For a timer. */
export function runRefresh(world: RegisterWorld, options: PublishOptions): void {
  const office = openOffice(world, options);
  if (findPublished(office.files) === undefined) {
    throw new Fault("NOT_FOUND", "nothing is published yet; atumpan register publish comes first");
  }
  const keys = options.key.map((name) => openKey(world, name));
  const draft = draftTimestamp(office.files, endOfTimestamp(world, options));
  keepPublished(world, options, { ...office, files: signOwn(office.files, draft, keys) });
} // prettier-ignore

/** `atumpan register export`: a copy without anything of the office's own, to be served or carried. */
export function runExport(world: RegisterWorld, name: string, options: Common): void {
  const { folder, files } = openOffice(world, options);
  const target = resolve(world.cwd, name);
  exportRepository(target, files);
  const copied = ["root.json", "register.bin"].filter((file) => existsSync(join(folder, file)));
  for (const file of copied) saveOfficeFile(join(target, file), readOfficeFile(join(folder, file)));
  const words = [`${name}: metadata, targets${copied.map((file) => `, ${file}`).join("")}`];
  writeResult(world, { json: options.json, result: { folder: target, files: files.size }, words });
}

function importRegister(office: RegisterOffice, offered: RepositoryFiles): readonly string[] {
  const { files, taken } = takeIn(office.files, offered);
  saveRegisterOffice({ ...office, files });
  const { folder } = office;
  const first = files.get(rolePath("root", 1));
  if (first !== undefined) saveOfficeFile(join(folder, "root.json"), first);
  if (taken.some((one) => one.startsWith("register ")))
    saveOfficeFile(join(folder, "register.bin"), bundleRegister(files));
  return taken;
}

function importChange(office: RegisterOffice, change: Change): readonly string[] {
  const { part } = change.proposal;
  checkProposed(office.officers, change);
  if (change.accepted !== undefined) checkAccepted(office.officers, change);
  if (part === "officers" && change.accepted !== undefined) {
    keepOfficers(office, change);
    return ["officers"];
  }
  const held = findPending(office, part);
  const merged = held === undefined ? change : mergeChanges(parseChange(held), change);
  savePending(office, part, merged);
  if (merged.metadata === undefined) return [`the pending change of ${part}`];
  return keepFinished(office, part, finishChange({ files: office.files, desk: office.officers }, merged));
} // prettier-ignore

/** Two copies that were put together may have signatures enough. */
function keepFinished(office: RegisterOffice, part: string, { placed }: Signed): readonly string[] {
  if (placed === undefined) return [`the pending ${part === "root" ? "root" : `change of ${part}`}`];
  keepPlaced(office, part, placed);
  return [`${part}, signed by enough`];
} // prettier-ignore

function importRoot(office: RegisterOffice, file: Bytes): readonly string[] {
  readRootRoles(file);
  const held = findPending(office, "root");
  const merged = held === undefined ? file : mergeMetadata(held, file);
  savePending(office, "root", merged);
  return keepFinished(office, "root", finishRoot(office.files, merged));
}

function importFile(office: RegisterOffice, bytes: Bytes): readonly string[] {
  if (bytes[0] !== 0x7b) return importRegister(office, parseRegister(bytes));
  const isMetadata = Buffer.from(bytes.subarray(0, 200_000)).includes('"signed"');
  return isMetadata ? importRoot(office, bytes) : importChange(office, parseChange(bytes));
}

/** `atumpan register import`: a register.bin, a folder another office exported, or a pending change or root. */
export function runImport(world: RegisterWorld, name: string, options: Common): void {
  const office = openOffice(world, options);
  const source = resolve(world.cwd, name);
  if (!existsSync(source)) throw new Fault("USAGE_INVALID", `${name} cannot be read`);
  const taken = statSync(source).isDirectory()
    ? importRegister(office, importRepository(source))
    : importFile(office, readOfficeFile(source));
  writeResult(world, { json: options.json, result: { taken }, words: [`Taken in: ${taken.join(", ")}`] });
} // prettier-ignore
