import {
  findCurrent,
  issuersOf,
  type Ledger,
  revocationReasons,
  revokeCertificate,
} from "../../certs/authority/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { publishNext, renderLists, renderTriedLists, saveLists } from "./authority-lists.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { type Common, isKind, kinds, renderDay } from "./words.ts";
import { type AuthorityWorld, type OnlineDesk, workOnline, writeResult } from "./world.ts";

function isReason(text: string): text is keyof typeof revocationReasons {
  return Object.hasOwn(revocationReasons, text);
}

/** Options of `revoke`. */
export interface RevokeOptions extends Common, Trial {
  readonly serial?: string;
  readonly agency?: string;
  readonly kind?: string;
  readonly reason: string;
}

/** The certificates that are meant: one by its serial, or every current one of an agency and kind. */
function findMeant({ journal }: OnlineDesk, options: RevokeOptions, at: number): readonly string[] {
  const { serial, agency, kind } = options;
  if (serial !== undefined && agency === undefined && kind === undefined)
    return [serial.toLowerCase()];
  if (serial !== undefined || agency === undefined || !isKind(kind))
    throw new Fault("USAGE_INVALID", `name --serial, or --agency and --kind (${kinds.join(", ")})`);
  const found = findCurrent(journal.ledger, { agency, kind, at }).map((one) => one.serial);
  if (found.length > 0) return found;
  throw new Fault("CERT_UNKNOWN", `${agency} has no ${kind} certificate that holds now`);
}

/** The root's key is not here, and its list is the one that would name a CA. */
function checkNoCa({ authority }: OnlineDesk, meant: readonly string[]): void {
  const cas = issuersOf(authority).map(({ certificate }) => certificate.serial);
  if (!meant.some((serial) => cas.includes(serial))) return;
  throw new Fault(
    "KEY_UNUSABLE",
    "a CA is revoked by the root: atumpan authority ceremony list --revoke",
  );
}

/** Who would lose what. */
function renderTried(
  { say, ledger }: Pick<AuthorityWorld, "say"> & { readonly ledger: Ledger },
  meant: readonly string[],
  fresh: readonly string[],
): readonly string[] {
  const rows = meant.map((serial) => {
    const one = ledger.certificate(serial);
    const whose = one?.event === "issued" ? say("dry.certificate", { kind: one.kind, agency: one.agency }) : say("dry.ca");
    return `  ${serial}, ${whose}: ${say(fresh.includes(serial) ? "dry.revoke.fresh" : "dry.revoke.before")}`;
  });
  return [say("dry.revoke.these", { count: fresh.length }), ...rows];
} // prettier-ignore

/** `atumpan authority revoke`: by serial, or by agency and kind; the new list is made at once. */
export async function runRevoke(world: AuthorityWorld, options: RevokeOptions): Promise<void> {
  const { reason } = options;
  if (!isReason(reason))
    throw new Fault(
      "USAGE_INVALID",
      `--reason is one of ${Object.keys(revocationReasons).join(", ")}`,
    );
  await workOnline(world, options, async (desk) => {
    const { authority, journal } = desk;
    const now = world.clock.now();
    const meant = findMeant(desk, options, now);
    checkNoCa(desk, meant);
    const fresh = meant.filter((serial) =>
      revokeCertificate({ authority, journal, serial, reason, now }),
    );
    const lists = await saveLists(desk, { now });
    const told = { json: options.json, result: { revoked: meant, lists } };
    if (options.dryRun === true) {
      const words = [...renderTried({ ...world, ledger: journal.ledger }, meant, fresh), ...renderTriedLists(world, lists)];
      return writeTrial(world, { ...told, words });
    }
    const words = [
      ...meant.map((serial) => `${serial} ${fresh.includes(serial) ? "is revoked" : "was revoked before"}`),
      ...renderLists(lists),
      publishNext,
    ];
    return writeResult(world, { ...told, words });
  });
} // prettier-ignore

/** A certificate on record, as it is told. */
interface Row {
  readonly serial: string;
  readonly agency: string;
  readonly kind: string;
  readonly state: "good" | "revoked" | "over";
  readonly notAfter: number;
}

function findRows(ledger: Ledger, now: number): readonly Row[] {
  return ledger.certificates().map((one) => {
    const { serial, until: notAfter } = one;
    const named =
      one.event === "issued"
        ? { agency: one.agency, kind: one.kind }
        : { agency: "CA", kind: one.role };
    const isRevoked = ledger.revocation(serial) !== undefined;
    const state = isRevoked ? "revoked" : notAfter <= now ? "over" : "good";
    return { serial, ...named, state, notAfter };
  });
}

function renderRow({ serial, agency, kind, state, notAfter }: Row): string {
  return [serial, kind.padEnd(8), agency.padEnd(16), state.padEnd(8), renderDay(notAfter)].join(
    "  ",
  );
}

/** `atumpan authority list`: what is on record; what still holds unless all is asked for. */
export async function runList(
  world: AuthorityWorld,
  options: Common & { readonly agency?: string; readonly all?: boolean },
): Promise<void> {
  await workOnline(world, options, ({ journal: { ledger } }) => {
    const rows = findRows(ledger, world.clock.now())
      .filter(({ state }) => options.all === true || state === "good")
      .filter(({ agency }) => options.agency === undefined || agency === options.agency);
    writeResult(world, { json: options.json, result: rows, words: rows.map(renderRow) });
    return Promise.resolve();
  });
}
