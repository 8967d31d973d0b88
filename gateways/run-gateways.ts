import { isFault, type Fault, type Log, toFault } from "../schemas/ground/index.ts";

/** One gateway that runs, with its API. */
export interface OpenGateway {
  readonly agency: string;
  readonly url: string;
  stop(): Promise<void>;
}

/** How the gateways of one process are run. */
export interface RunOptions {
  /** The gateways' folders. */
  readonly dirs: readonly string[];
  readonly open: (dir: string, onFatal: (fault: Fault) => void) => Promise<OpenGateway>;
  readonly log: Log;
  /** Tells the operator of a gateway that did not start: the folder, the code, the detail. */
  readonly say: (text: string) => void;
  /** Resolves when the process is asked to end. */
  readonly asked: Promise<void>;
}

/** What the process ends with. 70 is EX_SOFTWARE of sysexits.h: do not start again without looking. */
export const gatewayExit = { asked: 0, noneStarted: 1, integrity: 70 } as const;

function isIntegrity(error: unknown): boolean {
  return isFault(error) && error.code.startsWith("INTEGRITY_");
}

interface Opened {
  readonly running: readonly OpenGateway[];
  readonly faults: readonly Fault[];
}

async function openAll(options: RunOptions, onFatal: (fault: Fault) => void): Promise<Opened> {
  const running: OpenGateway[] = [];
  const faults: Fault[] = [];
  for (const dir of options.dirs) {
    try {
      const gateway = await options.open(dir, onFatal);
      running.push(gateway);
      options.log.info("gateway runs", { agency: gateway.agency });
    } catch (error) {
      const fault = toFault(error, "INTERNAL");
      faults.push(fault);
      options.log.error("gateway not started", { code: fault.code, file: dir });
      options.say(`${dir}: ${fault.code}: ${fault.detail}\n`);
    }
  }
  return { running, faults };
}

async function stopAll(running: readonly OpenGateway[], log: Log): Promise<void> {
  const ends = await Promise.allSettled(running.map((gateway) => gateway.stop()));
  for (const [at, end] of ends.entries()) {
    const agency = running[at]?.agency ?? "";
    if (end.status === "rejected") {
      log.error("gateway did not stop cleanly", {
        agency,
        code: toFault(end.reason, "INTERNAL").code,
      });
    }
  }
}

/**
 * Runs gateways until asked to end, or until a store contradicts itself. One that cannot start is reported
 * and the others run.
 *
 * @returns the exit code, one of `gatewayExit`
 */
export async function runGateways(options: RunOptions): Promise<number> {
  const { log, asked } = options;
  const { promise: fatal, resolve: onFatal } = Promise.withResolvers<Fault>();
  const { running, faults } = await openAll(options, onFatal);
  if (running.length === 0) {
    return faults.some(isIntegrity) ? gatewayExit.integrity : gatewayExit.noneStarted;
  }
  log.info("gateways started", { count: running.length });
  const ended = await Promise.race([asked, fatal]);
  if (ended !== undefined) log.error("gateways must stop", { code: ended.code });
  await stopAll(running, log);
  return ended === undefined ? gatewayExit.asked : gatewayExit.integrity;
}
