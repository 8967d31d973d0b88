import type { TipReferral } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** A hand-over has two ends and a reason, whichever of the two writes it down. */
export const referralIsComplete: Rule<BodyContext<TipReferral>> = {
  code: "RULE_TIP_REFERRAL_INCOMPLETE",
  says:
    "a referral says toOrganisation and reason, or, from the receiving side, fromOrganisation and " +
    "incomingReason; complete one pair",
  find: ({ body: { toOrganisation, reason, fromOrganisation, incomingReason } }) => {
    const received = fromOrganisation !== undefined && incomingReason !== undefined;
    if (received || (toOrganisation !== undefined && reason !== undefined)) return [];
    return [reason === undefined ? "/reason" : "/toOrganisation"];
  },
};

const welfareRoles = new Set(["SOCIAL_WELFARE", "NGO_REFERRAL", "INTL_ORG"]);

/** What is written for those who help: beyond yes and no, nobody else reads it. */
function helpersFields(body: TipReferral): readonly string[] {
  const { details, incomingDetails, safetyNotes, repatriation, risks, supportPlans } = body;
  const said = { details, incomingDetails, safetyNotes, repatriation };
  return [
    ...Object.entries(said).flatMap(([name, value]) => (value === undefined ? [] : [`/${name}`])),
    ...(risks.length > 0 ? ["/risks"] : []),
    ...(supportPlans.length > 0 ? ["/supportPlans"] : []),
  ];
}

/** A referral is offered to welfare only; who referred hears back how it went and no more. */
export const readerIsWelfare: Rule<BodyContext<TipReferral>> = {
  code: "RULE_TIP_REFERRAL_READER",
  says:
    "toRole is SOCIAL_WELFARE, NGO_REFERRAL or INTL_ORG; an answer to any other role has no details, safety " +
    "notes, risks, support plans or repatriation",
  find: ({ body }) => {
    if (welfareRoles.has(body.toRole)) return [];
    return [...(body.stage === "OFFERED" ? ["/toRole"] : []), ...helpersFields(body)];
  },
};

/** A no says why, so that the next door can be tried at once. */
export const declineHasReason: Rule<BodyContext<TipReferral>> = {
  code: "RULE_TIP_DECLINE_REASON",
  says: "declineReason is missing; a referral that is declined says why",
  find: ({ body: { stage, declineReason } }) =>
    stage === "DECLINED" && declineReason === undefined ? ["/declineReason"] : [],
};

/** Nobody is sent back on a day that is fixed before it is safe (TIP Protocol, article 8 (2)). */
export const returnIsSafe: Rule<BodyContext<TipReferral>> = {
  code: "RULE_TIP_REPATRIATION_UNSAFE",
  says: "a return has a date only when it was assessed as safe; take out the date or do the assessment first",
  find: ({ body: { repatriation } }) =>
    repatriation?.on !== undefined && !repatriation.safe ? ["/repatriation/on"] : [],
};
