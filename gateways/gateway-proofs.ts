import type { Chance, Clock, Log } from "../schemas/ground/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import { askHub } from "./ask-hub.ts";
import { findTaken } from "./exchange/index.ts";
import { isThin, type Link } from "./link/index.ts";
import { type AlarmBell, type Proofs, startProofs } from "./proofs/index.ts";
import type { Store } from "./store/index.ts";

/** What of a running gateway its proofs stand on. */
export interface GatewayProofParts {
  readonly agency: string;
  readonly store: Store;
  readonly hub: string | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly register: () => RegisterView;
  readonly link: () => Link | undefined;
  readonly changed: (messages: readonly number[]) => void;
  /** The gateway's own, for the logs of all its hubs. */
  readonly bell?: AlarmBell | undefined;
  /** Whether our own acts are entered in this hub's log; so when left out. */
  readonly isHome?: () => boolean;
}

/** What is under way and not known to have come, while a thin line counts as at rest: receipts and pings. */
const restBytes = 1_024;

/** On a thin line proofs wait for all that people wait for. */
function isAtRest({ store }: Pick<GatewayProofParts, "store">, link: Link | undefined): boolean {
  const line = link?.connection.line;
  if (line === undefined || !isThin(line)) return true;
  return store.outbox.countWaiting() === 0 && line.handed - line.proven <= restBytes;
}

/** Builds the proofs of one gateway over its link. */
export function makeGatewayProofs(parts: GatewayProofParts): Proofs {
  const { store, hub, clock, chance, log, register, link, changed, bell } = parts;
  return startProofs({
    get agency() {
      return parts.isHome?.() === false ? undefined : parts.agency;
    },
    bell,
    store,
    clock,
    chance,
    log,
    register,
    changed,
    hub: () => hub,
    policy: () => register().witnessPolicy(clock.now()),
    ask: (subject, question) => askHub(link()?.connection, question, { log, subject }),
    mayAsk: () => isAtRest(parts, link()),
    isThin: () => {
      const line = link()?.connection.line;
      return line !== undefined && isThin(line);
    },
    instanceOf: (stream) => findTaken(store, stream)?.instance ?? "",
  });
}
