import {
  faultSentence,
  isKnownType,
  type Language,
  limits,
  parseBody,
  parseInnerHeader,
  parseJsonText,
} from "../../schemas/index.ts";
import {
  checkSubmission,
  explainViolations,
  renderExplanation,
} from "../../schemas/explain/index.ts";
import { isFaultCode } from "../../schemas/ground/index.ts";
import { renderText } from "../../schemas/render/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { objectShape, readMessage } from "./read-message.ts";

/** The language and the clock of the person. */
export interface ReaderOptions {
  readonly lang: Language;
  readonly zone: string;
}

/** A good submission as its reader will see it. */
function renderSubmission(json: unknown, reader: ReaderOptions): string {
  const { type = "", body, inner = {} } = objectShape.parse(json);
  if (typeof type !== "string" || !isKnownType(type)) return "";
  return renderText({
    type,
    body: parseBody(type, body),
    inner: parseInnerHeader(inner),
    ...reader,
  });
}

/**
 * Says, without any gateway, what a message says: every fault in the language asked for, or how it will read
 * there; and of a fault code, what it means.
 */
export async function runExplain(
  desk: Desk,
  subject: string,
  { lang, zone }: ReaderOptions,
): Promise<number> {
  if (isFaultCode(subject)) {
    const sentence = faultSentence(subject, lang);
    desk.result({ code: subject, sentence }, sentence);
    return exitCodes.ok;
  }
  const json = parseJsonText(await readMessage(desk, subject), limits.maxRequestBytes);
  const { world } = desk;
  // rules over whose a record is need to know who sends; without a name they are left to the gateway
  const originator = desk.common.as ?? desk.common.context ?? world.context ?? "";
  const check = checkSubmission(json, { now: world.clock.now(), originator });
  const faults = explainViolations(check.violations, check.type);
  if (faults.length > 0) {
    const lines = faults.map((one) => renderExplanation(one, lang));
    desk.result({ valid: false, problems: faults }, lines.join("\n"));
    return exitCodes.invalidContent;
  }
  const text = renderSubmission(json, { lang, zone });
  desk.result({ valid: true, problems: [], text }, text);
  return exitCodes.ok;
}
