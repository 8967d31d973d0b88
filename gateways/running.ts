import type { RegisterView } from "../certs/trust/index.ts";
import type { CanaryStanding } from "./canary/index.ts";
import type { CarryDeskOptions } from "./carry/index.ts";
import type { Exchange, Office } from "./exchange/index.ts";
import type { LogDesk, Proofs } from "./proofs/index.ts";
import type { RecallParts } from "./recall/index.ts";

/** A running gateway. */
export interface Gateway {
  readonly agency: string;
  readonly exchange: Exchange;
  /** What its services work with; only this process's own (services.ts). */
  readonly office: Office;
  /** What takes in what came by hand: the same that takes what comes over the link. */
  readonly carry: CarryDeskOptions["parts"];
  /** What recalls ask of the hub, and of this clock. */
  readonly recall: Pick<RecallParts, "hubs" | "askErase" | "tell" | "isClockRight"> & {
    /** The first of them. */
    hub(): string | undefined;
  };
  /** What of the hub's log is proved. */
  readonly proofs: Proofs;
  /** What is told of the hub's log, and whether it is counted, as a seat of oversight does. */
  readonly log: LogDesk & { readonly isCounted: boolean };
  /** How the canaries did that it sent, by hub; none where it sends none. */
  canaries(): readonly CanaryStanding[];
  /** The register in force now. */
  register(): RegisterView;
  /** Ends the link and closes the store; what was promised is on the disk already. */
  stop(): Promise<void>;
}
