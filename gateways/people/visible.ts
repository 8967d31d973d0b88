import { type Caller, type Handling, handlings } from "./caller.ts";
import { readers, type Role } from "./roles.ts";

/** What of the messages here one caller may see. Plain data: lists and searches take it along. */
export interface Sight {
  /** Handling codes up to the ceiling; none for who reads no content. */
  readonly handlings: readonly Handling[];
  /** Whether it is shown that something lies in quarantine, and what it calls itself; never content. */
  readonly quarantined: boolean;
}

/** What of a message decides who sees it. */
export interface Seen {
  readonly handling: string;
  /** QUARANTINED, or any other. */
  readonly state: string;
}

/** What everybody sees where nobody asks: the gateway's own work. */
export const wholeSight: Sight = { handlings, quarantined: true };

const contentRoles: ReadonlySet<Role> = new Set(readers);

/** The handling codes up to a ceiling, the least strict first. */
function upTo(ceiling: Handling): readonly Handling[] {
  return handlings.slice(0, handlings.indexOf(ceiling) + 1);
}

/** What a caller may see, by his roles and his ceiling. */
export function sightOf({ roles, handlingUpTo }: Pick<Caller, "roles" | "handlingUpTo">): Sight {
  const isReader = [...roles].some((role) => contentRoles.has(role));
  return {
    handlings: isReader ? upTo(handlingUpTo) : [],
    quarantined: roles.has("officer") || roles.has("administrator"),
  };
}

/**
 * Whether a message is in sight. What lies in quarantine is judged by the role alone: the handling it claims was
 * proved by nobody, and there is no content to it.
 */
export function isInSight(sight: Sight, { handling, state }: Seen): boolean {
  if (state === "QUARANTINED") return sight.quarantined;
  return sight.handlings.some((one) => one === handling);
}

/** Whether a caller may see a message: the one function that lists, searches, events, exports and copies ask. */
export function visibleTo(caller: Pick<Caller, "roles" | "handlingUpTo">, message: Seen): boolean {
  return isInSight(sightOf(caller), message);
}
