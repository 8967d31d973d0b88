import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { ProvedEntry, Store } from "../store/index.ts";

/** Something that this gateway knows of, and where in a hub's log it stands. */
export interface ChallengedEntry {
  /** MESSAGE: the digest is an envelope's, ours or another's. ACT: it is what a leaf binds of an administrative act of ours. */
  readonly as: "MESSAGE" | "ACT";
  /** PROVED: it stands in the log. PENDING, WAITING: the hub has its time. MISSING: it had. */
  readonly state: string;
  readonly origin?: string | undefined;
  readonly index?: number | undefined;
  /** When the hub dated the leaf. */
  readonly at?: EpochMs | undefined;
}

function placeOf(proved: ProvedEntry | undefined): Partial<ChallengedEntry> {
  if (proved === undefined) return {};
  return { origin: proved.origin, index: proved.index, at: proved.leafTime };
}

/** Everything that has a digest, content-blind: whether a message was opened, or erased since, changes nothing. */
export function findChallenged({ logProofs, logActs }: Pick<Store, "logProofs" | "logActs">, digest: Bytes): readonly ChallengedEntry[] {
  const messages = (["out", "in"] as const).flatMap((box) => logProofs.of(box, digest));
  const act = logActs.byCommitment(digest);
  return [
    ...messages.map(({ state, proved }) => ({ as: "MESSAGE" as const, state, ...placeOf(proved) })),
    ...(act === undefined ? [] : [{ as: "ACT" as const, state: act.state, ...placeOf(act.proved) }]),
  ];
} // prettier-ignore
