import type { MessageContext, Rule } from "./rule.ts";
import { fieldIn, type Found, findMessages } from "./walk.ts";

const pseudonymousRoles = new Set(["VICTIM", "WITNESS", "SMUGGLED_PERSON", "PROTECTED"]);
const identifying = [
  "documents",
  "phones",
  "online",
  "addresses",
  "biometrics",
  "taxNumber",
  "birthPlace",
];

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** The fields of a person that tell who it is; a name does unless it is a pseudonym. */
function tellingFields({ path, value }: Found): readonly string[] {
  const names: unknown = fieldIn(value, "names");
  const named = Array.isArray(names)
    ? names.flatMap((name: object, at) =>
        fieldIn(name, "kind") === "PSEUDONYM" ? [] : [`${path}/names/${at}`],
      )
    : [];
  const others = identifying.filter((field) => !isEmpty(fieldIn(value, field)));
  return [...named, ...others.map((field) => `${path}/${field}`)];
}

function isProtected({ value }: Found): boolean {
  const roles = textsOf(fieldIn(value, "roles"));
  const flagged = fieldIn(value, "minor") === true || fieldIn(value, "protected") === true;
  return flagged || roles.some((role) => pseudonymousRoles.has(role));
}

/**
 * Victims, witnesses, minors and protected persons stand in a feed by pseudonym only; their identity goes
 * directly to those who must know it (domain.md §10). A wanted or missing minor is the exception its notice is for.
 */
export const nobodyProtectedInFeed: Rule<MessageContext<object>> = {
  code: "RULE_PROTECTED_NAMED_IN_FEED",
  says:
    "a victim, witness, minor or protected person stands in a feed by a name of kind PSEUDONYM and nothing that " +
    "tells who it is; leave the field out or send it directly to whom it concerns",
  find: ({ scope, message, body }) => {
    if (scope !== "FEED") return [];
    return findMessages("Person", { name: message.name, value: body })
      .filter(isProtected)
      .filter(({ value }) => !isSoughtMinor(value))
      .flatMap(tellingFields);
  },
};

/** Someone missing is found by name and face: the notice exists to show them. */
function isSoughtMinor(person: object): boolean {
  const roles = textsOf(fieldIn(person, "roles"));
  return roles.includes("MISSING") && fieldIn(person, "protected") !== true;
}

/** Who an informant is stays at home, in a feed and in direct messages alike. */
export const noInformantNamed: Rule<MessageContext<object>> = {
  code: "RULE_INFORMANT_NAMED",
  says: "an informant is named by a pseudonym only, and nothing tells who it is; leave the field out",
  find: ({ message, body }) =>
    findMessages("Person", { name: message.name, value: body })
      .filter(({ value }) => textsOf(fieldIn(value, "roles")).includes("INFORMANT"))
      .flatMap(tellingFields),
};
