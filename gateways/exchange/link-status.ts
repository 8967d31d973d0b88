import type { EpochMs } from "../../schemas/ground/index.ts";
import type { HubStop } from "../../schemas/index.ts";
import type { LinkHealth } from "../link/index.ts";
import type { LogStanding } from "../proofs/index.ts";
import { urgencyOf, urgencyRank } from "../release/index.ts";
import type { Store } from "../store/index.ts";

/** How this gateway reaches its hub, or why not. */
export interface HubWay {
  readonly isUp: boolean;
  /** Since when it is up, or down; nothing of an agency that has no hub. */
  readonly since?: EpochMs;
  readonly lastContactAt?: EpochMs;
  /** A question there and its answer back, milliseconds. */
  readonly roundTripMs?: number;
  /** Bytes a second, as they were seen while there was something to carry. */
  readonly sentPerSecond?: number;
  readonly receivedPerSecond?: number;
  /** The last try that came to nothing, and what the machine calls the reason. */
  readonly lastFailure?: { readonly at: EpochMs; readonly code: string; readonly why: string };
  readonly nextTryAt?: EpochMs;
  /** Since when the hub takes in nothing new, as it said last, and why; what waits is sent when it goes on. */
  readonly stopped?: HubStop;
}

/** How one of our hubs is reached, what waits for it, and how its log stands; each hub apart from the others. */
export interface HubStanding extends HubWay {
  readonly hub: string;
  /** Messages on their way to it that it has not taken; without what gateways tell each other. */
  readonly waiting: number;
  /** Left out where it has no log. */
  readonly log?: LogStanding;
}

/** From this rank on a message goes though the line is busy with what is not urgent. */
export const urgentRank = urgencyRank("URGENT_INDIRECT");

/** What waits of one urgency. */
export interface WaitingLine {
  readonly urgency: string;
  readonly count: number;
  readonly bytes: number;
  readonly oldestAt: EpochMs;
}

/** What is not yet accepted or refused, the most urgent first; without what gateways tell each other. */
export interface WaitingView {
  readonly count: number;
  readonly bytes: number;
  readonly byUrgency: readonly WaitingLine[];
  /** Time to send it at the speed that was seen; absent while none was. */
  readonly estimatedSeconds?: number;
}

/** Leaves out what is not known. */
function known<Shape extends object>(
  fields: Shape,
): { [Key in keyof Shape]?: Exclude<Shape[Key], undefined> };
function known(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function rounded(value: number | undefined): number | undefined {
  return value === undefined ? undefined : Math.round(value);
}

/** What is seen of a link. */
export type LinkView = Pick<LinkHealth, "isUp"> &
  Partial<LinkHealth> & { readonly stopped?: HubStop | undefined };

/** What of a link's health people are told. */
export function hubWayOf(health: LinkView | undefined): HubWay {
  if (health === undefined) return { isUp: false };
  const { isUp, since, lastContactAt, roundTripMs, sentPerSecond, receivedPerSecond } = health;
  const { lastFailure, nextTryAt, stopped } = health;
  const measured = {
    roundTripMs: rounded(roundTripMs),
    sentPerSecond: rounded(sentPerSecond),
    receivedPerSecond: rounded(receivedPerSecond),
  };
  const next = isUp ? undefined : rounded(nextTryAt);
  return {
    isUp,
    ...known({ since, ...measured, lastContactAt, lastFailure, nextTryAt: next, stopped }),
  };
}

/** For each byte of a publication about so many travel: subject, TLS, packets, receipts the other way. */
const overhead = 1.25;

/** What waits, and how long it will take. */
export function waitingOf({ outbox }: Pick<Store, "outbox">, way: HubWay): WaitingView {
  const byUrgency = outbox
    .backlog()
    .map(({ rank, ...line }) => ({ urgency: urgencyOf(rank), ...line }));
  const count = byUrgency.reduce((sum, line) => sum + line.count, 0);
  const bytes = byUrgency.reduce((sum, line) => sum + line.bytes, 0);
  const { sentPerSecond } = way;
  if (count === 0 || sentPerSecond === undefined) return { count, bytes, byUrgency };
  const estimatedSeconds = Math.ceil((bytes * overhead) / Math.max(1, sentPerSecond));
  return { count, bytes, byUrgency, estimatedSeconds };
}
