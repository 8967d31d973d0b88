import type { SomMovement } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { countProfiles } from "./profiles.ts";

const protectedRoles = new Set(["SMUGGLED_PERSON", "VICTIM", "WITNESS", "PROTECTED", "MISSING"]);

/** Only those who organise have names here; who was moved is a number (SOM Protocol, articles 5 and 16). */
export const smuggledNotNamed: Rule<BodyContext<SomMovement>> = {
  code: "RULE_SOM_SMUGGLED_NAMED",
  says: "a smuggled person is never named; take the person out of organisers and count her in smuggled",
  find: ({ body: { organisers } }) =>
    organisers.flatMap(({ roles }, at) =>
      roles.some((role) => protectedRoles.has(role)) ? [`/organisers/${at}`] : [],
    ),
};

/** Who is counted among the smuggled is not a suspect. */
export const smuggledAreNoSuspects: Rule<BodyContext<SomMovement>> = {
  code: "RULE_SOM_PROFILE_ROLE",
  says: "smuggled counts people with role SMUGGLED_PERSON, or VICTIM where trafficking is suspected",
  find: ({ body: { smuggled } }) =>
    smuggled.flatMap(({ role }, at) =>
      role === "SMUGGLED_PERSON" || role === "VICTIM" ? [] : [`/smuggled/${at}/role`],
    ),
};

/** Profiles, and the dead, missing and rescued, are parts of the total. */
export const peopleFitTotal: Rule<BodyContext<SomMovement>> = {
  code: "RULE_PEOPLE_COUNT",
  says: "the parts count more people than smuggledTotal; correct one of them",
  find: ({ body: { smuggled, smuggledTotal, dead = 0, missing = 0, rescued = 0 } }) => {
    if (smuggledTotal === undefined) return [];
    const isMore = Math.max(countProfiles(smuggled), dead + missing + rescued) > smuggledTotal;
    return isMore ? ["/smuggledTotal"] : [];
  },
};

/** Nobody can be saved who cannot be found. */
export const distressHasPosition: Rule<BodyContext<SomMovement>> = {
  code: "RULE_SOM_DISTRESS_POSITION",
  says: "position is missing; people in distress need the last place they were seen",
  find: ({ body: { inDistress, position } }) =>
    inDistress === true && position === undefined ? ["/position"] : [],
};

/** Lives at risk go first (SOLAS V/33; SAR Convention). */
export const distressIsFlash: Rule<MessageContext<SomMovement>> = {
  code: "RULE_SOM_DISTRESS_URGENCY",
  says: "people in distress are sent with urgency FLASH; raise the urgency",
  find: ({ body: { inDistress }, urgency }) =>
    inDistress === true && urgency !== "FLASH" ? ["/inDistress"] : [],
};
