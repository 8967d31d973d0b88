import { type EpochMs, type FaultCode, isFaultCode } from "../../schemas/ground/index.ts";
import type { HubStanding } from "./standing.ts";

/** Whether a hub takes messages in, and if not, why: a code of the table of faults. */
export interface HubHealth {
  readonly ready: boolean;
  /** Whether it waits for its turn: ready to take over, while another broker of the hub takes messages in. */
  readonly standby: boolean;
  readonly code?: FaultCode | undefined;
  /** Its connection to its own server: down, it waits; that is not the broker's own fault. */
  readonly server: "up" | "down";
  readonly register: boolean;
  readonly log: boolean;
}

type Judged = Pick<HubStanding, "ready" | "serverUp" | "registerUsableUntil" | "log">;

function faultCode(code: string | undefined): FaultCode | undefined {
  if (code === undefined) return undefined;
  return isFaultCode(code) ? code : "INTERNAL";
}

function codeOf({ ready, serverUp, log }: Judged, isInDate: boolean): FaultCode | undefined {
  if (log?.stopped !== undefined) return faultCode(log.stopped);
  if (!serverUp) return "HUB_UNREACHABLE";
  if (!isInDate) return "REGISTER_STALE";
  // its streams do not stand as they should, or a newer register is not in force yet
  return faultCode(log?.waiting ?? (ready ? undefined : "HUB_STREAM_WRITE_FAILED"));
}

/** Judges a hub by how it stands: what stopped for good comes before what may pass. */
export function judgeHealth(standing: Judged, now: EpochMs): HubHealth {
  const register = standing.registerUsableUntil > now;
  const code = codeOf(standing, register);
  return {
    ready: code === undefined,
    standby: false,
    ...(code === undefined ? {} : { code }),
    server: standing.serverUp ? "up" : "down",
    register,
    log: standing.log?.stopped === undefined && standing.log?.waiting === undefined,
  };
}
