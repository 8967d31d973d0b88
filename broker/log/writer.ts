import {
  type Chance,
  type Clock,
  type Fault,
  type Log,
  toFault,
} from "../../schemas/ground/index.ts";
import type { NoteSigner } from "../../certs/log/index.ts";
import type { Book } from "./book.ts";
import { renderBatch, signHead } from "./checkpoint.ts";
import type { GapFiller } from "./gaps.ts";
import { extendHead } from "./head.ts";
import type { Pending } from "./pending.ts";
import { noRoom } from "./room.ts";
import type { LogStream } from "./stream.ts";

/** What the log is written with. */
export interface WriterOptions {
  readonly open: () => Promise<Book>;
  readonly stream: LogStream;
  readonly signer: NoteSigner;
  readonly pending: Pending;
  readonly gaps: GapFiller;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  /** Refuses while nothing may be signed: it is asked again and again. @throws {Fault} KEY_UNUSABLE */
  readonly check: () => void;
  /** What stands in the stream was looked at. */
  readonly onLook: (book: Book) => void;
  /** Nothing can be entered until a person did something; those who wait are told. */
  readonly onHeld: (fault: Fault) => void;
  /** Something was added, by whomever. */
  readonly onGrown: (book: Book) => void;
  /** Nothing is signed any more, and nothing will be until the hub was started anew. */
  readonly onStopped: (fault: Fault) => void;
}

/** Writes the log: one entry after another, and never two that contradict each other. */
export interface Writer {
  /** There is something to be entered. */
  wake(): void;
  /** Another broker may have added something: looks at once. */
  look(): void;
  /** The folder does not fit the log: it is made anew. */
  mend(): void;
  readonly book: Book | undefined;
  readonly stopped: Fault | undefined;
  /** Why nothing is entered at this moment; it goes on by itself when that has passed. */
  readonly waiting: Fault | undefined;
  stop(): Promise<void>;
}

/** Leaves wait so long for company: a receipt waits longer, and each entry costs the disk a sync that messages need too. */
const gatherMs = 5;
const lookEveryMs = 1_000;
const publishEveryMs = 500;
const retryMs = 250;
const heldRetryMs = 1_000;
/** Who came second waits, so that two brokers do not stand in each other's way. */
const backOffMs = 20;
const maxBackOffMs = 500;

const final: ReadonlySet<string> = new Set(["LOG_INCONSISTENT", "INTEGRITY_STORE"]);
/** What passes only when somebody did something about it. */
const held: ReadonlySet<string> = new Set(["KEY_UNUSABLE", "LOG_FULL"]);

/** Starts to write. What fails is tried again; what contradicts what was signed ends it. */
export function startWriter(options: WriterOptions): Writer {
  const { stream, signer, pending, gaps, clock, chance, log, onGrown, onStopped } = options;
  let book: Book | undefined;
  let stopped: Fault | undefined;
  let waiting: Fault | undefined;
  let isStopping = false;
  let isDoubtful = true;
  let isToMend = false;
  let lost = 0;
  let publishedAt = 0;
  let bell = Promise.withResolvers<undefined>();
  const ring = (): void => bell.resolve(undefined);

  const settle = (at: Book): void => {
    pending.settle(at.state.head);
    onGrown(at);
  };

  const backOff = async (): Promise<void> => {
    lost += 1;
    const most = Math.min(maxBackOffMs, backOffMs * 2 ** lost);
    const [random = 0] = chance.bytes(1);
    await clock.sleep(backOffMs + (most * random) / 256);
  };

  /** Adds what can be added. Says whether there was anything. */
  const append = async (at: Book): Promise<boolean> => {
    const leaves = pending.ready(at.state.head);
    if (leaves.length === 0) return false;
    const extension = extendHead(at.state.head, leaves);
    const batch = { extension, checkpoint: signHead(signer, extension.head) };
    const outcome = await stream.append(at.state.entry, renderBatch(batch));
    if (outcome.kind === "stored") {
      lost = 0;
      await at.adopt(batch);
      settle(at);
      return true;
    }
    // nobody was told of what was signed; what stands there is read before anything else is
    isDoubtful = true;
    if (outcome.kind === "full") throw noRoom();
    if (outcome.kind === "behind") await backOff();
    else {
      log.warn("the log was not written", { code: outcome.fault.code });
      await clock.sleep(retryMs);
    }
    return true;
  };

  const follow = async (at: Book): Promise<void> => {
    const { entry } = at.state;
    await at.follow();
    isDoubtful = false;
    if (at.state.entry !== entry) settle(at);
  };

  const publish = (at: Book): void => {
    if (clock.elapsed() - publishedAt < publishEveryMs) return;
    publishedAt = clock.elapsed();
    at.publish();
  };

  /** Until there is something to be done. */
  const idle = async (): Promise<void> => {
    const look = clock.after(publishEveryMs, ring);
    await bell.promise;
    look.stop();
    bell = Promise.withResolvers();
  };

  const turn = async (): Promise<void> => {
    book ??= await options.open();
    if (isToMend) await book.rebuild();
    isToMend = false;
    if (isDoubtful) await follow(book);
    options.onLook(book);
    // what others stored, and what nobody was told to be stored
    await gaps.fill(book.state.head);
    publish(book);
    options.check();
    const isBusy = await append(book);
    waiting = undefined;
    if (!isBusy) await idle();
    await clock.sleep(gatherMs);
  };

  const fail = async (error: unknown): Promise<void> => {
    const fault = toFault(error, "INTERNAL");
    isDoubtful = true;
    if (!final.has(fault.code)) {
      const isHeld = held.has(fault.code);
      if (waiting?.code !== fault.code)
        log[isHeld ? "error" : "warn"]("the log waits", { code: fault.code });
      waiting = fault;
      if (isHeld) options.onHeld(fault);
      return clock.sleep(isHeld ? heldRetryMs : retryMs);
    }
    stopped = fault;
    log.error("the log has stopped", { code: fault.code });
    return onStopped(fault);
  };

  const isEnded = (): boolean => isStopping || stopped !== undefined;
  const run = async (): Promise<void> => {
    while (!isEnded()) await turn().catch(fail);
  };
  const looking = clock.every(lookEveryMs, () => {
    isDoubtful = true;
    ring();
  });
  const running = run();

  return {
    wake: ring,
    look: () => {
      isDoubtful = true;
      ring();
    },
    mend: () => {
      isToMend = true;
      ring();
    },
    get book() {
      return book;
    },
    get stopped() {
      return stopped;
    },
    get waiting() {
      return stopped === undefined ? waiting : undefined;
    },
    stop: async () => {
      isStopping = true;
      looking.stop();
      ring();
      await running;
      await book?.stop();
    },
  };
}
