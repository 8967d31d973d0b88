import { Fault } from "../../schemas/ground/index.ts";
import type { StoredClaim } from "../store/index.ts";
import type { Colleague, ColleagueParts } from "./desk.ts";

/** A person's word on a message that he may see. */
export interface ClaimAct {
  readonly caller: Colleague;
  /** The message's id. */
  readonly message: string;
  /** Why it is taken from another; left out, another's claim stands. */
  readonly reason?: string | undefined;
  /** Called inside the write of the act. */
  readonly also?: (() => void) | undefined;
}

/** Who has which message in hand. */
export interface ClaimDesk {
  of(message: string): StoredClaim | undefined;
  /** The oldest first. */
  all(): readonly StoredClaim[];
  /**
   * Takes a message in hand, or keeps it there: from then on it is his for fifteen minutes. With a reason it is taken from
   * another too.
   *
   * @throws {Fault} CLAIMED when another has it
   */
  take(act: ClaimAct): Promise<{ readonly claim: StoredClaim; readonly isNew: boolean }>;
  /** Lets go of what one has in hand; of what nobody has there is nothing to do. @throws {Fault} CLAIMED when another has it */
  release(act: ClaimAct): Promise<void>;
}

/** What nobody touched so long is in nobody's hand. */
const idleMs = 15 * 60_000;
const maxListed = 500;

function refuseOther(held: StoredClaim | undefined, { caller, reason }: ClaimAct): void {
  if (held === undefined || held.who === caller.id || reason !== undefined) return;
  throw new Fault("CLAIMED", "another person has it; ask her, or take it over and say why");
}

function claimFor({ clock }: ColleagueParts, held: StoredClaim | undefined, act: ClaimAct): StoredClaim {
  const now = clock.now();
  const until = now + idleMs;
  const { message, reason, caller: { id: who, name } } = act;
  if (held?.who === who) return { ...held, name, until };
  const taken = held === undefined ? {} : { takenFrom: held.name, reason };
  return { message, who, name, since: now, until, ...taken };
} // prettier-ignore

/** Builds the desk. */
export function makeClaimDesk(parts: ColleagueParts): ClaimDesk {
  const { store, clock } = parts;
  const { claims } = store;
  return {
    of: (message) => claims.of(message, clock.now()),
    all: () => claims.all(clock.now(), maxListed),
    take: (act) =>
      store.write(() => {
        claims.expire(clock.now());
        const held = claims.of(act.message, clock.now());
        refuseOther(held, act);
        const claim = claimFor(parts, held, act);
        claims.put(claim);
        const isNew = held?.who !== claim.who;
        // that somebody goes on typing is nothing to write down
        if (isNew) act.also?.();
        return { claim, isNew };
      }),
    release: ({ caller, message, also }) =>
      store.write(() => {
        const held = claims.of(message, clock.now());
        if (held === undefined) return;
        refuseOther(held, { caller, message });
        claims.remove(message);
        also?.();
      }),
  };
}
