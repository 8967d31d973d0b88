import type { Chance, Clock, EpochMs, Log } from "../../schemas/ground/index.ts";
import type { HubStop } from "../../schemas/index.ts";
import { renderHex } from "../../schemas/ground/index.ts";
import type { Signer } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import {
  hubLimits,
  isLinking,
  type JetStream,
  type Link,
  mailboxOwners,
  makeFairPublisher,
  type Msg,
  startPublisher,
  type StoredCells,
} from "../nats/index.ts";
import { type IntakeCounts, makeIntake } from "./intake.ts";
import { makeIntakePulls } from "./intake-pulls.ts";
import type { Known, Noted, Place } from "./known.ts";
import type { LogEntries } from "./log-entries.ts";
import { makeQuota, type Quota } from "./quota.ts";
import { type Receipts, startReceipts } from "./receipts.ts";
import { makeStore } from "./store.ts";
import { makeTurns } from "./turns.ts";
import type { Bench } from "./verdict.ts";

/** What admission works with. */
export interface AdmissionOptions {
  /** Which hub it is. */
  readonly hub?: string | undefined;
  /** Its own connection into the hub's account. */
  readonly link: Link;
  readonly inbox: string;
  readonly jetStream: JetStream;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly known: Known;
  readonly cells: StoredCells;
  /** Streams as they stand, with their instances; kept by whoever makes them. */
  readonly instances: ReadonlyMap<string, string>;
  readonly onPlace: (place: Place, noted: Noted) => void;
  /** Where what was taken stands in the hub's log, where there is one; nothing is accepted before it does. */
  readonly entries?: LogEntries | undefined;
  /** Since when nothing new is taken in; undefined while all is. It stands in every receipt. */
  readonly stopped?: (() => HubStop | undefined) | undefined;
  /** Told of every place at which something stands that is past its time and grace. */
  readonly onExpired: (places: readonly Place[]) => void;
}

/** Running admission. It takes nothing from the intake until it was given a register. */
export interface Admission {
  /** Judges by this register from the next message on, until `until` if that is given. */
  use(register: RegisterView, at: EpochMs, until?: EpochMs): void;
  /** Nothing is judged from then on, until a register is to be used anew; undefined is without end. */
  holdFrom(until: EpochMs | undefined): void;
  /** Asks every intake anew: the connection or a consumer is new. */
  restart(): void;
  /** The connection was lost: whatever is under way has no known end. */
  reset(): void;
  stop(): Promise<void>;
  readonly receipts: Receipts;
  readonly quota: Quota;
  readonly counts: Readonly<IntakeCounts>;
  readonly underWay: number;
}

const drainMs = 2_000;
const drainStepMs = 20;
const sweepMs = 60_000;

/** Starts admission. */
export function startAdmission(options: AdmissionOptions): Admission {
  const { link, inbox, jetStream, signer, clock, chance, log, known, cells, instances } = options;
  const run = renderHex(chance.bytes(6));
  const publisher = makeFairPublisher(startPublisher(link, `${inbox}.s${run}`, clock));
  const quota = makeQuota(clock);
  let judged: { register: RegisterView; mailboxes: ReadonlyMap<string, string> } | undefined;
  let held: EpochMs | undefined;

  const receipts = startReceipts({
    signer,
    publisher,
    clock,
    log,
    epoch: () => judged?.register.epoch ?? 0,
    checkpoint: () => options.entries?.checkpoint,
    stopped: options.stopped,
  });
  const store = makeStore({
    publisher,
    jetStream,
    known,
    cells,
    instances,
    onPlace: options.onPlace,
  });
  const bench = (register: RegisterView, mailboxes: ReadonlyMap<string, string>): Bench => ({
    hub: options.hub,
    register,
    until: held,
    isStopped: options.stopped?.() !== undefined,
    mailboxes,
    now: clock.now(),
    known,
    quota,
    instances,
  });
  const intake = makeIntake({
    log,
    publisher,
    receipts,
    refusals: makeQuota(clock, {
      perSecond: hubLimits.refusalsPerSecond,
      burst: hubLimits.refusalsBurst,
    }),
    store,
    entries: options.entries,
    bench: () => {
      if (judged === undefined) throw new TypeError("the intake runs only with a register");
      return bench(judged.register, judged.mailboxes);
    },
    onDone: (message) => pulls.done(message),
    onBeyond: (message, origin) => {
      const pauseMs = quota.waitMs(origin, hubLimits.pullBatch);
      pulls.pause(message, pauseMs);
    },
  });
  const turns = makeTurns<Msg>((message) => intake.handle(message), hubLimits.sliceMessages);
  const pulls = makeIntakePulls({
    link,
    inbox: `${inbox}.p${run}`,
    clock,
    log,
    onMessage: (agency, message) => turns.add(agency, message),
  });
  const sweeping = clock.every(sweepMs, () => options.onExpired(known.sweep(clock.now())));

  return {
    holdFrom: (until) => {
      held = until;
    },
    use: (register, at, until) => {
      judged = { register, mailboxes: mailboxOwners(register, at) };
      held = until;
      const { agencies } = register;
      pulls.use(agencies.map((one) => one.agency).filter((one) => isLinking(register, one)));
    },
    restart: () => pulls.restart(),
    reset: () => publisher.reset(),
    stop: async () => {
      pulls.stop();
      sweeping.stop();
      receipts.stop();
      const until = clock.elapsed() + drainMs;
      while (publisher.underWay > 0 && clock.elapsed() < until) await clock.sleep(drainStepMs);
      publisher.stop();
    },
    receipts,
    quota,
    counts: intake.counts,
    get underWay() {
      return pulls.underWay;
    },
  };
}
