import { Fault } from "../../schemas/ground/index.ts";
import { type Caller, writers } from "../people/index.ts";
import type { PersonRow, Store, StoredRelease } from "../store/index.ts";

/** Who decides about it. */
export type Decider = Pick<Caller, "id" | "kind" | "roles" | "handlingUpTo">;

function refuse(detail: string): never {
  throw new Fault("SECOND_PERSON_NEEDED", detail);
}

function isOther({ id }: PersonRow, { maker, writers: all }: StoredRelease): boolean {
  return `person:${id}` !== maker && !all.includes(`person:${id}`);
}

/** The token is nobody's by name: it counts only where there is no person who could. */
function checkOwner(store: Pick<Store, "people">, release: StoredRelease): void {
  const approvers = store.people
    .all()
    .filter(({ state, roles }) => state === "active" && roles.includes("approver"));
  if (approvers.some((one) => isOther(one, release))) {
    refuse("an approver releases it, signed in as himself; the token counts where there is none");
  }
}

/**
 * Refuses whoever is not a second person to this. Nobody who wrote on it, by whatever way he comes; no machine; of what a
 * machine handed in no administrator, for they give machines their secrets; and the owner of the token only where no approver
 * could.
 *
 * @throws {Fault} SECOND_PERSON_NEEDED
 */
export function checkSecond(store: Pick<Store, "people">, release: StoredRelease, { id, kind, roles }: Decider): void {
  if (kind === "machine") refuse("a machine hands in; a person releases");
  if (!roles.has("approver")) refuse("an approver releases it");
  if (release.maker === id || release.writers.includes(id)) {
    refuse("whoever wrote on it does not release it; another approver does");
  }
  if (kind === "owner") checkOwner(store, release);
  else if (release.maker.startsWith("machine:") && roles.has("administrator")) {
    refuse("an administrator does not release what a machine handed in; another approver does");
  }
} // prettier-ignore

/** Whether who handed it in may still hand in: somebody suspended since has asked for nothing. */
export function isMakerThere({ people, machines }: Pick<Store, "people" | "machines">, { maker }: StoredRelease): boolean {
  if (maker === "owner") return true;
  const [kind = "", id = ""] = maker.split(":", 2);
  const person = kind === "person" ? people.get(id) : undefined;
  const row = person?.state === "active" ? person : kind === "machine" ? machines.get(id) : undefined;
  return row !== undefined && writers.some((role) => row.roles.includes(role));
} // prettier-ignore
