import {
  type Chance,
  type Clock,
  Fault,
  makeUuid,
  renderUuid,
} from "../../schemas/ground/index.ts";
import {
  appendAfter,
  isWithoutPeers,
  type Appended,
  type JetStream,
  type Link,
  logStreamConfig,
  logSubject,
  type NotesSource,
  readMessages,
  type StreamEntry,
  streamNames,
  type StreamState,
} from "../nats/index.ts";
import type { Bytes } from "../../schemas/ground/index.ts";

/** How much the stream holds, and how much it may. */
export interface StreamRoom {
  readonly bytes: number;
  readonly maxBytes: number;
}

/** The stream that the log is kept in: every broker of the hub reads it, and whoever adds names the entry he follows. */
export interface LogStream {
  /** When it was last asked for; undefined before. */
  readonly room: StreamRoom | undefined;
  /**
   * How many entries it has; undefined when it is not there.
   *
   * @throws {Fault} HUB_*; LOG_INCONSISTENT when another stands in its place
   */
  last(): Promise<number | undefined>;
  /** @throws {Fault} HUB_* */
  create(): Promise<void>;
  /** From this entry on, in order. @throws {Fault} HUB_*, and what `onEntry` throws */
  read(from: number, onEntry: (entry: StreamEntry) => void): Promise<void>;
  /** Never rejects. */
  append(after: number, payload: Bytes): Promise<Appended>;
}

/** What the stream is reached with. */
export interface LogStreamOptions {
  readonly link: Link;
  readonly jetStream: JetStream;
  readonly clock: Clock;
  readonly chance: Chance;
  /** Prefix of reply subjects. */
  readonly inbox: string;
  readonly maxBytes: number;
}

/** By then whoever leads no more has heard of it. */
const secondLookMs = 3_000;

function unreachable(what: string): Fault {
  return new Fault("HUB_UNREACHABLE", `the stream of the log ${what}`);
}

/** Opens the way to the log's stream; nothing is asked yet. */
export function makeLogStream(options: LogStreamOptions): LogStream {
  const { link, jetStream, clock, chance, maxBytes } = options;
  const { log: stream } = streamNames;
  const source: NotesSource = options;
  /** The one that was met first: another under its name is another log. */
  let met: string | undefined;
  let room: StreamRoom | undefined;
  /** How many entries it had when that was last asked. */
  let reach = 0;

  const meet = ({ instance, bytes, config }: StreamState): void => {
    met ??= instance;
    if (met !== instance) {
      throw new Fault("LOG_INCONSISTENT", "the stream of the log was made anew by somebody else");
    }
    const { max_bytes: most } = config;
    room = { bytes, maxBytes: typeof most === "number" && most > 0 ? most : maxBytes };
  };

  /** Whether it has another number of copies than the hub's servers are to keep. */
  const isElsewhere = ({ config }: StreamState): boolean => {
    const wanted = jetStream.spread(logStreamConfig(maxBytes));
    return config["num_replicas"] !== wanted["num_replicas"];
  };

  /** What who leads it says of it. One that leads no more has fewer entries, and a log that went back would be the end of it. */
  const look = async (): Promise<StreamState | undefined> => {
    const found = await jetStream.stream(stream);
    if (found?.isDoubtful === true) {
      throw unreachable("is told of by one who may lead it no more");
    }
    return found;
  };

  /** What did not come may have been lost on the way between two servers: it is missing only when who leads says so. */
  const checkThere = async (sequence: number): Promise<void> => {
    const found = await jetStream.at(stream, sequence);
    const { isDoubtful = false } = (await jetStream.stream(stream)) ?? {};
    if (found !== undefined || isDoubtful) throw unreachable("was not read in order");
    throw new Fault("LOG_INCONSISTENT", "an entry of the log is missing in its stream");
  };

  /** Gives it the room that the configuration names by now. Less than it has it is never given. */
  const widen = async ({ instance }: StreamState): Promise<void> => {
    try {
      const most = Math.max(maxBytes, room?.maxBytes ?? 0);
      meet(await jetStream.updateStream({ ...logStreamConfig(most), metadata: { instance } }));
    } catch (error) {
      // it goes on with the copies it has, and is given the others when their servers are there
      if (!isWithoutPeers(error)) throw error;
    }
  };

  return {
    get room() {
      return room;
    },
    last: async () => {
      const first = await look();
      // what would end the log is asked twice: a word of a leader of yesterday may have been on its way
      const isLess = (first?.lastSequence ?? 0) < reach;
      if (isLess) await clock.sleep(secondLookMs);
      const found = isLess ? await look() : first;
      if (found === undefined) return undefined;
      const isNew = met === undefined;
      meet(found);
      if ((isNew && (room?.maxBytes ?? maxBytes) < maxBytes) || isElsewhere(found)) {
        await widen(found);
      }
      reach = found.lastSequence;
      return reach;
    },
    create: async () => {
      const instance = renderUuid(makeUuid(clock.now(), chance));
      meet(await jetStream.createStream({ ...logStreamConfig(maxBytes), metadata: { instance } }));
    },
    read: async (from, onEntry) => {
      let next = from;
      let isTorn = false;
      await readMessages(source, { stream, from }, (entry) => {
        isTorn ||= entry.sequence !== next;
        if (isTorn) return;
        next += 1;
        onEntry(entry);
      });
      if (isTorn) await checkThere(next);
      // it is read from any of its copies, and one may be behind
      if (next <= reach) throw unreachable("was not read to its end");
    },
    append: async (after, payload) => {
      const appended = await appendAfter(link, { subject: logSubject, payload, after });
      if (appended.kind === "stored") reach = Math.max(reach, appended.sequence);
      return appended;
    },
  };
} // prettier-ignore
