import type { Clock } from "../../schemas/ground/index.ts";
import type { CanaryStanding } from "../canary/index.ts";
import type { Exchange } from "../exchange/index.ts";

/** What the numbers of a gateway are made of. */
export interface MetricsParts {
  readonly exchange: Pick<Exchange, "status" | "watch" | "find">;
  readonly clock: Clock;
  /** What waits for a second officer. */
  readonly releases?:
    (() => { readonly count: number; readonly oldestAt?: number | undefined }) | undefined;
  /** Entries of the directory, by the first thing that is to be said of them. */
  readonly contacts?: (() => ReadonlyMap<string, number>) | undefined;
  /** Deadlines that passed and are awaited still. */
  readonly late?:
    (() => readonly { readonly isEscalated: boolean; readonly count: number }[]) | undefined;
  /** Alarms about logs that are open. */
  readonly alarms?: (() => readonly { readonly code: string }[]) | undefined;
  /** Publications that stay closed until their key comes. */
  readonly closed?: (() => number) | undefined;
  /** How the canaries did, by hub. */
  readonly canaries?: (() => readonly CanaryStanding[]) | undefined;
  /** The gateway's own folder, for the size of the store and of its disk. */
  readonly dir?: string | undefined;
}
