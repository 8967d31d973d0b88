import type { BodyRules, MessageRules } from "../rule-tables.ts";
import {
  assetReplyRules,
  assetRequestRules,
  freezeLiesAhead,
  freezeRules,
  managementRules,
} from "./asset.ts";
import { custodyRules } from "./custody.ts";
import { courtUseIsOpen, transferRules } from "./evidence.ts";
import { destroyedRules, diversionRules, traceReplyRules } from "./firearm.ts";
import { handoverRules } from "./handover.ts";
import { outcomeRules } from "./judicial.ts";
import { mlaRequestRules, mlaStatusRules, requestHasBasis } from "./mla.ts";
import { refsAreKnown } from "./refs.ts";
import { sharingRules } from "./sharing.ts";
import { contactsArePermitted, sourcesArePermitted } from "./sources.ts";
import { refusalHasGround, stepNamesTarget } from "./steps.ts";
import { compareRules, preserveIsShort, preserveRules, teamRules } from "./teamwork.ts";
import { traceItems } from "./trace-request.ts";
import { casefileRules, sentencedRules } from "./transfers.ts";

const steps = [stepNamesTarget, refusalHasGround] as const;
const holdersAreKnown = refsAreKnown(["AssetHolding"]);

/** The rules over the bodies of this group. */
export const justiceBodyRules = {
  "outcome.judicial": [...outcomeRules, refsAreKnown(["OutcomeVerdict", "OutcomeSentence"])],
  "evidence.transfer": [...steps, ...transferRules, sourcesArePermitted],
  "evidence.custody_event": custodyRules,
  "suspect.handover": [...handoverRules, refsAreKnown(["HandoverCare"])],
  "mla.request": [...mlaRequestRules, contactsArePermitted, refsAreKnown(["MlaMeasure"], "refs")],
  "mla.status": mlaStatusRules,
  "jit.proposal": [...steps, ...teamRules],
  "preserve.data": [...steps, ...preserveRules],
  "forensic.compare": [stepNamesTarget, ...compareRules, refsAreKnown(["ForensicSample"])],
  "casefile.transfer": [...steps, ...casefileRules, sourcesArePermitted],
  "sentenced.transfer": [...steps, ...sentencedRules],
  "firearm.trace_request": traceItems,
  "firearm.trace_reply": traceReplyRules,
  "firearm.diversion": diversionRules,
  "firearm.destroyed": destroyedRules,
  "asset.trace_request": assetRequestRules,
  "asset.trace_reply": [...assetReplyRules, holdersAreKnown],
  "asset.freeze_request": [...freezeRules, holdersAreKnown],
  "asset.management_update": managementRules,
  "asset.sharing_agreement": [...steps, ...sharingRules],
} satisfies BodyRules;

/** The rules of this group that need the headers too. */
export const justiceMessageRules = {
  "evidence.transfer": [courtUseIsOpen],
  "mla.request": [requestHasBasis],
  "preserve.data": [preserveIsShort],
  "asset.freeze_request": [freezeLiesAhead],
} satisfies MessageRules;
