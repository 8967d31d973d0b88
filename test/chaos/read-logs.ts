import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { RegionProcess } from "../kit/region-process.ts";

const errorLevel = 50;
const ours = ["broker", "gateways"] as const;

/** A broker's last line when the server, which begins beside it, was too busy to answer; it is started again then. */
const slowStart = "HUB_UNREACHABLE: no answer in time";

function linesOf(region: RegionProcess, part: string): readonly string[] {
  const text = readFileSync(join(region.home, ".atumpan", "logs", `${part}.log`), "utf8");
  return text.split("\n").filter((line) => line !== "");
}

function findError(line: string): string | undefined {
  try {
    const { level, msg, code } = JSON.parse(line) as { level: number; msg: string; code?: string };
    return level >= errorLevel ? `${msg} ${code ?? ""}` : undefined;
  } catch {
    // what is no log line was written by Node itself: a crash, a warning
    return line;
  }
}

const alarmed = "gateways: the log of a hub is not as it should be";

/** What a gateway says of a hub that lost its log with its store and began another under the old key: it looks like a fork. */
export const logBegunAnew = `${alarmed} LOG_INCONSISTENT`;

/** Errors that have to be said of such a hub; what it took and nobody had asked a proof of yet stands in no log any more. */
export function isOfLostLog(error: string): boolean {
  const disputed = "broker: a witness holds another tree than this log LOG_INCONSISTENT";
  return [logBegunAnew, `${alarmed} LOG_PROOF_MISSING`, disputed].includes(error);
}

/**
 * What the broker and the gateways wrote that they do not write when all is well: errors, and anything that
 * is no log line. A line that a SIGKILL cut off is left out where `wasKilled`, and so is a start on a busy machine.
 */
export function findLogErrors(region: RegionProcess, wasKilled: boolean): readonly string[] {
  return ours.flatMap((part) => {
    const lines = linesOf(region, part).filter((line) => line !== slowStart);
    const errors = lines.flatMap((line) => findError(line) ?? []);
    return errors
      .filter((error) => !(wasKilled && error.startsWith('{"level":30')))
      .map((error) => `${part}: ${error}`);
  });
}

/** How often `npm start` had to start something again that had run. */
export function countRestarts(region: RegionProcess): number {
  const slow = linesOf(region, "broker").filter((line) => line === slowStart).length;
  return region.said().split("starting it again").length - 1 - slow;
}
