/** How long at most a hub may say that it takes nothing of an agency. */
const mostSeconds = 3_600;
const shape = /^no login for (\d{1,4}) s;/;

/** What a hub tells an agency whose connections it closed, beside LINK_PAUSED: for how long. */
export function renderPause(forMs: number): string {
  const seconds = Math.min(mostSeconds, Math.ceil(forMs / 1_000));
  return `no login for ${seconds} s; then send no more than is waited to be answered`;
}

/** The milliseconds a hub named; undefined when it named none. */
export function parsePause(detail: string | undefined): number | undefined {
  const [, seconds] = shape.exec((detail ?? "").slice(0, 64)) ?? [];
  return seconds === undefined ? undefined : Math.min(mostSeconds, Number(seconds)) * 1_000;
}
