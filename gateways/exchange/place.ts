import type { SubmissionPlace } from "../release/index.ts";
import { bindPassedOn } from "../onward/index.ts";
import { headsOf, namedThread } from "../work/index.ts";
import { keptByReference } from "./inherited.ts";
import type { Office } from "./office.ts";

/** Where and when a submission is judged. */
export function placeOf(office: Office): SubmissionPlace {
  const { agency, clock, chance, pins, store, ceiling } = office;
  const register = office.register();
  return {
    register,
    agency,
    now: clock.now(),
    chance,
    ceiling,
    believes: pins.under(register),
    keptByReference: (ids) => keptByReference(store, ids),
    bindPassedOn: (said) => bindPassedOn(office, said),
    threadOf: (said) => namedThread(store, said),
    headsOf: (words, readers) => headsOf(store, words, readers),
  };
}
