import type { Caller } from "./caller.ts";
import type { Change } from "./change-shapes.ts";
import { isGuarded, isWider, type Rights } from "./rights.ts";

/** What the rule is asked about. */
export interface SecondWordCase {
  readonly change: Change;
  readonly caller: Pick<Caller, "id" | "kind">;
  /** Whom it is done to, as they stand now; absent of invitations and machines. */
  readonly subject?: (Rights & { readonly callerId: string }) | undefined;
  /** Callers who are administrators now. */
  readonly administrators: readonly string[];
}

/** Whether a change gives anybody anything, or touches those who decide about others. */
function isGiving(change: Change, subject: Rights | undefined): boolean {
  if (change.kind === "MACHINE_END") return false;
  if (change.kind === "RIGHTS") {
    const { roles, handlingUpTo: handling } = change.rights;
    const before = subject ?? { roles: [], handling: "H0" };
    return isGuarded(before) || isWider(before, { roles, handling });
  }
  if (change.kind === "STATE" && change.state !== "active") return isGuarded(subject ?? { roles: [] });
  return change.kind === "PASSKEY" ? isGuarded(subject ?? { roles: [] }) : true;
} // prettier-ignore

/**
 * Whether a change waits for another person's word. What only takes away from those who decide about nobody is done at once.
 * All else takes two out of the administrators and the owner of the token, neither of them the one it is done to; only where
 * the owner is alone with it, his word is enough, or nobody could ever begin.
 */
export function needsSecondWord({ change, caller, subject, administrators }: SecondWordCase): boolean {
  if (!isGiving(change, subject)) return false;
  if (caller.kind !== "owner") return true;
  return administrators.some((one) => one !== subject?.callerId);
} // prettier-ignore
