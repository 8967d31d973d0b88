import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { faultSentence, type Language, wordLabel } from "../../schemas/index.ts";
import { type Fault, isFault, toFault } from "../../schemas/ground/index.ts";
import type { Question } from "./client.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import type { ReaderOptions } from "./explaining.ts";
import { objectShape, readId } from "./read-message.ts";

const copyType = "application/vnd.atumpan.copy";

/** Which copy a person wants, and where. */
export interface CopyOptions {
  readonly for: string;
  /** The agency it is given to. */
  readonly to?: string;
  /** Or a body outside, by its state and its name. */
  readonly country?: string;
  readonly body?: string;
  /** The offence it is for. */
  readonly crime?: string;
  readonly out: string;
}

/**
 * Fetches a redacted copy of a message and writes it to a new file that only its owner may read.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says
 */
export async function runCopy(
  desk: Desk,
  id: string,
  { for: kind, out, ...whom }: CopyOptions,
): Promise<number> {
  const names = ["to", "country", "body", "crime"] as const;
  const search = new URLSearchParams();
  for (const name of names) {
    const said = whom[name];
    if (said !== undefined) search.set(name, said);
  }
  const receiver = search.size === 0 ? "" : `?${String(search)}`;
  const path = `/v1/messages/${readId(id)}/copies/${kind}${receiver}`;
  const answer = await desk.client().ask({ path, accept: copyType });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const file = resolve(desk.world.cwd, out);
  try {
    writeFileSync(file, bytes, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${out} cannot be written; is it there already?`);
  }
  desk.result({ file: out, bytes: bytes.length }, `${out}  ${bytes.length} bytes`);
  return exitCodes.ok;
}

/** What says that a copy is not its signer's own words, rather than that it could not be looked at. */
const unproven =
  /^(?:AGENCY_UNKNOWN|ORIGIN_MISMATCH|(?:BODY|CERT|CODEC|ENVELOPE|SCHEMA|SIGNATURE)_[A-Z_]{1,60})$/;

function tellUnproven(desk: Desk, { code, detail }: Fault, lang: Language): number {
  const text = `${wordLabel("quarantined", lang)} (${code})\n${faultSentence(code, lang)}`;
  desk.result({ proven: false, code, detail }, text);
  return exitCodes.verificationFailed;
}

/**
 * Reads a copy from a file and says who signed it, what it shows and what it withholds; one that is not its signer's
 * own words is told as such, and ends with its own exit code.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says but of the copy itself
 */
export async function runCheckCopy(
  desk: Desk,
  file: string,
  { lang, zone }: ReaderOptions,
): Promise<number> {
  let body: Uint8Array<ArrayBuffer>;
  try {
    body = Uint8Array.from(readFileSync(resolve(desk.world.cwd, file)));
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${file} cannot be read`);
  }
  const headers = { "content-type": copyType };
  const question: Question = { method: "POST", path: "/v1/copies:verify", body, headers };
  try {
    if (desk.common.json === true) {
      desk.result({ proven: true, ...(await desk.client().askFor(objectShape, question)) }, "");
    } else {
      const accept = `text/plain;lang=${lang};zone=${zone}`;
      const words = await desk.client().ask({ ...question, accept });
      desk.result({}, (await words.text()).trimEnd());
    }
    return exitCodes.ok;
  } catch (error) {
    if (isFault(error) && unproven.test(error.code)) return tellUnproven(desk, error, lang);
    throw error;
  }
}
