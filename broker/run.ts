import { type Fault, toFault } from "../schemas/ground/index.ts";
import { type HubFace, openHubFace } from "./metrics/index.ts";
import type { BrokerOptions } from "./options.ts";
import { type Standby, startStandby } from "./standby.ts";
import { startBroker } from "./start.ts";
import type { Turn } from "./turn/index.ts";

/** Hears that the process is to end, until it is no longer listened for. */
export interface Asked {
  readonly toEnd: Promise<"asked">;
  stop(): void;
}

/** What a broker is run with. */
export interface RunOptions {
  /** Read anew at each turn: keys are renewed meanwhile. */
  readonly load: () => BrokerOptions;
  /** Begins to listen. While a broker starts nobody listens: what holds nothing yet may end at once. */
  readonly listen: () => Asked;
}

type Ended = "asked" | "lost" | Fault;

/** Works until it is asked to end, cannot go on, or its turn is over. @throws {Fault} as `startBroker` */
async function work(options: BrokerOptions, listen: RunOptions["listen"], turn?: Turn): Promise<Ended> {
  const broker = await startBroker({ ...options, turn, isWaiting: true });
  const asked = listen();
  try {
    const over = turn?.lost.then(() => "lost" as const);
    return await Promise.race([asked.toEnd, broker.failed, ...(over === undefined ? [] : [over])]);
  } finally {
    asked.stop();
    await broker.stop();
  }
} // prettier-ignore

/** Works for one turn; what went wrong because it was over is no fault. */
async function workTurn(options: BrokerOptions, listen: RunOptions["listen"], turn: Turn): Promise<Ended> {
  const { log } = options;
  log.info("it is this broker's turn");
  try {
    return await work(options, listen, turn);
  } catch (error) {
    if (turn.isLost) return "lost";
    return toFault(error, "INTERNAL");
  }
} // prettier-ignore

async function waitTurn({ turn }: Standby, listen: RunOptions["listen"]): Promise<Turn | undefined> {
  const asked = listen();
  try {
    return await Promise.race([turn, asked.toEnd.then(() => undefined)]);
  } finally {
    asked.stop();
  }
} // prettier-ignore

async function takeTurns({ load, listen }: RunOptions, face: HubFace | undefined): Promise<Ended> {
  for (;;) {
    const { log } = load();
    const standby = await startStandby({ load: () => ({ ...load(), isWaiting: true }), log });
    face?.wait("STANDBY");
    try {
      const turn = await waitTurn(standby, listen);
      if (turn === undefined) return "asked";
      face?.wait("STARTING");
      const ended = await workTurn({ ...load(), face }, listen, turn);
      if (ended !== "lost") return ended;
      log.warn("another broker took over");
    } finally {
      await standby.stop();
    }
  }
}

/**
 * Runs a hub's broker until it is asked to end: at once where the hub has one, and else whenever it is its turn.
 *
 * @throws {Fault} as `startBroker`, and what kept it from going on
 */
export async function runBroker(options: RunOptions): Promise<void> {
  const first = options.load();
  const { metrics, log, standby } = first;
  const face = metrics && (await openHubFace({ ...metrics, log }));
  try {
    const ended =
      standby === undefined
        ? await work({ ...first, face }, options.listen)
        : await takeTurns(options, face);
    if (ended !== "asked" && ended !== "lost") throw ended;
  } finally {
    await face?.stop();
  }
}
