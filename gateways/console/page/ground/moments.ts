import { now, instantMs } from "./clock.ts";
import { language, say } from "./words.ts";

/** Digits as everybody reads them, whatever the locale would have. */
const fixed = { numberingSystem: "latn", calendar: "gregory" } as const;

/** Where the person is. */
export const zone: string = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** A time by the person's clock, the month as a word, with its zone: 22 Nov 2026, 21:05 GMT+1. */
export function renderMoment(at: string | number): string {
  const ms = typeof at === "number" ? at : instantMs(at);
  if (Number.isNaN(ms)) return "";
  const form = new Intl.DateTimeFormat(language.value, {
    ...fixed,
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
    timeZoneName: "short",
  });
  return form.format(ms);
}

/** The hour of the day alone: 21:05. */
export function renderHour(at: string | number): string {
  const ms = typeof at === "number" ? at : instantMs(at);
  const form = new Intl.DateTimeFormat(language.value, {
    ...fixed,
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
  return Number.isNaN(ms) ? "" : form.format(ms);
}

const [minuteMs, hourMs, dayMs] = [60_000, 3_600_000, 86_400_000];

function renderSpan(ms: number): string {
  if (ms >= 2 * dayMs) return say("span.days", { n: Math.floor(ms / dayMs) });
  if (ms >= hourMs) return say("span.hours", { n: Math.floor(ms / hourMs) });
  return say("span.minutes", { n: Math.max(1, Math.floor(ms / minuteMs)) });
}

/** How long there is until a term, or how long it has passed. */
export function renderLeft(at: string): string {
  const left = instantMs(at) - now();
  if (Number.isNaN(left)) return "";
  const span = renderSpan(Math.abs(left));
  return left >= 0 ? say("due.left", { span }) : say("due.over", { span });
}

/** How long ago something was. */
export function renderAgo(at: number): string {
  return say("ago", { span: renderSpan(Math.max(0, now() - at)) });
}
