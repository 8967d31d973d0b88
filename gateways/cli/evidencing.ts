import { writeFileSync } from "node:fs";
import { resolve } from "node:path";

import { faultSentence } from "../../schemas/index.ts";
import { isFaultCode, toFault } from "../../schemas/ground/index.ts";
import type { CopyOptions } from "./copying.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { readId } from "./read-message.ts";
import { sayOf } from "./words.ts";

const evidenceType = "application/vnd.atumpan.evidence+json";
const unwitnessedHeader = "atumpan-unwitnessed";

/** That too few witnesses stand behind the proof, and why; nothing when they do. */
function renderUnwitnessed(desk: Desk, code: string): string {
  const { lang = "en" } = desk.common;
  const known = isFaultCode(code) ? code : "LOG_UNWITNESSED";
  const says = faultSentence(known, lang);
  return `\n${sayOf(desk)("evidence.unwitnessed", { says, code })}`;
}

/**
 * Fetches the evidence of a message and writes it to a new file that only its owner may read. Says so where the register asks
 * for witnesses and too few stand behind the proof.
 *
 * @throws {Fault} USAGE_INVALID, and what the gateway says
 */
export async function runMakeEvidence(desk: Desk, id: string, options: CopyOptions): Promise<number> {
  const { out } = options;
  const search = new URLSearchParams();
  for (const name of ["for", "to", "country", "body", "crime"] as const) {
    const said = options[name];
    if (said !== undefined) search.set(name, said);
  }
  const path = `/v1/messages/${readId(id)}/evidence?${String(search)}`;
  const answer = await desk.client().ask({ path, accept: evidenceType });
  const bytes = Buffer.from(await answer.arrayBuffer());
  try {
    writeFileSync(resolve(desk.world.cwd, out), bytes, { flag: "wx", mode: 0o600 });
  } catch (error) {
    throw toFault(error, "USAGE_INVALID", `${out} cannot be written; is it there already?`);
  }
  const missing = answer.headers.get(unwitnessedHeader);
  const told = missing === null ? {} : { unwitnessed: missing };
  const more = missing === null ? "" : renderUnwitnessed(desk, missing);
  desk.result({ file: out, bytes: bytes.length, ...told }, `${out}  ${bytes.length} bytes${more}`);
  return exitCodes.ok;
} // prettier-ignore
