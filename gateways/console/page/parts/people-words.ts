import type { Session } from "../ground/session.ts";
import { language, say, type WordId } from "../ground/words.ts";

/** One of the roles that the gateway's description names. */
export type Role = Session["roles"][number];

/** All of them, in the order in which they are offered. */
export const roles = [
  "officer",
  "approver",
  "integrator",
  "analyst",
  "administrator",
  "auditor",
  "inspector",
] as const satisfies readonly Role[];

const stateWords: Readonly<Record<string, WordId>> = {
  invited: "people.invited",
  active: "people.active",
  suspended: "people.suspended",
  left: "people.left",
};

/** A role as a person says it. */
export function tellRole(role: Role): string {
  return say(`role.${role}`);
}

/** Roles as a person says them; one that this page does not know stands as it is written. */
export function tellRoles(given: readonly string[]): string {
  const told = given.map((one) => {
    const role = roles.find((known) => known === one);
    return role === undefined ? one : tellRole(role);
  });
  return new Intl.ListFormat(language.value, { type: "conjunction" }).format(told);
}

/** Whether a person works here. */
export function tellState(state: string): string {
  const word = stateWords[state];
  return word === undefined ? state : say(word);
}

/** Up to which handling somebody may see. */
export function tellCeiling(handling: string): string {
  return say("rules.upTo", { handling });
}
