import { type Clock, type Fault, type Log, toFault } from "../schemas/ground/index.ts";
import { lastUse } from "../certs/trust/index.ts";
import type { Journal } from "./journal.ts";
import type { HeldRegister, RegisterSource } from "./register-source.ts";
import { makeQueue } from "./queue.ts";
import type { Switchover } from "./switchover.ts";
import type { BrokerOptions } from "./options.ts";
import type { Turn } from "./turn/index.ts";

/** How long the first register may be tried. */
export interface UpkeepPatience {
  /** Several servers choose who leads before they answer. */
  readonly patienceMs: number;
  /** Whether servers that are away are waited for, however long that takes. */
  readonly isWaiting?: boolean | undefined;
}

/** What is kept up. */
export interface UpkeepOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Journal;
  readonly source: RegisterSource;
  readonly switchover: Switchover;
  /** The register to begin with; proved, not yet in force. */
  readonly first: HeldRegister;
  /** It is tried once when left out. */
  readonly patience?: UpkeepPatience | undefined;
  /** Nothing is changed while it is another broker's. */
  readonly turn?: Pick<Turn, "isOurs" | "isLost"> | undefined;
  /** Looked at before the first register comes in force. @throws {Fault} what keeps it from it */
  readonly check?: (() => Promise<void>) | undefined;
}

/** What goes on for as long as the broker runs: registers come in force, and what is missing is made. */
export interface Upkeep {
  /** Whether the register is in force and may still be used, and streams and consumers stood when last seen. */
  readonly isSound: boolean;
  /** Looks at the register's file now; returns when what it says is in force, or was refused. */
  refresh(): Promise<void>;
  /** A newer register that somebody brought, proved as the file's; it comes in force at its turn. */
  bring(held: HeldRegister): void;
  /** The server is there again, perhaps another or an emptied one. */
  serverUp(): void;
  serverDown(): void;
  stop(): Promise<void>;
}

/** Several servers that start together choose who leads, and then each stream's servers do. */
const clusterPatienceMs = 60_000;
const registerEveryMs = 1_000;
const mendEveryMs = 2_000;
const sweepEveryMs = 30_000;
const retryMs = 500;

/** How long a broker tries; servers that are away, for as long as whoever starts it waits. */
export function patienceOf({ cluster, isWaiting }: Pick<BrokerOptions, "cluster" | "isWaiting">): UpkeepPatience {
  return { patienceMs: cluster === undefined ? 0 : clusterPatienceMs, isWaiting };
} // prettier-ignore

/** What passes when the servers have found together. */
function isPassing({ code }: Fault): boolean {
  return code === "HUB_UNREACHABLE" || code === "HUB_STREAM_WRITE_FAILED";
}

/** Tries again what fails for want of a server, for as long as that may take. */
async function patiently(
  task: () => Promise<void>,
  { clock, log, patience, turn }: Pick<UpkeepOptions, "clock" | "log" | "patience" | "turn">,
): Promise<void> {
  const { patienceMs = 0, isWaiting = false } = patience ?? {};
  const end = clock.elapsed() + patienceMs;
  const isOver = ({ code }: Fault): boolean =>
    turn?.isLost === true || (clock.elapsed() >= end && !(isWaiting && code === "HUB_UNREACHABLE"));
  for (;;) {
    try {
      return await task();
    } catch (error) {
      const fault = toFault(error, "INTERNAL");
      if (!isPassing(fault) || isOver(fault)) throw error;
      log.info("the servers are waited for", { code: fault.code });
      await clock.sleep(retryMs);
    }
  }
}

/**
 * Puts the first register in force and starts the upkeep. Its tasks run one after another, so a register
 * never changes while streams are being made.
 *
 * @throws {Fault} HUB_*, CONFIG_INVALID
 */
export async function startUpkeep(options: UpkeepOptions): Promise<Upkeep> {
  const { clock, log, journal, source, switchover, first, turn } = options;
  const queue = makeQueue();
  let wanted = first;
  let applied: HeldRegister | undefined;
  let isServerNew = false;
  let isMended = true;
  let isStaleTold = false;

  const applyWanted = async (): Promise<void> => {
    if (applied === wanted) return;
    const next = wanted;
    await switchover.apply(next);
    source.keep(next);
    applied = next;
    isStaleTold = false;
  };

  const look = (): void => {
    const news = source.look();
    if (news.kind === "newer") wanted = news.held;
    if (news.kind !== "refused") return;
    log.error("register refused", { code: news.fault.code });
    journal.write("register refused", { code: news.fault.code });
  };

  const tellStale = ({ view }: HeldRegister): void => {
    if (view.expiresAt > clock.now() || isStaleTold) return;
    isStaleTold = true;
    log.error("register stale", { epoch: view.epoch, code: "REGISTER_STALE" });
    journal.write("register stale", { epoch: view.epoch, code: "REGISTER_STALE" });
  };

  const renew = async (): Promise<void> => {
    look();
    await applyWanted();
    if (applied === undefined) return;
    await switchover.follow(applied);
    tellStale(applied);
  };

  const mend = async (): Promise<void> => {
    const wasNew = isServerNew;
    isServerNew = false;
    try {
      if (applied !== undefined) await switchover.mend(applied, wasNew);
      isMended = true;
    } catch (error) {
      isServerNew ||= wasNew;
      isMended = false;
      throw error;
    }
  };

  const sweep = async (): Promise<void> => {
    if (applied !== undefined) await switchover.sweep(applied);
  };

  /** A task that failed is tried again at its next turn; what it could not do is told. */
  const inTurn = (name: string, task: () => Promise<void>): void => {
    if (turn?.isOurs === false) return;
    queue.add(name, task).catch((error: unknown) => {
      log.warn(`${name} failed`, { code: toFault(error, "INTERNAL").code });
    });
  };

  let isChecked = false;
  const begin = async (): Promise<void> => {
    // once: what it clears away is made by what follows, which may have to be tried again
    if (!isChecked) await options.check?.();
    isChecked = true;
    await applyWanted();
  };
  await queue.add("start", () => patiently(begin, options));
  const timers = [
    clock.every(registerEveryMs, () => inTurn("register", renew)),
    clock.every(mendEveryMs, () => inTurn("mending", mend)),
    clock.every(sweepEveryMs, () => inTurn("sweep", sweep)),
  ];
  return {
    get isSound() {
      const isInDate = applied !== undefined && lastUse(applied.view) > clock.now();
      return isInDate && applied === wanted && isMended;
    },
    refresh: async () => {
      await queue.add("refresh", renew);
    },
    bring: (held) => {
      if (held.view.trusted.timestamp.version <= wanted.view.trusted.timestamp.version) return;
      wanted = held;
      inTurn("register brought", renew);
    },
    serverUp: () => {
      isServerNew = true;
      inTurn("mending after reconnect", mend);
    },
    serverDown: () => {
      isMended = false;
    },
    stop: async () => {
      for (const timer of timers) timer.stop();
      await queue.stop();
    },
  };
}
