import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

import { type RenewalOutcome, tendRenewals, withRenewed } from "../../certs/authority/index.ts";
import { type Certificate, parseCertificate, parseRequest } from "../../certs/shape/index.ts";
import { parseRenewalRequest, type RegisterView } from "../../certs/trust/index.ts";
import type { AgencyCertificate } from "../../schemas/index.ts";
import { Fault, isFault, renderHex, sameBytes, sha256 } from "../../schemas/ground/index.ts";
import {
  checkNewFile,
  findOwnPart,
  proposeNext,
  readNamedRegister,
  saveEditedPart,
} from "./authority-part.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { type Common, renderDay } from "./words.ts";
import { type AuthorityWorld, type OnlineDesk, workOnline, writeResult } from "./world.ts";

/** Options of `renewals`. */
export interface RenewalsOptions extends Common, Trial {
  readonly register: string;
  readonly vouch?: readonly string[];
  readonly out?: string;
}

/** What became of one request. */
interface Row {
  readonly file: string;
  readonly state: "issued" | "waiting" | "done" | "refused" | "later";
  readonly agency?: string;
  readonly kind?: string;
  readonly code?: string;
  /** SHA-256 of the new key, as --vouch takes it. */
  readonly key?: string;
  readonly says: string;
}

const maxFileBytes = 64 * 1024;
const bySelf = "nothing is to be done; the gateway asks again by itself";
/** What is to be done about a refusal. Where nothing stands here, somebody has to vouch for the key. */
const ways: Readonly<Record<string, string>> = {
  CSR_INVALID: bySelf,
  CSR_POSSESSION_UNPROVEN: bySelf,
  CSR_NAME_NOT_PERMITTED: "take the request to the office of the agency's own authority",
  MANDATE_SUSPENDED: "reinstate the agency first",
  SEAL_KEY_UNCONFIRMED:
    "have the gateway endorse its new key again, or two authorities vouch for it",
};

function readVouched(words: readonly string[]): ReadonlySet<string> {
  const found = words.map((one) => one.replaceAll(/[\s:]/g, "").toLowerCase());
  const bad = found.some((one) => !/^[0-9a-f]{64}$/.test(one));
  if (!bad) return new Set(found);
  throw new Fault(
    "USAGE_INVALID",
    "--vouch is the SHA-256 of a new key: 64 hexadecimal digits, all of them",
  );
}

/** What a request says of itself; nothing of it is believed. */
interface Said {
  readonly agency: string;
  readonly kind: string;
  readonly spki: Uint8Array;
}

function readSaid(folder: string, file: string): Said | undefined {
  const path = join(folder, file);
  try {
    if (statSync(path).size > maxFileBytes) return undefined;
    const { agency, kind, request } = parseRenewalRequest(readFileSync(path));
    return { agency, kind, spki: parseRequest(request).spki };
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

function isNamed(register: RegisterView, { agency, kind, spki }: Said): boolean {
  const named = register.agency(agency)?.certificates ?? [];
  return named.some(
    (one) => one.kind === kind && sameBytes(parseCertificate(one.certificate).spki, spki),
  );
}

function describeRefused(
  { code, detail }: RenewalOutcome["refused"][number],
  said: Said | undefined,
): Pick<Row, "state" | "code" | "key" | "says"> {
  const key = said === undefined ? undefined : renderHex(sha256(said.spki));
  const vouch =
    key === undefined
      ? "have the gateway ask anew"
      : `compare the new key with the agency by another way, then add --vouch ${key}`;
  const way = ways[code] ?? vouch;
  return {
    state: "refused",
    code,
    ...(key === undefined ? {} : { key }),
    says: `${detail}; ${way}`,
  };
}

function describeIssued(
  { endorsements, kind }: AgencyCertificate,
  leaf: Certificate,
  isDrawn: boolean,
): string {
  const until = `good until ${renderDay(leaf.notAfter)}`;
  const good = isDrawn ? until : `serial ${leaf.serial}, ${until}`;
  if (kind !== "SEALING") return good;
  return endorsements.length > 0
    ? `${good}, endorsed by the key before`
    : `${good}; the key before does not vouch for it: two authorities may, with atumpan authority vouch, or others confirm it`;
}

/** Where requests lie, and whether they are only looked at. */
interface Look {
  readonly folder: string;
  readonly register: RegisterView;
  readonly isTried: boolean;
}

/** Whether the certificate of a request would only come: its serial is drawn when it does. */
function isToCome({ folder, isTried }: Look, file: string): boolean {
  return isTried && !existsSync(join(folder, file.replace(/\.request$/, ".certificate")));
}

function describeLeft(look: Look, file: string, said: Said | undefined): Pick<Row, "state" | "says"> {
  if (said !== undefined && isNamed(look.register, said)) {
    return { state: "done", says: "the register names its certificate" };
  }
  if (said?.kind !== "SEALING") {
    return { state: "later", says: "a round answers 64 requests; run it again" };
  }
  const lies = isToCome(look, file) ? "would be issued and laid beside it" : "lies beside it";
  const says = `its certificate ${lies}; the gateway has yet to endorse it with its key before`;
  return { state: "waiting", says };
} // prettier-ignore

/** Every request that lies there, with what became of it. */
function findRows(look: Look, { added, refused }: RenewalOutcome): readonly Row[] {
  const { folder } = look;
  const issued = added.map(({ line }) => ({ line, leaf: parseCertificate(line.certificate) }));
  const files = readdirSync(folder).filter((file) => file.endsWith(".request"));
  return files.toSorted().map((file): Row => {
    const said = readSaid(folder, file);
    const whose = said === undefined ? {} : { agency: said.agency, kind: said.kind };
    const no = refused.find((one) => one.file === file);
    if (no !== undefined) return { file, ...whose, ...describeRefused(no, said) };
    const yes = issued.find(({ leaf }) => said !== undefined && sameBytes(leaf.spki, said.spki));
    if (yes === undefined) return { file, ...whose, ...describeLeft(look, file, said) };
    const says = describeIssued(yes.line, yes.leaf, isToCome(look, file));
    return { file, ...whose, state: "issued", says };
  });
}

function renderRow({ file, state, agency = "?", kind = "?", code, says }: Row): string {
  const why = code === undefined ? "" : ` Code ${code}.`;
  return `${file}: ${kind} of ${agency}, ${state}: ${says}.${why}`;
}

/** Keys that somebody vouched for and that nobody asks about: a digit is wrong, or the request went another way. */
function findUnasked(folder: string, vouched: ReadonlySet<string>): readonly string[] {
  const files = readdirSync(folder).filter((file) => file.endsWith(".request"));
  const asked = files.flatMap((file) => readSaid(folder, file) ?? []);
  const keys = new Set(asked.map(({ spki }) => renderHex(sha256(spki))));
  return [...vouched].filter((one) => !keys.has(one));
}

async function tend(
  world: AuthorityWorld,
  { authority, journal }: OnlineDesk,
  { folder, options }: { readonly folder: string; readonly options: RenewalsOptions },
): Promise<void> {
  const filed = readNamedRegister(world, options.register);
  const { part, version } = findOwnPart(filed, authority.authority);
  const out = options.out ?? `${authority.authority}-renewed.json`;
  checkNewFile(world, out);
  const vouched = readVouched(options.vouch ?? []);
  const now = world.clock.now();
  const round = { authority, journal, register: filed.view, folder, vouched };
  const outcome = await tendRenewals({ ...round, now, chance: world.chance });
  const rows = findRows({ folder, register: filed.view, isTried: journal.isTried }, outcome);
  const unasked = findUnasked(folder, vouched);
  const isChanged = outcome.added.length > 0;
  const state = withRenewed(part, outcome.added, now);
  const words = [
    ...(rows.length === 0 ? ["No request lies there."] : rows.map(renderRow)),
    ...unasked.map((key) => `No request is for the key ${key}: compare its digits again.`),
  ];
  const result = { requests: rows, unasked, ...(isChanged ? { part: out, base: version } : {}) };
  const told = { json: options.json, result };
  if (journal.isTried) {
    const { say } = world;
    const facts = { file: out, authority: authority.authority, count: outcome.added.length };
    const written = say(isChanged ? "dry.renewals.part" : "dry.renewals.same", facts);
    return writeTrial(world, { ...told, words: [say("dry.renewals.each"), ...words, written] });
  }
  if (isChanged) saveEditedPart(world, out, { state, base: version });
  const written = isChanged ? `${out}: the part of ${authority.authority} with them. ${proposeNext(out)}` : "The part stays as it is.";
  return writeResult(world, { ...told, words: [...words, written] });
} // prettier-ignore

/**
 * `atumpan authority renewals`: answers the requests that gateways left in a folder, says what became of each, and
 * writes the authority's part with the new certificates for whoever proposes it. The same again gives the same
 * again, and issues nothing twice.
 */
export async function runRenewals(
  world: AuthorityWorld,
  requests: string,
  options: RenewalsOptions,
): Promise<void> {
  const folder = resolve(world.cwd, requests);
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new Fault("USAGE_INVALID", `${requests} is no folder; name the one that gateways leave their requests in`);
  }
  await workOnline(world, options, (desk) => tend(world, desk, { folder, options }));
} // prettier-ignore
