import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseUtf8,
  renderHex,
  sha256,
  toFault,
  tryShape,
} from "../../schemas/ground/index.ts";
import type { Submission } from "../exchange/index.ts";
import {
  goamlDialects,
  type HtcdsRecord,
  type HtcdsSaid,
  readGoaml,
  readHtcds,
} from "../formats/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { submittedShape, validateText } from "./messages.ts";

const maxFileBytes = 8 * 1024 * 1024;

function readFile({ world }: Desk, file: string): Bytes {
  let bytes: Bytes;
  try {
    bytes = readFileSync(resolve(world.cwd, file));
  } catch (error) {
    throw toFault(error, "IMPORT_FILE_UNREADABLE", `${file} cannot be read`);
  }
  if (bytes.length <= maxFileBytes) return bytes;
  throw new Fault("IMPORT_FILE_UNREADABLE", `a file has at most ${maxFileBytes} bytes`);
}

/** What a person said about one report. */
export interface GoamlImportOptions {
  readonly to: readonly string[];
  readonly dialect: string;
  readonly textLang?: string;
  readonly send?: boolean;
  /** What would be sent is judged by the gateway; nothing is stored. */
  readonly dryRun?: true;
}

function dialectOf(name: string): (typeof goamlDialects)[keyof typeof goamlDialects] {
  const { base, lk, np } = goamlDialects;
  const found = { base, lk, np }[name];
  if (found === undefined) throw new Fault("USAGE_INVALID", "the dialects are base, lk and np");
  return found;
}

/**
 * Reads a goAML file into a `fiu.report` and prints it, or hands it to the gateway. Everything the file says that
 * has no place is told, never dropped in silence. The same file is the same message, however often it is sent.
 */
export async function runImportGoaml(
  desk: Desk,
  file: string,
  { to, dialect, textLang: lang, send, dryRun }: GoamlImportOptions,
): Promise<number> {
  const bytes = readFile(desk, file);
  const { clock } = desk.world;
  const options = { clock, ...(lang === undefined ? {} : { lang }) };
  const { body, notTaken, warnings } = readGoaml(bytes, dialectOf(dialect), options);
  for (const { path, line, code } of warnings) desk.say(`Line ${line}, ${path}: ${code}`);
  for (const { path, line, why } of notTaken) desk.say(`Not taken: line ${line}, ${path}: ${why}`);
  const submission: Submission = {
    type: "fiu.report",
    recipients: to,
    crimes: ["ml"],
    handling: "H2",
    status: send === true ? "ACTUAL" : "EXERCISE",
    inner: { purposes: ["AML_CFT_ANALYSIS"] },
    body,
  };
  const text = JSON.stringify(submission, undefined, 2);
  if (dryRun === true) return await validateText(desk, text);
  if (send !== true) {
    desk.result(submission, text);
    desk.say(
      "It is an EXERCISE until you change status to ACTUAL. Next: atumpan message validate FILE",
    );
    return exitCodes.ok;
  }
  const key = `goaml:${renderHex(sha256(bytes))}:${to.join(",")}`;
  const headers = { "content-type": "application/json", "idempotency-key": key };
  const question = { method: "POST", path: "/v1/messages", body: text, headers } as const;
  const sent = await desk.client().askFor(submittedShape, question);
  desk.result(sent, sent.id);
  return exitCodes.ok;
}

const record: z.ZodType<HtcdsRecord> = z.record(
  z.string(),
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.array(z.string()),
    z.array(z.record(z.string(), z.string())),
  ]),
);
const said: z.ZodType<HtcdsSaid> = z.strictObject({
  caseRef: z.string(),
  personRef: z.string(),
  lang: z.string(),
  branch: z.string(),
  justiceStage: z.string(),
  movement: z.string(),
  ageBand: z.string(),
  consent: z.record(z.string(), z.unknown()),
  toAgency: z.string(),
  toRole: z.string(),
  referralStage: z.string(),
});

function readJsonFile<T>(desk: Desk, file: string, shape: z.ZodType<T>): T {
  const json = parseJsonText(parseUtf8(readFile(desk, file)), maxFileBytes);
  const read = tryShape(shape, json);
  if (read.success) return read.data;
  const where = read.error.issues.map(({ path }) => path.join("/")).join(", ");
  throw new Fault("IMPORT_ROW_MALFORMED", `${file}: look at ${where === "" ? "its shape" : where}`);
}

/** Reads one HTCDS record and prints the bodies it gives rise to; identities go direct, pseudonyms to the feed. */
export function runImportHtcds(desk: Desk, file: string, office: string): number {
  const found = readHtcds(readJsonFile(desk, file, record), readJsonFile(desk, office, said));
  for (const name of found.leftOut) desk.say(`Not carried: ${name}`);
  desk.result(found.bodies, JSON.stringify(found.bodies, undefined, 2));
  return exitCodes.ok;
}
