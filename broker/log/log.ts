import { join } from "node:path";

import { parseLogLeaf } from "../../schemas/index.ts";
import {
  type Bytes,
  type Chance,
  type Clock,
  type EpochMs,
  Fault,
  isFault,
  type Log,
} from "../../schemas/ground/index.ts";
import type { NoteSigner, VerifierKey } from "../../certs/log/index.ts";
import type { JetStream, Link, StoredNote } from "../nats/index.ts";
import { type ActDesk, makeActDesk } from "./acts.ts";
import { type Answers, makeAnswers } from "./answers.ts";
import { type Book, openBook } from "./book.ts";
import { makeGapFiller } from "./gaps.ts";
import type { LogHead } from "./head.ts";
import {
  actLeaf,
  type JournalAct,
  messageLeaf,
  registerLeaf,
  type TakenMessage,
} from "./leaves.ts";
import { makePending } from "./pending.ts";
import { type LogPlace, seriesOf } from "./place.ts";
import { makePositions } from "./positions.ts";
import { makeRoomWatch, type RoomStatus } from "./room.ts";
import { makeLogStream } from "./stream.ts";
import { startWriter } from "./writer.ts";

/** What a hub's log is kept with. */
export interface HubLogOptions {
  /** The broker's own folder; the log is published in `log/` of it. */
  readonly dir: string;
  readonly link: Link;
  readonly jetStream: JetStream;
  readonly inbox: string;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly signer: NoteSigner;
  /** Keys that the log was ever signed with, by the register of the moment. */
  readonly keys: () => readonly VerifierKey[];
  /** Whether it may sign by the register of the moment. @throws {Fault} KEY_UNUSABLE */
  readonly checkKey: () => void;
  /** What other brokers of the hub saw of the log, by their own files; nobody's when left out. */
  readonly seenByOthers?: (() => readonly string[]) | undefined;
  /** Bytes of the stream at most; full, it stops all acceptance. */
  readonly maxBytes: number;
  /** The streams of messages that stand, with their instances. */
  readonly streams: () => ReadonlyMap<string, string>;
  /** What the hub noted of a message beside it; undefined when it is not ours. */
  readonly readTaken: (note: StoredNote) => TakenMessage | undefined;
  /** Nothing is signed any more until the hub is started anew. */
  readonly onStopped: (fault: Fault) => void;
}

/** How the log stands. */
export interface LogStatus {
  readonly size: number;
  /** When its newest checkpoint was signed, as far as can be seen from here. */
  readonly checkpointAt?: EpochMs | undefined;
  /** Missing before the stream was met. */
  readonly room?: RoomStatus | undefined;
  /** Why nothing is signed any more. */
  readonly stopped?: string | undefined;
  /** Why nothing is signed until somebody did something, or the server is there again. */
  readonly waiting?: string | undefined;
}

/** A hub's log: everything it took, in an order that nobody can change afterwards. */
export interface HubLog extends Answers, ActDesk {
  /** Enters a message that stands at a place. */
  offer(place: LogPlace, taken: TakenMessage): void;
  /** A register that came in force. One that is entered already is let go by. */
  register(epoch: number, digest: Bytes): void;
  act(act: JournalAct): void;
  /**
   * The index of a message's leaf. Resolves only when nothing can take it out of the log any more.
   *
   * @throws {Fault} HUB_STREAM_WRITE_FAILED, LOG_*, KEY_UNUSABLE, INTEGRITY_STORE
   */
  positionOf(place: LogPlace): Promise<number>;
  /** The newest: whatever was told to be in the log is in it. */
  readonly checkpoint: Bytes | undefined;
  readonly status: LogStatus;
  stop(): Promise<void>;
}

function isEntered(leaf: Bytes, { marks }: LogHead): boolean {
  const { stream, instance = "", sequence } = parseLogLeaf(leaf);
  return (marks.get(seriesOf({ stream, instance }))?.last ?? 0) >= sequence;
}

/** When a leaf was taken; undefined where there is none. */
function timeOf({ state: { head }, folder }: Book, index: number): EpochMs | undefined {
  if (index < 0 || index >= head.size) return undefined;
  try {
    return parseLogLeaf(folder.tiles.leaf(index)).time;
  } catch (error) {
    // a damaged tile is found, and made anew, by whoever is asked for it
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** The leaf of what stands in a stream; undefined when what was noted beside it is none of ours. */
function findLeaf(place: LogPlace, taken: TakenMessage): Bytes | undefined {
  try {
    const leaf = messageLeaf(place, taken);
    parseLogLeaf(leaf);
    return leaf;
  } catch (error) {
    if (isFault(error)) return undefined;
    throw error;
  }
}

/** Starts the log; it opens by itself as soon as the server is there. */
export function startHubLog(options: HubLogOptions): HubLog {
  const { dir, jetStream, clock, signer, readTaken, streams, onStopped } = options;
  const stream = makeLogStream(options);
  const pending = makePending(isEntered);
  const positions = makePositions(clock, () => writer.book);
  const gaps = makeGapFiller({
    jetStream,
    pending,
    clock,
    streams,
    leafOf: (place, note) => {
      const taken = readTaken(note);
      return taken === undefined ? undefined : findLeaf(place, taken);
    },
    onGone: (series) =>
      positions.give(new Fault("HUB_STREAM_WRITE_FAILED", "the stream is gone"), series),
  });
  const keys = (): readonly VerifierKey[] => [signer.verifierKey, ...options.keys()];
  const room = makeRoomWatch(options);
  let checkpointAt: EpochMs | undefined;
  let begunAt: EpochMs | undefined;
  const writer = startWriter({
    ...options,
    check: options.checkKey,
    onLook: (book) => {
      begunAt ??= timeOf(book, 0);
      checkpointAt ??= timeOf(book, book.state.head.size - 1);
      if (stream.room !== undefined) room.note(stream.room, begunAt);
    },
    onHeld: (fault) => positions.give(fault),
    open: () => {
      const others = options.seenByOthers?.() ?? [];
      return openBook({ stream, keys, dir: join(dir, "log"), seenFile: join(dir, "log-seen"), others });
    },
    stream,
    pending,
    gaps,
    onGrown: () => {
      checkpointAt = clock.now();
      positions.settle();
    },
    onStopped: (fault) => {
      positions.give(fault);
      onStopped(fault);
    },
  });
  const answers = makeAnswers({
    book: () => writer.book,
    positions,
    onDamage: () => writer.mend(),
  });
  const acts = makeActDesk({
    book: () => (writer.stopped === undefined ? writer.book : undefined),
    pending,
    positions,
    wake: () => writer.wake(),
    clock,
  });

  return {
    ...answers,
    ...acts,
    offer: (place, taken) => {
      pending.offer(place, messageLeaf(place, taken));
      writer.wake();
    },
    register: (epoch, digest) => {
      pending.offerLoose(registerLeaf(epoch, digest, clock.now()));
      writer.wake();
    },
    act: (act) => {
      pending.offerLoose(actLeaf(act));
      writer.wake();
    },
    positionOf: async (place) => {
      if (writer.stopped !== undefined) throw writer.stopped;
      try {
        return await positions.wait(place);
      } catch (error) {
        if (isFault(error, "LOG_TILE_INVALID")) writer.mend();
        throw error;
      }
    },
    get checkpoint() {
      return writer.book?.state.checkpoint;
    },
    get status() {
      const size = writer.book?.state.head.size ?? 0;
      const { stopped, waiting } = writer;
      return { size, checkpointAt, room: room.status, stopped: stopped?.code, waiting: waiting?.code };
    },
    stop: async () => {
      await writer.stop();
      positions.give(new Fault("HUB_STREAM_WRITE_FAILED", "the hub stops"));
    },
  };
} // prettier-ignore
