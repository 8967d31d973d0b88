import { dirname, resolve } from "node:path";

import {
  acceptChange,
  type Change,
  changeOfficers,
  checkAccepted,
  checkProposed,
  describePending,
  describeProposed,
  dropPending,
  findPending,
  listPending,
  loadChange,
  proposeChange,
  readOfficeFile,
  type RegisterOffice,
  savePending,
  saveRegisterOffice,
  withdrawPending,
} from "../../certs/authority/index.ts";
import { parsePem } from "../../certs/shape/index.ts";
import { parseJsonText } from "../../schemas/index.ts";
import { Fault, isFault, parseUtf8, renderBase64url } from "../../schemas/ground/index.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { parseNumber } from "./words.ts";
import { writeResult } from "./world.ts";
import {
  chooseLanguage,
  type Common,
  confirm,
  openKey,
  openOffice,
  readPublicKey,
  type RegisterWorld,
} from "./register-world.ts";

/** Options of `propose`, `accept` and their like. */
export interface ChangeOptions extends Common, Trial {
  readonly as: string;
  readonly reason: string;
  readonly days?: string;
}

const defaultDays = 365;
const maxEditBytes = 32 * 1024 * 1024;

/**
 * A document that an edited file names as `@FILE`, as the register writes it: DER in base64url. Nothing but
 * certificates, lists and public keys is read in, so that no edited file can carry out a key by its name.
 */
function readDocument(world: RegisterWorld, folder: string, name: string): string {
  const file = resolve(folder, name);
  const text = Buffer.from(readOfficeFile(file)).toString("latin1");
  if (text.startsWith("-----BEGIN PUBLIC KEY-----")) {
    return renderBase64url(readPublicKey(world, file));
  }
  const label = text.includes("BEGIN X509 CRL") ? "X509 CRL" : "CERTIFICATE";
  try {
    const [der, ...more] = parsePem(label, text);
    if (der !== undefined && more.length === 0) return renderBase64url(der);
  } catch (cause) {
    if (!isFault(cause)) throw cause;
  }
  throw new Fault("CHANGE_INVALID", `${name} holds no single certificate, list or public key in PEM`);
} // prettier-ignore

function fillIn(value: unknown, read: (name: string) => string): unknown {
  if (typeof value === "string") {
    return /^@[\w./-]{1,300}$/.test(value) ? read(value.slice(1)) : value;
  }
  if (Array.isArray(value)) return value.map((one: unknown) => fillIn(one, read));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillIn(one, read)]));
} // prettier-ignore

interface Edit {
  readonly part: string;
  readonly base: number;
  readonly content: unknown;
}

/** Reads the file that somebody edited. @throws {Fault} USAGE_INVALID, JSON_MALFORMED, CHANGE_INVALID */
function readEdit(world: RegisterWorld, name: string): Edit {
  const file = resolve(world.cwd, name);
  const json = parseJsonText(parseUtf8(readOfficeFile(file)), maxEditBytes);
  const members = new Map(typeof json === "object" && json !== null ? Object.entries(json) : []);
  const [part, base, content] = ["part", "base", "content"].map((key): unknown => members.get(key));
  if (typeof part !== "string" || typeof base !== "number" || members.size !== 3) {
    const way = "write one with: atumpan register show --part PART --out FILE";
    throw new Fault("CHANGE_INVALID", `${name} holds part, base and content, and nothing else; ${way}`);
  }
  return { part, base, content: fillIn(content, (one) => readDocument(world, dirname(file), one)) };
} // prettier-ignore

function tell(
  world: RegisterWorld,
  options: Common,
  { office, change }: { office: RegisterOffice; change: Change },
) {
  const telling = { at: world.clock.now(), lang: chooseLanguage(options) };
  return describeProposed(office, change, telling);
}

function checkNothingPending(office: RegisterOffice, part: string): void {
  if (findPending(office, part) === undefined) return;
  throw new Fault(
    "CHANGE_OUTDATED",
    `a change of ${part} is pending already; have it signed, or take it back with: atumpan register withdraw ${part}`,
  );
}

/** Proposes a change and keeps it, once it has been read as everybody will read it. */
export function keepProposal(
  world: RegisterWorld,
  options: ChangeOptions,
  { office, edit }: { readonly office: RegisterOffice; readonly edit: Edit },
): void {
  const { reason } = options;
  const days = parseNumber(options.days, "--days") ?? defaultDays;
  if (reason.length < 3 || reason.length > 2000 || !Number.isInteger(days) || days < 1 || days > 3650) {
    throw new Fault("USAGE_INVALID", "--reason has 3 to 2000 signs, --days is a whole number from 1 to 3650");
  }
  checkNothingPending(office, edit.part);
  const key = openKey(world, options.as);
  const change = proposeChange(office.officers, { ...edit, days, reason }, { key, at: world.clock.now() });
  if (edit.part === "officers") checkEdition(office, edit.base);
  const { lines, touched } = tell(world, options, { office, change });
  if (options.dryRun === true) {
    const first = world.say("dry.propose", { by: change.proposal.by, part: edit.part });
    return tellTried(world, options, { first, lines, result: { part: edit.part, lines, touched } });
  }
  savePending(office, edit.part, change);
  const words = [
    ...lines,
    `Proposed by ${change.proposal.by}, and not in force. Next: another officer runs: atumpan register accept ${edit.part}`,
  ];
  return writeResult(world, { json: options.json, result: { part: edit.part, lines, touched }, words });
} // prettier-ignore

function tellTried(
  world: RegisterWorld,
  { json }: Common,
  { first, lines, last = [], result }: { readonly first: string; readonly lines: readonly string[]; readonly last?: readonly string[]; readonly result: object },
): void {
  writeTrial(world, { json, result, words: [first, ...lines.map((line) => `  ${line}`), ...last] });
} // prettier-ignore

function checkEdition({ officers }: RegisterOffice, base: number): void {
  if (base === officers.edition) return;
  throw new Fault("CHANGE_OUTDATED", `it was made on edition ${base} of the officers, and ${officers.edition} holds; make it anew on that`);
} // prettier-ignore

/** `atumpan register propose`: a change from an edited file, in an officer's name. */
export function runPropose(world: RegisterWorld, name: string, options: ChangeOptions): void {
  const office = openOffice(world, options);
  keepProposal(world, options, { office, edit: readEdit(world, name) });
}

/** Who proposed and who accepted; what stands against it is told and stops nothing: reading is always allowed. */
function renderHands({ officers }: RegisterOffice, change: Change): string {
  const { by, reason, base } = change.proposal;
  const told = change.accepted === undefined ? "not accepted yet" : `accepted by ${change.accepted.by}`;
  checkProposed(officers, change);
  return `Proposed by ${by} on version ${base}, ${told}. Reason: ${reason}`;
} // prettier-ignore

/** `atumpan register diff`: what is pending, in plain words. */
export function runDiff(world: RegisterWorld, part: string | undefined, options: Common): void {
  const office = openOffice(world, options);
  const telling = { at: world.clock.now(), lang: chooseLanguage(options) };
  const parts = part === undefined ? listPending(office) : [part];
  const found = parts.map((one) => {
    const hands = one === "root" ? [] : [renderHands(office, loadChange(office, one))];
    return { part: one, hands, ...describePending(office, one, telling) };
  });
  const words = found.flatMap(({ part: own, hands, lines }) => [
    `${own}:`,
    ...[...hands, ...lines].map((line) => `  ${line}`),
  ]);
  const told = words.length === 0 ? ["Nothing is pending."] : words;
  writeResult(world, { json: options.json, result: found, words: told });
}

function roleOf(part: string): string {
  return part === "region" ? "targets" : part;
}

function tellAccepted(
  world: RegisterWorld,
  options: ChangeOptions,
  { part, lines, accepted }: { readonly part: string; readonly lines: readonly string[]; readonly accepted: Change },
): void {
  const { say } = world;
  const by = accepted.accepted?.by ?? "";
  const { by: proposer, reason } = accepted.proposal;
  const next = part === "officers" ? say("dry.accept.force") : say("dry.accept.sign", { role: roleOf(part) });
  tellTried(world, options, {
    first: say("dry.accept", { by, proposer, part, reason }),
    lines,
    last: [next],
    result: { part, by, lines },
  });
} // prettier-ignore

/** `atumpan register accept`: another officer's yes, after reading what it means. */
export async function runAccept(
  world: RegisterWorld,
  part: string,
  options: ChangeOptions,
): Promise<void> {
  const office = openOffice(world, options);
  const change = loadChange(office, part);
  checkProposed(office.officers, change);
  const { lines } = tell(world, options, { office, change });
  const question = `${change.proposal.by} proposes this change of ${part}: ${change.proposal.reason}.`;
  const isTried = options.dryRun === true;
  if (!isTried) await confirm(world, options, { lines, question });
  const key = openKey(world, options.as);
  const accepted = acceptChange(office.officers, change, { key, at: world.clock.now() });
  checkAccepted(office.officers, accepted);
  if (isTried) return tellAccepted(world, options, { part, lines, accepted });
  if (part === "officers") keepOfficers(office, accepted);
  else savePending(office, part, accepted);
  const role = roleOf(part);
  const next =
    part === "officers"
      ? "It is in force in this folder."
      : `Next: the holders of its keys run: atumpan register sign --role ${role} --key FILE`;
  const by = accepted.accepted?.by ?? "";
  return writeResult(world, { json: options.json, result: { part, by, lines }, words: [`Accepted by ${by}. ${next}`] });
} // prettier-ignore

/** Officers need no key of a role: the two of them are what changes it. */
export function keepOfficers(office: RegisterOffice, change: Change): void {
  saveRegisterOffice({ ...office, officers: changeOfficers(office.officers, change) });
  dropPending(office, "officers");
}

/** `atumpan register withdraw`: takes back what is pending. */
export function runWithdraw(world: RegisterWorld, part: string, options: Common): void {
  const kept = withdrawPending(openOffice(world, options), part);
  const words = [`The change of ${part} is withdrawn; it is kept as ${kept}.`];
  writeResult(world, { json: options.json, result: { part, kept }, words });
}
