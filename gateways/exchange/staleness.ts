import { type EpochMs, isFault } from "../../schemas/ground/index.ts";
import { limits } from "../../schemas/index.ts";
import {
  type Freshness,
  freshnessOf,
  type RegisterView,
  type StalenessPolicy,
  usualStaleness,
} from "../../certs/trust/index.ts";
import { parseCrl } from "../../certs/shape/index.ts";
import { type AloneState, aloneState } from "./alone.ts";
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
  return clock.now() + limits.maxAheadMs < floor ? floor : undefined;
}

/** Tells of changes of the register's use and of the clock, each once. */
export interface FreshnessWatch {
  /** Call now and then. */
  look(): void;
}

/**
 * Starts the watch.
 *
 * @param onFresher called when some handling may be judged again that could not be
 */
export function makeFreshnessWatch(office: Office, onFresher: () => void): FreshnessWatch {
  const { clock, log } = office;
  const states = new Map<string, Freshness>();
  let wasBehind = false;

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
    const isBehind = findClockFloor(office) !== undefined;
    if (isBehind && !wasBehind) log.error("the clock is behind", { code: "CLOCK_BEHIND" });
    if (!isBehind && wasBehind) log.info("the clock is right again");
    wasBehind = isBehind;
  };
  return {
    look: () => {
      const came = registerUses(office.register(), clock.now()).map(tell);
      if (came.some(Boolean)) onFresher();
      tellClock();
    },
  };
}
