import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { issueLeaf, withRenewed } from "../../certs/authority/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { replaceFile } from "../../schemas/disk/index.ts";
import {
  type Bytes,
  Fault,
  renderHex,
  sameBytes,
  sha256,
  toFault,
} from "../../schemas/ground/index.ts";
import {
  checkLetter,
  type JoinKind,
  joinKinds,
  type Letter,
  parseLetter,
  renderLetter,
} from "../join/index.ts";
import { readNamed } from "./authority-files.ts";
import {
  checkNewFile,
  findOwnPart,
  proposeNext,
  readNamedRegister,
  saveEditedPart,
} from "./authority-part.ts";
import { type KitRecord, loadKitRecord, saveKitRecord } from "./kit-record.ts";
import type { FiledRegister } from "./revoke-publish.ts";
import { type Trial, writeTrial } from "./trial.ts";
import { type Common, parseNumber } from "./words.ts";
import { type AuthorityWorld, type OnlineDesk, workOnline, writeResult } from "./world.ts";

/** Options of `kit answer`. */
export interface KitAnswerOptions extends Common, Trial {
  readonly register: string;
  readonly days?: string;
  readonly out?: string;
  readonly part?: string;
}

type Certificates = NonNullable<KitRecord["answered"]>["certificates"];

interface Asked {
  readonly desk: OnlineDesk;
  readonly letter: Letter;
  readonly record: KitRecord;
  /** SHA-256 of the three requests. */
  readonly request: string;
}

function digestOf({ parts }: Letter): string {
  return renderHex(sha256(Buffer.concat(joinKinds.flatMap((kind) => parts[kind]))));
}

/** Proves a request by the record of its kit. The same request again is answered again as it was; another is not. */
function readAsked(world: AuthorityWorld, desk: OnlineDesk, name: string): Asked {
  const { mac, ...letter } = parseLetter("request", readNamed(world, name));
  const record = loadKitRecord(desk.folder, letter.kit);
  if (letter.agency !== record.agency) throw new Fault("KIT_INVALID", "the request is for another agency than its kit");
  checkLetter("request", { ...letter, mac }, Buffer.from(record.key, "hex"));
  const request = digestOf(letter);
  const { answered, endsAt } = record;
  if (answered !== undefined && answered.request !== request) {
    throw new Fault("KIT_USED", "another request with this kit was answered; ask the agency who made it, and revoke what was issued");
  }
  if (answered === undefined && world.clock.now() >= endsAt) throw new Fault("KIT_ENDED", "make a new kit; its code is told anew");
  return { desk, letter, record, request };
} // prettier-ignore

/** A certificate for each of the three keys, each with the CA that issued it. */
async function issueAll(world: AuthorityWorld, { desk, letter }: Asked, days: number | undefined): Promise<Certificates> {
  const { authority, journal } = desk;
  const { agency, parts } = letter;
  const issue = async (kind: JoinKind): Promise<string[]> => {
    const [request = new Uint8Array()] = parts[kind];
    const order = { authority, journal, request, agency, kind, now: world.clock.now(), chance: world.chance };
    const leaf = await issueLeaf({ ...order, ...(days === undefined ? {} : { days }) });
    return [leaf.der, authority.issuing.certificate.der].map((der) => Buffer.from(der).toString("base64"));
  };
  return { LINK: await issue("LINK"), SIGNING: await issue("SIGNING"), SEALING: await issue("SEALING") };
} // prettier-ignore

function decode(certificates: Certificates): Letter["parts"] {
  const of = (kind: JoinKind): readonly Bytes[] => certificates[kind].map((text) => Buffer.from(text, "base64"));
  return { LINK: of("LINK"), SIGNING: of("SIGNING"), SEALING: of("SEALING") };
} // prettier-ignore

function isNamed(register: RegisterView, agency: string, parts: Letter["parts"]): boolean {
  const named = register.agency(agency)?.certificates ?? [];
  return joinKinds.every((kind) => {
    const [leaf] = parts[kind];
    return leaf !== undefined && named.some((one) => one.kind === kind && sameBytes(one.certificate, leaf));
  });
} // prettier-ignore

/** The authority's part with the agency's certificates, for whoever proposes it. */
function savePart(world: AuthorityWorld, filed: FiledRegister, { file, letter }: { readonly file: string; readonly letter: Letter }): void {
  const { agency } = letter;
  const { part, version } = findOwnPart(filed, filed.view.agency(agency)?.authority ?? "");
  const lines = joinKinds.flatMap((kind) =>
    letter.parts[kind].slice(0, 1).map((certificate) => ({ agency, line: { kind, certificate, endorsements: [] } })),
  );
  saveEditedPart(world, file, { state: withRenewed(part, lines, world.clock.now()), base: version });
} // prettier-ignore

function saveAnswer(folder: string, name: string, bytes: Bytes): void {
  try {
    mkdirSync(folder, { recursive: true });
    replaceFile(join(folder, name), bytes);
  } catch (error) {
    throw toFault(error, "STORE_WRITE_FAILED", `${folder} could not be written`);
  }
}

/** The first time the certificates and the part that names them; once that is published, the register beside them. */
function write(world: AuthorityWorld, { letter, record }: Asked, { options, filed }: { readonly options: KitAnswerOptions; readonly filed: FiledRegister }): void {
  const { agency } = letter;
  const name = agency.replace("/", "-");
  const { out = `answer-${name}`, part = `${name}.json`, json } = options;
  const folder = resolve(world.cwd, out);
  const key = Buffer.from(record.key, "hex");
  const isReady = isNamed(filed.view, agency, letter.parts);
  if (!isReady && !existsSync(resolve(world.cwd, part))) savePart(world, filed, { file: part, letter });
  saveAnswer(folder, "answer.json", renderLetter("answer", letter, key));
  if (isReady) saveAnswer(folder, "register.bin", readFileSync(filed.file));
  const words = isReady
    ? [`${out} is ready: send it to ${agency}. It holds nothing secret.`]
    : [`${out}: three certificates for ${agency}.`, `${part}: our part with them. ${proposeNext(part)}`, "Once it is published, the same command again puts the register beside them."];
  return writeResult(world, { json, result: { agency, answer: out, ready: isReady, ...(isReady ? {} : { part }) }, words });
} // prettier-ignore

async function answer(world: AuthorityWorld, asked: Asked, options: KitAnswerOptions): Promise<void> {
  const { desk, letter, record, request } = asked;
  const { agency, kit } = letter;
  const filed = readNamedRegister(world, options.register);
  findOwnPart(filed, desk.authority.authority);
  if (options.part !== undefined && record.answered === undefined) checkNewFile(world, options.part);
  const certificates = record.answered?.certificates ?? (await issueAll(world, asked, parseNumber(options.days, "--days")));
  if (desk.journal.isTried) {
    const words = [world.say(record.answered === undefined ? "dry.kit.answer" : "dry.kit.again", { agency })];
    return writeTrial(world, { json: options.json, result: { agency, kit }, words });
  }
  const answered = { request, certificates };
  saveKitRecord(desk.folder, { ...record, answered });
  return write(world, { ...asked, letter: { ...letter, parts: decode(certificates) } }, { options, filed });
} // prettier-ignore

/**
 * `atumpan authority kit answer`: the certificates for who proves that he has our kit and its code. Run again once the register
 * names them, it completes the answer. A second request with the same kit is refused.
 *
 * @throws {Fault} KIT_INVALID, KIT_CODE_WRONG, KIT_ENDED, KIT_USED, and what issuing throws
 */
export async function runKitAnswer(world: AuthorityWorld, name: string, options: KitAnswerOptions): Promise<void> {
  await workOnline(world, options, (desk) => answer(world, readAsked(world, desk, name), options));
} // prettier-ignore
