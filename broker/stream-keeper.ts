import { Fault, type Log, makeUuid, renderUuid } from "../schemas/ground/index.ts";
import { hubsOf, type RegisterView } from "../certs/trust/index.ts";
import { type Known, type Place, rebuildFrom } from "./admission/index.ts";
import { makeIntakeKeeper } from "./intake-keeper.ts";
import {
  type ConsumerKeeper,
  type ConsumerPlan,
  ensureStream,
  type EnsuredStream,
  type NotesSource,
  recsOf,
  type Rooms,
  roomsOf,
  type StoredCells,
  type StreamConfig,
  streamConfigs,
  streamNames,
} from "./nats/index.ts";

/** What the streams are kept with. */
export interface StreamKeeperOptions {
  readonly source: NotesSource;
  readonly consumers: ConsumerKeeper;
  readonly known: Known;
  readonly cells: StoredCells;
  readonly log: Log;
  readonly hub: string;
  /** What the server may keep in memory. */
  readonly memoryBytes: number;
  /** Bytes of the stream of chunks; the usual when left out. */
  readonly blobMaxBytes?: number | undefined;
  /** What the server may keep in files; rooms are those of few agencies when left out. */
  readonly maxFileBytes?: number | undefined;
  /** Called when a stream was made anew, or stands behind where it stood. */
  readonly onRebuilt: (stream: string) => void;
}

/** Keeps the hub's streams and consumers there, and knows their instances. */
export interface StreamKeeper {
  /** Every stream that stands and keeps what was judged, with its instance. */
  readonly instances: ReadonlyMap<string, string>;
  /** Every agency's intake that stands, with its instance. */
  readonly intakes: ReadonlyMap<string, string>;
  /** Streams whose heads agencies compare. */
  heads(): readonly string[];
  /** Notes where the hub stored something. */
  notePlace(place: Place): void;
  /** Makes what is missing. Says whether anything was new. @throws {Fault} HUB_* */
  ensure(register: RegisterView): Promise<boolean>;
  /** Makes the consumers exactly these. @throws {Fault} HUB_* */
  applyConsumers(plans: readonly ConsumerPlan[]): Promise<void>;
}

const unread = new Set<string>([streamNames.quarantine, streamNames.blobs]);
const withoutNotes = new Set<string>([...unread, streamNames.receipts]);

/** Builds a keeper; nothing is asked of the server yet. */
export function makeStreamKeeper(options: StreamKeeperOptions): StreamKeeper {
  const { source, consumers, known, cells, log, hub, onRebuilt } = options;
  const { jetStream, clock, chance } = source;
  /** Of the streams that are kept, and of the intakes, which nobody reads nor counts by. */
  const instances = new Map<string, string>();
  const intakeInstances = new Map<string, string>();
  const { memoryBytes } = options;
  const intakes = makeIntakeKeeper({
    jetStream,
    clock,
    chance,
    log,
    memoryBytes,
    instances: intakeInstances,
  });
  const highest = new Map<string, number>();
  /** Streams that were seen to stand behind and have no new instance yet. */
  const behind = new Set<string>();

  const drop = (stream: string, beyond: number): void => {
    known.forget(stream, beyond);
    highest.set(stream, beyond);
    onRebuilt(stream);
  };

  /** A stream seen for the first time, or another one under its name: what it holds is read back. */
  const meet = async ({ stream, instance, isNew, lastSequence }: EnsuredStream): Promise<void> => {
    consumers.forget(stream);
    if (isNew || instances.has(stream)) drop(stream, 0);
    if (!isNew && !withoutNotes.has(stream)) {
      await rebuildFrom(source, { known, cells }, { stream, instance });
    }
    highest.set(stream, lastSequence);
    instances.set(stream, instance);
  };

  /**
   * A stream that stands behind where it stood gets a new instance: senders who ask only after others filled it up
   * again could not tell by its length that what they sent is gone.
   */
  const renew = async (config: StreamConfig, lastSequence: number): Promise<void> => {
    behind.add(config.name);
    const instance = renderUuid(makeUuid(clock.now(), chance));
    await jetStream.updateStream({ ...config, metadata: { instance } });
    instances.set(config.name, instance);
    drop(config.name, lastSequence);
    behind.delete(config.name);
  };

  const ensureOne = async (config: StreamConfig): Promise<boolean> => {
    const { name } = config;
    // Taken before the question, so that what is stored meanwhile does not look like a loss.
    const before = highest.get(name) ?? 0;
    const maker = {
      jetStream,
      clock,
      chance,
      onMissing: (stream: string) => instances.delete(stream),
    };
    const ensured = await ensureStream(maker, config);
    const isAnother = ensured.isNew || instances.get(name) !== ensured.instance;
    const isBehind = ensured.lastSequence < before;
    if (ensured.isDoubtful && (isAnother || isBehind)) {
      throw new Fault("HUB_UNREACHABLE", `whoever answers for ${name} may lead it no more`);
    }
    if (isAnother) {
      await meet(ensured);
      log.info("stream stands", { stream: name });
      return true;
    }
    if (isBehind || behind.has(name)) {
      await renew(ensured.config, ensured.lastSequence);
    }
    return false;
  };

  /** By who is linked to this hub: an agency of another hub brings no room here. */
  const roomsFor = (register: RegisterView, feeds: number): Rooms | undefined => {
    const { maxFileBytes } = options;
    if (maxFileBytes === undefined) return undefined;
    const linked = register.agencies.filter(({ agency }) => hubsOf(register, agency).some((one) => one.hub === hub));
    return roomsOf({ agencies: linked.length, feeds, maxFileBytes });
  }; // prettier-ignore

  return {
    instances,
    intakes: intakeInstances,
    heads: () => [...instances.keys()].filter((stream) => !unread.has(stream)).toSorted(),
    notePlace: ({ stream, sequence }) => {
      if (sequence > (highest.get(stream) ?? 0)) highest.set(stream, sequence);
    },
    ensure: async (register) => {
      let isAnyNew = false;
      const recs = recsOf(register, hub);
      const rooms = roomsFor(register, recs.length);
      for (const config of streamConfigs(recs, options.blobMaxBytes, rooms)) {
        isAnyNew = (await ensureOne(config)) || isAnyNew;
      }
      return (await intakes.ensure(register)) || isAnyNew;
    },
    applyConsumers: async (plans) => {
      const streams = [...instances.keys()].filter((stream) => !unread.has(stream));
      await consumers.apply(
        streams,
        plans.filter(({ stream }) => instances.has(stream)),
      );
    },
  };
}
