import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { replaceFile } from "../../schemas/disk/index.ts";
import type { HubStop } from "../../schemas/index.ts";
import {
  type Clock,
  type EpochMs,
  Fault,
  type FaultCode,
  type Log,
  toFault,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import type { DutyKey } from "./duty.ts";
import { checkSigners, orderDigest, orderFileOf, parseSignedOrder, type SignedOrder, type StopOrder } from "./order.ts"; // prettier-ignore

const stateFile = "stop.json";
const everyMs = 1_000;
const maxStateChars = 10_000;
const time = z.number().min(0);
const stateShape = z.strictObject({
  stopped: z.strictObject({ since: time, reason: z.string().max(60) }).optional(),
  /** When the last order that was carried out was given; an older one is none any more. */
  lastAt: time,
  /** What became of the last order, by its digest; a code where it was refused. */
  answered: z.strictObject({ digest: z.string().max(64), code: z.string().max(60).optional() }).optional(),
}); // prettier-ignore

/** Whether the hub is stopped, as its broker keeps it over restarts. */
export type StopState = Readonly<z.infer<typeof stateShape>>;

/** What orders are judged and carried out with. */
export interface StopDeskOptions {
  /** The broker's own folder. */
  readonly dir: string;
  readonly hub: string;
  /** Who may give orders; whoever may write into the folder where none is named. */
  readonly duty: readonly DutyKey[];
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this broker may carry orders out at this moment: of several, one does. Always when left out. */
  readonly mayAct?: (() => boolean) | undefined;
  /** Writes down what was done, before it counts. */
  readonly onOrder: (done: {
    readonly act: StopOrder["act"] | "REFUSED";
    /** Why, or the code of the refusal. */
    readonly code?: string | undefined;
    /** Fingerprints of who signed. */
    readonly signers: readonly string[];
  }) => void;
}

/** The stop button of a running hub. */
export interface StopDesk {
  /** Since when nothing new is taken in, and why; undefined while all is. */
  readonly stopped: HubStop | undefined;
  /** Looks for an order, as it does each second by itself. Never throws. */
  look(): void;
  /** Called after each change from then on: whoever waits is to be told. */
  follow(onChange: () => void): void;
  stop(): void;
}

/**
 * How the hub of this folder stands, whether or not its broker runs.
 *
 * @throws {Fault} INTEGRITY_STORE for a file that no broker wrote
 */
export function readStopState(dir: string): StopState {
  const file = join(dir, stateFile);
  if (!existsSync(file)) return { lastAt: 0 };
  try {
    const text = readFileSync(file, "utf8");
    const read = tryShape(stateShape, text.length > maxStateChars ? undefined : JSON.parse(text));
    if (read.success) return read.data;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  // whether the hub was stopped is not known, and nobody guesses
  throw new Fault("INTEGRITY_STORE", `${stateFile} is not what a broker writes; find out why, then remove it`);
} // prettier-ignore

function next(state: StopState, order: StopOrder, now: EpochMs): Pick<StopState, "stopped"> {
  if (order.at <= state.lastAt) throw new Fault("CHANGE_OUTDATED", "a newer order was carried out");
  if (order.act === "STOP") {
    // stopped again it is stopped since the first time
    const since = state.stopped?.since ?? now;
    return { stopped: { since, reason: order.reason } };
  }
  if (state.stopped === undefined) throw new Fault("CHANGE_OUTDATED", "the hub is not stopped");
  if (order.since === state.stopped.since) return {};
  throw new Fault("CHANGE_OUTDATED", "the order is for another stop of this hub");
}

class RunningDesk implements StopDesk {
  readonly #options: StopDeskOptions;
  readonly #looking: { stop(): void };
  #state: StopState;
  #onChange = (): void => undefined;

  constructor(options: StopDeskOptions) {
    this.#options = options;
    this.#state = readStopState(options.dir);
    this.look();
    this.#looking = options.clock.every(everyMs, () => this.look());
  }

  get stopped(): HubStop | undefined {
    return this.#state.stopped;
  }

  look(): void {
    const { dir, log, mayAct } = this.#options;
    if (mayAct?.() === false) return;
    const file = orderFileOf(dir);
    try {
      if (!existsSync(file)) return;
      this.#answer(readFileSync(file));
      rmSync(file, { force: true });
    } catch (error) {
      // it lies there still, and is looked at again
      log.error("an order was not carried out", { code: toFault(error, "STORE_WRITE_FAILED").code });
    }
  } // prettier-ignore

  follow(onChange: () => void): void {
    this.#onChange = onChange;
  }

  stop(): void {
    this.#looking.stop();
  }

  #answer(bytes: Uint8Array): void {
    let signed: SignedOrder | undefined;
    try {
      const read = parseSignedOrder(bytes);
      ({ signed } = read);
      // carried out before a crash, and only not taken away
      if (this.#state.answered?.digest !== orderDigest(signed)) this.#carryOut(read);
    } catch (error) {
      const { code } = toFault(error, "INTERNAL");
      if (code === "STORE_WRITE_FAILED" || code === "INTEGRITY_STORE") throw error;
      this.#refuse(signed, code);
    }
  }

  #carryOut(read: { readonly signed: SignedOrder; readonly order: StopOrder }): void {
    const { hub, duty, clock, log, onOrder } = this.#options;
    const { order, signed } = read;
    const signers = checkSigners(read, duty);
    if (order.hub !== hub) throw new Fault("REQUEST_INVALID", "the order is for another hub");
    const { stopped } = next(this.#state, order, clock.now());
    const code = order.act === "STOP" ? order.reason : undefined;
    onOrder({ act: order.act, code, signers });
    this.#keep({ ...(stopped === undefined ? {} : { stopped }), lastAt: order.at, answered: { digest: orderDigest(signed) } });
    log.warn(stopped === undefined ? "the hub takes in again" : "the hub takes in nothing new", code === undefined ? {} : { code });
    this.#onChange();
  } // prettier-ignore

  #refuse(signed: SignedOrder | undefined, code: FaultCode): void {
    const { log, onOrder } = this.#options;
    log.warn("an order was refused", { code });
    onOrder({ act: "REFUSED", code, signers: [] });
    const digest = signed === undefined ? "" : orderDigest(signed);
    this.#keep({ ...this.#state, answered: { digest, code } });
  }

  #keep(state: StopState): void {
    const text = `${JSON.stringify(state)}\n`;
    try {
      replaceFile(join(this.#options.dir, stateFile), utf8(text), { mode: 0o600, sync: "all" });
    } catch (error) {
      throw toFault(error, "STORE_WRITE_FAILED", `${stateFile} cannot be written`);
    }
    this.#state = state;
  }
}

/**
 * Starts to look for orders. What was ordered while no broker ran counts when this returns.
 *
 * @throws {Fault} INTEGRITY_STORE
 */
export function makeStopDesk(options: StopDeskOptions): StopDesk {
  return new RunningDesk(options);
}
