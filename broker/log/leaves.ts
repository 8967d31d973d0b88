import {
  encodeLogLeaf,
  isDirectChannel,
  leafChannel,
  type LogLeaf,
  logStreams,
} from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { LogPlace } from "./place.ts";

/** A message that was taken, as far as its leaf shows it. */
export interface TakenMessage {
  readonly channel: string;
  readonly originator: string;
  readonly admittedAt: EpochMs;
  readonly commitment: Bytes;
}

/** The leaf of a message at its place; the same whoever makes it. */
export function messageLeaf(place: LogPlace, taken: TakenMessage): Bytes {
  const { stream, instance, sequence } = place;
  const { channel, originator, admittedAt: time, commitment } = taken;
  const base = { time, stream, instance, sequence, commitment };
  const leaf: LogLeaf = isDirectChannel(channel)
    ? { ...base, kind: "DIRECT" }
    : { ...base, kind: "FEED", ...leafChannel(channel), origin: originator };
  return encodeLogLeaf(leaf);
}

/** The leaf of a place at which nothing of ours stands any more. */
export function voidLeaf({ stream, instance, sequence }: LogPlace, time: EpochMs): Bytes {
  return encodeLogLeaf({ kind: "VOID", time, stream, instance, sequence });
}

/** The leaf of a register that came in force here. */
export function registerLeaf(epoch: number, digest: Bytes, time: EpochMs): Bytes {
  const { register: stream } = logStreams;
  return encodeLogLeaf({ kind: "REGISTER", time, stream, sequence: epoch, commitment: digest });
}

/** One line of the hub's journal, as its leaf shows it. */
export interface JournalAct {
  /** Which journal: each broker has its own. */
  readonly journal: string;
  readonly sequence: number;
  readonly time: EpochMs;
  readonly act: string;
  readonly commitment: Bytes;
}

/** The leaf of an act of the hub. */
export function actLeaf({ journal: instance, sequence, time, act, commitment }: JournalAct): Bytes {
  const { journal: stream } = logStreams;
  return encodeLogLeaf({ kind: "ACT", time, stream, instance, sequence, commitment, act });
}

/** An administrative act of an agency, as its leaf shows it. */
export interface AgencyActEntry extends Omit<JournalAct, "journal"> {
  /** Whose act it is: the agency's account at the server said so. */
  readonly origin: string;
}

/** The leaf of an act of an agency. */
export function agencyActLeaf({ origin, ...rest }: AgencyActEntry): Bytes {
  const { journal: stream } = logStreams;
  return encodeLogLeaf({ kind: "ACT", stream, instance: origin, origin, ...rest });
}
