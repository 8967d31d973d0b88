import type { z } from "zod";

import { renderMinute } from "./render-minute.ts";
import type { statusShape } from "./shapes.ts";
import type { Say } from "./words.ts";

type Status = z.infer<typeof statusShape>;
type Rows = readonly (readonly string[])[];

function renderBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

function renderDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  if (seconds < 5_400) return `${Math.ceil(seconds / 60)} min`;
  return `${Math.ceil(seconds / 3_600)} h`;
}

function renderLine(hub: NonNullable<Status["hub"]>, say: Say): string {
  const { isUp, since, roundTripMs: ms, sentPerSecond, stopped } = hub;
  const word = isUp ? "up" : "down";
  const line =
    since === undefined ? say(word) : say(`${word}Since`, { since: renderMinute(since) });
  const held =
    stopped === undefined
      ? []
      : [say("stoppedSince", { since: renderMinute(stopped.since), reason: stopped.reason })];
  if (!isUp) return [line, ...held].join(", ");
  const trip = ms === undefined ? [] : [say("roundTrip", { ms })];
  const speed =
    sentPerSecond === undefined ? [] : [say("speed", { rate: renderBytes(sentPerSecond) })];
  return [line, ...trip, ...speed, ...held].join(", ");
}

function renderTry({ isUp, lastFailure, nextTryAt }: NonNullable<Status["hub"]>, say: Say): Rows {
  if (isUp || lastFailure === undefined) return [];
  const { at, code, why } = lastFailure;
  const next =
    nextTryAt === undefined ? say("tryingNow") : say("nextTry", { at: nextTryAt.slice(11, 19) });
  const what = code === "LINK_PAUSED" ? `${say("pausedByHub")} (${code})` : `${code} (${why})`;
  return [[`  ${say("lastTry")}`, `${renderMinute(at)}: ${what}; ${next}`]];
}

/** Each hub by name, where there are several: one may be away while the others carry on. */
function renderHubs({ hubs = [] }: Status, say: Say): Rows {
  if (hubs.length < 2) return [];
  return hubs.flatMap((one) => [
    [`  ${one.hub}`, `${renderLine(one, say)}; ${say("waiting")}: ${one.waiting}`] as const,
    ...renderTry(one, say),
  ]);
}

/** How this machine reaches the gateway, and the gateway its hub: two things that fail apart. */
export function renderWays(status: Status, answerMs: number, say: Say): Rows {
  const { hub, linkUp, lastContactAt } = status;
  const contact = lastContactAt === undefined ? say("never") : renderMinute(lastContactAt);
  const line = renderLine(hub ?? { isUp: linkUp }, say);
  return [
    [say("gateway"), say("answered", { ms: Math.round(answerMs) })],
    [say("link"), line],
    ...(hub === undefined || (status.hubs ?? []).length > 1 ? [] : renderTry(hub, say)),
    ...renderHubs(status, say),
    [say("lastContact"), contact],
  ];
}

/** What waits, the most urgent first, and how long it will take. */
export function renderWaiting({ waiting, queue }: Status, say: Say): Rows {
  if (queue === undefined || queue.count === 0) return [[say("waiting"), String(waiting)]];
  const { count, bytes, byUrgency, estimatedSeconds } = queue;
  const takes =
    estimatedSeconds === undefined ? "" : `, ${say("takes", { time: renderDuration(estimatedSeconds) })}`;
  const lines = byUrgency.map((one) => {
    const facts = { count: one.count, bytes: renderBytes(one.bytes), at: renderMinute(one.oldestAt) };
    return [`  ${one.urgency}`, say("oldest", facts)];
  });
  return [[say("waiting"), `${count}, ${renderBytes(bytes)}${takes}`], ...lines];
} // prettier-ignore
