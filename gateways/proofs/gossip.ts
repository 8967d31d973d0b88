import {
  type Bytes,
  type Clock,
  isFault,
  type Log,
  sameBytes,
} from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import type { Store, ToldNote } from "../store/index.ts";
import { checkSameLog, type FollowParts } from "./follow.ts";
import { type LogRegister, readToldNote, shortNote } from "./note.ts";

/** What agencies tell each other of logs is kept and told with. */
export interface GossipParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly register: () => LogRegister;
  readonly hub: () => string | undefined;
}

/** What agencies tell each other of their hubs' logs, so that none is shown another log than the others. */
export interface Gossip {
  /** Keeps what an agency told; what was not signed by a log of the register is passed over. */
  heard(agency: string, note: Bytes): Promise<void>;
  /** What it is told with a receipt that goes to it anyway: our newest, when it grew, at most once an hour. */
  noteFor(agency: string): Bytes | undefined;
  /** Whether something that was told waits to be compared. */
  readonly isWaiting: boolean;
  /** Compares what was told with what is shown here; asks the hub where that takes a proof. */
  compare(follow: FollowParts, sinceMs: number): Promise<void>;
}

const tellEveryMs = 3_600_000;

interface Said {
  readonly at: number;
  readonly size: number;
}

/** Of another hub's log only what others say can be compared. */
function findOther({ store }: GossipParts, told: ToldNote): ToldNote | undefined {
  return store.logHeads.told().find((one) => {
    const isSize = one.origin === told.origin && one.size === told.size;
    return isSize && one.agency !== told.agency && !sameBytes(one.root, told.root);
  });
}

/** Why it is not compared yet, or that it never will be. */
function stateAfter(code: string, waitedMs: number): ToldNote["state"] {
  return code === "LOG_INCONSISTENT" || waitedMs >= limits.maxMergeDelayMs ? "FORKED" : "NEW";
}

/** What a log's own hub can be asked about, or what that has shown before. */
async function compareOwn(follow: FollowParts, told: ToldNote, sinceMs: number): Promise<ToldNote> {
  const head = follow.store.logHeads.of(follow.hub);
  if (head?.origin !== told.origin) return await compareEnded(follow, told);
  try {
    await checkSameLog(follow, head, told);
    return { ...told, state: "GOOD" };
  } catch (error) {
    if (!isFault(error)) throw error;
    const waitedMs = told.waitedMs + sinceMs;
    const state = stateAfter(error.code, waitedMs);
    const { hub, bell } = follow;
    const { origin, agency, note: theirs } = told;
    // a hub that signed it and does not prove it has something to hide
    if (state === "FORKED") await bell.raise({ code: "LOG_INCONSISTENT", hub, origin, agency, ours: head.note, theirs });
    return { ...told, state, waitedMs };
  }
} // prettier-ignore

/** Of a log that ended nobody proves anything any more: what stays is two notes of one size. */
async function compareEnded({ store, hub, bell }: FollowParts, told: ToldNote): Promise<ToldNote> {
  const { origin, size, root, agency, note: theirs } = told;
  const ended = store.logHeads.all().find((one) => one.origin === origin && one.size === size);
  if (ended === undefined) return told;
  if (sameBytes(ended.root, root)) return { ...told, state: "GOOD" };
  await bell.raise({ code: "LOG_INCONSISTENT", hub, origin, agency, ours: ended.note, theirs });
  return { ...told, state: "FORKED" };
} // prettier-ignore

async function compareForeign(parts: GossipParts, { bell }: FollowParts, told: ToldNote): Promise<ToldNote> {
  const other = findOther(parts, told);
  if (other === undefined) return { ...told, state: "GOOD" };
  const { hub } = readToldNote(told.note, parts.register(), parts.clock.now());
  const { origin, agency, note: theirs } = told;
  await bell.raise({ code: "LOG_INCONSISTENT", hub, origin, agency, ours: other.note, theirs });
  return { ...told, state: "FORKED" };
} // prettier-ignore

function findWaiting(store: Store): readonly ToldNote[] {
  return store.logHeads.told().filter(({ state }) => state === "NEW");
}

/** Builds what agencies tell each other. */
export function makeGossip(parts: GossipParts): Gossip {
  const { store, clock, log } = parts;
  const said = new Map<string, Said>();
  let isWaiting = findWaiting(store).length > 0;
  let comparedWith: string | undefined;

  const followed = (): string | undefined => store.logHeads.of(parts.hub() ?? "")?.origin;

  /** Of a hub that another line of this gateway follows: that line asks it. */
  const isOfAnother = (told: ToldNote): boolean => {
    const { hub } = readToldNote(told.note, parts.register(), clock.now());
    return store.logHeads.of(hub) !== undefined;
  };

  const compareOne = async (follow: FollowParts, told: ToldNote, sinceMs: number): Promise<ToldNote> => {
    const isOurs = told.origin === comparedWith || follow.keys.some(({ name }) => name === told.origin);
    if (isOurs) return await compareOwn(follow, told, sinceMs);
    try {
      return isOfAnother(told) ? told : await compareForeign(parts, follow, told);
    } catch (error) {
      // a log that the register names no more
      if (isFault(error)) return told;
      throw error;
    }
  }; // prettier-ignore

  const keep = async (agency: string, note: Bytes): Promise<void> => {
    const { told } = readToldNote(note, parts.register(), clock.now());
    const at = clock.now();
    const before = store.logHeads.told().find((one) => one.agency === agency && one.origin === told.origin);
    // what a fork was seen by stays
    if (before?.state === "FORKED") return;
    const isKnown = before?.size === told.size && sameBytes(before.root, told.root);
    const next = isKnown ? { ...before, at } : ({ ...told, agency, at, state: "NEW", waitedMs: 0 } as const);
    await store.write(() => store.logHeads.tell(next));
    isWaiting ||= !isKnown;
  }; // prettier-ignore

  return {
    get isWaiting() {
      return isWaiting || followed() !== comparedWith;
    },
    heard: async (agency, note) => {
      try {
        await keep(agency, note);
      } catch (error) {
        if (!isFault(error)) throw error;
        log.warn("what an agency told of a log was passed over", { code: error.code, agency });
      }
    },
    noteFor: (agency) => {
      const head = store.logHeads.of(parts.hub() ?? "");
      const last = said.get(agency);
      const now = clock.elapsed();
      if (head === undefined || head.size === last?.size) return undefined;
      if (last !== undefined && now - last.at < tellEveryMs) return undefined;
      said.set(agency, { at: now, size: head.size });
      return shortNote(head);
    },
    compare: async (follow, sinceMs) => {
      comparedWith = followed();
      isWaiting = false;
      for (const told of findWaiting(store)) {
        const seen = await compareOne(follow, told, sinceMs);
        // what the hub did not prove yet it is asked for again
        isWaiting ||= seen.state === "NEW" && seen !== told;
        if (seen !== told) await store.write(() => store.logHeads.tell(seen));
      }
    },
  };
}
