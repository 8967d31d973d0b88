import type { Lane } from "../../schemas/work/index.ts";
import type { Deadline } from "./follow-matters.ts";

type Step = Lane["applied"][number];

/** Matters in which one asks and the other answers. */
const asking: ReadonlySet<string> = new Set(["REQUEST", "FIU_REQUEST", "QUERY", "CORE_DATA", "FORENSIC_COMPARISON", "ASSET_TRACE", "FIREARM_TRACE", "MLA", "PRESERVATION", "TRANSLATION", "ASSURANCE"]); // prettier-ignore

/** States that say by themselves what came of it. */
const told: Readonly<Record<string, string>> = {
  WITHDRAWN: "WITHDRAWN",
  REFUSED: "REFUSED",
  NOT_GIVEN: "REFUSED",
  TRANSFERRED: "TRANSFERRED",
};

/** The answer that is awaited in a matter in which one asks; undefined of every other matter. */
export function answerOf({ workflow, other }: Lane, deadlines: readonly Deadline[]): Deadline | undefined {
  if (!asking.has(workflow)) return undefined;
  return deadlines.find(({ closing, of }) => closing === "RESULT" && of === other);
} // prettier-ignore

/** What was not searched is no "nothing found". */
function outcomeOfQuery(step: Step): string | undefined {
  const answers = step.read("query.result")?.queryAnswers.map(({ answer }) => answer);
  if (answers === undefined) return undefined;
  if (answers.includes("HIT")) return "HIT";
  return answers.every((one) => one === "NO_HIT") ? "NO_HIT" : "ANSWERED";
}

/** What came of a request, as a code of EXCHANGE_OUTCOME: the newest answer counts. */
export function outcomeOf({ state, applied }: Lane, { doneAt }: Deadline): string {
  const known = told[state];
  if (known !== undefined) return known;
  if (doneAt === undefined) return state.startsWith("PARTLY_") ? "PARTIAL" : "NONE_YET";
  const said = applied.map((step) => step.read("reply.final")?.outcome ?? outcomeOfQuery(step));
  return said.findLast((one) => one !== undefined) ?? "ANSWERED";
}

/** Grounds of financial units and of formal requests, in the words of police requests; what has none there is OTHER. */
const grounds: Readonly<Record<string, string>> = {
  OUT_OF_AML_SCOPE: "BEYOND_MANDATE",
  IMPAIRS_INVESTIGATION: "ONGOING_INVESTIGATION",
  LAW_PRINCIPLES: "NO_LEGAL_BASIS",
  DISPROPORTIONATE: "DISPROPORTIONATE",
  NOT_CONFORMING: "INCOMPLETE",
  SOVEREIGNTY: "NATIONAL_SECURITY",
  NOT_ALLOWED_AT_HOME: "NO_LEGAL_BASIS",
  AGAINST_LAW: "NO_LEGAL_BASIS",
  NO_LEGAL_BASIS: "NO_LEGAL_BASIS",
  NO_DUAL_CRIMINALITY: "NOT_AN_OFFENCE",
  POLITICAL: "POLITICAL_MILITARY_RACIAL_RELIGIOUS",
  MILITARY: "POLITICAL_MILITARY_RACIAL_RELIGIOUS",
  DISCRIMINATION: "POLITICAL_MILITARY_RACIAL_RELIGIOUS",
  DEATH_PENALTY: "CAPITAL_PUNISHMENT",
  ONGOING_CASE: "ONGOING_INVESTIGATION",
};

function groundIn(step: Step): string | undefined {
  const own = step.read("reply.refuse")?.refusals[0];
  if (own !== undefined) return own;
  const other = step.read("fiu.reply")?.refusalGround ?? step.read("mla.status")?.refusalGrounds[0];
  return other === undefined ? undefined : (grounds[other] ?? "OTHER");
}

/** Why a request was refused, as a code of REQUEST_REFUSAL; of several grounds the first, and none where none was said. */
export function groundOf({ applied }: Lane): string | undefined {
  return applied.map(groundIn).findLast((one) => one !== undefined);
}

/** What a holder said last of what he was ordered to delete, correct or block; of several copies the first. */
export function recallResultOf({ applied }: Lane): string | undefined {
  return applied.map((step) => step.read("data.purge_ack")?.purged[0]?.done).findLast((one) => one !== undefined);
} // prettier-ignore

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Codes of ANSWER_TIME with the first time that is too long for them. */
const bands = [
  ["UNDER_1M", minute],
  ["UNDER_1H", hour],
  ["UNDER_8H", 8 * hour],
  ["UNDER_1D", day],
  ["UNDER_3D", 3 * day],
  ["UNDER_7D", 7 * day],
  ["UNDER_14D", 14 * day],
  ["UNDER_30D", 30 * day],
] as const;

/** How long an answer took from the delivery of what was asked, as a code of ANSWER_TIME; undefined where there is none. */
export function answerTimeOf({ opening, marks }: Lane, { doneAt }: Deadline): string | undefined {
  if (doneAt === undefined) return undefined;
  const took = doneAt - (marks.deliveredAt ?? opening.at);
  return bands.find(([, less]) => took < less)?.[0] ?? "FROM_30D";
}
