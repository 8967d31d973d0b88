import type { Chance, Clock, Log } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import type { CallOut } from "./call-out.ts";
import type { Egress } from "./egress.ts";

/** What everything of this room works with. */
export interface HookParts {
  readonly store: Store;
  readonly egress: Egress;
  readonly callOut: CallOut;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Aborted when the gateway stops. */
  readonly signal: AbortSignal;
}
