import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

/** A process of ours that does what it is told, one answer to each order. */
export interface Worker {
  readonly pid: number;
  /** Rejects with what the process threw, or when it ended. */
  ask<T>(order: string, given?: object): Promise<T>;
  stop(): Promise<void>;
}

interface Question {
  readonly number: number;
  readonly order: string;
  readonly given: object;
}

interface Answer {
  readonly number: number;
  readonly value?: unknown;
  readonly error?: string;
}

/** What a worker does at each order. */
export type Orders = Readonly<Record<string, (given: never) => unknown>>;

/** Starts a file as a worker. `execArgv` goes to Node. */
export function startWorker(file: string, execArgv: readonly string[]): Worker {
  const child: ChildProcess = fork(file, { execArgv: [...execArgv], serialization: "advanced" });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  let next = 0;
  child.on("message", (answer) => {
    const { number, value, error } = answer as Answer;
    const asked = waiting.get(number);
    waiting.delete(number);
    if (error === undefined) asked?.resolve(value);
    else asked?.reject(new Error(error));
  });
  const ended = once(child, "exit");
  child.once("exit", (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`ended by ${signal ?? code}`));
    waiting.clear();
  });
  return {
    pid: child.pid ?? 0,
    ask: <T>(order: string, given: object = {}) => {
      next += 1;
      const asked = Promise.withResolvers<unknown>();
      waiting.set(next, asked);
      child.send({ number: next, order, given } satisfies Question);
      return asked.promise as Promise<T>;
    },
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.disconnect();
      await ended;
    },
  };
}

/** Obeys the process that started this one; ends when it goes away, after `onEnd`. */
export function serveOrders(orders: Orders, onEnd: () => Promise<void>): void {
  const obey = async ({ number, order, given }: Question): Promise<Answer> => {
    try {
      return { number, value: await orders[order]?.(given as never) };
    } catch (error) {
      return { number, error: error instanceof Error ? (error.stack ?? error.message) : "" };
    }
  };
  process.on("message", (question) => {
    void obey(question as Question).then((answer) => process.send?.(answer));
  });
  process.once("disconnect", () => {
    void onEnd().finally(() => process.exit(0));
  });
}
