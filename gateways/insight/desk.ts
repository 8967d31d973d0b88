import type { RegisterView } from "../../certs/trust/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";
import { type ChallengedEntry, findChallenged } from "./challenge.ts";
import { countTrends, type TrendRow, type TrendWish } from "./trends.ts";

/** What the desk works with. */
export interface InsightParts {
  readonly store: Pick<Store, "ladder" | "logActs" | "logProofs" | "trends">;
  readonly register: () => RegisterView;
}

/** What follows from what is held here. */
export interface InsightDesk {
  /** In force now. */
  register(): RegisterView;
  /** How many messages of ours that are under way an agency has not had yet. */
  waitingFor(agency: string): number;
  /** @throws {Fault} REQUEST_INVALID for more figures than can be told */
  trends(wish: TrendWish): readonly TrendRow[];
  /** Where in logs of hubs stands what has this SHA-256; none where this gateway knows of nothing. */
  challenge(digest: Bytes): readonly ChallengedEntry[];
}

/** Builds the desk. */
export function makeInsightDesk({ store, register }: InsightParts): InsightDesk {
  return {
    register,
    waitingFor: (agency) => store.ladder.countOpenOf(agency),
    trends: (wish) => countTrends(store.trends, wish),
    challenge: (digest) => findChallenged(store, digest),
  };
}
