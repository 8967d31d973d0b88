import type { Clock, EpochMs } from "../../schemas/ground/index.ts";
import type { LogAct, LogAlarm, LogHead, LogProof, Store, ToldNote } from "../store/index.ts";
import type { ActAlarm } from "./act-waits.ts";
import type { LogRegister } from "./note.ts";
import { trustAnew } from "./trust-anew.ts";
import type { WitnessStanding } from "./witnessed.ts";

/**
 * How the log of our hub stands. NONE: the hub has no log. WAITING: nothing of it was verified yet. GOOD. MISSING: messages
 * are not proved in it. INCONSISTENT: it is not the log that was verified before, or not the one that others see.
 */
export type LogState = "NONE" | "WAITING" | "GOOD" | "MISSING" | "INCONSISTENT";

/** The log of our hub in a few numbers. */
export interface LogStanding {
  readonly hub: string;
  readonly state: LogState;
  /** The size that was verified, and when. */
  readonly size?: number;
  readonly at?: EpochMs;
  /** Messages that wait for their proof, and those that the hub had its time for. */
  readonly pending: number;
  readonly missing: number;
  /** Whether enough witnesses cosigned it; left out where the register asks for nobody's word. */
  readonly witnesses?: WitnessStanding;
  /** Administrative acts of ours that wait for their place; left out where none does. */
  readonly acts?: ActStanding;
  /** How much of it a seat of oversight has counted; left out at others. */
  readonly counted?: CountStanding;
}

/** Acts that wait. MISSING: the hub had its time for the oldest. REFUSED: it says that it does not enter it. */
export interface ActStanding {
  readonly state: "WAITING" | "MISSING" | "REFUSED";
  readonly waiting: number;
  /** When the oldest of them was done. */
  readonly since: EpochMs;
  /** Why it is not entered. */
  readonly code?: string;
}

/** Entries that are counted, and since when not all are; only once that is too long. */
export interface CountStanding {
  readonly size: number;
  readonly behindSince?: EpochMs;
}

/** What is told of logs. */
export interface LogDesk {
  standing(): LogStanding | undefined;
  heads(): readonly LogHead[];
  told(): readonly ToldNote[];
  /** The newest first. */
  alarms(): readonly LogAlarm[];
  /** Administrative acts of ours, and whether each stands in the log; the newest first. */
  acts(): readonly LogAct[];
  /** Of one message, in each channel. */
  proofs(box: "in" | "out", digest: Uint8Array): readonly LogProof[];
  /** As `trustAnew`. */
  trust(hub: string, by: string): Promise<void>;
}

/** What it is made of. */
export interface LogDeskParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly register: () => LogRegister;
  readonly hub: () => string | undefined;
  witnesses?(): WitnessStanding | undefined;
  counted?(): CountStanding | undefined;
}

const shownAlarms = 100;
const shownActs = 100;

function stateOf({ store, clock, register }: LogDeskParts, hub: string, head: LogHead | undefined): LogState {
  if (store.logAlarms.open().some((one) => one.hub === hub && one.code === "LOG_INCONSISTENT")) return "INCONSISTENT";
  if (register().logKeys(hub, clock.now()).length === 0) return "NONE";
  if (store.logProofs.count("MISSING") > 0) return "MISSING";
  return head === undefined ? "WAITING" : "GOOD";
} // prettier-ignore

function actsOf({ store }: LogDeskParts, hub: string): ActStanding | undefined {
  const waiting = store.logActs.countWaiting();
  const oldest = waiting === 0 ? undefined : store.logActs.due(Number.MAX_SAFE_INTEGER);
  if (oldest === undefined) return undefined;
  const open = store.logAlarms.open().filter((one) => one.hub === hub);
  const isTold = (code: ActAlarm): boolean => open.some((one) => one.code === code);
  const state = isTold("LOG_ACT_MISSING") ? "MISSING" : isTold("LOG_ACT_REFUSED") ? "REFUSED" : "WAITING";
  return { state, waiting, since: oldest.at, ...(oldest.code === undefined ? {} : { code: oldest.code }) };
} // prettier-ignore

function standingOf(parts: LogDeskParts, hub: string): LogStanding {
  const { store } = parts;
  const head = store.logHeads.of(hub);
  const [witnesses, acts, counted] = [parts.witnesses?.(), actsOf(parts, hub), parts.counted?.()];
  return {
    hub,
    state: stateOf(parts, hub, head),
    ...(head === undefined ? {} : { size: head.size, at: head.at }),
    pending: store.logProofs.count("PENDING"),
    missing: store.logProofs.count("MISSING"),
    ...(witnesses === undefined ? {} : { witnesses }),
    ...(acts === undefined ? {} : { acts }),
    ...(counted === undefined ? {} : { counted }),
  };
}

/** Builds the desk that tells of logs. */
export function makeLogDesk(parts: LogDeskParts): LogDesk {
  const { store } = parts;
  return {
    standing: () => {
      const hub = parts.hub();
      return hub === undefined ? undefined : standingOf(parts, hub);
    },
    heads: () => store.logHeads.all(),
    told: () => store.logHeads.told(),
    alarms: () => store.logAlarms.list(shownAlarms),
    acts: () => store.logActs.list(shownActs),
    proofs: (box, digest) => store.logProofs.of(box, digest),
    trust: (hub, by) => trustAnew(parts, hub, by),
  };
} // prettier-ignore
