/** The name of a hub's log: what its checkpoints begin with, and what its keys are called. */
export function logOriginOf(hub: string): string {
  return `atumpan/${hub}`;
}

/** Whether this may be the name of a log of the hub: its own, or one below it for a log that begins anew. */
export function isLogOriginOf(hub: string, origin: string): boolean {
  return origin === logOriginOf(hub) || origin.startsWith(`${logOriginOf(hub)}/`);
}
