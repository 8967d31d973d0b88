import type { MaritimeIncident } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

type Body = BodyContext<MaritimeIncident>;

/** Somebody can go there: a position with both its numbers, or the name of the area. */
const incidentIsSomewhere: Rule<Body> = {
  code: "RULE_MARITIME_POSITION_MISSING",
  says: "position has lat and lon, or names the area in text; complete it",
  find: ({ body: { position } }) => {
    const { lat, lon, text } = position;
    const isHalf = (lat === undefined) !== (lon === undefined);
    return isHalf || (lat === undefined && text === undefined) ? ["/position"] : [];
  },
};

const crewFields = [
  "crewInjured",
  "crewKidnapped",
  "crewKilled",
  "crewMissing",
  "crewHeld",
  "crewReleased",
] as const;

function sum(...numbers: readonly (number | undefined)[]): number {
  return numbers.reduce<number>((all, number) => all + (number ?? 0), 0);
}

/** Nobody can come to harm who was not aboard. The taken, the dead and the missing are different people. */
const crewWasAboard: Rule<Body> = {
  code: "RULE_MARITIME_CREW_EXCEEDED",
  says: "more people were hurt, taken, killed or missing than crew says were aboard; correct the numbers",
  find: ({ body }) => {
    const aboard = body.ship?.crew;
    if (aboard === undefined) return [];
    const single = crewFields.filter((field) => (body[field] ?? 0) > aboard);
    if (single.length > 0) return single.map((field) => `/${field}`);
    return sum(body.crewKidnapped, body.crewKilled, body.crewMissing) > aboard
      ? ["/ship/crew"]
      : [];
  },
};

/** A kidnapping took somebody; at the end it is known how many. */
const kidnappedAreCounted: Rule<Body> = {
  code: "RULE_MARITIME_KIDNAP_UNCOUNTED",
  says: "crewKidnapped is missing or 0 although the method is KIDNAP; say how many were taken",
  find: ({ body: { method, crewKidnapped, stage } }) => {
    if (method !== "KIDNAP") return [];
    const isOpen = crewKidnapped === undefined && stage !== "FINAL";
    return isOpen || (crewKidnapped ?? 0) > 0 ? [] : ["/crewKidnapped"];
  },
};

/**
 * The follow-up report of the IMO asks what master and coastal state did; "none" and "unknown" are answers.
 * What was taken over from a published source (it has sourceRef) tells what the source tells.
 */
const finalTellsAction: Rule<Body> = {
  code: "RULE_MARITIME_FINAL_WITHOUT_ACTION",
  says: "a FINAL report says in masterActions or coastalActions what was done, or NONE or UNKNOWN; add one of them",
  find: ({ body: { stage, masterActions, coastalActions, sourceRef } }) =>
    stage === "FINAL" &&
    sourceRef === undefined &&
    masterActions.length + coastalActions.length === 0
      ? ["/masterActions"]
      : [],
};

/** A daily report goes on from another. */
const dailyNamesAlert: Rule<Body> = {
  code: "RULE_MARITIME_DAILY_WITHOUT_ALERT",
  says: "a DAILY report names the first one in alertId, or in alertRef if it is no message; add it",
  find: ({ body: { stage, alertId, alertRef, sourceRef } }) =>
    stage === "DAILY" && [alertId, alertRef, sourceRef].every((ref) => ref === undefined)
      ? ["/alertId"]
      : [],
};

const attacks = new Set(["BOARDED", "FIRED_UPON", "HIJACKED", "KIDNAP", "ROBBERY", "EXPLOSION"]);

/** What was an attack is not reported as suspicious only: other ships steer by the difference. */
const stageFitsMethod: Rule<Body> = {
  code: "RULE_MARITIME_STAGE_CONTRADICTS",
  says: "the stage is SUSPICIOUS and the method an attack; choose INITIAL or another method",
  find: ({ body: { stage, method } }) =>
    stage === "SUSPICIOUS" && attacks.has(method) ? ["/stage"] : [],
};

/** A report without an attack is about something else, and says what. */
const otherKindIsSaid: Rule<Body> = {
  code: "RULE_MARITIME_KIND_MISSING",
  says: "kind is missing; where the method is NONE, say what the incident is, such as FISHING_IUU",
  find: ({ body: { method, kind } }) => (method === "NONE" && kind === undefined ? ["/kind"] : []),
};

const stateWaters = new Set([
  "PORT",
  "INTERNAL_WATERS",
  "TERRITORIAL_SEA",
  "ARCHIPELAGIC_WATERS",
  "RIVER",
]);

/** Piracy is outside the waters of any state, armed robbery inside (UNCLOS articles 58 and 101, IMO A.1025(26)). */
const kindFitsWaters: Rule<Body> = {
  code: "RULE_MARITIME_KIND_ZONE",
  says: "PIRACY is outside a state's waters and ARMED_ROBBERY inside; correct kind or zone",
  find: ({ body: { kind, zone } }) => {
    if (zone === undefined || zone === "UNKNOWN" || zone === "DISPUTED") return [];
    const isWrong = stateWaters.has(zone) ? kind === "PIRACY" : kind === "ARMED_ROBBERY";
    return isWrong ? ["/kind"] : [];
  },
};

const listsWithNone = [
  "weapons",
  "partsAttacked",
  "stolen",
  "masterActions",
  "coastalActions",
  "assistance",
  "protection",
  "evidenceHeld",
] as const;
const nones = new Set(["NONE", "NONE_SEEN", "NOTHING", "UNKNOWN"]);

/** "None" is the whole answer or no part of it. */
const noneStandsAlone: Rule<Body> = {
  code: "RULE_NONE_BESIDE_OTHERS",
  says: "a code for none or unknown stands beside others; leave it or the others out",
  find: ({ body }) =>
    listsWithNone
      .filter((field) => body[field].length > 1 && body[field].some((code) => nones.has(code)))
      .map((field) => `/${field}`),
};

/** The rules over an incident at sea. */
export const maritimeRules: readonly Rule<Body>[] = [
  incidentIsSomewhere,
  crewWasAboard,
  kidnappedAreCounted,
  finalTellsAction,
  dailyNamesAlert,
  stageFitsMethod,
  otherKindIsSaid,
  kindFitsWaters,
  noneStandsAlone,
];
