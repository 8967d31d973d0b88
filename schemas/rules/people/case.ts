import type { TipCase } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { countProfiles } from "./profiles.ts";

/** The stages of justice that each branch may say; the others are for it to hear. */
const stagesOf: Readonly<Record<string, readonly string[]>> = {
  POLICE: ["REPORTED", "INVESTIGATED", "WITHDRAWN", "UNKNOWN"],
  PROSECUTION: ["INVESTIGATED", "PROSECUTED", "CONVICTED", "ACQUITTED", "WITHDRAWN", "UNKNOWN"],
  WELFARE: ["REPORTED", "UNKNOWN"],
};

/** Each of the three owners of a case writes its own stages; nobody convicts for the court. */
export const stageIsOurs: Rule<BodyContext<TipCase>> = {
  code: "RULE_TIP_STAGE_NOT_OURS",
  says:
    "police report and investigate, prosecution brings to trial and verdict, welfare says welfareStage; " +
    "send the stage in the branch it belongs to",
  find: ({ body: { branch, justiceStage, welfareStage } }) => [
    ...((stagesOf[branch] ?? [justiceStage]).includes(justiceStage) ? [] : ["/justiceStage"]),
    ...(branch !== "WELFARE" && welfareStage !== undefined ? ["/welfareStage"] : []),
  ],
};

/** A case that is closed says why: the other two owners must be able to object. */
export const closureHasReason: Rule<BodyContext<TipCase>> = {
  code: "RULE_TIP_CLOSURE_REASON",
  says: "closureReason is missing; a closed case says why it was closed",
  find: ({ body: { caseStatus, closureReason } }) =>
    caseStatus.startsWith("CLOSED") && closureReason === undefined ? ["/closureReason"] : [],
};

/** The parts are not more than the whole. */
export const victimsFitTotal: Rule<BodyContext<TipCase>> = {
  code: "RULE_PEOPLE_COUNT",
  says: "the profiles count more people than the total says; correct one of them",
  find: ({ body: { victims, victimsTotal } }) =>
    victimsTotal !== undefined && countProfiles(victims) > victimsTotal ? ["/victimsTotal"] : [],
};
