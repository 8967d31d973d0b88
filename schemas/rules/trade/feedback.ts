import type { ControlFeedback } from "../../gen/index.ts";
import { sameBytes } from "../../ground/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";

type Body = BodyContext<ControlFeedback>;

/** A find is reported as what it is: the feedback names the seizure. */
const positiveNamesSeizure: Rule<Body> = {
  code: "RULE_FEEDBACK_SEIZURE_UNNAMED",
  says: "seizureId is missing; a positive control names the seizure.report it led to, which is sent first",
  find: ({ body: { result, seizureId } }) =>
    result === "CONTROLLED_POSITIVE" && seizureId === undefined ? ["/seizureId"] : [],
};

/** Where nothing was found, nothing was seized. */
const othersNameNoSeizure: Rule<Body> = {
  code: "RULE_FEEDBACK_SEIZURE_CONTRADICTS",
  says: "seizureId stands beside a result that is not CONTROLLED_POSITIVE; correct the result or leave it out",
  find: ({ body: { result, seizureId } }) =>
    result !== "CONTROLLED_POSITIVE" && seizureId !== undefined ? ["/seizureId"] : [],
};

/** The one who warned learns why nobody looked. */
const notControlledIsReasoned: Rule<Body> = {
  code: "RULE_FEEDBACK_REASON_MISSING",
  says: "notControlled is missing; say why the target was not controlled",
  find: ({ body: { result, notControlled } }) =>
    result === "NOT_CONTROLLED" && notControlled === undefined ? ["/notControlled"] : [],
};

/** A control that was made has its time. */
const controlHasTime: Rule<Body> = {
  code: "RULE_FEEDBACK_TIME_MISSING",
  says: "controlledAt is missing; say when the control was made",
  find: ({ body: { result, controlledAt } }) =>
    result.startsWith("CONTROLLED_") && controlledAt === undefined ? ["/controlledAt"] : [],
};

/** The thread and the body speak of the same warning. */
const feedbackIsOnThread: Rule<MessageContext<ControlFeedback>> = {
  code: "RULE_FEEDBACK_OTHER_WARNING",
  says: "warningId is not the message that inReplyTo of the header names; correct one of them",
  find: ({ body: { warningId }, inner: { inReplyTo } }) =>
    inReplyTo !== undefined && !sameBytes(inReplyTo, warningId) ? ["/warningId"] : [],
};

/** The rules over the result of a control. */
export const feedbackRules: readonly Rule<Body>[] = [
  positiveNamesSeizure,
  othersNameNoSeizure,
  notControlledIsReasoned,
  controlHasTime,
];

/** The rule over the result of a control and its headers. */
export const feedbackMessageRules: readonly Rule<MessageContext<ControlFeedback>>[] = [
  feedbackIsOnThread,
];
