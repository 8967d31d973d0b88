import { type EpochMs, Fault } from "../../schemas/ground/index.ts";
import type { RegisterView } from "./register-view.ts";

/** How far a register is trusted for one class: in date, past it but still used, or used no more. */
export type Freshness = "fresh" | "ageing" | "stale";

/** What of a register says how long it is used. */
export type StalenessPolicy = Pick<RegisterView, "expiresAt" | "staleness">;

const minuteMs = 60_000;
const hour = 60;

/**
 * For how long after its time a register is used, in minutes, where the region does not say otherwise. The stricter the
 * class, the less a revocation that has not come may cost: what is routine goes on for the three days that a gateway
 * has to manage alone, what restricts in words for one hour.
 */
export const usualStaleness: Readonly<Record<string, number>> = {
  H0: 72 * hour,
  H1: 72 * hour,
  H2: 24 * hour,
  H3: hour,
};

/** Until when, exclusively, messages of a handling are judged by a register. An unknown handling has no extra time. */
export function usableUntil({ expiresAt, staleness }: StalenessPolicy, handling: string): EpochMs {
  const said = staleness.flatMap((rule) => (rule.handling === handling ? [rule.minutes] : []));
  const minutes = said.length > 0 ? Math.min(...said) : (usualStaleness[handling] ?? 0);
  return expiresAt + minutes * minuteMs;
}

/** Until when, exclusively, a register is used for anything: the longest that any class has. */
export function lastUse(register: StalenessPolicy): EpochMs {
  return Math.max(
    ...Object.keys(usualStaleness).map((handling) => usableUntil(register, handling)),
  );
}

/** How far a register is trusted for one class at `at`. */
export function freshnessOf(
  register: StalenessPolicy,
  handling: string,
  at: EpochMs,
): { readonly state: Freshness; readonly until: EpochMs } {
  const until = usableUntil(register, handling);
  if (at < register.expiresAt) return { state: "fresh", until };
  return { state: at < until ? "ageing" : "stale", until };
}

/**
 * Refuses to judge by a register that is too old: for one class, or for anything when no handling is named.
 *
 * @throws {Fault} REGISTER_STALE
 */
export function checkUsable(register: StalenessPolicy, at: EpochMs, handling?: string): void {
  const until = handling === undefined ? lastUse(register) : usableUntil(register, handling);
  if (at < until) return;
  const what = handling === undefined ? "anything" : `messages of ${handling}`;
  throw new Fault(
    "REGISTER_STALE",
    `the register is too old for ${what}; it has to be renewed, or a newer one fetched`,
  );
}
