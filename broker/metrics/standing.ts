import type { EpochMs } from "../../schemas/ground/index.ts";

/** What of a hub's standing is told in numbers. Nothing of it names an agency or a message. */
export interface HubStanding {
  readonly ready: boolean;
  /** Since when nothing new is taken in because the stop button was pressed; left out while it is not. */
  readonly stopped?: { readonly since: EpochMs } | undefined;
  /** Whether its own connection to the server is up. */
  readonly serverUp: boolean;
  readonly epoch: number;
  readonly registerExpiresAt: EpochMs;
  /** Until when the register may be used for something at least, past its own time. */
  readonly registerUsableUntil: EpochMs;
  readonly certificates: readonly { readonly kind: string; readonly notAfter: EpochMs }[];
  readonly known: number;
  readonly underWay: number;
  readonly accepted: number;
  readonly repeated: number;
  readonly refused: number;
  readonly heldBack: number;
  readonly receipts: number;
  /** Of the refused and the held back, how many with which code. */
  readonly refusedBy: Readonly<Record<string, number>>;
  readonly heldBackBy: Readonly<Record<string, number>>;
  /** Agencies shut out for a while because they flooded, since the start. */
  readonly paused: number;
  readonly blobs: {
    readonly stored: number;
    readonly repeated: number;
    readonly listed: number;
    readonly handedOut: number;
    readonly refused: number;
  };
  readonly log?: LogStanding | undefined;
  readonly witnesses?: WitnessStanding | undefined;
}

/** How its log stands. */
export interface LogStanding {
  readonly size: number;
  readonly checkpointAt?: EpochMs | undefined;
  readonly room?:
    | { readonly bytes: number; readonly maxBytes: number; readonly daysLeft?: number | undefined }
    | undefined;
  /** Why nothing is signed any more, or until somebody did something: a code. */
  readonly stopped?: string | undefined;
  readonly waiting?: string | undefined;
}

/** How those stand who watch its log. */
export interface WitnessStanding {
  readonly size?: number | undefined;
  readonly at?: EpochMs | undefined;
  readonly missingSince?: EpochMs | undefined;
  readonly missing: readonly string[];
  readonly isDisputed: boolean;
}
