import { type EpochMs, Fault, isFault } from "../../schemas/ground/index.ts";
import { limits, renderInstant } from "../../schemas/index.ts";
import {
  type Freshness,
  freshnessOf,
  type RegisterView,
  type StalenessPolicy,
  usualStaleness,
} from "../../certs/trust/index.ts";
import { parseCrl } from "../../certs/shape/index.ts";
import { type AloneState, aloneState } from "./alone.ts";
import { findHubTime, isJumped } from "./hub-word.ts";
import type { Office } from "./office.ts";

/** How far the register in force is trusted for messages of one handling. */
export interface RegisterUse {
  /** H0 to H3. */
  readonly handling: string;
  readonly state: Freshness;
  /** From then on what is handed in of this handling is held, and what comes waits in quarantine. */
  readonly until: EpochMs;
  /** What is still done with messages of this handling, and until when. */
  readonly alone: AloneState;
}

/** The register's use for every handling, the most open first. */
export function registerUses(register: StalenessPolicy, at: EpochMs): readonly RegisterUse[] {
  return Object.keys(usualStaleness).map((handling) => ({
    handling,
    ...freshnessOf(register, handling, at),
    alone: aloneState(register, handling, at),
  }));
}

/** Where a hub's signed time is remembered. */
const hubTime = "clock.hub";
/** So that a word of each minute is no write of each minute. */
const hubTimeStepMs = 600_000;

/** Remembers a time that a hub signed. Runs inside a write. */
export function noteHubTime({ store }: Pick<Office, "store">, at: EpochMs): void {
  const held = Number(store.settings.get(hubTime) ?? 0);
  if (at >= held + hubTimeStepMs) store.settings.set(hubTime, String(at));
}

const listTimes = new WeakMap<RegisterView, EpochMs>();

/** When the newest list of an agency's own authority was made: its CA's word. */
function newestList(register: RegisterView, agency: string): EpochMs {
  const held = listTimes.get(register);
  if (held !== undefined) return held;
  const { crls = [] } = register.authority(agency.split("/")[0] ?? "") ?? {};
  const times = crls.map((der) => {
    try {
      return parseCrl(der).thisUpdate;
    } catch (error) {
      if (isFault(error)) return 0;
      throw error;
    }
  });
  const newest = Math.max(0, ...times);
  listTimes.set(register, newest);
  return newest;
}

/**
 * A time that has passed for certain, when this machine's clock stands before it by more than clocks may differ; else
 * undefined. Rests on what others signed, the hub and the own authority, never on this clock: a clock that ran ahead
 * and was put right alarms nobody.
 */
export function findClockFloor(
  office: Pick<Office, "store" | "register" | "agency" | "clock">,
): EpochMs | undefined {
  const { store, agency, clock } = office;
  const hub = Number(store.settings.get(hubTime) ?? 0);
  const floor = Math.max(hub, newestList(office.register(), agency));
  const passed = clock.now() + limits.maxAheadMs < floor ? floor : undefined;
  return findHubTime(office, "BEHIND") ?? passed;
}

/** The hub's time, when this machine's clock is ahead of it by more than clocks may differ, as the hub said lately; else undefined. */
export function findClockAhead(office: Pick<Office, "store" | "clock">): EpochMs | undefined {
  return findHubTime(office, "AHEAD");
}

/**
 * Refuses to date anything by a clock that is known to be wrong: readers would refuse what is dated in the future, terms and
 * ends would be counted from a false day.
 *
 * @throws {Fault} CLOCK_BEHIND, CLOCK_AHEAD
 */
export function checkClock(office: Parameters<typeof findClockFloor>[0]): void {
  const floor = findClockFloor(office);
  const way = "put this machine's clock right; what is here can be read meanwhile";
  if (floor !== undefined) throw new Fault("CLOCK_BEHIND", `${renderInstant(floor)} has passed; ${way}`);
  const ahead = findClockAhead(office);
  if (ahead !== undefined) throw new Fault("CLOCK_AHEAD", `the hub says ${renderInstant(ahead)}; ${way}`);
} // prettier-ignore

/** Tells of changes of the register's use and of the clock, each once. */
export interface FreshnessWatch {
  /** Call now and then. */
  look(): void;
  /** Whether nothing is known against the clock, nor to be asked about it; a change is told. Call about once a second. */
  isClockRight(): boolean;
}

/** What a change sets off. */
export interface FreshnessDuties {
  /** Some handling may be judged again that could not be. */
  onFresher(): void;
  /** The clock was set, or time went by that nobody counted: the hub is to be asked what time it is. */
  onClockJumped(): void;
  /** The clock was wrong, and is right again. */
  onClockRight(): void;
}

type ClockState = "RIGHT" | "BEHIND" | "AHEAD";

function clockState(office: Office): ClockState {
  if (findClockFloor(office) !== undefined) return "BEHIND";
  return findClockAhead(office) === undefined ? "RIGHT" : "AHEAD";
}

/** Starts the watch. */
export function makeFreshnessWatch(office: Office, duties: FreshnessDuties): FreshnessWatch {
  const { clock, log } = office;
  const states = new Map<string, Freshness>();
  let was: ClockState = "RIGHT";

  const tell = ({ handling, state }: RegisterUse): boolean => {
    const before = states.get(handling) ?? "fresh";
    states.set(handling, state);
    if (state === before) return false;
    const fields = { subject: handling, code: "REGISTER_STALE" };
    if (state === "ageing") log.warn("the register is past its time, and still used", fields);
    if (state === "stale") log.error("the register is too old; this class stops", fields);
    if (state === "fresh") log.info("the register is in date again", { subject: handling });
    return before === "stale";
  };
  const tellClock = (): void => {
    const is = clockState(office);
    if (is === was) return;
    const isMended = is === "RIGHT";
    was = is;
    if (is === "BEHIND") log.error("the clock is behind", { code: "CLOCK_BEHIND" });
    if (is === "AHEAD") log.error("the clock is ahead", { code: "CLOCK_AHEAD" });
    if (!isMended) return;
    log.info("the clock is right again");
    duties.onClockRight();
  };
  return {
    look: () => {
      const came = registerUses(office.register(), clock.now()).map(tell);
      if (came.some(Boolean)) duties.onFresher();
      tellClock();
    },
    isClockRight: () => {
      tellClock();
      if (was !== "RIGHT") return false;
      if (!isJumped(office)) return true;
      duties.onClockJumped();
      return false;
    },
  };
}
