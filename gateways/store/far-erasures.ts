import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Database } from "./database.ts";
import { bytesOf, maybeOf, numberOf, type Row, textOf } from "./row.ts";

/** That a relay was asked to have a message of ours erased at the hub beyond. */
export interface FarErasureAsked {
  readonly target: Bytes;
  readonly channel: string;
  readonly hub: string;
  readonly relay: string;
  /** SHA-256 of its envelope. */
  readonly digest: Bytes;
  /** When that hub was asked first. */
  readonly askedAt: EpochMs;
}

/** The same, with what that hub answered, once it did. */
export interface FarErasure extends FarErasureAsked {
  readonly answer?: FarAnswer | undefined;
}

/** What a hub beyond says: where it stood, and since when it does not. */
export interface FarAnswer {
  readonly stream: string;
  /** Undefined when it stood nowhere any more. */
  readonly sequence?: number | undefined;
  readonly at: EpochMs;
  /** Place of its signed receipt. */
  readonly receipt: number;
}

/** What we had erased at hubs that we are not linked to. What changes it is called inside `write` only. */
export interface FarErasures {
  /** Asked again it keeps what was answered, and since when the same hub is asked. */
  ask(asked: FarErasureAsked): void;
  /** The first answer counts; says whether this is it. */
  answer(of: Pick<FarErasureAsked, "target" | "channel">, answer: FarAnswer): boolean;
  of(target: Bytes): readonly FarErasure[];
}

function erasureOf(row: Row): FarErasure {
  const at = maybeOf(row, "at", numberOf);
  const receipt = maybeOf(row, "receipt", numberOf);
  const sequence = maybeOf(row, "sequence", numberOf);
  const stream = maybeOf(row, "stream", textOf) ?? "";
  return {
    target: bytesOf(row, "target"),
    channel: textOf(row, "channel"),
    hub: textOf(row, "hub"),
    relay: textOf(row, "relay"),
    digest: bytesOf(row, "digest"),
    askedAt: numberOf(row, "asked_at"),
    answer: at === undefined || receipt === undefined ? undefined : { stream, sequence, at, receipt },
  };
} // prettier-ignore

/** Builds the part of the store that knows what was erased at hubs beyond. */
export function makeFarErasures(database: Database): FarErasures {
  const ask = database.prepare(
    `INSERT INTO far_erasure (target, channel, hub, relay, digest, asked_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (target, channel) DO UPDATE SET
       asked_at = CASE WHEN at IS NULL AND hub <> excluded.hub THEN excluded.asked_at ELSE asked_at END,
       hub = CASE WHEN at IS NULL THEN excluded.hub ELSE hub END, relay = CASE WHEN at IS NULL THEN excluded.relay ELSE relay END`,
  );
  const answer = database.prepare(
    "UPDATE far_erasure SET stream = ?, sequence = ?, at = ?, receipt = ? WHERE target = ? AND channel = ? AND at IS NULL",
  );
  const of = database.prepare("SELECT * FROM far_erasure WHERE target = ? ORDER BY channel");
  return {
    ask: ({ target, channel, hub, relay, digest, askedAt }) => void ask.run(target, channel, hub, relay, digest, askedAt),
    answer: ({ target, channel }, { stream, sequence, at, receipt }) =>
      answer.run(stream, sequence ?? null, at, receipt, target, channel).changes > 0,
    of: (target) => of.all(target).map(erasureOf),
  };
} // prettier-ignore
