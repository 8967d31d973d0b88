import type { Step } from "../../schemas/work/index.ts";
import type { Line } from "./course.ts";

type Json = Readonly<Record<string, unknown>>;
type Said = readonly Step[];

const target = "01a1f7fd-ae40-7e27-8bc8-617fc88b99ee";
const purge: Line = ["A", "data.purge", { targetIds: [target] }];
const correct: Line = ["A", "data.correct", { targetId: target }];
const block: Line = ["A", "data.block", { targetIds: [target] }];
const hold = { holdRef: "X-1", holdCountry: "SN", holdReviewAt: "2027-05-01T00:00:00Z" };

/** What B says of its copy. */
function copy(done: string, more: Json = {}): Line {
  return ["B", "data.purge_ack", { purged: [{ targetId: target, done, ...more }] }];
}

const underWay = copy("UNDER_WAY");
const refused = copy("REFUSED", { purgeRefusal: "OWN_COLLECTION" });
const ended = { doneAt: "2026-11-02T08:00:00Z" };

const none = { grant: undefined, pointers: [], copy: undefined, otherRoute: undefined };
const general = "dissemination.consent_decision";
const revoked = (said: Said): Json => ({
  ...none,
  consentDecision: "REVOKED",
  revokedId: said.at(-1)?.id,
});
const askGeneral: Line = ["A", "dissemination.consent_request"];
const askUnit: Line = ["A", "fiu.consent_request"];
const unit = "fiu.consent_decision";

const answered = (step: string, more: Json = {}): Line => [
  "B",
  "data.subject_answer",
  { step, ...more },
];
const ask: Line = ["A", "data.subject_query"];
const appealed = (appealStep: string): Line => ["A", "data.subject_appeal", { appealStep }];
const ordered = { measures: ["DELETED", "HOLDERS_TOLD"] };

const whole = { pending: [] };

/** Courses of disclosure, consent, recall and of a person's rights. */
export const recallCourses: Readonly<Record<string, readonly (readonly Line[])[]>> = {
  FIU_REQUEST: [
    [["A", "fiu.request"], ["B", "request.acknowledge"], ["B", "request.more_info"], ["A", "request.answer"], ["B", "fiu.reply"], ["B", "fiu.reply", whole], ["A", "fiu.feedback"]],
  ],
  FIU_POSTPONE: [
    [["A", "fiu.postpone_request"], ["B", "request.acknowledge"], ["B", "fiu.feedback"], ["A", "fiu.feedback"]],
  ],
  FIU_CONSENT: [
    [askUnit, ["B", unit], ["B", unit, { decision: "REVOKED" }]],
    [askUnit, ["B", unit, { decision: "REFUSED", refusalGround: "LAW_PRINCIPLES" }]],
  ],
  CONSENT: [
    [askGeneral, ["B", general], ["B", general, revoked]],
    [askGeneral, ["B", general, { ...none, consentDecision: "REFUSED", refusals: ["NATIONAL_SECURITY"] }]],
  ],
  PURGE: [
    [purge, underWay, copy("LEGAL_HOLD", hold), refused, copy("DELETED", ended)],
  ],
  CORRECTION: [
    [correct, underWay, copy("LEGAL_HOLD", hold), refused, copy("CORRECTED", ended)],
  ],
  BLOCK: [
    [block, underWay, copy("BLOCKED", ended)],
    [block, refused, ["A", "data.purge", { targetIds: [target] }]],
  ],
  SUBJECT_RIGHTS: [
    [ask, answered("RECEIVED"), answered("LOCATED"), answered("PARTLY"), appealed("LODGED"), appealed("UPHELD"), answered("ANSWERED", ordered)],
    [ask, answered("ANSWERED")],
    [ask, answered("REFUSED")],
    [ask, answered("NOT_HELD")],
  ],
}; // prettier-ignore
