import { type ReadonlySignal, signal } from "@preact/signals";

import type { components } from "../../../client/api-types.ts";
import { api, had } from "./api.ts";
import { every, type Timer } from "./clock.ts";
import { Refusal } from "./problem.ts";
import { loseSession } from "./session.ts";

/** What waits and what works at the gateway. */
export type Status = components["schemas"]["Status"];

const count = signal(0);
const heard = signal<Status | undefined>(undefined);

/** Grows with everything that becomes of messages: what shows them loads anew. */
export const tick: ReadonlySignal<number> = count;
/** How the gateway stood when it was asked last. */
export const status: ReadonlySignal<Status | undefined> = heard;

const statusMs = 30_000;

/** Asks the gateway how it stands; that is also how it is known whether this PC reaches it. */
export async function askStatus(): Promise<void> {
  try {
    const { data } = await api.GET("/v1/status");
    heard.value = had(data);
  } catch (error) {
    // silence is noted where requests are made
    if (error instanceof Refusal && error.status === 401) loseSession();
  }
}

/** Something changed that only this page knows of. */
export function stir(): void {
  count.value += 1;
}

/** Follows what becomes of messages until it is stopped; the browser goes on by itself after every break. */
export function follow(): Timer {
  const source = new EventSource("/v1/events");
  const note = (): void => {
    stir();
    void askStatus();
  };
  for (const kind of ["stored", "moved", "taken-back", "removed", "release", "overdue", "claim"]) {
    source.addEventListener(kind, note);
  }
  source.addEventListener("message", note);
  source.addEventListener("error", () => void askStatus());
  const timer = every(statusMs, () => void askStatus());
  void askStatus();
  return {
    stop: () => {
      source.close();
      timer.stop();
    },
  };
}
