import { Fault } from "../../schemas/ground/index.ts";
import type { Caller } from "../people/index.ts";
import type { Store } from "../store/index.ts";
import type { Inspection } from "./keep.ts";

/** Who turns a key. */
export type KeyHolder = Pick<Caller, "id" | "kind" | "roles" | "handlingUpTo">;

const deciders = ["approver", "administrator"] as const;

function refuse(detail: string): never {
  throw new Fault("SECOND_PERSON_NEEDED", detail);
}

/** As what somebody consents; undefined when he does not. */
function decidesAs({ roles }: KeyHolder): (typeof deciders)[number] | undefined {
  return deciders.find((role) => roles.has(role));
}

/** Whether somebody works here now who could be the second key. */
function isAnybodyThere({ people }: Pick<Store, "people">, asker: string): boolean {
  return people
    .all()
    .some(({ id, state, roles }) => state === "active" && `person:${id}` !== asker && deciders.some((role) => roles.includes(role)));
} // prettier-ignore

/** Refuses whoever is not an inspector in person. @throws {Fault} SECOND_PERSON_NEEDED */
export function checkFirstKey({ kind, roles }: KeyHolder): void {
  if (kind === "person" && roles.has("inspector")) return;
  refuse("an inspector asks, signed in as himself");
}

/**
 * Refuses whoever is not the second key to an inspection: an approver or administrator in person, and never the one who asked.
 * The owner of the token counts only where there is no such person. Says as what he consents.
 *
 * @throws {Fault} SECOND_PERSON_NEEDED
 */
export function checkSecondKey(store: Pick<Store, "people">, { askedBy }: Pick<Inspection, "askedBy">, holder: KeyHolder): string {
  const { id, kind, roles } = holder;
  const role = decidesAs(holder);
  if (kind === "machine" || role === undefined) return refuse("an approver or an administrator consents");
  if (id === askedBy || roles.has("inspector")) return refuse("an inspector does not consent to an inspection; another person does");
  if (kind !== "owner") return role;
  if (isAnybodyThere(store, askedBy)) return refuse("an approver or administrator consents, signed in as himself; the token counts where there is none");
  return "owner";
} // prettier-ignore

/** Whether somebody may look at an inspection: its inspector, the second keys, and auditors. */
export function mayLook({ askedBy }: Pick<Inspection, "askedBy">, holder: KeyHolder): boolean {
  return holder.id === askedBy || holder.roles.has("auditor") || decidesAs(holder) !== undefined;
}
