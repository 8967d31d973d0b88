/** What can be stopped. */
export interface Timer {
  stop(): void;
}

/** The time of this machine, in milliseconds since 1970. */
export function now(): number {
  return Date.now();
}

/** The time that an instant of the API names, in milliseconds since 1970; NaN for what is none. */
export function instantMs(instant: string): number {
  return Date.parse(instant);
}

/** An instant of RFC 3339 in UTC. */
export function renderTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** Does it once, after so many milliseconds. */
export function after(ms: number, act: () => void): Timer {
  const id = setTimeout(act, ms);
  return { stop: () => clearTimeout(id) };
}

/** Does it again and again, first after one pause. */
export function every(ms: number, act: () => void): Timer {
  const id = setInterval(act, ms);
  return { stop: () => clearInterval(id) };
}
