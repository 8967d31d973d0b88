import { after, type Timer } from "./clock.ts";

let busy = 0;
let waiting: (() => void)[] = [];
let pause: Timer | undefined;
/** Whoever waits for quiet waits no longer than this. */
const patienceMs = 15_000;
/** A request ends with the head of its answer; so long its body may take on a thin line, and so soon the next may follow. */
const pauseMs = 500;

function settle(): void {
  const all = waiting;
  waiting = [];
  for (const one of all) one();
}

/** A request has begun; what is given back says that it ended. */
export function beginRequest(): () => void {
  busy += 1;
  pause?.stop();
  return () => {
    busy -= 1;
    if (busy === 0) pause = after(pauseMs, settle);
  };
}

/** Waits until what the screen needs is there: what can come later leaves a thin line to it. */
export async function whenQuiet(): Promise<void> {
  await new Promise<void>((resolve) => {
    waiting.push(resolve);
    after(patienceMs, resolve);
    // where nothing is asked at all
    if (busy === 0) pause ??= after(pauseMs, settle);
  });
}
