import type {
  Envelope,
  IntakeSubject,
  Message,
  Publication,
  RelayClaim,
  Slip,
} from "../../schemas/index.ts";
import type { Bytes, EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { Known, Place } from "./known.ts";
import type { Quota } from "./quota.ts";

/** A publication as it came; only the origin is proved, by the server's account mapping. */
export interface Arrived {
  readonly bytes: Bytes;
  readonly place: IntakeSubject;
}

/** A publication taken apart: every layer is well formed, nothing of it is believed yet. */
export interface Shaped extends Arrived {
  readonly publication: Publication;
  readonly slip: Slip;
  readonly message: Message;
  readonly envelope: Envelope;
  /** SHA-256 of the envelope's bytes: what the message is known by. */
  readonly digest: Bytes;
  /** The channel it came for. */
  readonly channel: string;
  /** What a relay put beside it, where one took it over from another hub; not proved. */
  readonly relayed?: RelayClaim | undefined;
}

/** The mark of what passed every step; set by `judge` alone. */
export const admitted: unique symbol = Symbol("admitted");

/** A publication that passed every step. Only `judge` makes one. */
export interface Admitted extends Shaped {
  readonly [admitted]: true;
  /** When it was judged, by the hub's clock. */
  readonly admittedAt: EpochMs;
}

/** What a publication is judged by. */
export interface Bench {
  /** Which hub judges; where it is left out nothing is asked of ways between hubs. */
  readonly hub?: string | undefined;
  readonly register: RegisterView;
  /** From then on readers' filters are not what the register says; undefined while no end is near. */
  readonly until?: EpochMs | undefined;
  /** Whether the hub takes in nothing new. */
  readonly isStopped?: boolean | undefined;
  readonly now: EpochMs;
  readonly known: Known;
  readonly quota: Quota;
  /** Whose each mailbox is. */
  readonly mailboxes: ReadonlyMap<string, string>;
  /** Streams the hub has, with their instances. */
  readonly instances: ReadonlyMap<string, string>;
}

/**
 * What becomes of a publication: admitted to be stored; stored before, so its receipt is issued again;
 * being stored this moment, so nothing is to be done; held back and looked at later; or refused.
 */
export type Verdict =
  | { readonly kind: "admitted"; readonly item: Admitted }
  | { readonly kind: "again"; readonly item: Shaped; readonly place: Place }
  | { readonly kind: "storing" }
  | { readonly kind: "later"; readonly fault: Fault; readonly delayMs: number }
  | { readonly kind: "refused"; readonly fault: Fault; readonly item?: Shaped };

/** A named step. It throws to refuse, returns a verdict to end the judging, or nothing to go on. */
export interface Step<T> {
  readonly name: string;
  readonly run: (item: T, bench: Bench) => Verdict | undefined;
}
