import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  findCurrent,
  issueCrl,
  issueLeaf,
  journalFile,
  makeAuthority,
  saveAuthority,
  saveList,
  startJournal,
  tryJournal,
} from "../../certs/authority/index.ts";
import { type Certificate, type LeafKind, renderPem } from "../../certs/shape/index.ts";
import { Fault, toFault } from "../../schemas/ground/index.ts";
import { readRequest } from "./authority-files.ts";
import { publishNext, saveLists } from "./authority-lists.ts";
import { checkNewFile } from "./authority-part.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { type Common, isKind, kinds, parseNumber, renderDay } from "./words.ts";
import { type AuthorityWorld, type OnlineDesk, workOnline, writeResult } from "./world.ts";

/** The keys of the trial are dropped: that an authority of this name can be made is all that they show. */
async function tellInit(
  world: AuthorityWorld,
  { authority, json }: InitOptions,
  folder: string,
): Promise<void> {
  const now = world.clock.now();
  const journal = tryJournal(journalFile(folder));
  await makeAuthority({ authority, now, chance: world.chance, journal });
  const words = [world.say("dry.init.made", { folder, authority })];
  writeTrial(world, { json, result: { authority, folder }, words });
}

/** Options of `init`. */
export interface InitOptions extends Common, Trial {
  readonly authority: string;
}

/** `atumpan authority init`: an authority in one folder, for trying out. */
export async function runInit(
  world: AuthorityWorld,
  { authority, ...options }: InitOptions,
): Promise<void> {
  const folder = resolve(world.cwd, options.folder);
  if (existsSync(join(folder, "root.crt")))
    throw new Fault("USAGE_INVALID", `${folder} holds an authority already`);
  if (options.dryRun === true) return await tellInit(world, { authority, ...options }, folder);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const journal = startJournal(journalFile(folder));
  try {
    const now = world.clock.now();
    const made = await makeAuthority({ authority, now, chance: world.chance, journal });
    saveAuthority(folder, made);
    const crl = await issueCrl({ authority: made, journal, issuer: "ROOT", now });
    saveList(join(folder, "root.crl"), crl);
    await saveLists({ folder, authority: made, journal }, { now });
  } finally {
    journal.stop();
  }
  const words = [
    `${folder} holds the authority ${authority}, for trying out: its root's key lies beside the other.`,
    "In earnest the root is made on a machine of its own: atumpan authority ceremony root --help",
  ];
  return writeResult(world, { json: options.json, result: { authority, folder }, words });
}

/** Options of `issue`. */
export interface IssueOptions extends Common, Trial {
  readonly request: string;
  readonly agency: string;
  readonly kind: string;
  readonly days?: string;
  readonly out?: string;
}

function saveLeaf(file: string, der: Uint8Array): void {
  try {
    writeFileSync(file, renderPem("CERTIFICATE", der), { flag: "wx", flush: true });
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${file} could not be written to a new file`);
  }
}

/** A certificate's serial is drawn when it is issued, and so is the name of its file. */
function tellTried(
  world: AuthorityWorld,
  options: IssueOptions & { readonly kind: LeafKind },
  { ledger, leaf }: { readonly ledger: OnlineDesk["journal"]["ledger"]; readonly leaf: Certificate },
): void {
  const { agency, kind, json, out } = options;
  const at = world.clock.now();
  const held = findCurrent(ledger, { agency, kind, at }).filter(({ serial }) => serial !== leaf.serial);
  const { say } = world;
  const file = out === undefined ? say("dry.issue.newFile") : resolve(world.cwd, out);
  const words = [
    say("dry.issue.made", { kind, agency, until: renderDay(leaf.notAfter), file }),
    say("dry.issue.held", { agency, count: held.length }),
  ];
  const result = { agency, kind, notAfter: leaf.notAfter, held: held.map(({ serial }) => serial) };
  writeTrial(world, { json, result, words });
} // prettier-ignore

/** `atumpan authority issue`: a certificate for a request. */
export async function runIssue(world: AuthorityWorld, options: IssueOptions): Promise<void> {
  const { agency, kind } = options;
  const days = parseNumber(options.days, "--days");
  if (!isKind(kind)) throw new Fault("USAGE_INVALID", `--kind is one of ${kinds.join(", ")}`);
  const request = readRequest(world, options.request);
  if (options.out !== undefined) checkNewFile(world, options.out);
  await workOnline(world, options, async ({ authority, journal }) => {
    const { chance } = world;
    const now = world.clock.now();
    const order = { authority, journal, request, agency, kind, now, chance };
    const leaf = await issueLeaf({ ...order, ...(days === undefined ? {} : { days }) });
    if (options.dryRun === true) return tellTried(world, { ...options, kind }, { ...journal, leaf });
    const name = `${agency.replace("/", "-")}-${kind.toLowerCase()}-${leaf.serial.slice(2, 10)}.crt`;
    const file = resolve(world.cwd, options.out ?? name);
    saveLeaf(file, leaf.der);
    const result = { serial: leaf.serial, agency, kind, notAfter: leaf.notAfter, file };
    const words = [
      `${file}: ${kind} certificate of ${agency}, serial ${leaf.serial}, good until ${renderDay(leaf.notAfter)}`,
      `Give it to ${agency}. ${publishNext}`,
    ];
    return writeResult(world, { json: options.json, result, words });
  });
} // prettier-ignore
