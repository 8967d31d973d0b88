import { dialRaw } from "../kit/raw-nats.ts";
import { serveOrders } from "./worker.ts";

/** Who logs in: the client side of mutual TLS. */
export interface LoginPair {
  readonly cert: string;
  readonly key: string;
}

/** What one process is told to do. */
export interface LoginOrder {
  readonly port: number;
  readonly ca: string;
  /** Taken in turns. */
  readonly pairs: readonly LoginPair[];
  readonly window: number;
  readonly seconds: number;
}

/** What came of it. */
export interface LoginCount {
  readonly done: number;
  readonly failed: number;
  /** From the first byte sent to the answer to CONNECT, ms. */
  readonly delays: Float64Array;
}

/** Logs in and out again, so many at once, each with a full handshake. */
async function logIn({ port, ca, pairs, window, seconds }: LoginOrder): Promise<LoginCount> {
  const delays: number[] = [];
  const end = performance.now() + seconds * 1000;
  let failed = 0;
  let turn = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < end) {
      turn += 1;
      const pair = pairs[turn % pairs.length];
      if (pair === undefined) throw new Error("nobody logs in");
      const began = performance.now();
      try {
        const link = await dialRaw({ port, ca, ...pair });
        delays.push(performance.now() - began);
        await link.close();
      } catch {
        failed += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: window }, loop));
  return { done: delays.length, failed, delays: Float64Array.from(delays) };
}

serveOrders({ logIn }, () => Promise.resolve());
