import { renderInstant } from "../../schemas/index.ts";
import type { LogStanding } from "../proofs/index.ts";

type Part = Record<string, unknown>;

function renderWitnesses({ at, lateSince, ...rest }: NonNullable<LogStanding["witnesses"]>): Part {
  const cosigned = at === undefined ? {} : { at: renderInstant(at) };
  return { ...rest, ...cosigned, ...(lateSince === undefined ? {} : { lateSince: renderInstant(lateSince) }) };
} // prettier-ignore

function renderCounted({ size, behindSince }: NonNullable<LogStanding["counted"]>): Part {
  return behindSince === undefined ? { size } : { size, behindSince: renderInstant(behindSince) };
}

/** How the hub's log stands in JSON; times are RFC 3339. */
export function renderLogStanding({ at, witnesses, acts, counted, ...rest }: LogStanding): Part {
  return {
    ...rest,
    ...(at === undefined ? {} : { at: renderInstant(at) }),
    ...(witnesses === undefined ? {} : { witnesses: renderWitnesses(witnesses) }),
    ...(acts === undefined ? {} : { acts: { ...acts, since: renderInstant(acts.since) } }),
    ...(counted === undefined ? {} : { counted: renderCounted(counted) }),
  };
}
