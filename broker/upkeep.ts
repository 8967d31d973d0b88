import { type Clock, type Fault, type Log, toFault } from "../schemas/ground/index.ts";
import { lastUse } from "../certs/trust/index.ts";
import type { Journal } from "./journal.ts";
import type { HeldRegister, RegisterSource } from "./register-source.ts";
import { makeQueue } from "./queue.ts";
import type { Switchover } from "./switchover.ts";

/** What is kept up. */
export interface UpkeepOptions {
  readonly clock: Clock;
  readonly log: Log;
  readonly journal: Journal;
  readonly source: RegisterSource;
  readonly switchover: Switchover;
  /** The register to begin with; proved, not yet in force. */
  readonly first: HeldRegister;
  /** How long the first one may be tried: several servers choose who leads before they answer. At once when left out. */
  readonly patienceMs?: number | undefined;
}

/** What goes on for as long as the broker runs: registers come in force, and what is missing is made. */
export interface Upkeep {
  /** Whether the register is in force and may still be used, and streams and consumers stood when last seen. */
  readonly isSound: boolean;
  /** Looks at the register's file now; returns when what it says is in force, or was refused. */
  refresh(): Promise<void>;
  /** The server is there again, perhaps another or an emptied one. */
  serverUp(): void;
  serverDown(): void;
  stop(): Promise<void>;
}

const registerEveryMs = 1_000;
const mendEveryMs = 2_000;
const sweepEveryMs = 30_000;
const retryMs = 500;

/** What passes when the servers have found together. */
function isPassing({ code }: Fault): boolean {
  return code === "HUB_UNREACHABLE" || code === "HUB_STREAM_WRITE_FAILED";
}

/** Tries again what fails for want of a server, for as long as that may take. */
async function patiently(
  task: () => Promise<void>,
  { clock, log, patienceMs = 0 }: Pick<UpkeepOptions, "clock" | "log" | "patienceMs">,
): Promise<void> {
  const end = clock.elapsed() + patienceMs;
  for (;;) {
    try {
      return await task();
    } catch (error) {
      const fault = toFault(error, "INTERNAL");
      if (!isPassing(fault) || clock.elapsed() >= end) throw error;
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
  const { clock, log, journal, source, switchover, first } = options;
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
    queue.add(name, task).catch((error: unknown) => {
      log.warn(`${name} failed`, { code: toFault(error, "INTERNAL").code });
    });
  };

  await queue.add("start", () => patiently(applyWanted, options));
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
