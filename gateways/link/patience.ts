import type { Line } from "./pulse.ts";

/** The largest answer to a request, and how slow a line may be until it is waited for longer. */
const answerBytes = 64 * 1024;
const slowPerSecond = 32 * 1024;
const farMs = 300;
const slowestPerSecond = 2_000;

/** What is waited beside the usual: the time that the question and the largest answer take on a slow line. */
export function patienceMs(line: Line, questionBytes: number): number {
  const { roundTripMs = 0, sentPerSecond, receivedPerSecond } = line.quality();
  const isSlow =
    roundTripMs > farMs ||
    (sentPerSecond ?? slowPerSecond) < slowPerSecond ||
    (receivedPerSecond ?? slowPerSecond) < slowPerSecond;
  if (!isSlow) return 0;
  const up = Math.max(sentPerSecond ?? 0, slowestPerSecond);
  const down = Math.max(receivedPerSecond ?? 0, slowestPerSecond);
  const queued = line.handed - line.proven + questionBytes;
  return 8 * roundTripMs + 1_000 * (queued / up + answerBytes / down);
}
