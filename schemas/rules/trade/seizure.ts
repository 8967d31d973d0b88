import type { SeizureReport } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";
import { fieldIn, findMessages } from "../walk.ts";

type Body = BodyContext<SeizureReport>;

/** A seizure without its country is in nobody's statistics. */
const seizureHasCountry: Rule<Body> = {
  code: "RULE_SEIZURE_COUNTRY_MISSING",
  says: "place names no country; add it, or XZ for the high seas",
  find: ({ body: { place } }) => (place.country === undefined ? ["/place/country"] : []),
};

/** How much was seized is part of the short form; an estimate is marked as one. */
const seizureIsMeasured: Rule<Body> = {
  code: "RULE_SEIZURE_QUANTITY_MISSING",
  says: "quantity is missing; give value and unit of every commodity, with estimated if it is a guess",
  find: ({ body: { commodities } }) =>
    commodities.flatMap(({ quantity }, at) =>
      quantity === undefined ? [`/commodities/${at}/quantity`] : [],
    ),
};

/** Who warned learns that the warning was good, and the warning closes. */
const seizureNamesWarning: Rule<Body> = {
  code: "RULE_SEIZURE_WARNING_UNNAMED",
  says: "warningId is missing; a seizure that a warning led to names the target.warning",
  find: ({ body: { detection, warningId } }) =>
    detection === "WARNING" && warningId === undefined ? ["/warningId"] : [],
};

/** The copy without names counts everyone whom the copy with names knows, or it would tell less than the truth. */
const seizurePersonsAreCounted: Rule<Body> = {
  code: "RULE_SEIZURE_PERSONS_UNCOUNTED",
  says: "profiles count fewer people than persons names; add a profile without name for each of them",
  find: ({ body: { persons, profiles } }) => {
    const counted = profiles.reduce((sum, { count }) => sum + (count ?? 1), 0);
    return counted < persons.length ? ["/profiles"] : [];
  },
};

/** A permit that was shown has a number to ask its issuer about. */
const permitsAreNumbered: Rule<Body> = {
  code: "RULE_SEIZURE_PERMIT_UNNUMBERED",
  says: "number is missing; a permit that was shown has one, and one that was not has the status MISSING",
  find: ({ body: { permits } }) =>
    permits.flatMap(({ status, number }, at) =>
      status !== "MISSING" && number === undefined ? [`/permits/${at}/number`] : [],
    ),
};

function isOutside(percent: unknown): boolean {
  return typeof percent === "string" && !(Number(percent) >= 0 && Number(percent) <= 100);
}

/** A purity is a share of the whole. */
const puritiesAreShares: Rule<Body> = {
  code: "RULE_PURITY_OUT_OF_RANGE",
  says: "purityPercent is from 0 to 100; correct it",
  find: ({ message, body }) =>
    ["Commodity", "SeizureTest"]
      .flatMap((wanted) => findMessages(wanted, { name: message.name, value: body }))
      .filter(({ value }) => isOutside(fieldIn(value, "purityPercent")))
      .map(({ path }) => `${path}/purityPercent`),
};

/** The rules over a seizure. */
export const seizureRules: readonly Rule<Body>[] = [
  seizureHasCountry,
  seizureIsMeasured,
  seizureNamesWarning,
  seizurePersonsAreCounted,
  permitsAreNumbered,
  puritiesAreShares,
];
