import type { SubmissionPlace } from "../release/index.ts";
import { headsOf } from "../work/index.ts";
import { keptByReference } from "./inherited.ts";
import type { Office } from "./office.ts";

/** Where and when a submission is judged. */
export function placeOf(office: Office): SubmissionPlace {
  const { agency, clock, chance, pins, store } = office;
  const register = office.register();
  return {
    register,
    agency,
    now: clock.now(),
    chance,
    believes: pins.under(register),
    keptByReference: (ids) => keptByReference(store, ids),
    headsOf: (words, readers) => headsOf(store, words, readers),
  };
}
