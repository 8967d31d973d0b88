import type { CodeList } from "./code-list.ts";
import ACTION from "./ACTION.json" with { type: "json" };
import ACTION_REQUESTED from "./ACTION_REQUESTED.json" with { type: "json" };
import AGENCY_KIND from "./AGENCY_KIND.json" with { type: "json" };
import ATTACK_METHOD from "./ATTACK_METHOD.json" with { type: "json" };
import CASE_STATUS from "./CASE_STATUS.json" with { type: "json" };
import COMMODITY from "./COMMODITY.json" with { type: "json" };
import CONSENT_DECISION from "./CONSENT_DECISION.json" with { type: "json" };
import CONSENT_FOR from "./CONSENT_FOR.json" with { type: "json" };
import CRIME from "./CRIME.json" with { type: "json" };
import DOCUMENT_TYPE from "./DOCUMENT_TYPE.json" with { type: "json" };
import EVIDENCE_LEVEL from "./EVIDENCE_LEVEL.json" with { type: "json" };
import FIU_QUESTION from "./FIU_QUESTION.json" with { type: "json" };
import FIU_SOURCE from "./FIU_SOURCE.json" with { type: "json" };
import FORM from "./FORM.json" with { type: "json" };
import HANDLING from "./HANDLING.json" with { type: "json" };
import KNOWN from "./KNOWN.json" with { type: "json" };
import LEAF_KIND from "./LEAF_KIND.json" with { type: "json" };
import MANDATE_ACTION from "./MANDATE_ACTION.json" with { type: "json" };
import NAME_KIND from "./NAME_KIND.json" with { type: "json" };
import OUTCOME from "./OUTCOME.json" with { type: "json" };
import PERSON_ROLE from "./PERSON_ROLE.json" with { type: "json" };
import PURPOSE from "./PURPOSE.json" with { type: "json" };
import RECOMMENDED_CHECK from "./RECOMMENDED_CHECK.json" with { type: "json" };
import RED_FLAG from "./RED_FLAG.json" with { type: "json" };
import REFUSAL_GROUND from "./REFUSAL_GROUND.json" with { type: "json" };
import RELEASE_EFFECT from "./RELEASE_EFFECT.json" with { type: "json" };
import RELEASE_LEVEL from "./RELEASE_LEVEL.json" with { type: "json" };
import REPORT_STAGE from "./REPORT_STAGE.json" with { type: "json" };
import SCOPE from "./SCOPE.json" with { type: "json" };
import SENSITIVE from "./SENSITIVE.json" with { type: "json" };
import SEX from "./SEX.json" with { type: "json" };
import SHIP_STATUS from "./SHIP_STATUS.json" with { type: "json" };
import STATUS from "./STATUS.json" with { type: "json" };
import UNIT from "./UNIT.json" with { type: "json" };
import URGENCY from "./URGENCY.json" with { type: "json" };
import VESSEL_TYPE from "./VESSEL_TYPE.json" with { type: "json" };
import WEAPON from "./WEAPON.json" with { type: "json" };

/** Every code list of this edition, by name. A list that a `.proto` names and that is not here fails a test. */
export const lists: Readonly<Record<string, CodeList>> = {
  ACTION,
  ACTION_REQUESTED,
  AGENCY_KIND,
  ATTACK_METHOD,
  CASE_STATUS,
  COMMODITY,
  CONSENT_DECISION,
  CONSENT_FOR,
  CRIME,
  DOCUMENT_TYPE,
  EVIDENCE_LEVEL,
  FIU_QUESTION,
  FIU_SOURCE,
  FORM,
  HANDLING,
  KNOWN,
  LEAF_KIND,
  MANDATE_ACTION,
  NAME_KIND,
  OUTCOME,
  PERSON_ROLE,
  PURPOSE,
  RECOMMENDED_CHECK,
  RED_FLAG,
  REFUSAL_GROUND,
  RELEASE_EFFECT,
  RELEASE_LEVEL,
  REPORT_STAGE,
  SCOPE,
  SENSITIVE,
  SEX,
  SHIP_STATUS,
  STATUS,
  UNIT,
  URGENCY,
  VESSEL_TYPE,
  WEAPON,
};
