/** Runs `act` as on a machine whose clocks are set for `zone` (an IANA name). */
export function inZone<T>(zone: string, act: () => T): T {
  const held = process.env["TZ"];
  process.env["TZ"] = zone;
  try {
    return act();
  } finally {
    if (held === undefined) delete process.env["TZ"];
    else process.env["TZ"] = held;
  }
}
