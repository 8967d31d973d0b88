/**
 * Rules of alerts, notices, records, hits, bulletins and assurances.
 *
 * Promises as the room above: pure, one code a rule, pointers into the body. A rule that speaks of a header points
 * at the whole body and names the header's field in its words. Start at the two tables.
 */
import type { BodyRules, MessageRules } from "../rule-tables.ts";
import { actsNameLegalSystem } from "./acts.ts";
import {
  cancelDecidesPurge,
  cancelNamesItsGround,
  purgeHasDate,
  purgeLiesAhead,
  unlawfulIsPurged,
} from "./cancel.ts";
import { assuranceIsComplete, challengeAnswerIsLinked, challengeHasReasons } from "./contest.ts";
import {
  confirmedSaysWhatToDo,
  confirmLiesAhead,
  heldHasLimit,
  hitAsksByWhen,
  likenessIsMeasured,
} from "./hit.ts";
import { wantedIsIdentified } from "./identity.ts";
import {
  arrestNeedsWantedNotice,
  informationNeedsNoArrest,
  missingPublishedByConsent,
  sanctionsNameUnReference,
  sanctionsSubjectIsOne,
  warningHasConvictions,
} from "./notices.ts";
import {
  issuerSignsDocument,
  keeperSignsFirearm,
  keeperSignsObject,
  keeperSignsPerson,
  registrarSignsVehicle,
} from "./ownership.ts";
import { bulletinIsForMany, publicIsUnrestricted } from "./public-edition.ts";
import { documentIsNotValid, firearmIsIdentified, vehicleIsIdentified } from "./records.ts";
import { reviewIsSet, reviewIsWithinFiveYears } from "./review.ts";
import {
  arrestMeansExtradition,
  capitalHasAssurance,
  factsAreThere,
  offenceIsThere,
  warrantIsThere,
} from "./wanted.ts";

/** The rules over the bodies of this group. */
export const alertsBodyRules = {
  "alert.incident": [actsNameLegalSystem],
  "alert.update": [actsNameLegalSystem, arrestNeedsWantedNotice],
  "alert.cancel": [cancelDecidesPurge, purgeHasDate, unlawfulIsPurged, cancelNamesItsGround],
  "notice.wanted": [
    warrantIsThere,
    offenceIsThere,
    factsAreThere,
    wantedIsIdentified,
    actsNameLegalSystem,
    arrestMeansExtradition,
    capitalHasAssurance,
  ],
  "notice.missing": [missingPublishedByConsent, arrestNeedsWantedNotice],
  "notice.information": [informationNeedsNoArrest],
  "notice.warning_person": [warningHasConvictions, arrestNeedsWantedNotice],
  "notice.threat": [arrestNeedsWantedNotice],
  "notice.sanctions": [sanctionsNameUnReference, sanctionsSubjectIsOne, arrestNeedsWantedNotice],
  "notice.challenge": [challengeHasReasons],
  "record.stolen_document": [documentIsNotValid, arrestNeedsWantedNotice],
  "record.stolen_vehicle": [vehicleIsIdentified, arrestNeedsWantedNotice],
  "record.firearm": [firearmIsIdentified, arrestNeedsWantedNotice],
  "record.person": [actsNameLegalSystem, arrestNeedsWantedNotice],
  "record.object": [arrestNeedsWantedNotice],
  "hit.notice": [hitAsksByWhen, heldHasLimit, likenessIsMeasured],
  "hit.confirmation": [confirmedSaysWhatToDo],
  "assurance.given": [assuranceIsComplete],
} satisfies BodyRules;

const reviewed = [reviewIsSet, reviewIsWithinFiveYears];

/** The rules of this group that need the headers too. */
export const alertsMessageRules = {
  "alert.cancel": [purgeLiesAhead],
  "notice.wanted": [...reviewed, publicIsUnrestricted],
  "notice.missing": [...reviewed, publicIsUnrestricted],
  "notice.information": reviewed,
  "notice.warning_person": reviewed,
  "notice.unidentified_body": reviewed,
  "notice.threat": reviewed,
  "notice.modus_operandi": reviewed,
  "notice.sanctions": [...reviewed, publicIsUnrestricted],
  "notice.challenge": [challengeAnswerIsLinked],
  "record.stolen_document": [issuerSignsDocument],
  "record.stolen_vehicle": [registrarSignsVehicle],
  "record.firearm": [keeperSignsFirearm],
  "record.person": [keeperSignsPerson],
  "record.object": [keeperSignsObject],
  "hit.notice": [confirmLiesAhead],
  "bulletin.red_flag": [bulletinIsForMany, publicIsUnrestricted],
  "bulletin.threat": [bulletinIsForMany, publicIsUnrestricted],
} satisfies MessageRules;
