import { type Clock, Fault, type Log, toFault } from "../../schemas/ground/index.ts";
import { isStaleEntry, renderInstant } from "../../schemas/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { isOnDuty } from "../../schemas/work/index.ts";
import type { Store } from "../store/index.ts";
import { type ContactPoint, findContactPoint } from "./contacts.ts";
import { type AuthorityWish, findAuthorities, type Nearness } from "./find.ts";
import { type FlaggedEntry, judgeEntry, partyOf } from "./judge.ts";
import { findNewest } from "./newest.ts";
import { makeReader } from "./read.ts";

/** What the directory of one gateway stands on. */
export interface DirectoryParts {
  readonly agency: string;
  readonly store: Store;
  readonly register: () => Pick<
    RegisterView,
    "agency" | "recs" | "membership" | "deadlines" | "clocks"
  >;
  readonly clock: Clock;
  readonly log: Log;
  /** Sends a message of ours, once for a key. */
  readonly submit: (submission: unknown, key: string) => Promise<unknown>;
}

type Json = Readonly<Record<string, unknown>>;

/** Authorities of states, and asking them whether they still answer. */
export interface DirectoryDesk {
  /** Every entry that fits, whom to ask first at the front. */
  find(wish: AuthorityWish): readonly FlaggedEntry[];
  /** Whom those who lead an agency's side of a matter are reached by, as its state published it. */
  contactPoint(agency: string, crimes: readonly string[]): ContactPoint;
  /** Whether somebody of an agency is on duty now; undefined where its state wrote no roster for it. */
  isOnDuty(agency: string): boolean | undefined;
  /** How many entries are good, and how many have a flag: by the first of them. */
  counts(): ReadonlyMap<string, number>;
  /**
   * The question to an authority whether its entry holds, as a submission; nothing is sent.
   *
   * @throws {Fault} NOT_FOUND, REQUEST_INVALID when nobody on this network can be asked
   */
  ping(entry: string): Json;
  /** Asks the authorities of our own entries that are eleven months old; the gateway does it once a day. */
  tend(): Promise<void>;
  stop(): void;
}

const dayMs = 86_400_000;
/** An authority has so long to answer. */
const answerDays = 14;
/** Asked a month before the entry counts as old, so that it need not become so. */
const askAfterMs = 335 * dayMs;
/** Asked again so long after a question that was not answered. */
const againMs = 30 * dayMs;
/** A night's questions. */
const maxAsked = 20;
const tendEveryMs = 3_600_000;
const tendedName = "directory.tended";

function makeEntries(parts: DirectoryParts): () => readonly FlaggedEntry[] {
  const { store, register, clock } = parts;
  const readEntries = makeReader(store, "directory.authority");
  const readPings = makeReader(store, "directory.ping");
  const readAnswers = makeReader(store, "directory.ping_answer");
  return () => {
    const now = clock.now();
    const view = register();
    const isThere = (agency: string): boolean => {
      const found = view.agency(agency);
      return found !== undefined && !(found.suspendedFrom !== undefined && found.suspendedFrom <= now); // prettier-ignore
    };
    const isStale = (verifiedAt: number): boolean => isStaleEntry({ verifiedAt }, now);
    const evidence = { now, isStale, isThere, pings: readPings(now), answers: readAnswers(now) };
    return findNewest(store, readEntries(now), now).map((held) => judgeEntry(held, evidence));
  };
}

function makeNearness({ agency, register, clock }: DirectoryParts): Nearness {
  const [view, now, home] = [register(), clock.now(), partyOf(agency)];
  const isMember = (rec: string, state: string): boolean => view.membership(rec, state, now) === "member"; // prettier-ignore
  const own = view.recs.filter((rec) => isMember(rec, home));
  return (country) => {
    const state = country.toLowerCase();
    if (state === home) return 0;
    return own.some((rec) => isMember(rec, state)) ? 1 : 2;
  };
}

/** Who can say whether an entry holds: the authority itself, or who published it. */
function whoKnows({ agency, register }: DirectoryParts, { held }: FlaggedEntry): string | undefined {
  const view = register();
  const named = [held.body.agency ?? "", held.originator];
  return named.find((one) => one !== agency && view.agency(one) !== undefined);
} // prettier-ignore

function makePing(parts: DirectoryParts, entry: FlaggedEntry): Json {
  const recipient = whoKnows(parts, entry);
  if (recipient === undefined) {
    throw new Fault("REQUEST_INVALID", "nobody else on this network knows of the entry; ask by its telephone, and publish it anew"); // prettier-ignore
  }
  const { id, crimes, handling } = entry.held;
  // to the end of a day, so that the question is the same all day, and is sent once
  const today = Math.floor(parts.clock.now() / dayMs);
  const answerBy = renderInstant((today + answerDays + 1) * dayMs);
  const body = { targetId: id, answerBy };
  return { type: "directory.ping", crimes, recipients: [recipient], handling, threadId: id, inReplyTo: id, body }; // prettier-ignore
}

function isToBeAsked(parts: DirectoryParts, entry: FlaggedEntry): boolean {
  const now = parts.clock.now();
  const { held, verifiedAt, lastPing } = entry;
  const isOurs = held.box === "out" && held.originator === parts.agency;
  const isOld = now - verifiedAt > askAfterMs;
  const wasAsked = lastPing !== undefined && now - lastPing.at < againMs;
  return isOurs && isOld && !wasAsked && whoKnows(parts, entry) !== undefined;
}

async function askOld(parts: DirectoryParts, entries: readonly FlaggedEntry[]): Promise<void> {
  const { submit, log, clock } = parts;
  const due = entries.filter((entry) => isToBeAsked(parts, entry)).slice(0, maxAsked);
  const day = Math.floor(clock.now() / dayMs);
  for (const entry of due) {
    try {
      await submit(makePing(parts, entry), `directory-ping-${entry.held.id}-${day}`);
    } catch (error) {
      // no right to ask, or no room: the entry is flagged when its time comes
      log.warn("a contact was not asked", { code: toFault(error, "INTERNAL").code });
    }
  }
}

async function tend(parts: DirectoryParts, entries: () => readonly FlaggedEntry[]): Promise<void> {
  const { store, clock, log } = parts;
  const now = clock.now();
  const tended = Number(store.settings.get(tendedName) ?? 0);
  if (tended <= now && now - tended < dayMs) return;
  try {
    await store.write(() => store.settings.set(tendedName, String(now)));
    await askOld(parts, entries());
  } catch (error) {
    log.warn("contacts were not looked at", { code: toFault(error, "INTERNAL").code });
  }
}

function findDuty({ register, clock }: DirectoryParts, agency: string): boolean | undefined {
  const [view, now] = [register(), clock.now()];
  const rosters = view.clocks(partyOf(agency))?.rosters ?? [];
  const holds = rosters.some(
    ({ agency: one, from, until }) =>
      one === agency && from <= now && (until === undefined || now < until),
  );
  return holds ? isOnDuty(view, agency, now) : undefined;
}

/** Builds the directory of one gateway. */
export function makeDirectoryDesk(parts: DirectoryParts): DirectoryDesk {
  const entries = makeEntries(parts);
  const look = (): Promise<void> => tend(parts, entries);
  const timer = parts.clock.every(tendEveryMs, () => void look());
  return {
    find: (wish) => findAuthorities(entries(), wish, makeNearness(parts)),
    contactPoint: (agency, crimes) => {
      const { kind } = parts.register().agency(agency) ?? {};
      return findContactPoint(entries(), { agency, kind, crimes }, makeNearness(parts));
    },
    isOnDuty: (agency) => findDuty(parts, agency),
    counts: () => {
      const groups = Map.groupBy(entries(), ({ flags: [first = "GOOD"] }) => first);
      return new Map([...groups].map(([flag, all]) => [flag, all.length]));
    },
    ping: (id) => {
      const entry = entries().find(({ held }) => held.id === id);
      if (entry === undefined) throw new Fault("NOT_FOUND", "no entry of the directory has this id");
      return makePing(parts, entry);
    },
    tend: look,
    stop: () => timer.stop(),
  };
} // prettier-ignore
