import type { Bench } from "../../broker/admission/verdict.ts";
import { type IntakeOptions, makeIntake } from "../../broker/admission/intake.ts";
import { startReceipts } from "../../broker/admission/receipts.ts";
import { makeStore } from "../../broker/admission/store.ts";
import {
  type JetStream,
  makeStoredCells,
  type Msg,
  type Publisher,
  type ToStore,
} from "../../broker/nats/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import { type Bytes, type Log, silentLog } from "../../schemas/ground/index.ts";
import { makeStillClock } from "./memory-exchange.ts";

/** What came of one message that was taken into a hub without a server. */
export interface TakenIn {
  /** All that was stored for it, in order: the message or its copy in quarantine, and the receipt. */
  readonly stored: readonly ToStore[];
  /** How often its end was told; once is right. */
  readonly ends: number;
}

/** A publisher whose streams take everything at once. */
function makePublisher(stored: ToStore[]): Publisher {
  return {
    send: (item, done) => {
      stored.push(item);
      const stream = item.subject.startsWith("direct.") ? "DIRECT" : "FEED_ECOWAS";
      done({ kind: "stored", stream, sequence: stored.length });
    },
    reset: () => undefined,
    stop: () => undefined,
    underWay: 0,
  };
}

/** An error of the hub's own in its log becomes one of the test's. */
function makeStrictLog(): Log {
  const complain = (event: string): void => {
    throw new Error(`the hub logs an error: ${event}`);
  };
  return { ...silentLog, error: complain, with: makeStrictLog };
}

/** Who signs the receipts, and what else of the handling a test looks at. */
export interface TakeInParts extends Pick<IntakeOptions, "refusals" | "onBeyond"> {
  readonly signer: Signer;
}

/** Takes one message into a hub's intake, judged by `bench`, and waits for its end. */
export async function takeIn(
  { subject, data }: { readonly subject: string; readonly data: Bytes },
  bench: Bench,
  parts: Signer | TakeInParts,
): Promise<TakenIn> {
  const { signer, ...more } = "sign" in parts ? { signer: parts } : parts;
  const stored: ToStore[] = [];
  const publisher = makePublisher(stored);
  const clock = makeStillClock(bench.now);
  const log = makeStrictLog();
  const receipts = startReceipts({ signer, publisher, clock, log, epoch: () => 1 });
  const jetStream = { lastOn: () => Promise.resolve(undefined) } as unknown as JetStream;
  const { known, instances } = bench;
  const onPlace = (): void => undefined;
  const cells = makeStoredCells();
  const store = makeStore({ publisher, jetStream, known, cells, instances, onPlace });
  let ends = 0;
  const onDone = (): void => void (ends += 1);
  const intake = makeIntake({
    log,
    publisher,
    receipts,
    store,
    bench: () => bench,
    onDone,
    ...more,
  });
  const message = { subject, data, respond: () => true } as unknown as Msg;
  intake.handle(message);
  // an admitted message is told of when its stream's answer came: a few turns of the queue later
  await new Promise<void>((resolve) => void setImmediate(resolve));
  receipts.stop();
  return { stored, ends };
}
