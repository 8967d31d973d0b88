import type { TipPerpetrator } from "../../gen/index.ts";
import type { BodyContext, Rule } from "../rule.ts";

/** A perpetrator nobody can name still has a profile: it is what statistics lack most. */
export const perpetratorIsSomeone: Rule<BodyContext<TipPerpetrator>> = {
  code: "RULE_TIP_PERPETRATOR_EMPTY",
  says: "a perpetrator has a person, an organisation or at least a profile; add what is known",
  find: ({ body: { person, organisation, profile } }) =>
    [person, organisation, profile].some((one) => one !== undefined) ? [] : ["/profile"],
};

const protectedRoles = new Set(["VICTIM", "SMUGGLED_PERSON", "WITNESS"]);

/** A victim is not filed as a perpetrator (principle of non-punishment). */
export const perpetratorIsNoVictim: Rule<BodyContext<TipPerpetrator>> = {
  code: "RULE_TIP_PERPETRATOR_IS_VICTIM",
  says: "a perpetrator has no role of a victim, witness or smuggled person; send that person as tip.victim",
  find: ({ body: { person, profile } }) => [
    ...(person?.roles.some((role) => protectedRoles.has(role)) ? ["/person/roles"] : []),
    ...(profile !== undefined && protectedRoles.has(profile.role) ? ["/profile/role"] : []),
  ],
};
