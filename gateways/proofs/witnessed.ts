import {
  type Bytes,
  type Clock,
  type EpochMs,
  Fault,
  isFault,
} from "../../schemas/ground/index.ts";
import type { QuorumPolicy } from "../../certs/log/index.ts";
import { type CosignedNote, readCosigned } from "./cosigned.ts";
import { checkSameLog, type FollowParts } from "./follow.ts";
import { shortNote } from "./note.ts"; // prettier-ignore

/** Whether enough witnesses cosigned what we verified of the log. */
export interface WitnessStanding {
  /** Entries of the newest checkpoint that enough of them cosigned, and when the last of them did. */
  readonly size?: number;
  readonly at?: EpochMs;
  /** Since when a checkpoint that we saw waits for enough of them; only once that is too long. */
  readonly lateSince?: EpochMs;
  /** Who is missing under the newest that was shown, while it is late. */
  readonly missing: readonly string[];
}

/** What is asked of witnesses' words. */
export interface WitnessedParts {
  readonly clock: Clock;
  /** Whose word counts, by the register of the moment. */
  readonly policy: () => QuorumPolicy;
  /** What witnesses sign is long: over a thin line it is asked for more seldom. */
  readonly isThin?: (() => boolean) | undefined;
}

/** Follows whether the log is witnessed as the register asks. */
export interface Witnessed {
  readonly isDue: boolean;
  /** Asks the hub for what was cosigned, when it is its time, and checks it. @throws {Fault} as `checkSameLog` */
  look(follow: FollowParts): Promise<void>;
  /**
   * Asks now: the newest checkpoint that as many witnesses cosigned as the register asks for, of the log that is followed.
   *
   * @throws {Fault} LOG_UNWITNESSED when they are too few; LOG_NOTE_INVALID, LOG_CHECKPOINT_INVALID for another log's;
   * LOG_INCONSISTENT; HUB_UNREACHABLE or the code of a refusal
   */
  ask(follow: FollowParts): Promise<CosignedNote>;
  /** The newest of them that was met already, if it still is enough by the register. Nothing is asked. */
  newest(follow: FollowParts): CosignedNote | undefined;
  /** Undefined where the register asks for nobody's word. */
  standing(): WitnessStanding | undefined;
}

const askEveryMs = 60_000;
const askThinEveryMs = 15 * 60_000;
/** Until there is anything to be cosigned. */
const firstMs = 5_000;
/** Witnesses come each few seconds, and a hub offers one checkpoint for a minute. */
const lateMs = 15 * 60_000;

interface Met {
  readonly size: number;
  readonly at: EpochMs;
  readonly origin: string;
  readonly note: Bytes;
  /** Since when the log was followed that it was held against. */
  readonly since: EpochMs;
}

/** What we verified and nobody cosigned yet. */
interface Awaited {
  readonly size: number;
  readonly since: EpochMs;
  /** Elapsed. */
  readonly from: number;
}

/** Builds what follows the witnesses of one log. What it knows is asked for anew after a restart. */
export function makeWitnessed({ clock, policy, isThin }: WitnessedParts): Witnessed {
  let met: Met | undefined;
  let awaited: Awaited | undefined;
  let missing: readonly string[] = [];
  let isLate = false;
  let nextAt = 0;

  const isAsked = (): boolean => policy().quorum !== undefined;
  const isTime = (): boolean => clock.elapsed() >= nextAt;
  const waitMs = (): number => {
    if (awaited === undefined && met === undefined) return firstMs;
    return isThin?.() === true ? askThinEveryMs : askEveryMs;
  };

  const expect = ({ store, hub }: FollowParts): void => {
    const size = store.logHeads.of(hub)?.size ?? 0;
    if (awaited !== undefined && (met?.size ?? -1) >= awaited.size) awaited = undefined;
    if (size <= (met?.size ?? 0)) return;
    awaited ??= { size, since: clock.now(), from: clock.elapsed() };
  };

  const read = (bytes: Bytes, { keys }: FollowParts): CosignedNote =>
    readCosigned(bytes, { keys, policy: policy(), now: clock.now() });

  const nobody = (): void => {
    if (met === undefined) missing = policy().witnesses.map(({ name }) => name);
  };

  const fetch = async (follow: FollowParts): Promise<CosignedNote> => {
    try {
      return read(await follow.questions.cosigned(), follow);
    } catch (error) {
      if (!isFault(error, "LOG_ENTRY_MISSING")) throw error;
      nobody();
      throw new Fault("LOG_UNWITNESSED", "the hub has nothing that enough of them cosigned", { cause: error });
    }
  };

  const ask = async (follow: FollowParts): Promise<CosignedNote> => {
    const shown = await fetch(follow);
    const head = follow.store.logHeads.of(follow.hub);
    if (head?.origin !== shown.origin) throw new Fault("LOG_CHECKPOINT_INVALID", "checkpoint: of another log than the one that is followed");
    await checkSameLog(follow, head, { ...shown, note: shortNote(shown) ?? head.note, agency: "" });
    ({ missing } = shown);
    if (!shown.isMet) throw new Fault("LOG_UNWITNESSED", `missing: ${missing.join(", ")}`);
    const { size, at, origin, note } = shown;
    const { since } = head;
    if (met?.since !== since || met.origin !== origin || size >= met.size) met = { size, at, origin, note, since };
    return shown;
  }; // prettier-ignore

  return {
    ask,
    get isDue() {
      return isAsked() && isTime();
    },
    look: async (follow) => {
      if (!isAsked() || !isTime()) return;
      expect(follow);
      nextAt = clock.elapsed() + waitMs();
      if (awaited === undefined) return;
      try {
        await ask(follow);
      } catch (error) {
        if (isFault(error, "LOG_INCONSISTENT") || !isFault(error)) throw error;
        if (error.code !== "LOG_UNWITNESSED") nobody();
      }
      expect(follow);
      isLate = awaited !== undefined && clock.elapsed() - awaited.from >= lateMs;
    },
    newest: (follow) => {
      const head = follow.store.logHeads.of(follow.hub);
      if (!isAsked() || met === undefined) return undefined;
      const isFollowed = head?.origin === met.origin && head.since === met.since;
      const again = isFollowed ? read(met.note, follow) : undefined;
      if (again?.isMet === true) return again;
      // of a log that ended, or the register asks for more by now
      met = undefined;
      return undefined;
    },
    standing: () => {
      if (!isAsked()) return undefined;
      const late = isLate && awaited !== undefined ? { lateSince: awaited.since, missing } : { missing: [] };
      return met === undefined ? late : { size: met.size, at: met.at, ...late };
    },
  };
} // prettier-ignore
