import { join } from "node:path";

import {
  changeKeys,
  type ChangeWords,
  describePending,
  describeRoot,
  draftRootChange,
  dropPending,
  findPending,
  findRole,
  findVersions,
  isTopRoleName,
  type KeyChange,
  keysOf,
  loadChange,
  readPartContent,
  type RegisterOffice,
  type Remark,
  renderFingerprint,
  renderPartContent,
  renderRemark,
  saveOfficeFile,
  savePending,
  saveRegisterOffice,
  signChange,
  type Signed,
  signRoot,
} from "../../certs/authority/index.ts";
import type { SigningKey } from "../../certs/keys/index.ts";
import { rolePath } from "../../certs/trust/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { parseNumber } from "./words.ts";
import { writeResult } from "./world.ts";
import { type ChangeOptions, keepProposal } from "./register-change.ts";
import {
  chooseLanguage,
  type Common,
  confirm,
  openKey,
  openOffice,
  readPublicKey,
  type RegisterWorld,
} from "./register-world.ts";

/** Options of `sign`. */
export interface SignOptions extends Common, Trial {
  readonly role: string;
  readonly key: string;
}

function partOf(role: string): string {
  if (role !== "snapshot" && role !== "timestamp") return role === "targets" ? "region" : role;
  throw new Fault("USAGE_INVALID", `${role} is signed by: atumpan register publish --key FILE`);
}

/** What is pending with one signature more, and how it is kept until there are enough. */
interface SignedPart extends Signed {
  readonly keep: () => void;
}

function signPending(office: RegisterOffice, part: string, key: SigningKey): SignedPart {
  const { files, officers } = office;
  if (part === "root") {
    const signed = signRoot(files, findPending(office, "root") ?? new Uint8Array(), key);
    return { ...signed, keep: () => savePending(office, "root", signed.metadata) };
  }
  const signed = signChange({ files, desk: officers }, loadChange(office, part), key);
  return { ...signed, keep: () => savePending(office, part, signed.change) };
}

/** What was signed is dropped: that alone shows that the key may sign, and whether it would be enough. */
function tellTried(
  world: RegisterWorld,
  { role, json }: SignOptions,
  { lines, placed, missing, key }: ChangeWords & Signed & { readonly key: SigningKey },
): void {
  const isEnough = placed !== undefined;
  const { say } = world;
  const words = [
    say("dry.sign.key", { key: renderFingerprint(key.spki), role }),
    ...lines.map((line) => `  ${line}`),
    isEnough ? say("dry.sign.enough") : say("dry.sign.missing", { missing: missing ?? "" }),
  ];
  writeTrial(world, { json, result: { role, complete: isEnough, lines }, words });
}

/** Puts what enough have signed in its place. */
export function keepPlaced(office: RegisterOffice, part: string, placed: RegisterOffice["files"]): void {
  saveRegisterOffice({ ...office, files: placed });
  const first = placed.get(rolePath("root", 1));
  if (part === "root" && first !== undefined) saveOfficeFile(join(office.folder, "root.json"), first);
  dropPending(office, part);
} // prettier-ignore

/** `atumpan register sign`: one key's signature under what is pending of a role, after its holder has read it. */
export async function runSign(world: RegisterWorld, options: SignOptions): Promise<void> {
  const office = openOffice(world, options);
  const part = partOf(options.role);
  const telling = { at: world.clock.now(), lang: chooseLanguage(options) };
  const told: ChangeWords = describePending(office, part, telling);
  const question = `You sign this for ${options.role}.`;
  const isTried = options.dryRun === true;
  if (!isTried) await confirm(world, options, { lines: told.lines, question });
  const key = openKey(world, options.key);
  const signed = signPending(office, part, key);
  if (isTried) return tellTried(world, options, { ...told, ...signed, key });
  const { placed, missing } = signed;
  signed.keep();
  if (placed !== undefined) keepPlaced(office, part, placed);
  const words = [
    `Signed with key ${renderFingerprint(key.spki)}.`,
    placed === undefined
      ? `Not enough yet: ${missing}. Next: the holder of another key runs the same command.`
      : "Enough have signed: it stands in the repository, and readers have it once it is published.",
  ];
  const result = { role: options.role, complete: placed !== undefined, lines: told.lines };
  return writeResult(world, { json: options.json, result, words });
}

/** Options of `rotate`. */
export interface RotateOptions
  extends Common, Trial, Partial<Pick<ChangeOptions, "as" | "reason" | "days">> {
  readonly role: string;
  readonly add?: readonly string[];
  readonly drop?: readonly string[];
  readonly threshold?: string;
}

const dayMs = 86_400_000;
const rootDays = 1095;

function plain(text: string): string {
  return text.replace(/[\s-]/g, "").toLowerCase();
}

/** A key that is to go is named by its file, or, when that is lost, by its fingerprint. */
function findDropped(world: RegisterWorld, name: string, known: readonly Bytes[]): Bytes {
  const byFinger = known.find((spki) => plain(renderFingerprint(spki)) === plain(name));
  return byFinger ?? readPublicKey(world, name);
}

function readKeyChange(
  world: RegisterWorld,
  { add = [], drop = [], threshold, days }: RotateOptions,
  known: readonly Bytes[],
): KeyChange {
  if (add.length + drop.length === 0 && (threshold ?? days) === undefined) {
    throw new Fault(
      "USAGE_INVALID",
      "name a key to --add or --drop, a --threshold, or --days to let it live longer",
    );
  }
  return {
    add: add.map((name) => readPublicKey(world, name)),
    drop: drop.map((name) => findDropped(world, name, known)),
    threshold: parseNumber(threshold, "--threshold"),
  };
}

function rotateAuthority(world: RegisterWorld, options: RotateOptions, office: RegisterOffice): void {
  const { role, as, reason } = options;
  if (as === undefined || reason === undefined) {
    throw new Fault("USAGE_INVALID", "keys of an authority change with the region's part: say --as KEY and --reason TEXT");
  }
  const content = readPartContent(office.files, "region");
  if (content?.kind !== "region") throw new Fault("NOT_FOUND", "there is no region's part yet; propose one first");
  const before = content.delegations.get(role) ?? { keys: [], threshold: 1 };
  const change = readKeyChange(world, options, before.keys);
  const delegations = new Map([...content.delegations, [role, changeKeys(role, before, change)]]);
  const base = findVersions(office.files).get("targets")?.at(-1) ?? 0;
  const edit = { part: "region", base, content: renderPartContent({ ...content, delegations }) };
  keepProposal(world, { ...options, as, reason }, { office, edit });
} // prettier-ignore

function tellRoot(world: RegisterWorld, options: RotateOptions, remarks: readonly Remark[]): void {
  const lang = chooseLanguage(options);
  const lines = remarks.map((one) => renderRemark(one, lang));
  const words = [world.say("dry.rotate.root"), ...lines.map((line) => `  ${line}`)];
  writeTrial(world, { json: options.json, result: { role: options.role, lines }, words });
}

/** `atumpan register rotate`: other keys for a role. Those of the root and its roles make the next root; those of an authority, a proposal of the region. */
export function runRotate(world: RegisterWorld, options: RotateOptions): void {
  const office = openOffice(world, options);
  const { role } = options;
  if (!isTopRoleName(role)) return rotateAuthority(world, options, office);
  if (findPending(office, "root") !== undefined) {
    throw new Fault("CHANGE_OUTDATED", "a root is pending already; have it signed, or: atumpan register withdraw root");
  }
  const known = keysOf(findRole(office.files, role)).keys;
  const change = readKeyChange(world, options, known);
  const expiresAt = world.clock.now() + (parseNumber(options.days, "--days") ?? rootDays) * dayMs;
  const draft = draftRootChange(office.files, { role, change, expiresAt });
  if (options.dryRun === true) return tellRoot(world, options, describeRoot(office.files, draft, false));
  savePending(office, "root", draft);
  const telling = { at: world.clock.now(), lang: chooseLanguage(options) };
  const { lines } = describePending(office, "root", telling);
  const next = "Next: holders of the root, enough of those before and of those after: atumpan register sign --role root --key FILE";
  return writeResult(world, { json: options.json, result: { role, lines }, words: [...lines, next] });
} // prettier-ignore
