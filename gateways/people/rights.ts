import type { PersonRow } from "../store/index.ts";
import { type Caller, type Handling, handlings } from "./caller.ts";
import { readers, type Role, roles } from "./roles.ts";

/** What somebody may do and see. */
export interface Rights {
  readonly roles: readonly string[];
  readonly handling: string;
}

/** A handling code as a place from 0 on; what is none of ours counts as the least. */
export function heightOf(handling: string): number {
  return Math.max(
    0,
    handlings.findIndex((one) => one === handling),
  );
}

/** A handling code of the store; what is none of ours is the least. */
export function handlingOf(text: string): Handling {
  return handlings[heightOf(text)] ?? "H0";
}

/** The roles among these words. */
export function rolesOf(words: readonly string[]): ReadonlySet<Role> {
  return new Set(roles.filter((role) => words.includes(role)));
}

/** Whether `after` gives anything that `before` does not. */
export function isWider(before: Rights, after: Rights): boolean {
  const gains = after.roles.some((role) => !before.roles.includes(role));
  return gains || heightOf(after.handling) > heightOf(before.handling);
}

/** Whether these rights decide about other people's. */
export function isGuarded({ roles: words }: Pick<Rights, "roles">): boolean {
  return words.includes("administrator") || words.includes("approver");
}

/** Whether these rights let content be read. */
export function isReader({ roles: words }: Pick<Rights, "roles">): boolean {
  return readers.some((role) => words.includes(role));
}

/** The id a person has as a caller. */
export function callerIdOf({ id }: Pick<PersonRow, "id">): Caller["id"] {
  return `person:${id}`;
}

/** Whether somebody works here now as an administrator. */
export function isActiveAdministrator({ state, roles: words }: Pick<PersonRow, "state" | "roles">): boolean {
  return state === "active" && words.includes("administrator");
} // prettier-ignore
