import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

import {
  describeStanding,
  findPublished,
  findRole,
  findRoot,
  findStandingClocks,
  findStandingDeadlines,
  findVersions,
  keysOf,
  listPending,
  readOfficeFile,
  readPartContent,
  type RegisterOffice,
  renderFingerprint,
  renderOfficers,
  renderPartContent,
  renderRemark,
  roleOfPart,
} from "../../certs/authority/index.ts";
import { renderVerifierKey } from "../../certs/log/index.ts";
import { type ProvenRegister, rolePath, verifyRegister } from "../../certs/trust/index.ts";
import { Fault, isFault, sameBytes } from "../../schemas/ground/index.ts";
import { renderDay } from "./words.ts";
import { writeResult } from "./world.ts";
import {
  chooseLanguage,
  type Common,
  openOffice,
  type RegisterWorld,
  saveNewFile,
} from "./register-world.ts";

/** Options of `show`. */
export interface ShowOptions extends Common {
  readonly part?: string;
  readonly out?: string;
}

/** A part in the file that people edit: which part, the version it is made on, and its content. */
export function renderEdit({ files, officers }: RegisterOffice, part: string): string {
  if (part === "officers") {
    const content = { officers: renderOfficers(officers.officers) };
    return `${JSON.stringify({ part, base: officers.edition, content }, undefined, 2)}\n`;
  }
  const content = readPartContent(files, part);
  const base = findVersions(files).get(roleOfPart(part))?.at(-1) ?? 0;
  const told = content === undefined ? emptyPart(part) : renderPartContent(content);
  return `${JSON.stringify({ part, base, content: told }, undefined, 2)}\n`;
}

function emptyPart(part: string): object {
  if (part === "region") return { region: { authorities: [], algorithms: [] }, delegations: [] };
  return { state: { authority: part } };
}

interface ShownRole {
  readonly role: string;
  readonly version: number;
  readonly threshold: number;
  readonly keys: readonly string[];
}

function findRoles({ files }: RegisterOffice): readonly ShownRole[] {
  if (!files.has(rolePath("root", 1))) return [];
  const versions = findVersions(files);
  const top = ["root", "targets", "snapshot", "timestamp"];
  const parts = [...versions.keys()].filter((role) => !top.includes(role)).toSorted();
  return [...top, ...parts].flatMap((role) => {
    try {
      const { keys, threshold } = keysOf(findRole(files, role));
      const shown = { threshold, keys: keys.map(renderFingerprint) };
      return [{ role, version: versions.get(role)?.at(-1) ?? 0, ...shown }];
    } catch (error) {
      if (isFault(error)) return [];
      throw error;
    }
  });
}

function showPublished(view: ProvenRegister | undefined, now: number): readonly string[] {
  if (view === undefined) return ["Nothing is published yet."];
  const end = view.expiresAt <= now ? "OVER SINCE" : "good until";
  const flaws = view.trusted.flaws.map(
    ({ authority, code }) => `${authority}: its part is left out (${code}); it has to sign anew`,
  );
  const ends = [...view.trusted.parts].map(
    ([name, { version, expiresAt, part }]) =>
      `${name}: part ${version}, ${part.agencies.length} agencies, ${expiresAt <= now ? "OVER SINCE" : "good until"} ${renderDay(expiresAt)}`,
  );
  return [
    `Epoch ${view.epoch}, ${view.agencies.length} agencies, ${end} ${renderDay(view.expiresAt)}`,
    ...ends,
    ...flaws,
  ];
}

interface ShownLog {
  readonly hub: string;
  readonly verifierKeys: readonly string[];
}

/** Which hubs have a log, and by which keys of today it is verified. */
function findLogs(view: ProvenRegister | undefined, now: number): readonly ShownLog[] {
  const logs = view?.hubs.map(({ hub }) => ({
    hub,
    verifierKeys: view.logKeys(hub, now).map(renderVerifierKey),
  }));
  return logs?.filter(({ verifierKeys }) => verifierKeys.length > 0) ?? [];
}

/** The logs, and who watches them. */
function showLogs(view: ProvenRegister | undefined, now: number): readonly string[] {
  const logs = findLogs(view, now).flatMap(({ hub, verifierKeys }) =>
    verifierKeys.map((key) => `${hub}: its log is verified by ${key}`),
  );
  if (view === undefined || view.witnessQuorum === 0) return logs;
  const names = view.witnesses(now).map(({ name, agency }) => `${name}, run by ${agency}`);
  const quorum = `Witnesses of ${view.witnessQuorum} authorities must have seen a log`;
  return [...logs, `${quorum}: ${names.join("; ")}`];
}

/** The authorities whose own parts stand. */
function authoritiesOf({ trusted }: ProvenRegister): readonly string[] {
  return [...trusted.parts.values()].map(({ part }) => part.authority);
}

/** How long things may take, when states work and who is on duty, in the reader's language. */
function showClocks(view: ProvenRegister | undefined, now: number, options: ShowOptions): readonly string[] {
  if (view === undefined) return [];
  const lang = chooseLanguage(options);
  return describeStanding(view, authoritiesOf(view), now).map((one) => renderRemark(one, lang));
} // prettier-ignore

function showPart(world: RegisterWorld, text: string, { part, out }: ShowOptions): void {
  if (out === undefined) return world.out(text);
  saveNewFile(resolve(world.cwd, out), text);
  world.out(`${out}: ${part} as it is. Edit its content, then: atumpan register propose ${out}\n`);
}

/** What the published register holds, for programs. */
function listPublished(view: ProvenRegister | undefined, now: number): object {
  const witnesses = view?.witnesses(now).map(({ name, agency }) => ({ name, agency }));
  return {
    epoch: view?.epoch,
    expiresAt: view?.expiresAt,
    agencies: view?.agencies.map(({ agency }) => agency) ?? [],
    logs: findLogs(view, now),
    witnesses: witnesses ?? [],
    witnessQuorum: view?.witnessQuorum ?? 0,
    deadlines: view === undefined ? [] : findStandingDeadlines(view, now),
    clocks: view === undefined ? [] : findStandingClocks(view, authoritiesOf(view), now),
  };
}

/** `atumpan register show`: what stands, who may sign it, what is pending; with `--part` the file that people edit. */
export function runShow(world: RegisterWorld, options: ShowOptions): void {
  const office = openOffice(world, options);
  const { part } = options;
  if (part !== undefined) return showPart(world, renderEdit(office, part), options);
  const now = world.clock.now();
  // a language that is none is refused before anything is shown
  chooseLanguage(options);
  const view = findPublished(office.files);
  const roles = findRoles(office);
  const pending = listPending(office);
  const { officers: people, office: name, edition } = office.officers;
  const officers = people.map((one) => one.name);
  const result = { office: name, ...listPublished(view, now), roles, officers, pending };
  const words = [
    `Office of ${name}, edition ${edition} of its officers: ${officers.join(", ")}`,
    ...showPublished(view, now),
    ...showLogs(view, now),
    ...showClocks(view, now, options),
    ...roles.map(
      ({ role, version, threshold, keys }) =>
        `${role}${version === 0 ? "" : ` ${version}`}: ${threshold} of ${keys.length} keys: ${keys.join("; ")}`,
    ),
    pending.length === 0
      ? "Nothing is pending."
      : `Pending: ${pending.join(", ")} (atumpan register diff)`,
  ];
  return writeResult(world, { json: options.json, result, words });
}

/** What readers begin with and what they get, as they lie in the folder, hold with the repository. */
function checkKept({ folder, files }: RegisterOffice): void {
  const [bundle, root] = [join(folder, "register.bin"), join(folder, "root.json")];
  if (!existsSync(root)) return;
  const kept = readOfficeFile(root);
  if (!sameBytes(kept, files.get(rolePath("root", 1)) ?? new Uint8Array())) {
    throw new Fault(
      "REGISTER_FORKED",
      "root.json is not the first root of this repository; compare it on paper",
    );
  }
  if (existsSync(bundle)) verifyRegister(readOfficeFile(bundle), { root: kept });
}

/** `atumpan register verify`: officers, roots, every role, and the file that readers get. */
export function runVerify(world: RegisterWorld, options: Common): void {
  const office = openOffice(world, options);
  const { files, officers } = office;
  if (files.size > 0) findRoot(files);
  const view = findPublished(files);
  checkKept(office);
  const [flaw] = view?.trusted.flaws ?? [];
  if (flaw !== undefined) throw new Fault(flaw.code, `the part of ${flaw.authority} is left out; it has to sign anew`);
  const words = [
    `Whole. Edition ${officers.edition} of the officers of ${officers.office}.`,
    ...showPublished(view, world.clock.now()),
  ];
  const result = { ok: true, epoch: view?.epoch, agencies: view?.agencies.length ?? 0 };
  writeResult(world, { json: options.json, result, words });
} // prettier-ignore
