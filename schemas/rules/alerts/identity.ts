import type { NoticeWanted, Person } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** Whether something of a description is said; an empty one describes nobody. */
function isDescribed({ physical }: Person): boolean {
  if (physical === undefined) return false;
  const { heightCm, weightKg, eyes, hair, marks } = physical;
  return [heightCm, weightKg, eyes, hair].some((fact) => fact !== undefined) || marks.length > 0;
}

/** Names and sex and at least the year of birth, and something that a body or a paper shows. */
function isKnownByFacts(person: Person): boolean {
  const shown = isDescribed(person) || person.documents.length > 0 || person.biometrics.length > 0;
  return person.sex !== "UNKNOWN" && person.birth !== undefined && shown;
}

/** What else than the face tells this person from another. */
function hasFurtherIdentifier(person: Person): boolean {
  const parents = person.names.some(
    ({ fatherName, motherFamily }) => fatherName !== undefined || motherFamily !== undefined,
  );
  const lists = [person.documents, person.biometrics, person.addresses, person.names.slice(1)];
  return (
    parents ||
    person.birth !== undefined ||
    isDescribed(person) ||
    lists.some(({ length }) => length > 0)
  );
}

/**
 * The identifying set of INTERPOL RPD, article 83: either facts that fit one person, or a photograph and one thing
 * more. Without it the wrong people are arrested.
 */
export const wantedIsIdentified: Rule<BodyContext<NoticeWanted>> = {
  code: "RULE_WANTED_NOT_IDENTIFIED",
  says:
    "the person is not told from others: give sex, year of birth and one of physical, documents and biometrics; " +
    "or a photo and one of birth, documents, biometrics, addresses, a second name, a parent's name and physical",
  find: ({ body: { person, photos } }) =>
    isKnownByFacts(person) || (photos.length > 0 && hasFurtherIdentifier(person))
      ? []
      : ["/person"],
};
