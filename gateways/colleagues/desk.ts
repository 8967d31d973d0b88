import type { Chance, Clock } from "../../schemas/ground/index.ts";
import type { Caller } from "../people/index.ts";
import type { Store } from "../store/index.ts";
import { type ClaimDesk, makeClaimDesk } from "./claims.ts";
import { type HandoverDesk, makeHandoverDesk } from "./handovers.ts";
import { makeViewDesk, type ViewDesk } from "./views.ts";

/** Who works here. */
export type Colleague = Pick<Caller, "id" | "name">;

/** What the desks work with. */
export interface ColleagueParts {
  readonly store: Pick<Store, "claims" | "handovers" | "views" | "write">;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** What colleagues tell each other. */
export interface ColleagueDesk {
  readonly claims: ClaimDesk;
  readonly handovers: HandoverDesk;
  readonly views: ViewDesk;
}

/** Builds the desks of one gateway. */
export function makeColleagueDesk(parts: ColleagueParts): ColleagueDesk {
  return {
    claims: makeClaimDesk(parts),
    handovers: makeHandoverDesk(parts),
    views: makeViewDesk(parts),
  };
}
