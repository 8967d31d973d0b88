import type { z } from "zod";

import { renderMinute } from "./render-minute.ts";
import type { statusShape } from "./shapes.ts";

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

function renderLine({
  isUp,
  since,
  roundTripMs,
  sentPerSecond,
}: NonNullable<Status["hub"]>): string {
  const from = since === undefined ? "" : ` since ${renderMinute(since)}`;
  if (!isUp) return `down${from}; messages wait here and will be sent`;
  const trip = roundTripMs === undefined ? [] : [`there and back in ${roundTripMs} ms`];
  const speed = sentPerSecond === undefined ? [] : [`${renderBytes(sentPerSecond)}/s seen`];
  return [`up${from}`, ...trip, ...speed].join(", ");
}

function renderTry({ isUp, lastFailure, nextTryAt }: NonNullable<Status["hub"]>): Rows {
  if (isUp || lastFailure === undefined) return [];
  const { at, code, why } = lastFailure;
  const next =
    nextTryAt === undefined ? "being tried now" : `next try ${nextTryAt.slice(11, 19)} UTC`;
  return [["  last try", `${renderMinute(at)}: ${code} (${why}); ${next}`]];
}

/** How this machine reaches the gateway, and the gateway its hub: two things that fail apart. */
export function renderWays(status: Status, answerMs: number): Rows {
  const { hub, linkUp, lastContactAt } = status;
  const contact = lastContactAt === undefined ? "never" : renderMinute(lastContactAt);
  const line = hub === undefined ? (linkUp ? "up" : "down") : renderLine(hub);
  return [
    ["gateway", `answered in ${Math.round(answerMs)} ms`],
    ["link to hub", line],
    ...(hub === undefined ? [] : renderTry(hub)),
    ["last contact", contact],
  ];
}

/** What waits, the most urgent first, and how long it will take. */
export function renderWaiting({ waiting, queue }: Status): Rows {
  if (queue === undefined || queue.count === 0) return [["waiting", String(waiting)]];
  const { count, bytes, byUrgency, estimatedSeconds } = queue;
  const takes =
    estimatedSeconds === undefined ? "" : `, about ${renderDuration(estimatedSeconds)} to send`;
  const lines = byUrgency.map((one) => [
    `  ${one.urgency}`,
    `${one.count}, ${renderBytes(one.bytes)}, the oldest of ${renderMinute(one.oldestAt)}`,
  ]);
  return [["waiting", `${count}, ${renderBytes(bytes)}${takes}`], ...lines];
}
