/**
 * The ground floor: faults, time, chance, bytes, ids, logs. It knows nothing of crime, agencies or NATS.
 *
 * Promises: one error class with one table of codes; time and chance come only through `Clock` and
 * `Chance`, so tests can move them; a log line can only say what `LogFields` names.
 * Start at `fault.ts`, then `faults.ts` for every code there is.
 */
export * from "./bytes.ts";
export * from "./chance.ts";
export * from "./clock.ts";
export * from "./fault.ts";
export * from "./faults.ts";
export * from "./log.ts";
export * from "./try-shape.ts";
export * from "./uuid.ts";
