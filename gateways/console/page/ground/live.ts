import { effect, type ReadonlySignal, signal } from "@preact/signals";

import type { components } from "../../../client/api-types.ts";
import { api, had } from "./api.ts";
import { after, every, type Timer } from "./clock.ts";
import { askFlash } from "./flash.ts";
import { membersOf } from "./members.ts";
import { Refusal } from "./problem.ts";
import { isPresent } from "./presence.ts";
import { noteAnswer, reached } from "./reach.ts";
import { loseSession } from "./session.ts";

/** What waits and what works at the gateway. */
export type Status = components["schemas"]["Status"];

const count = signal(0);
const heard = signal<Status | undefined>(undefined);

/** Grows with everything that becomes of messages: what shows them loads anew. */
export const tick: ReadonlySignal<number> = count;
/** How the gateway stood when it was asked last. */
export const status: ReadonlySignal<Status | undefined> = heard;

/** How it stands is asked now and then while somebody is at the page; of a page left alone the open stream tells enough. */
const statusMs = 60_000;
/** So soon it is asked again where nothing answered, and events are listened to anew. */
const againMs = 5_000;

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

function note({ data }: MessageEvent<unknown>): void {
  stir();
  void askStatus();
  const { kind, box } = membersOf(typeof data === "string" ? JSON.parse(data) : undefined);
  // where it cannot be asked now, it is with the next
  if (kind === "stored" && box === "in") askFlash().catch(() => undefined);
}

/** The browser goes on by itself after a break of the line; after a no it does not, and is told to. */
function listen(): Timer {
  let again: Timer | undefined;
  let source: EventSource;
  const open = (): void => {
    source = new EventSource("/v1/events");
    source.addEventListener("message", note);
    source.addEventListener("open", noteAnswer);
    source.addEventListener("error", () => {
      void askStatus();
      if (source.readyState === EventSource.CLOSED) again = after(againMs, open);
    });
  };
  open();
  return {
    stop: () => {
      again?.stop();
      source.close();
    },
  };
}

/** While nothing answers the gateway is asked again soon; once it does, everything on the screen is loaded anew. */
function watchReach(): Timer {
  let asking: Timer | undefined;
  const stop = effect(() => {
    const { isUp } = reached.value;
    if (isUp && asking !== undefined) {
      asking.stop();
      asking = undefined;
      stir();
      askFlash().catch(() => undefined);
    } else if (!isUp) {
      asking ??= every(againMs, () => void askStatus());
    }
  });
  return {
    stop: () => {
      asking?.stop();
      stop();
    },
  };
}

/** Follows what becomes of messages until it is stopped. */
export function follow(): Timer {
  const parts = [
    listen(),
    watchReach(),
    every(statusMs, () => void (isPresent() ? askStatus() : undefined)),
  ];
  void askStatus();
  askFlash().catch(() => undefined);
  return {
    stop: () => {
      for (const one of parts) one.stop();
    },
  };
}
