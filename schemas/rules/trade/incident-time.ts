import type { IncidentTime } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** A time of day that is known stands there, and one that is not known does not. */
export const timeAgrees: Rule<BodyContext<{ readonly occurred: IncidentTime }>> = {
  code: "RULE_INCIDENT_TIME_CONTRADICTS",
  says: "timeUtc is there when timeKnown is KNOWN or APPROXIMATE, and only then; add it or change timeKnown",
  find: ({ body: { occurred } }) =>
    (occurred.timeUtc === undefined) === (occurred.timeKnown === "UNKNOWN")
      ? []
      : ["/occurred/timeKnown"],
};
