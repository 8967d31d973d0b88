import type { Line, LineQuality } from "./pulse.ts";

/** The largest answer to a request, and how slow a line may be until it is waited for longer. */
const answerBytes = 64 * 1024;
const slowPerSecond = 32 * 1024;
const farMs = 300;
const slowestPerSecond = 2_000;

/** Whoever is answered sooner than this waits behind nothing: then a low rate says how little there was to carry. */
const nearMs = 100;

function isSlow({ sentPerSecond, receivedPerSecond }: LineQuality): boolean {
  const rates = [sentPerSecond ?? slowPerSecond, receivedPerSecond ?? slowPerSecond];
  return Math.min(...rates) < slowPerSecond;
}

/** Whether the line is so slow that what can wait should. One that answers at once is not, however little it carried of late. */
export function isThin(line: Pick<Line, "quality">): boolean {
  const quality = line.quality();
  const { roundTripMs = 0 } = quality;
  return roundTripMs > farMs || (roundTripMs > nearMs && isSlow(quality));
}

/** What is waited beside the usual: the time that the question and the largest answer take on a slow line. */
export function patienceMs(line: Line, questionBytes: number): number {
  const quality = line.quality();
  const { roundTripMs = 0, sentPerSecond, receivedPerSecond } = quality;
  if (roundTripMs <= farMs && !isSlow(quality)) return 0;
  const up = Math.max(sentPerSecond ?? 0, slowestPerSecond);
  const down = Math.max(receivedPerSecond ?? 0, slowestPerSecond);
  const queued = line.handed - line.proven + questionBytes;
  return 8 * roundTripMs + 1_000 * (queued / up + answerBytes / down);
}
