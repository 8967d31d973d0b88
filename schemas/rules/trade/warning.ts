import type { Leg, TargetSubject, TargetWarning } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { lastArrival } from "./legs.ts";

type Body = BodyContext<TargetWarning>;
type Whole = MessageContext<TargetWarning>;

const dayMs = 86_400_000;

/** A warning nobody followed up is kept this long after the last arrival, and no longer (domain.md §2.12). */
const daysAfterArrival = 30;

/** A warning is about one thing: with two, nobody knows which was controlled. */
const warningSubjectIsOne: Rule<Body> = {
  code: "RULE_WARNING_SUBJECT_NOT_ONE",
  says: "subject has exactly one of consignment, passenger, vessel, aircraft, vehicle and parcel; split the warning or complete it",
  find: ({ body }) =>
    Object.values(body.subject).filter((one) => one !== undefined).length === 1 ? [] : ["/subject"],
};

/** What a thing is found by. A passenger has names and a parcel its number: their schemas ask for them. */
function marksOf({ consignment, vessel, aircraft, vehicle }: TargetSubject) {
  return {
    ...(consignment && {
      consignment: [
        consignment.container,
        consignment.billOfLading,
        consignment.airWaybill,
        consignment.parcel,
        consignment.seals[0],
      ],
    }),
    ...(vessel && { vessel: [vessel.name, vessel.imo, vessel.mmsi, vessel.callSign] }),
    ...(aircraft && { aircraft: [aircraft.tail, aircraft.icaoAddress, aircraft.flight] }),
    ...(vehicle && { vehicle: [vehicle.plate, vehicle.vin, vehicle.engineNumber] }),
  };
}

/** Whoever stands at the quay or the gate can tell the target from others. */
const warningSubjectIsFindable: Rule<Body> = {
  code: "RULE_WARNING_SUBJECT_UNNAMED",
  says:
    "the subject has nothing it is found by; give a container, seal, bill or waybill, a ship's name or number, " +
    "an aircraft's registration or flight, a vehicle's plate or chassis number",
  find: ({ body }) =>
    Object.entries(marksOf(body.subject))
      .filter(([, marks]) => marks.every((mark) => mark === undefined))
      .map(([kind]) => `/subject/${kind}`),
};

function lacksPlace({ mode, from, to }: Leg): boolean {
  return [from, to].some(({ airport, unlocode, country }) =>
    mode === "AIR"
      ? airport === undefined && unlocode === undefined
      : country === undefined && unlocode === undefined,
  );
}

/** Every port and airport of the route is addressed, so every leg says which they are. */
const warningLegsAreAddressable: Rule<Body> = {
  code: "RULE_WARNING_LEG_PLACE_MISSING",
  says: "a leg by air names its two airports (airport or unlocode), any other leg at least country or unlocode at both ends; add them",
  find: ({ body }) => body.legs.flatMap((leg, at) => (lacksPlace(leg) ? [`/legs/${at}`] : [])),
};

/** Where and when the target comes in last is known, at least as expected: the warning's end hangs on it. */
const warningArrivalIsKnown: Rule<Body> = {
  code: "RULE_WARNING_ARRIVAL_MISSING",
  says: "the last leg says when it arrives; add arrives, as expected",
  find: ({ body: { legs } }) =>
    legs.at(-1)?.arrives === undefined ? [`/legs/${legs.length - 1}/arrives`] : [],
};

/** The control is asked for on the way, not after the journey. */
const warningEtaIsOnRoute: Rule<Body> = {
  code: "RULE_WARNING_ETA_OFF_ROUTE",
  says: "eta is after the last arrival of the legs; correct one of them",
  find: ({ body: { eta, legs } }) => (eta > (lastArrival(legs) ?? eta) ? ["/eta"] : []),
};

/** A score or a profile alone says nothing an officer can check, nor a court later. */
const warningProfileIsReasoned: Rule<Body> = {
  code: "RULE_WARNING_PROFILE_UNREASONED",
  says: "explanation is missing: a risk score or the reason PROFILE says in words on which facts of the journey it rests",
  find: ({ body: { reasons, riskScore, explanation } }) =>
    explanation === undefined && (riskScore !== undefined || reasons.includes("PROFILE"))
      ? ["/explanation"]
      : [],
};

const noticedByTarget = new Set(["PHYSICAL", "BODY", "SWAB", "INTERVIEW", "SEAL_CHECK"]);

/** Who is only to be observed is not searched. */
const warningControlsAgree: Rule<Body> = {
  code: "RULE_WARNING_CONTROLS_CONTRADICT",
  says: "OBSERVE_ONLY stands beside a control that the target notices; leave one of them out",
  find: ({ body: { requestedControls } }) =>
    requestedControls.includes("OBSERVE_ONLY")
      ? requestedControls.flatMap((control, at) =>
          noticedByTarget.has(control) ? [`/requestedControls/${at}`] : [],
        )
      : [],
};

/** Nobody can tell what became of a target that has not come yet. */
const warningFeedbackIsLater: Rule<Body> = {
  code: "RULE_WARNING_FEEDBACK_EARLY",
  says: "feedbackBy is before eta; move it after the arrival",
  find: ({ body: { feedbackBy, eta } }) =>
    feedbackBy !== undefined && feedbackBy < eta ? ["/feedbackBy"] : [],
};

/** The warning lives until the target has arrived everywhere. */
const warningOutlivesJourney: Rule<Whole> = {
  code: "RULE_WARNING_EXPIRES_EARLY",
  says: "the message expires before the last arrival; send it with a later expiry",
  find: ({ body: { legs }, expiresAt }) =>
    expiresAt < (lastArrival(legs) ?? expiresAt) ? ["/legs"] : [],
};

/** What led to nothing is not kept: data about travellers and traders goes soon after the journey. */
const warningEndsSoon: Rule<Whole> = {
  code: "RULE_WARNING_EXPIRES_LATE",
  says: `the message expires more than ${daysAfterArrival} days after the last arrival; send it with an earlier expiry`,
  find: ({ body: { legs, eta }, expiresAt }) =>
    expiresAt > (lastArrival(legs) ?? eta) + daysAfterArrival * dayMs ? ["/legs"] : [],
};

/** Passenger data may be used for what it was asked for only, so the header says for what. */
const passengerDataHasPurpose: Rule<Whole> = {
  code: "RULE_WARNING_PASSENGER_PURPOSE",
  says: "a warning about a passenger says in the header's purposes what the data may be used for; add purposes",
  find: ({ body: { subject }, inner }) =>
    subject.passenger !== undefined && inner.purposes.length === 0 ? ["/subject/passenger"] : [],
};

/** Intelligence is graded where it comes from: the officer at the gate decides how far to go by it. */
const warningIntelligenceIsGraded: Rule<Whole> = {
  code: "RULE_WARNING_INTELLIGENCE_UNEVALUATED",
  says: "reasons holds INTEL and evaluation is missing in the inner header; grade the source and its information",
  find: ({ body: { reasons }, inner }) =>
    reasons.includes("INTEL") && inner.evaluation === undefined ? ["/reasons"] : [],
};

/** The rules over a warning. */
export const warningRules: readonly Rule<Body>[] = [
  warningSubjectIsOne,
  warningSubjectIsFindable,
  warningLegsAreAddressable,
  warningArrivalIsKnown,
  warningEtaIsOnRoute,
  warningProfileIsReasoned,
  warningControlsAgree,
  warningFeedbackIsLater,
];

/** The rules over a warning and its headers. */
export const warningMessageRules: readonly Rule<Whole>[] = [
  warningOutlivesJourney,
  warningEndsSoon,
  passengerDataHasPurpose,
  warningIntelligenceIsGraded,
];
