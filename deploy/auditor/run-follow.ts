import { resolve } from "node:path";

import {
  followLog,
  type FollowRound,
  isAtFault,
  type LogMirror,
  type LogSource,
} from "../../certs/auditor/index.ts";
import { type Desk, exitCodes } from "../../gateways/cli/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { openFolderMirror, openFolderSource } from "./folder-mirror.ts";
import { openHttpSource } from "./http-source.ts";
import { chooseTrust, type LogTrust, type TrustOptions } from "./trust.ts";
import { renderFindings } from "./words.ts";

/** How a log is followed. */
export interface FollowRunOptions extends TrustOptions {
  readonly into: string;
  readonly once?: boolean;
}

const lookEveryMs = 60_000;

function isUrl(address: string): boolean {
  return address.startsWith("http://") || address.startsWith("https://");
}

function openSource(desk: Desk, address: string, trust: LogTrust): LogSource {
  if (isUrl(address)) return openHttpSource(address, trust.http);
  return openFolderSource(resolve(desk.world.cwd, address));
}

function tell({ result }: Desk, { size, added, findings }: FollowRound): boolean {
  const wrong = findings.length === 0 ? "" : `\n${renderFindings(findings)}`;
  result({ size, added, findings }, `${size} entries are proved, ${added} of them new${wrong}`);
  return findings.some(isAtFault);
}

interface Following {
  readonly source: LogSource;
  readonly mirror: LogMirror;
  readonly trust: LogTrust;
}

async function look(desk: Desk, { source, mirror, trust }: Following): Promise<boolean> {
  const { clock, signal } = desk.world;
  const isStopped = (): boolean => signal.aborted;
  return tell(desk, await followLog({ source, mirror, keys: trust.keys, now: clock.now(), isStopped }));
} // prettier-ignore

/** A line that is down for a while is no fault of the log. */
async function lookAgain(desk: Desk, following: Following): Promise<boolean> {
  try {
    return await look(desk, following);
  } catch (error) {
    if (!isFault(error, "HUB_UNREACHABLE")) throw error;
    desk.say(error.detail);
    return false;
  }
}

/** Resolves after the time, or when it is asked to stop. */
async function waitOrStop({ world }: Desk): Promise<void> {
  const { promise, resolve: end } = Promise.withResolvers<undefined>();
  const timer = world.clock.after(lookEveryMs, () => end(undefined));
  const stop = (): void => end(undefined);
  world.signal.addEventListener("abort", stop, { once: true });
  await promise;
  timer.stop();
  world.signal.removeEventListener("abort", stop);
}

/**
 * Follows a log: once, or every minute until it is stopped or something is wrong.
 *
 * @returns 8 when the log is not as it should be
 * @throws {Fault} USAGE_INVALID, REGISTER_*, HUB_*, INTEGRITY_STORE
 */
export async function runFollow(desk: Desk, address: string, options: FollowRunOptions): Promise<number> {
  const { cwd, clock, signal } = desk.world;
  const trust = chooseTrust(cwd, options, clock.now());
  const following = {
    source: openSource(desk, address, trust),
    mirror: openFolderMirror(resolve(cwd, options.into)),
    trust,
  };
  let isWrong = await look(desk, following);
  while (options.once !== true && !isWrong && !signal.aborted) {
    await waitOrStop(desk);
    if (!signal.aborted) isWrong = await lookAgain(desk, following);
  }
  return isWrong ? exitCodes.verificationFailed : exitCodes.ok;
} // prettier-ignore
