import {
  encodeRelaying,
  type Hub,
  type RegionalPart,
  type RelayAgreement,
  type StatePart,
} from "../../schemas/index.ts";
import { type EpochMs, sameBytes } from "../../schemas/ground/index.ts";
import { coversType, isWithinHandling } from "./lines.ts";
import { isInForce } from "./period.ts";
import type { RegisterView } from "./register.ts";

/** What is relayed. An absent type or handling is one that whoever asks does not know. */
export interface RelayedMail {
  /** Who sent it and who is to have it. */
  readonly sender: string;
  readonly recipient: string;
  readonly type?: string | undefined;
  readonly handling?: string | undefined;
}

/** The way of mail between two who share no hub. */
export interface RelayWay {
  readonly agreement: RelayAgreement;
  /** The sender's hub, and the recipient's. */
  readonly fromHub: string;
  readonly toHub: string;
}

function isSame(one: RelayAgreement, other: RelayAgreement): boolean {
  return sameBytes(encodeRelaying({ agreements: [one] }), encodeRelaying({ agreements: [other] }));
}

/**
 * The relay agreements that count, in the region's order: those that the relay's own authority holds word for word. The
 * region alone makes nobody a relay, nor does anybody make himself one.
 */
export function findRelays(
  region: RegionalPart,
  states: ReadonlyMap<string, StatePart>,
): readonly RelayAgreement[] {
  return (region.relaying?.agreements ?? []).filter((one) => {
    const { relay, hubs } = one;
    const own = states.get(relay.slice(0, relay.indexOf("/")))?.relaying?.agreements ?? [];
    return hubs[0] !== hubs[1] && own.some((other) => isSame(other, one));
  });
}

function isPutOut(register: RegisterView, relay: string, at: EpochMs): boolean {
  const found = register.agency(relay);
  return found === undefined || (found.suspendedFrom ?? Infinity) <= at;
}

/** Whether an agreement counts at `at`: in force, not suspended, and its relay not put out by its own state. */
export function isRelayInForce(
  register: RegisterView,
  agreement: RelayAgreement,
  at: EpochMs,
): boolean {
  const { relay, suspendedFrom: from, suspendedUntil: until } = agreement;
  const isSuspended = from !== undefined && isInForce({ from, until }, at);
  return isInForce(agreement, at) && !isSuspended && !isPutOut(register, relay, at);
}

/** A relay knows so long what it took; nothing of it comes back later. */
const receiptsAfterMs = 30 * 86_400_000;

/**
 * Whether an agreement lets receipts back at `at`: while it counts, and for thirty days after it ended or was suspended. What was
 * delivered under it is told to its sender; nothing new goes under it.
 */
export function bringsReceipts(
  register: RegisterView,
  agreement: RelayAgreement,
  at: EpochMs,
): boolean {
  if (isRelayInForce(register, agreement, at)) return true;
  const { relay, from, until = Infinity, suspendedFrom = Infinity } = agreement;
  const isLately = (end: EpochMs): boolean => end > from && end <= at && at < end + receiptsAfterMs;
  return !isPutOut(register, relay, at) && (isLately(until) || isLately(suspendedFrom));
}

function isPartyOf(register: RegisterView, { parties }: RelayAgreement, agency: string): boolean {
  const authority = register.agency(agency)?.authority;
  return authority !== undefined && (parties.length === 0 || parties.includes(authority));
}

/** Whether an agreement is about this mail, be it in force or not. */
export function coversMail(
  register: RegisterView,
  agreement: RelayAgreement,
  { sender, recipient, type, handling }: RelayedMail,
): boolean {
  const { relay, types, handlingUpTo } = agreement;
  return (
    [sender, recipient].every((one) => one !== relay && isPartyOf(register, agreement, one)) &&
    (type === undefined || coversType(types, type)) &&
    (handling === undefined || isWithinHandling(handling, handlingUpTo))
  );
}

function has(hubs: readonly Hub[], name: string): boolean {
  return hubs.some(({ hub }) => hub === name);
}

/** Each way there could be between two agencies' hubs, in the register's order. */
export function listRelayWays(
  { relays }: RegisterView,
  from: readonly Hub[],
  to: readonly Hub[],
): readonly RelayWay[] {
  return relays.flatMap((agreement) => {
    const [one = "", other = ""] = agreement.hubs;
    return [[one, other] as const, [other, one] as const].flatMap(([fromHub, toHub]) =>
      has(from, fromHub) && has(to, toHub) ? [{ agreement, fromHub, toHub }] : [],
    );
  });
}
