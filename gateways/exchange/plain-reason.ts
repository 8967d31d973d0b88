import type { Members } from "./paired.ts";

/**
 * What the region is told instead of a reason that speaks of a person, or rests on what it does not see: it was told of nobody,
 * and that somebody died, was given protection or claimed a right is nothing it should learn now. What makes copies unlawful to
 * keep stays such a reason.
 */
const plain: Readonly<Record<string, ReadonlyMap<unknown, string>>> = {
  "alert.cancel": new Map([
    ["LEGAL_ORDER", "ERROR"],
    ["DATA_SUBJECT_RIGHT", "ERROR"],
    ["CHALLENGE_UPHELD", "ERROR"],
    ["PROTECTION_GRANTED", "ERROR"],
    ["ARRESTED", "RESOLVED"],
    ["DIED", "RESOLVED"],
    ["TIME_LIMIT", "EXPIRED"],
    ["NO_EXTRADITION", "EXPIRED"],
  ]),
  "data.correct": new Map([
    ["IDENTITY_CONFUSION", "ERROR"],
    ["IDENTITY_MISUSED", "ERROR"],
    ["DATA_SUBJECT_RIGHT", "ERROR"],
    ["COURT_DECISION", "ERROR"],
  ]),
};

/** A body for the region with its reason in the words of what the region knows. */
export function withPlainReason(type: string, body: Members): Members {
  const name = type === "data.correct" ? "correctionReason" : "reason";
  const said = body[name];
  // what replaces it went to named readers alone
  const isLoose = type === "alert.cancel" && said === "SUPERSEDED" && body["successorId"] === undefined;
  const told = isLoose ? "EXPIRED" : plain[type]?.get(said);
  return told === undefined ? body : { ...body, [name]: told };
} // prettier-ignore
