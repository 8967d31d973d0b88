import { findBars } from "../release/index.ts";
import type { FindBars } from "../work/index.ts";
import type { Office } from "./office.ts";

/** Why an agency may not say something, by the register in force at this moment. */
export function barsOf(office: Pick<Office, "register" | "clock">): FindBars {
  return (act) => findBars(act, { register: office.register(), now: office.clock.now() });
}
