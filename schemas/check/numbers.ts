import { z } from "zod";

import type { EpochMs } from "../ground/index.ts";
import { checked, type Checker, kindFault } from "./checker.ts";
import { withGlance } from "./glance.ts";

const anyNumber = withGlance(z.number({ error: kindFault }), (value) => Number.isFinite(value));

/** The last moment the wire can say: 32 bits of seconds. */
export const maxTime: EpochMs = 0xffff_ffff * 1000 + 999;

function between(base: Checker<number>, atLeast: number, atMost: number): Checker<number> {
  return checked(base, (value) =>
    value >= atLeast && value <= atMost
      ? undefined
      : { code: "SCHEMA_FIELD_RANGE", says: `is not between ${atLeast} and ${atMost}` },
  );
}

/** A whole number from `atLeast` to `atMost`. */
export function whole(atLeast: number, atMost: number): Checker<number> {
  return checked(between(anyNumber, atLeast, atMost), (value) =>
    Number.isInteger(value)
      ? undefined
      : { code: "SCHEMA_FIELD_TYPE", says: "is not a whole number; leave the fraction out" },
  );
}

/** A finite number from `atLeast` to `atMost`. */
export function real(atLeast: number, atMost: number): Checker<number> {
  return between(anyNumber, atLeast, atMost);
}

/** A moment from 1970 to 2106, in whole milliseconds. */
export function time(): Checker<EpochMs> {
  return checked(anyNumber, (value) =>
    Number.isInteger(value) && value >= 0 && value <= maxTime
      ? undefined
      : { code: "SCHEMA_FIELD_RANGE", says: "is not a moment between 1970 and 2106" },
  );
}

/** True or false. */
export function flag(): Checker<boolean> {
  return withGlance(z.boolean({ error: kindFault }), (value) => typeof value === "boolean");
}
