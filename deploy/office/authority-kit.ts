import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

import { z } from "zod";

import { makeSigner } from "../../certs/keys/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import {
  type RegisteredAgency,
  type RegisterView,
  proveCertificate,
} from "../../certs/trust/index.ts";
import { isLanguage, type Language, limits, parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  makeUuid,
  renderHex,
  renderUuid,
  sameBytes,
  toFault,
  tryShape,
} from "../../schemas/ground/index.ts";
import { syncFolder } from "../../schemas/disk/index.ts";
import { makeCode, makeKit } from "../join/index.ts";
import { readNamed } from "./authority-files.ts";
import { checkNewFile, readNamedRegister } from "./authority-part.ts";
import { saveKitRecord } from "./kit-record.ts";
import { openKey } from "./register-world.ts";
import { type Common, parseNumber, renderDay } from "./words.ts";
import { type AuthorityWorld, workOnline, writeResult } from "./world.ts";

/** Options of `kit make`. */
export interface KitOptions extends Common {
  readonly agency: string;
  readonly register: string;
  readonly neighbour: string;
  readonly asAgency: string;
  readonly key: string;
  readonly drill?: string;
  readonly days?: string;
  readonly readme?: string;
  readonly out?: string;
}

const dayMs = 86_400_000;
/** Days that a code may be told in. A folder that lies about for longer meets another world. */
const usualDays = 14;
const maxDays = 60;

function readDays(text: string | undefined): number {
  const days = parseNumber(text, "--days") ?? usualDays;
  if (days > 0 && days <= maxDays) return days;
  throw new Fault("USAGE_INVALID", `--days is up to ${maxDays}`);
}

function findAgency(register: RegisterView, name: string): RegisteredAgency {
  const found = register.agency(name);
  if (found !== undefined) return found;
  throw new Fault("AGENCY_UNKNOWN", `${name} is not in the register; first propose it, without certificates`);
} // prettier-ignore

function findNewcomer(register: RegisterView, { agency }: KitOptions, authority: string): RegisteredAgency {
  const found = findAgency(register, agency);
  if (found.authority !== authority) throw new Fault("USAGE_INVALID", `${agency} is of ${found.authority}; its office gives it its kit`);
  if (found.certificates.length === 0) return found;
  throw new Fault("USAGE_INVALID", `${agency} has certificates already; its gateway renews them by itself`);
} // prettier-ignore

/** The country's own, as the register has it, where we write it. */
function chooseReadme({ readme }: KitOptions, { languages }: RegisteredAgency): Language {
  const [own] = languages.filter((one) => isLanguage(one));
  const wanted = readme ?? own ?? "en";
  if (isLanguage(wanted)) return wanted;
  throw new Fault("USAGE_INVALID", "--readme is en, fr, pt, ar, es or sw");
}

const drillShape = z.looseObject({
  status: z.literal("EXERCISE"),
  recipients: z.array(z.string()),
});

/** Somebody else's drill: marked as an exercise, and to the neighbour whose signature is waited for. */
function readDrill(world: AuthorityWorld, { drill, neighbour }: KitOptions): string | undefined {
  if (drill === undefined) return undefined;
  const text = Buffer.from(readNamed(world, drill)).toString("utf8");
  const read = tryShape(drillShape, parseJsonText(text, limits.maxRequestBytes));
  if (read.success && read.data.recipients.includes(neighbour)) return text;
  throw new Fault("USAGE_INVALID", `${drill} is a message with status EXERCISE to ${neighbour}`);
}

/** Signs in the name of an agency that the register knows by this key. */
function makeSign(world: AuthorityWorld, { asAgency, key: place }: KitOptions, register: RegisterView): (manifest: Bytes) => string {
  const key = openKey(world, place);
  const named = findAgency(register, asAgency).certificates.find(
    ({ kind, certificate }) => kind === "SIGNING" && sameBytes(parseCertificate(certificate).spki, key.spki),
  );
  if (named === undefined) throw new Fault("CERT_UNKNOWN", `the register names no signing certificate of ${asAgency} for this key`);
  const { thumbprint } = named;
  proveCertificate(register, { agency: asAgency, kind: "SIGNING", thumbprint }, world.clock.now());
  const signer = makeSigner({ signer: asAgency, key, thumbprint });
  return (manifest) => signer.sign("atumpan-join-kit", manifest);
} // prettier-ignore

/** All of the folder, or nothing of it. */
function saveFolder(folder: string, files: ReadonlyMap<string, Bytes>): void {
  let made: string | undefined;
  try {
    made = mkdtempSync(`${folder}.new-`);
    for (const [name, bytes] of files) writeFileSync(join(made, name), bytes, { flush: true });
    syncFolder(made);
    renameSync(made, folder);
  } catch (error) {
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw toFault(error, "STORE_WRITE_FAILED", `${folder} could not be written`);
  }
}

/** What is told on the screen: the code alone is to be said by another way. */
function tell(world: AuthorityWorld, { json, agency }: KitOptions, made: { readonly folder: string; readonly kit: string; readonly code: string; readonly endsAt: number }): void {
  const { folder, code, endsAt } = made;
  const words = [
    `${folder}: the join kit of ${agency}, good until ${renderDay(endsAt)}. Hand over the folder as you like.`,
    `Say this code by telephone, to somebody you know; it is shown once and kept nowhere: ${code}`,
    `When the request comes: atumpan authority kit answer REQUEST --folder … --register …`,
  ];
  return writeResult(world, { json, result: { ...made, agency }, words });
} // prettier-ignore

/**
 * `atumpan authority kit make`: the folder that a new agency is given, and the code that it is told by another way. The code is
 * shown once and kept nowhere; the record that proves the request lies in the authority's folder.
 */
export async function runKitMake(world: AuthorityWorld, options: KitOptions): Promise<void> {
  await workOnline(world, options, async ({ folder, authority: { authority } }) => {
    const { agency, neighbour, asAgency: madeBy } = options;
    const { file, anchors, view } = readNamedRegister(world, options.register);
    const newcomer = findNewcomer(view, options, authority);
    findAgency(view, neighbour);
    const out = options.out ?? `kit-${agency.replace("/", "-")}`;
    checkNewFile(world, out);
    const madeAt = world.clock.now();
    const endsAt = madeAt + readDays(options.days) * dayMs;
    const code = makeCode(world.chance);
    const id = renderUuid(makeUuid(madeAt, world.chance));
    const language = chooseReadme(options, newcomer);
    const register = { bytes: readFileSync(file), root: anchors.root, view };
    const drill = readDrill(world, options);
    const sign = makeSign(world, options, view);
    const made = makeKit({ id, agency, madeBy, madeAt, endsAt, neighbour, code, language, register, drill, sign });
    // the record first: a folder that nobody can answer would be given out otherwise
    saveKitRecord(folder, { kit: id, agency, endsAt, key: renderHex(made.answering) });
    saveFolder(resolve(world.cwd, out), made.files);
    return await Promise.resolve(tell(world, options, { folder: out, kit: id, code, endsAt }));
  });
} // prettier-ignore
