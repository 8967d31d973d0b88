import { accountOf, intakeStreamOf, type Refused, renderPause } from "../../schemas/index.ts";
import { type Clock, Fault, type Log, sha256, toFault } from "../../schemas/ground/index.ts";
import {
  type AccountTraffic,
  hubLimits,
  type JetStream,
  type ReadTraffic,
  type ServerControl,
  type Session,
} from "../nats/index.ts";
import { makeFloodCounts } from "./counts.ts";
import type { Pauses } from "./pauses.ts";

/** What the watch looks at, and what it acts with. */
export interface FloodWatchOptions {
  readonly readTraffic: ReadTraffic;
  readonly control: Pick<ServerControl, "sessions" | "close">;
  readonly jetStream: Pick<JetStream, "stream" | "purgeStream">;
  readonly pauses: Pauses;
  readonly clock: Clock;
  readonly log: Log;
  /** The agencies that may link by the register of the moment. */
  readonly agencies: () => readonly string[];
  /** Tells an agency; `done` is called once it waits for it, or cannot. */
  readonly tell: (agency: string, line: Refused, done: () => void) => void;
  readonly onPaused: (agency: string, forMs: number) => void;
  readonly onClosed: (closed: { session: Session; agency: string; fault: Fault }) => void;
}

/** A running watch. */
export interface FloodWatch {
  /** Looks once, as it does by itself; says whether anybody is halfway to a flood. Never throws. */
  look(): Promise<boolean>;
  stop(): void;
  /** Pauses since the start. */
  readonly paused: number;
}

/** Of no publication: what is told is of the line itself. */
const noDigest = sha256(new Uint8Array());

function pauseLine(forMs: number): Refused {
  return {
    messageId: undefined,
    publicationDigest: noDigest,
    channel: undefined,
    code: "LINK_PAUSED",
    detail: renderPause(forMs),
  };
}

/**
 * Starts to watch what every agency sends, by the server's own count of its connections: nobody adds to another's. Whoever
 * sends far beyond what it waits for is told, its connections are closed, and what waits of it is forgotten, since its
 * sender keeps what he has no receipt for.
 */
export function startFloodWatch(options: FloodWatchOptions): FloodWatch {
  const { readTraffic, control, jetStream, pauses, clock, log, agencies } = options;
  const { tell, onPaused, onClosed } = options;
  const counts = makeFloodCounts();
  let paused = 0;
  let isStopped = false;

  const shut = async (agency: string, account: string): Promise<void> => {
    const fault = new Fault("LINK_PAUSED", "far more than it waits to be answered");
    for (const session of await control.sessions(account)) {
      await control.close(session);
      onClosed({ session, agency, fault });
    }
  };

  const told = async (agency: string, forMs: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    tell(agency, pauseLine(forMs), () => resolve(undefined));
    await Promise.race([promise, clock.sleep(hubLimits.floodTellMs)]);
  };

  const pause = async (agency: string, account: string): Promise<void> => {
    const forMs = pauses.begin(agency);
    paused += 1;
    counts.forget(agency);
    log.warn("agency paused", { agency, code: "LINK_PAUSED", ms: forMs });
    onPaused(agency, forMs);
    await told(agency, forMs);
    await shut(agency, account);
    await jetStream.purgeStream(intakeStreamOf(agency));
  };

  /** Whether it is halfway to a flood. */
  const weigh = async (agency: string, seen: AccountTraffic, at: number): Promise<boolean> => {
    if (pauses.isOn(agency)) {
      // of a login that was under way when the pause began
      if (seen.connections > 0) await shut(agency, seen.account);
      return false;
    }
    if (!counts.isDue(agency, seen, at)) return false;
    const { messages = 0, lastSequence = 0 } =
      (await jetStream.stream(intakeStreamOf(agency))) ?? {};
    const level = counts.note(agency, { seen, taken: lastSequence - messages, at });
    const { floodUnits: most } = hubLimits;
    if (level > most) await pause(agency, seen.account);
    return level > most / 2;
  };

  const weighAll = async (): Promise<boolean> => {
    const owners = new Map(agencies().map((agency) => [accountOf(agency), agency]));
    const traffic = await readTraffic();
    const at = clock.elapsed();
    const weighed = await Promise.allSettled(
      traffic.map(async (seen) => {
        const agency = owners.get(seen.account);
        return agency === undefined ? false : await weigh(agency, seen, at);
      }),
    );
    for (const one of weighed) if (one.status === "rejected") throw one.reason;
    return weighed.some((one) => one.status === "fulfilled" && one.value);
  };

  const look = async (): Promise<boolean> => {
    try {
      return await weighAll();
    } catch (error) {
      // the server is away, or busy: what it counted meanwhile is seen at the next look
      log.debug("the watch could not look", { code: toFault(error, "INTERNAL").code });
      return false;
    }
  };

  const rest = (isNear: boolean): void => {
    const { floodLookMs, floodNearLookMs, floodLookShareMs } = hubLimits;
    const usualMs = Math.max(floodLookMs, floodLookShareMs * agencies().length);
    clock.after(isNear ? floodNearLookMs : usualMs, () => void round());
  };
  const round = async (): Promise<void> => {
    if (isStopped) return;
    rest(await look());
  };
  rest(false);

  return {
    look,
    stop: () => {
      isStopped = true;
    },
    get paused() {
      return paused;
    },
  };
}
