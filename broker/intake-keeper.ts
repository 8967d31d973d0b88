import { type Chance, type Clock, type Log } from "../schemas/ground/index.ts";
import { intakeStreamOf } from "../schemas/index.ts";
import type { RegisterView } from "../certs/trust/index.ts";
import {
  ensureAdmissionConsumer,
  ensureStream,
  findIntakes,
  hubLimits,
  intakeBytes,
  intakeConfig,
  isLinking,
  type JetStream,
} from "./nats/index.ts";

/** What the intakes are kept with. */
export interface IntakeKeeperOptions {
  readonly jetStream: JetStream;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** What the server may keep in memory: it sets aside there what every intake may hold. */
  readonly memoryBytes: number;
  /** Where the streams that stand are noted, with their instances. */
  readonly instances: Map<string, string>;
}

/** Keeps one intake for each agency of the register, and none for anybody else. */
export interface IntakeKeeper {
  /** Makes what is missing and takes away what is too many. Says whether anything was new. @throws {Fault} HUB_* */
  ensure(register: RegisterView): Promise<boolean>;
}

/** Asked of the server at once: enough to hide the round trip, few enough not to crowd it. */
const atOnce = 16;

async function inGroups<T>(
  items: readonly T[],
  act: (item: T) => Promise<boolean>,
): Promise<boolean> {
  let isAny = false;
  for (let from = 0; from < items.length; from += atOnce) {
    const done = await Promise.all(items.slice(from, from + atOnce).map(act));
    isAny ||= done.includes(true);
  }
  return isAny;
}

/** Builds a keeper; nothing is asked of the server yet. */
export function makeIntakeKeeper(options: IntakeKeeperOptions): IntakeKeeper {
  const { jetStream, clock, chance, log, memoryBytes, instances } = options;
  /** Bytes of every stream that was seen to stand as wanted. */
  const standing = new Map<string, number>();
  let toldWithout = 0;

  const forget = (stream: string): void => {
    instances.delete(stream);
    standing.delete(stream);
  };

  /** Who gets an intake; the register counts all the same when there is not room for all, and it is told. */
  const findOwners = (register: RegisterView): readonly string[] => {
    const all = register.agencies
      .map(({ agency }) => agency)
      .filter((agency) => isLinking(register, agency))
      .toSorted();
    const room = Math.floor(memoryBytes / hubLimits.intakeMinBytes);
    const without = Math.max(0, all.length - room);
    if (without > 0 && without !== toldWithout) {
      log.error("agencies without an intake: the server's memory is too small", { count: without });
    }
    toldWithout = without;
    return all.slice(0, room);
  };

  const ensureOne = async (agency: string, bytes: number): Promise<boolean> => {
    const stream = intakeStreamOf(agency);
    if (standing.get(stream) === bytes) return false;
    const maker = { jetStream, clock, chance, onMissing: forget };
    const { instance, isNew } = await ensureStream(maker, intakeConfig(agency, bytes));
    const isAnother = isNew || instances.get(stream) !== instance;
    if (isAnother) await ensureAdmissionConsumer(jetStream, stream);
    instances.set(stream, instance);
    // one that was just made is looked at again: it may not have all its copies yet
    if (!isNew) standing.set(stream, bytes);
    return isAnother;
  };

  return {
    ensure: async (register) => {
      const owners = findOwners(register);
      const wanted = new Set(owners.map(intakeStreamOf));
      const found = new Set(await findIntakes(jetStream));
      for (const stream of standing.keys()) if (!found.has(stream)) forget(stream);
      // Its messages are in their sender's custody, and he may link no more. First, for the room and the subjects are needed.
      const surplus = [...found].filter((stream) => !wanted.has(stream));
      await inGroups(surplus, async (stream) => {
        await jetStream.deleteStream(stream);
        forget(stream);
        log.info("intake taken away", { stream });
        return true;
      });
      const bytes = intakeBytes(memoryBytes, owners.length);
      // Those that stand first: they may have to give room to the new.
      const [old, fresh] = [true, false].map((stands) =>
        owners.filter((agency) => found.has(intakeStreamOf(agency)) === stands),
      );
      const isAnyNew = await inGroups(old ?? [], (agency) => ensureOne(agency, bytes));
      const isAnyFresh = await inGroups(fresh ?? [], (agency) => ensureOne(agency, bytes));
      return isAnyNew || isAnyFresh;
    },
  };
}
