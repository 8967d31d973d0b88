import type { Workflow } from "../workflow.ts";
import { casefile, jointTeam, protection, sentenced, sharing } from "./agreed-matters.ts";
import { alert, bulletin } from "./alert.ts";
import { assetTrace, comparison } from "./answered-once.ts";
import { contribution, jointAssessment } from "./assessment.ts";
import { assetFreeze } from "./asset-freeze.ts";
import { assurance } from "./assurance.ts";
import { block } from "./block.ts";
import { consent, fiuConsent } from "./consent.ts";
import { contactCheck } from "./contact-check.ts";
import { correction } from "./correction.ts";
import { delegation } from "./delegation.ts";
import { evidence } from "./evidence.ts";
import { firearmDiversion } from "./firearm-diversion.ts";
import { firearmTrace } from "./firearm-trace.ts";
import { fiuDisclosure } from "./fiu-disclosure.ts";
import { fiuMatch } from "./fiu-match.ts";
import { fiuPostpone } from "./fiu-postpone.ts";
import { fiuRequest } from "./fiu-request.ts";
import { handover } from "./handover.ts";
import { hit } from "./hit.ts";
import { maritime } from "./maritime.ts";
import { mla } from "./mla.ts";
import { notice, record, threatNotice } from "./notice.ts";
import { operation } from "./operation.ts";
import { preserve } from "./preserve.ts";
import { purge } from "./purge.ts";
import { coreDataRequest, query } from "./query.ts";
import { request } from "./request.ts";
import { review } from "./review.ts";
import { seizure } from "./seizure.ts";
import { subjectRights } from "./subject-rights.ts";
import { targetWarning } from "./target.ts";
import { tipCase } from "./tip-case.ts";
import { tipReferral } from "./tip-referral.ts";
import { translation } from "./translation.ts";
import { wanted } from "./wanted.ts";
import { warning } from "./warning.ts";

/** Every workflow there is; what none of them knows is beside every matter. */
export const workflows: readonly Workflow[] = [
  request,
  fiuRequest,
  fiuDisclosure,
  fiuPostpone,
  fiuMatch,
  fiuConsent,
  consent,
  purge,
  correction,
  block,
  review,
  subjectRights,
  targetWarning,
  seizure,
  alert,
  bulletin,
  notice,
  threatNotice,
  wanted,
  record,
  hit,
  query,
  coreDataRequest,
  warning,
  contribution,
  jointAssessment,
  operation,
  maritime,
  evidence,
  handover,
  mla,
  jointTeam,
  casefile,
  sentenced,
  preserve,
  comparison,
  firearmTrace,
  firearmDiversion,
  tipCase,
  tipReferral,
  assetTrace,
  assetFreeze,
  sharing,
  assurance,
  protection,
  delegation,
  translation,
  contactCheck,
];
