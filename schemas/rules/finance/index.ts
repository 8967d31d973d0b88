import type { BodyRules, MessageRules } from "../rule-tables.ts";
import {
  askedForOffence,
  consentIsComplete,
  decisionIsComplete,
  grantedForOffence,
} from "./consent.ts";
import { filterHasItsBits, filterIsShortLived, testersAreRecipients } from "./filter.ts";
import {
  amountIsLocal,
  amountNotNegative,
  partyIsOne,
  refsAreKnown,
  refsAreUnique,
  reportHasContent,
  suspicionHasReason,
  suspicionHasSuspects,
  transactionHasSides,
  transactionStandsOnce,
} from "./report.ts";
import {
  bulkSubjectIsOne,
  noUseIsExplained,
  otherQuestionInWords,
  postponeHasTarget,
  purposeIsStated,
  replyLiesAhead,
  reportStandsOnce,
  subjectIsOne,
  urgentIsReasoned,
} from "./requests.ts";

/** The rules over the bodies of this group. */
export const financeBodyRules = {
  "fiu.request": [subjectIsOne, otherQuestionInWords],
  "fiu.reply": [consentIsComplete],
  "fiu.spontaneous": [subjectIsOne, consentIsComplete],
  "fiu.consent_request": [askedForOffence],
  "fiu.consent_decision": [decisionIsComplete, grantedForOffence],
  "fiu.feedback": [noUseIsExplained],
  "fiu.postpone_request": [postponeHasTarget],
  "fiu.match_filter": [filterHasItsBits],
  "fiu.bulk_cbr": [bulkSubjectIsOne, reportStandsOnce, consentIsComplete],
  "fiu.report": [
    reportHasContent,
    transactionHasSides,
    partyIsOne,
    suspicionHasReason,
    suspicionHasSuspects,
    transactionStandsOnce,
    amountIsLocal,
    amountNotNegative,
    refsAreKnown,
    refsAreUnique,
  ],
} satisfies BodyRules;

/** The rules of this group that need the headers too. */
export const financeMessageRules = {
  "fiu.request": [urgentIsReasoned, replyLiesAhead],
  "fiu.reply": [urgentIsReasoned],
  "fiu.spontaneous": [urgentIsReasoned, purposeIsStated],
  "fiu.consent_request": [urgentIsReasoned],
  "fiu.consent_decision": [urgentIsReasoned],
  "fiu.match_filter": [filterIsShortLived, testersAreRecipients],
  "fiu.bulk_cbr": [urgentIsReasoned, purposeIsStated],
  "fiu.report": [urgentIsReasoned, purposeIsStated],
} satisfies MessageRules;
