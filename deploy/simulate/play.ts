import type { Clock } from "../../schemas/ground/index.ts";

/** What is played. */
export interface Play {
  /** Milliseconds before a request is acknowledged; its answer comes as long after that. */
  readonly lateMs: number;
  /** Every request is refused, with its ground. */
  readonly isRefusing: boolean;
  /** Milliseconds between alerts; none without it. */
  readonly alertEveryMs: number | undefined;
  /** So many messages with bad signatures. */
  readonly badSignatures: number;
  readonly isFlapping: boolean;
  readonly seed: string;
  /** So many messages at most are sent. */
  readonly count: number;
  readonly endsAfterMs: number;
}

/** Something that was done, as it is shown. */
export interface Step {
  readonly agency: string;
  readonly did: string;
  readonly type?: string;
  readonly id?: string;
  readonly to?: string;
  readonly code?: string;
}

/** What robots share. */
export interface Stage {
  readonly play: Play;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly show: (step: Step) => void;
  /** Whether one more message may be sent; counts it. */
  readonly take: () => boolean;
}

/** Sleeps; sooner over when all is to end. */
export async function rest({ clock, signal }: Pick<Stage, "clock" | "signal">, ms: number): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(ms, () => resolve());
  const end = (): void => resolve();
  signal.addEventListener("abort", end, { once: true });
  await promise;
  signal.removeEventListener("abort", end);
  timer.stop();
} // prettier-ignore
