import { language, say } from "./words.ts";

const kilo = 1_000;

/** How much it is, as people say it: 180 kB, 1.4 MB. */
export function renderSize(bytes: number): string {
  const [value, unit] = bytes < kilo * kilo ? [bytes / kilo, "kB"] : [bytes / (kilo * kilo), "MB"];
  const least = Math.max(0.1, value);
  const digits = { maximumFractionDigits: value < 10 ? 1 : 0, numberingSystem: "latn" } as const;
  return `${new Intl.NumberFormat(language.value, digits).format(least)} ${unit}`;
}

const [minute, hour] = [60, 3_600];

/** About how long it takes: 31 seconds, 4 minutes. */
export function renderWait(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds));
  if (whole < 2 * minute) return say("check.time", { n: whole });
  const [n, word] =
    whole < 2 * hour
      ? ([Math.ceil(whole / minute), "span.minutes"] as const)
      : ([Math.ceil(whole / hour), "span.hours"] as const);
  return say(word, { n });
}
