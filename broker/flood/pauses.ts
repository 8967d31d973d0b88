import type { Clock } from "../../schemas/ground/index.ts";
import { hubLimits } from "../nats/index.ts";

/** Which agencies may not log in for a while. Held in memory: a broker that begins anew lets everybody in. */
export interface Pauses {
  /** Begins a pause, longer than the one before if that is not long ago. Returns its milliseconds. */
  begin(agency: string): number;
  isOn(agency: string): boolean;
  /** Asked at each login: whether it is refused, and whether that is the first time in this pause. */
  judge(agency: string): "open" | "refused first" | "refused again";
}

interface Pause {
  readonly until: number;
  /** How many came one after another. */
  readonly row: number;
  isTold: boolean;
}

/** Starts with nobody paused. */
export function makePauses(clock: Pick<Clock, "elapsed">): Pauses {
  const pauses = new Map<string, Pause>();
  const findOn = (agency: string): Pause | undefined => {
    const pause = pauses.get(agency);
    return pause !== undefined && clock.elapsed() < pause.until ? pause : undefined;
  };
  const findRecent = (agency: string): Pause | undefined => {
    const pause = pauses.get(agency);
    const { floodForgetMs } = hubLimits;
    return pause !== undefined && clock.elapsed() - pause.until < floodForgetMs ? pause : undefined;
  };
  return {
    begin: (agency) => {
      const { floodPauseMs, floodMostPauseMs } = hubLimits;
      const now = clock.elapsed();
      const row = (findRecent(agency)?.row ?? 0) + 1;
      const ms = Math.min(floodMostPauseMs, floodPauseMs * 2 ** Math.min(row - 1, 20));
      pauses.set(agency, { until: now + ms, row, isTold: false });
      return ms;
    },
    isOn: (agency) => findOn(agency) !== undefined,
    judge: (agency) => {
      const pause = findOn(agency);
      if (pause === undefined) return "open";
      if (pause.isTold) return "refused again";
      pause.isTold = true;
      return "refused first";
    },
  };
}
