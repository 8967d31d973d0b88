import { resolve } from "node:path";

import {
  type AgencyRequest,
  applyRequest,
  findVersions,
  isFingerprintOf,
  parseAgencyRequest,
  readOfficeFile,
  readPartContent,
  renderFingerprint,
  renderPartContent,
  roleOfPart,
} from "../../certs/authority/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import { type ChangeOptions, keepProposal } from "./register-change.ts";
import { openOffice, type RegisterWorld } from "./register-world.ts";

/** Options of `asked`. */
export interface AskedOptions extends Omit<ChangeOptions, "reason"> {
  readonly fingerprint: string;
  readonly part?: string;
}

/** Whoever brings the file is nobody's word for it: who asks reads its fingerprint aloud. */
function checkFingerprint(file: Bytes, told: string): void {
  if (isFingerprintOf(told, file)) return;
  throw new Fault("CEREMONY_REFUSED", "the fingerprint is not that of the file; ask who made it to read it again");
} // prettier-ignore

/** Whoever accepts reads why, what the asker saw, and which file it was. */
function renderReason(request: AgencyRequest, file: Bytes): string {
  const asked = `asked ${request.at.slice(0, 10)}, file ${renderFingerprint(file)}: ${request.reason}`;
  if (request.kind === "ENROL") return asked;
  const { certificates, waiting, awaitedOfIt, awaitedOfUs } = request.seen;
  return `${asked} (${request.cause}; the asker saw ${certificates} certificates, ${waiting} messages not yet there, ${awaitedOfIt} answers awaited of it and ${awaitedOfUs} for it)`;
} // prettier-ignore

function tellNext({ err }: RegisterWorld, { kind, agency, ...request }: AgencyRequest): void {
  const cause = "cause" in request ? request.cause : "";
  const way =
    kind === "ENROL"
      ? `The region grants by the same file: register asked FILE --part region. Once both are published: authority kit make --agency ${agency}`
      : `Suspended is not revoked: once this is published, revoke ${agency} --reason ${cause}`;
  err(`${way}\n`);
}

/**
 * `atumpan register asked`: proposes what a gateway's console asked for, in one officer's name; another accepts it like every
 * change. The fingerprint is what who asked reads aloud, not what came with the file.
 *
 * @throws {Fault} CHANGE_INVALID, CEREMONY_REFUSED, and what proposing throws
 */
export function runAsked(world: RegisterWorld, name: string, options: AskedOptions): void {
  const file = readOfficeFile(resolve(world.cwd, name));
  checkFingerprint(file, options.fingerprint);
  const request = parseAgencyRequest(file);
  const office = openOffice(world, options);
  const part = options.part ?? request.agency.split("/")[0] ?? "";
  const content = readPartContent(office.files, part);
  if (content === undefined)
    throw new Fault("CHANGE_INVALID", `this folder has no part of ${part} yet`);
  const next = renderPartContent(applyRequest(content, request, world.clock.now()));
  const base = findVersions(office.files).get(roleOfPart(part))?.at(-1) ?? 0;
  const asked = { ...options, reason: renderReason(request, file) };
  keepProposal(world, asked, { office, edit: { part, base, content: next } });
  if (options.dryRun !== true && options.json !== true) tellNext(world, request);
}
