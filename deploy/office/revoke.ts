import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import type { Command } from "commander";

import {
  type Authority,
  issueLists,
  issuersOf,
  issuingName,
  type Journal,
  journalFile,
  revocationReasons,
  revokeCertificate,
  saveList,
  startJournal,
  withRegisterLock,
} from "../../certs/authority/index.ts";
import type { Crl } from "../../certs/shape/index.ts";
import type { Start } from "../../gateways/cli/index.ts";
import { parseInstant } from "../../schemas/index.ts";
import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import {
  type AuthorityWorld,
  makeOfficeStart,
  type OnlineDesk,
  workOnline,
  writeResult,
} from "./world.ts";
import { type Trial, trialOption, writeTrial } from "./trial.ts";
import { findMeant, renderReach, type RevocationTarget, revocableKinds } from "./revoke-plan.ts";
import {
  type FiledRegister,
  makeRevokedPart,
  publishPart,
  type Published,
  readFiledRegister,
} from "./revoke-publish.ts";

interface RevokeOptions extends Trial {
  readonly kind: string;
  readonly reason: string;
  readonly since?: string;
  readonly office?: string;
  readonly register?: string;
  readonly registrar?: string;
  readonly out?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** An order as it was given, every word of it checked. */
interface Order extends RevocationTarget {
  readonly reason: keyof typeof revocationReasons;
  readonly since: EpochMs | undefined;
  readonly office: string;
  readonly register: string;
  readonly registrarKey: string;
  readonly carryTo: string;
  readonly options: RevokeOptions;
}

function isReason(text: string): text is keyof typeof revocationReasons {
  return Object.hasOwn(revocationReasons, text);
}

function readKinds(text: string): RevocationTarget["kinds"] {
  const wanted = text.toUpperCase();
  const found = revocableKinds.filter((kind) => wanted === "ALL" || kind === wanted);
  if (found.length > 0) return found;
  throw new Fault("USAGE_INVALID", `--kind is one of ${revocableKinds.join(", ")} or all`);
}

function readSince(text: string | undefined): EpochMs | undefined {
  if (text === undefined) return undefined;
  const isShaped = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
  const at = isShaped ? parseInstant(text) : undefined;
  if (at !== undefined) return at;
  throw new Fault("USAGE_INVALID", "--since is a time such as 2026-11-20T10:00:00Z");
}

/** On a machine with a local region everything has its place; elsewhere it is named. */
function placesOf(cwd: string, state: string, options: RevokeOptions): Pick<Order, "office" | "register" | "registrarKey" | "carryTo"> {
  const local = resolve(cwd, ".atumpan", "authorities", state);
  const office = options.office === undefined ? local : resolve(cwd, options.office);
  const beside = join(dirname(dirname(office)), "register", "register.bin");
  const register = options.register === undefined ? beside : resolve(cwd, options.register);
  const registrar = join(dirname(register), "registrar.key");
  return {
    office,
    register,
    registrarKey: options.registrar === undefined ? registrar : resolve(cwd, options.registrar),
    carryTo: options.out === undefined ? join(office, "for-registrars") : resolve(cwd, options.out),
  };
} // prettier-ignore

function readOrder({ cwd }: AuthorityWorld, agency: string, options: RevokeOptions): Order {
  const { reason } = options;
  if (!/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/.test(agency)) {
    throw new Fault("USAGE_INVALID", "name an agency, such as ng/tcu");
  }
  if (!isReason(reason)) {
    const reasons = Object.keys(revocationReasons).join(", ");
    throw new Fault("USAGE_INVALID", `--reason is one of ${reasons}`);
  }
  const places = placesOf(cwd, agency.split("/")[0] ?? "", options);
  if (!existsSync(places.office)) {
    throw new Fault(
      "USAGE_INVALID",
      `there is no office at ${places.office}; name it with --office`,
    );
  }
  const since = readSince(options.since);
  return { agency, kinds: readKinds(options.kind), reason, since, ...places, options };
}

async function confirm(
  { ask, err }: AuthorityWorld,
  { agency, options }: Order,
  reach: readonly string[],
): Promise<void> {
  for (const line of reach) err(`${line}\n`);
  if (options.yes === true) return;
  const answer = await ask(`Type ${agency} to revoke, anything else to stop`);
  if (answer.trim() === agency) return;
  throw new Fault("USAGE_INVALID", "the answer was not the agency's name; nothing was changed");
}

function saveLists(folder: string, authority: Authority, lists: readonly Crl[]): void {
  const issuers = issuersOf(authority);
  for (const [at, { certificate }] of issuers.entries()) {
    const list = lists.find(({ authorityKeyId }) => authorityKeyId === certificate.subjectKeyId);
    if (list === undefined) continue;
    saveList(join(folder, `${issuingName(issuers.length - at)}.crl`), list);
  }
}

interface Done {
  readonly revoked: readonly string[];
  readonly published: Published;
}

/** Journal, lists, the state's part, the register: in this order, so that a stop between leaves what can be done again. */
async function carryOut(
  order: Order,
  { authority, journal }: { authority: Authority; journal: Journal },
  { filed, meant, now }: { filed: FiledRegister; meant: ReturnType<typeof findMeant>; now: EpochMs },
): Promise<Done> {
  const { agency, reason, since, office } = order;
  for (const { serial } of meant) {
    revokeCertificate({ authority, journal, serial, reason, now, since });
  }
  const lists = await issueLists({ authority, journal, now });
  const { isTried } = journal;
  if (!isTried) saveLists(office, authority, lists);
  const held = filed.view.trusted.parts.get(authority.authority);
  if (held === undefined) {
    throw new Fault("REGISTER_INVALID", `the register has no part of ${authority.authority}`);
  }
  const part = makeRevokedPart(held.part, { agency, meant, lists, endsAt: since ?? now });
  const keys = { ...order, stateKey: join(office, "register.key") };
  const published = publishPart(filed, part, { keys, now, isTried });
  return { revoked: meant.map(({ serial }) => serial), published };
} // prettier-ignore

function renderDone({ revoked, published }: Done): readonly string[] {
  const first = `${revoked.length} certificates are revoked.`;
  if (published.kind === "published") {
    return [
      first,
      `Epoch ${published.epoch} is published at ${published.file}.`,
      "The hub closes sessions and refuses logins as soon as it reads it; gateways learn it from the hub.",
    ];
  }
  return [
    first,
    `The state's part is signed, and lies in ${published.folder}.`,
    "Next: give that folder to the registrars; nobody learns of the revocation before they publish it.",
  ];
}

function renderTried(
  { say }: AuthorityWorld,
  reach: readonly string[],
  { published }: Done,
): readonly string[] {
  const end =
    published.kind === "carried"
      ? say("dry.revoke.carried", { folder: published.folder })
      : say("dry.revoke.published", { epoch: published.epoch, file: published.file });
  return [say("dry.revoke.reach"), ...reach, end];
}

/** What is done is judged by what stands there now: somebody may have published while it was confirmed. */
async function judgeAndCarryOut(
  world: AuthorityWorld,
  order: Order,
  open: Pick<OnlineDesk, "authority" | "journal">,
): Promise<Done> {
  const filed = readFiledRegister(order.register);
  const now = world.clock.now();
  const meant = findMeant(order, { register: filed.view, journal: open.journal, now });
  return await carryOut(order, open, { filed, meant, now });
}

async function carryOutNow(
  world: AuthorityWorld,
  order: Order,
  { authority, folder }: Pick<OnlineDesk, "authority" | "folder">,
): Promise<Done> {
  return await withRegisterLock(order.register, async () => {
    const journal = startJournal(journalFile(folder));
    try {
      return await judgeAndCarryOut(world, order, { authority, journal });
    } finally {
      journal.stop();
    }
  });
}

async function revoke(world: AuthorityWorld, agency: string, options: RevokeOptions): Promise<void> {
  const order = readOrder(world, agency, options);
  const filed = readFiledRegister(order.register);
  const { json, dryRun } = options;
  const desk = await workOnline(world, { folder: order.office, dryRun }, async (open: OnlineDesk) => {
    const { authority, journal } = open;
    if (!agency.startsWith(`${authority.authority}/`)) {
      throw new Fault("USAGE_INVALID", `this office is ${authority.authority}'s, not ${agency}'s`);
    }
    const now = world.clock.now();
    const meant = findMeant(order, { register: filed.view, journal, now });
    const reach = renderReach(order, { register: filed.view, count: meant.length, now });
    if (journal.isTried) {
      const done = await judgeAndCarryOut(world, order, open);
      return writeTrial(world, { json, result: { ...done, reach }, words: renderTried(world, reach, done) });
    }
    await confirm(world, order, reach);
    return open;
  });
  if (desk === undefined) return;
  const done = await carryOutNow(world, order, desk);
  writeResult(world, { json, result: done, words: renderDone(done) });
} // prettier-ignore

/**
 * Adds `revoke AGENCY`: journal, list, the state's part of the register and, where the keys are at hand, the register
 * itself, in one act. Says first what it reaches, and asks; with --dry-run it says so and stops. Doing it again publishes the same again and revokes nothing
 * twice.
 */
export function addRevoke(program: Command, start: Start): void {
  const begin = makeOfficeStart(() => program.opts(), start);
  trialOption(program.command("revoke <agency>"))
    .description("for a state's office: takes an agency's certificates out of force, everywhere")
    .requiredOption("--reason <reason>", "why, such as KEY_COMPROMISE")
    .option("--kind <kind>", "LINK, SIGNING, SEALING or all", "all")
    .option("--since <time>", "since when its key is feared to be in other hands, as 2026-11-20T10:00:00Z")
    .option("--office <folder>", "the authority's folder, with its register.key")
    .option("--register <file>", "the register that is in force, with root.json beside it")
    .option("--registrar <file>", "the registrars' key, where it is here")
    .option("--out <folder>", "where the signed part is written for the registrars, where it is not")
    .option("--yes", "do not ask")
    .option("--json", "print the result as JSON")
    .action((agency: string, options: RevokeOptions) => {
      begin((world) => revoke(world, agency, options));
    });
} // prettier-ignore
