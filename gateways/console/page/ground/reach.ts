import { type ReadonlySignal, signal } from "@preact/signals";

import { now } from "./clock.ts";

/** Whether this PC reaches the gateway, and since when it does not; what a browser calls "online" says nothing of it. */
export interface Reach {
  readonly isUp: boolean;
  /** Milliseconds since 1970: the last answer while it is up, the first failure while it is not. */
  readonly since: number;
}

const state = signal<Reach>({ isUp: true, since: now() });

/** How it stands between this PC and the gateway. */
export const reached: ReadonlySignal<Reach> = state;

/** The gateway answered, whatever it said. */
export function noteAnswer(): void {
  state.value = { isUp: true, since: now() };
}

/** Nothing answered. */
export function noteSilence(): void {
  if (state.value.isUp) state.value = { isUp: false, since: now() };
}
