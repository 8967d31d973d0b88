import type {
  DirectoryAuthority,
  DirectoryPing,
  DirectoryPingAnswer,
} from "../../schemas/index.ts";
import { type EpochMs, renderUuid } from "../../schemas/ground/index.ts";
import type { Held } from "./read.ts";

/** What was asked of an authority last, and what came of it. */
export interface LastPing {
  readonly id: string;
  readonly to: readonly string[];
  readonly at: EpochMs;
  readonly answerBy: EpochMs;
  readonly answeredAt?: EpochMs | undefined;
  /** A code of CONTACT_STATE. */
  readonly contactState?: string | undefined;
}

/** Why an entry is to be used with care. */
type EntryFlag =
  | "STALE" // nobody verified it within twelve months
  | "UNANSWERED" // it was asked and did not answer in time
  | "NOT_REACHED" // who was asked did not reach it
  | "CHANGED" // it says that something changed; the new entry is not here
  | "NOT_COMPETENT" // it says that it is not for it any more
  | "NOT_BY_ITS_STATE" // a community published it, and not its state
  | "NOT_ON_NETWORK"; // the address here is none, or is suspended

/** An entry, and what is to be said of it now. */
export interface FlaggedEntry {
  readonly held: Held<DirectoryAuthority>;
  /** When somebody last asked and it was so: by the entry itself, or by an answer to us since. */
  readonly verifiedAt: EpochMs;
  readonly isSignedByState: boolean;
  readonly flags: readonly EntryFlag[];
  readonly lastPing?: LastPing | undefined;
}

/** What an entry is judged by. */
export interface Evidence {
  readonly now: EpochMs;
  readonly isStale: (verifiedAt: EpochMs, now: EpochMs) => boolean;
  /** Whether an agency of the register stands. */
  readonly isThere: (agency: string) => boolean;
  readonly pings: readonly Held<DirectoryPing>[];
  readonly answers: readonly Held<DirectoryPingAnswer>[];
}

/** The state or community of an agency. */
export function partyOf(agency: string): string {
  return agency.split("/", 1)[0] ?? "";
}

function answerTo(
  { id, audience }: Held<DirectoryPing>,
  { answers }: Evidence,
): Held<DirectoryPingAnswer> | undefined {
  // answers of whom nobody asked are nobody's word; the newest first
  return answers.find((one) => one.inReplyTo === id && audience.includes(one.originator));
}

interface Asked {
  readonly last?: LastPing | undefined;
  readonly holdsSince?: EpochMs | undefined;
}

function askedOf({ id }: Held<DirectoryAuthority>, evidence: Evidence): Asked {
  const own = evidence.pings.filter(
    ({ box, body }) => box === "out" && renderUuid(body.targetId) === id,
  );
  const rounds = own.map((ping) => ({ ping, answer: answerTo(ping, evidence) }));
  const held = rounds.flatMap(({ answer }) =>
    answer?.body.contactState === "HOLDS" ? [answer.body.verifiedAt] : [],
  );
  const [newest] = rounds;
  if (newest === undefined) return {};
  const { ping, answer } = newest;
  const last = {
    id: ping.id,
    to: ping.audience,
    at: ping.at,
    answerBy: ping.body.answerBy,
    answeredAt: answer?.at,
    contactState: answer?.body.contactState,
  };
  return { last, holdsSince: held.length === 0 ? undefined : Math.max(...held) };
}

function pingFlags(last: LastPing | undefined, now: EpochMs): readonly EntryFlag[] {
  if (last === undefined) return [];
  const { contactState, answerBy } = last;
  if (contactState === undefined) return answerBy < now ? ["UNANSWERED"] : [];
  const told: readonly EntryFlag[] = ["NOT_REACHED", "CHANGED", "NOT_COMPETENT"];
  return told.filter((one) => one === contactState);
}

/** What is to be said of an entry now. An old address is better than none: nothing is left out for a flag. */
export function judgeEntry(held: Held<DirectoryAuthority>, evidence: Evidence): FlaggedEntry {
  const { now, isStale, isThere } = evidence;
  const { body, originator } = held;
  const { last, holdsSince = 0 } = askedOf(held, evidence);
  const verifiedAt = Math.max(body.verifiedAt, Math.min(holdsSince, now));
  const isSignedByState = partyOf(originator) === body.country.toLowerCase();
  const isReachable = !body.channels.includes("BROKER") || isThere(body.agency ?? "");
  const flags: readonly EntryFlag[] = [
    ...(isStale(verifiedAt, now) ? (["STALE"] as const) : []),
    ...pingFlags(last, now),
    ...(isSignedByState ? [] : (["NOT_BY_ITS_STATE"] as const)),
    ...(isReachable ? [] : (["NOT_ON_NETWORK"] as const)),
  ];
  return { held, verifiedAt, isSignedByState, flags, lastPing: last };
}
