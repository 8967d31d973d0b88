import { bytesKey, type Bytes, type EpochMs } from "../../schemas/ground/index.ts";
import { hubLimits } from "../nats/index.ts";

/** Where a publication is stored. */
export interface Place {
  readonly stream: string;
  /** The stream's instance when it was stored: in another instance it is not. */
  readonly instance: string;
  readonly sequence: number;
  /** When it was taken; unknown of what an earlier version stored. */
  readonly admittedAt?: EpochMs | undefined;
}

/** One message by what it is known by. */
export interface MessageKey {
  readonly originator: string;
  readonly id: Bytes;
}

/** What is remembered of a message: its content's digest, and where it stands or is being stored. */
export interface KnownMessage {
  readonly digest: Bytes;
  /** By channel; "storing" while the stream has not answered yet. */
  readonly places: ReadonlyMap<string, Place | "storing">;
}

/** A message that was stored or is about to be. */
export interface Noted extends MessageKey {
  readonly digest: Bytes;
  readonly channel: string;
  readonly expiresAt: EpochMs;
  readonly admittedAt?: EpochMs | undefined;
  /** What stands for it in the hub's log. */
  readonly commitment?: Bytes | undefined;
}

/** The messages the hub has admitted, by originator and id. In memory; the streams are the truth. */
export interface Known {
  find(key: MessageKey): KnownMessage | undefined;
  /** Notes that it is being stored, before the stream answers. */
  storing(noted: Noted): void;
  stored(noted: Noted, place: Place): void;
  /** Takes back what `storing` noted: the stream did not take it, or nobody knows. */
  release(noted: Noted): void;
  /** Forgets what stands in a stream beyond a sequence; in all of it when the stream is gone. */
  forget(stream: string, beyond: number): void;
  /** Forgets messages whose time and grace are over; says where they stand. */
  sweep(now: EpochMs): readonly Place[];
  readonly size: number;
}

interface Entry {
  digest: Bytes;
  expiresAt: EpochMs;
  readonly places: Map<string, Place | "storing">;
}

function keyOf({ originator, id }: MessageKey): string {
  return `${originator} ${bytesKey(id)}`;
}

/** Starts with nothing known. Bounded: the longest known go first. */
export function makeKnown(maxKnown: number = hubLimits.maxKnown): Known {
  const entries = new Map<string, Entry>();

  const entryOf = (noted: Noted): Entry => {
    const key = keyOf(noted);
    const held = entries.get(key);
    if (held !== undefined) return held;
    const [oldest] = entries.keys();
    if (entries.size >= maxKnown && oldest !== undefined) entries.delete(oldest);
    const made: Entry = { digest: noted.digest, expiresAt: noted.expiresAt, places: new Map() };
    entries.set(key, made);
    return made;
  };

  return {
    find: (key) => entries.get(keyOf(key)),
    storing: (noted) => {
      entryOf(noted).places.set(noted.channel, "storing");
    },
    stored: (noted, place) => {
      entryOf(noted).places.set(noted.channel, place);
    },
    release: (noted) => {
      const entry = entries.get(keyOf(noted));
      if (entry?.places.get(noted.channel) !== "storing") return;
      entry.places.delete(noted.channel);
      if (entry.places.size === 0) entries.delete(keyOf(noted));
    },
    forget: (stream, beyond) => {
      for (const [key, { places }] of entries) {
        for (const [channel, place] of places) {
          if (place === "storing" || place.stream !== stream) continue;
          if (place.sequence > beyond) places.delete(channel);
        }
        if (places.size === 0) entries.delete(key);
      }
    },
    sweep: (now) => {
      const ended: Place[] = [];
      for (const [key, { expiresAt, places }] of entries) {
        if (expiresAt + hubLimits.knownGraceMs > now) continue;
        entries.delete(key);
        ended.push(...[...places.values()].filter((place) => place !== "storing"));
      }
      return ended;
    },
    get size() {
      return entries.size;
    },
  };
}
