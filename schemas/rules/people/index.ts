import type { BodyRules, MessageRules } from "../rule-tables.ts";
import {
  contributionsAreSeveral,
  dissentHasJudgement,
  dissentIsKept,
  judgementsAreDifferent,
} from "./assessment.ts";
import { closureHasReason, stageIsOurs, victimsFitTotal } from "./case.ts";
import { childHasSpokesman, consentIsComplete, consentOrLaw } from "./consent.ts";
import {
  deadlineIsNamed,
  figureHasItsDimensions,
  figuresAreRounded,
  othersAreTogether,
  smallFiguresHidden,
} from "./exchange.ts";
import {
  distressHasPosition,
  distressIsFlash,
  peopleFitTotal,
  smuggledAreNoSuspects,
  smuggledNotNamed,
} from "./movement.ts";
import { perpetratorIsNoVictim, perpetratorIsSomeone } from "./perpetrator.ts";
import { victimIsPseudonym, victimsArePseudonyms } from "./pseudonym.ts";
import { declineHasReason, readerIsWelfare, referralIsComplete, returnIsSafe } from "./referral.ts";
import {
  cellSaysOneThing,
  cellsAreDifferent,
  hiddenStaysHidden,
  smallCellsHidden,
} from "./statistics.ts";
import {
  handlingIsClose,
  identityTellsWho,
  oneReader,
  statusIsDecided,
  victimIsSensitive,
} from "./victim.ts";
import { actionIsNamed, inactionHasReason, promiseHasDate, trendHasClock } from "./warning.ts";

const consent = [consentIsComplete, consentOrLaw, childHasSpokesman] as const;
const exchange = [
  cellSaysOneThing,
  cellsAreDifferent,
  figureHasItsDimensions,
  deadlineIsNamed,
  othersAreTogether,
  figuresAreRounded,
  smallFiguresHidden,
] as const;
const table = [cellSaysOneThing, cellsAreDifferent, smallCellsHidden, hiddenStaysHidden] as const;

/** The rules over the bodies of this group. */
export const peopleBodyRules = {
  "tip.case": [stageIsOurs, closureHasReason, victimsFitTotal, victimsArePseudonyms],
  "tip.victim": [victimIsPseudonym, ...consent, statusIsDecided],
  "tip.identity": [victimIsPseudonym, consentIsComplete, consentOrLaw, identityTellsWho],
  "tip.perpetrator": [victimsArePseudonyms, perpetratorIsSomeone, perpetratorIsNoVictim],
  "tip.referral": [
    victimIsPseudonym,
    ...consent,
    referralIsComplete,
    readerIsWelfare,
    declineHasReason,
    returnIsSafe,
  ],
  "tip.statistics": table,
  "som.movement": [smuggledNotNamed, smuggledAreNoSuspects, peopleFitTotal, distressHasPosition],
  "statistics.crime": table,
  "statistics.exchange": exchange,
  "assessment.contribution": [judgementsAreDifferent],
  "assessment.joint": [
    contributionsAreSeveral,
    dissentIsKept,
    dissentHasJudgement,
    judgementsAreDifferent,
  ],
  "warning.response": [inactionHasReason, actionIsNamed, promiseHasDate],
} satisfies BodyRules;

/** The rules of this group that need the headers too. */
export const peopleMessageRules = {
  "tip.victim": [victimIsSensitive],
  "tip.identity": [victimIsSensitive, handlingIsClose, oneReader],
  "tip.referral": [victimIsSensitive, handlingIsClose, oneReader],
  "som.movement": [distressIsFlash],
  "warning.trend": [trendHasClock],
} satisfies MessageRules;
