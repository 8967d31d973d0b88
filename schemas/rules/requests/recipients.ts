import type { DisseminationGrant } from "../../gen/index.ts";
import type { BodyContext, MessageContext, Rule } from "../rule.ts";
import { deadlinesAhead } from "./moments.ts";

/** A body that may receive something, as far as it must be recognised. */
export interface NamedRecipient {
  readonly agency?: string | undefined;
  readonly agencyKind?: string | undefined;
  readonly country?: string | undefined;
  readonly bodyName?: object | undefined;
}

function isNamed({ agency, agencyKind, country, bodyName }: NamedRecipient): boolean {
  return (
    agency !== undefined ||
    (country !== undefined && (agencyKind !== undefined || bodyName !== undefined))
  );
}

/** "The police" is nobody: a recipient is an agency, or a kind of agency or a named body of one country. */
export function recipientsAreNamed<B>(
  recipientsOf: (body: B) => Readonly<Record<string, readonly NamedRecipient[]>>,
): Rule<BodyContext<B>> {
  return {
    code: "RULE_RECIPIENT_NOT_NAMED",
    says: "a recipient has an agency, or a country with agencyKind or bodyName; complete it",
    find: ({ body }) =>
      Object.entries(recipientsOf(body)).flatMap(([path, recipients]) =>
        recipients.flatMap((recipient, at) => (isNamed(recipient) ? [] : [`${path}/${at}`])),
      ),
  };
}

/** Grants of a body, each with its pointer. */
export type Grants<B> = (
  body: B,
) => readonly (readonly [path: string, grant: DisseminationGrant])[];

function missingOf(grant: DisseminationGrant, needsConditions: boolean): readonly string[] {
  const { uses, recipients, purposes, crimes, validUntil } = grant;
  const { consentConditions, conditionText } = grant;
  const hasConditions = consentConditions.length > 0 || conditionText !== undefined;
  const unexplained = consentConditions.includes("OTHER") && conditionText === undefined;
  return [
    ...(uses.length === 0 ? ["/uses"] : []),
    ...(recipients.length === 0 ? ["/recipients"] : []),
    ...recipients.flatMap((recipient, at) => (isNamed(recipient) ? [] : [`/recipients/${at}`])),
    ...(purposes.length === 0 ? ["/purposes"] : []),
    // nobody can be held to "other": what is given for any crime is given for none
    ...(crimes.every((crime) => crime === "other") ? ["/crimes"] : []),
    ...(validUntil === undefined ? ["/validUntil"] : []),
    ...(needsConditions && !hasConditions ? ["/consentConditions"] : []),
    ...(unexplained ? ["/conditionText"] : []),
  ];
}

/**
 * The third-party rule: consent is a token for these recipients, uses and purposes until that day. What it leaves
 * open it does not give.
 */
export function grantsAreComplete<B>(
  grantsOf: Grants<B>,
  needsConditions: (body: B) => boolean = () => false,
): Rule<BodyContext<B>> {
  return {
    code: "RULE_GRANT_INCOMPLETE",
    says:
      "a grant names uses, recipients (each with agency, or country and kind or name), purposes, crimes and validUntil, " +
      "and its conditions if it has any; complete it",
    find: ({ body }) =>
      grantsOf(body).flatMap(([path, grant]) =>
        missingOf(grant, needsConditions(body)).map((field) => `${path}${field}`),
      ),
  };
}

/** A grant that has ended when it is given gives nothing. */
export function grantsAreAhead<B>(grantsOf: Grants<B>): Rule<MessageContext<B>> {
  return deadlinesAhead((body) =>
    Object.fromEntries(
      grantsOf(body).map(([path, { validUntil }]) => [`${path}/validUntil`, validUntil]),
    ),
  );
}
