import { checkMessage } from "./check/index.ts";
import {
  checkLogActQuestion,
  decodeLogActQuestion,
  encodeLogActQuestion,
  type LogActQuestion,
} from "./gen/index.ts";
import { type Bytes, Fault, sameBytes } from "./ground/index.ts";

/** Acts of the list LOG_ACT that an agency enters in its hub's log; the others are the hub's own. */
export const agencyActs = [
  "INSPECTION_OPENED",
  "INSPECTION_CLOSED",
  "AUDITOR_READ",
  "RELEASE_RULE_CHANGED",
  "RIGHTS_CHANGED",
  "PURGED_BY_ORDER",
] as const;

/** One of `agencyActs`. */
export type AgencyAct = (typeof agencyActs)[number];

/** An act that is to be entered, as it was read. */
export interface AgencyActQuestion extends LogActQuestion {
  readonly act: AgencyAct;
}

/**
 * Reads what an agency wants entered. Whose act it is does not stand in it: whoever carried it here says that.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_*; LOG_ACT_UNKNOWN for an act that is the hub's, or nobody's
 */
export function parseLogActQuestion(bytes: Bytes): AgencyActQuestion {
  const question = decodeLogActQuestion(bytes);
  checkMessage(checkLogActQuestion, question);
  if (!sameBytes(encodeLogActQuestion(question), bytes)) {
    throw new Fault("CODEC_MALFORMED", "something stands beside act, commitment and number");
  }
  const act = agencyActs.find((one) => one === question.act);
  if (act !== undefined) return { ...question, act };
  throw new Fault("LOG_ACT_UNKNOWN", `act: one of ${agencyActs.join(", ")}`);
}
