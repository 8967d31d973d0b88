import { describe, expect, it } from "vitest";

import { Fault } from "../ground/index.ts";
import {
  bytes,
  bytesFormat,
  type Checker,
  checkMessage,
  examine,
  flag,
  list,
  maybe,
  message,
  real,
  refuseViolations,
  text,
  time,
  whole,
} from "./index.ts";

function refusals(checker: Checker<unknown>, value: unknown): readonly string[] {
  const examined = examine(checker, value);
  return examined.ok ? [] : examined.violations.map(({ path, code }) => `${path} ${code}`);
}

const uuid = Buffer.from("01890a5dac96774bbcceb302099a8057", "hex");

describe("numbers", () => {
  it("whole numbers are whole and in range", () => {
    const checker = whole(1, 5);
    expect(refusals(checker, 1)).toEqual([]);
    expect(refusals(checker, 5)).toEqual([]);
    expect(refusals(checker, 0)).toEqual([" SCHEMA_FIELD_RANGE"]);
    expect(refusals(checker, 6)).toEqual([" SCHEMA_FIELD_RANGE"]);
    expect(refusals(checker, 1.5)).toEqual([" SCHEMA_FIELD_TYPE"]);
    expect(refusals(checker, "1")).toEqual([" SCHEMA_FIELD_TYPE"]);
  });

  it.each([NaN, Infinity, -Infinity])("%s is no number", (value) => {
    expect(refusals(real(-90, 90), value)).toEqual([" SCHEMA_FIELD_TYPE"]);
    expect(refusals(time(), value)).toEqual([" SCHEMA_FIELD_TYPE"]);
  });

  it("a time is a whole millisecond that the wire can carry", () => {
    expect(refusals(time(), 0)).toEqual([]);
    expect(refusals(time(), 4_294_967_295_999)).toEqual([]);
    for (const value of [-1, 4_294_967_296_000, 0.5]) {
      expect(refusals(time(), value)).toEqual([" SCHEMA_FIELD_RANGE"]);
    }
  });

  it("a flag is true or false and nothing like it", () => {
    expect(refusals(flag(), false)).toEqual([]);
    expect(refusals(flag(), 0)).toEqual([" SCHEMA_FIELD_TYPE"]);
  });
});

describe("bytes", () => {
  it("have their number of bytes", () => {
    expect(refusals(bytes(1, 2), new Uint8Array(2))).toEqual([]);
    expect(refusals(bytes(1, 2), new Uint8Array(0))).toEqual([" SCHEMA_FIELD_LENGTH"]);
    expect(refusals(bytes(1, 2), new Uint8Array(3))).toEqual([" SCHEMA_FIELD_LENGTH"]);
    expect(refusals(bytes(1, 2), [1])).toEqual([" SCHEMA_FIELD_TYPE"]);
    expect(refusals(bytes(1, 2), undefined)).toEqual([" SCHEMA_FIELD_MISSING"]);
  });

  it("of a format are what it says", () => {
    expect(refusals(bytesFormat("uuid7"), uuid)).toEqual([]);
    expect(refusals(bytesFormat("uuid7"), Buffer.alloc(16))).toEqual([" SCHEMA_FIELD_PATTERN"]);
    expect(refusals(bytesFormat("uuid7"), uuid.subarray(1))).toEqual([" SCHEMA_FIELD_LENGTH"]);
    expect(refusals(bytesFormat("digest"), Buffer.alloc(32))).toEqual([]);
    expect(refusals(bytesFormat("digest"), Buffer.alloc(31))).toEqual([" SCHEMA_FIELD_LENGTH"]);
    expect(refusals(bytesFormat("salt"), Buffer.alloc(16))).toEqual([]);
    expect(refusals(bytesFormat("salt"), Buffer.alloc(17))).toEqual([" SCHEMA_FIELD_LENGTH"]);
  });
});

const vessel = message({ name: maybe(text(0, 5)), crew: list(text(1, 3), 1, 2) });

describe("message", () => {
  it("names each wrong field by its pointer", () => {
    expect(refusals(vessel, { name: "x", crew: ["a"] })).toEqual([]);
    expect(refusals(vessel, { name: undefined, crew: ["a"] })).toEqual([]);
    expect(refusals(vessel, { name: "too long", crew: ["a", "abcd"] })).toEqual([
      "/name SCHEMA_FIELD_LENGTH",
      "/crew/1 SCHEMA_FIELD_LENGTH",
    ]);
    expect(refusals(vessel, {})).toEqual(["/crew SCHEMA_FIELD_MISSING"]);
    expect(refusals(vessel, [])).toEqual([" SCHEMA_FIELD_TYPE"]);
  });

  it("refuses a field that is not its own", () => {
    expect(refusals(vessel, { crew: ["a"], flag: "LR" })).toEqual(["/flag SCHEMA_FIELD_UNKNOWN"]);
  });

  it("counts items first and does not look into a list that is too long", () => {
    expect(refusals(vessel, { crew: [] })).toEqual(["/crew SCHEMA_FIELD_ITEMS"]);
    expect(refusals(vessel, { crew: Array(50_000).fill("") })).toEqual([
      "/crew SCHEMA_FIELD_ITEMS",
    ]);
    expect(refusals(vessel, { crew: "a" })).toEqual(["/crew SCHEMA_FIELD_TYPE"]);
  });
});

/** The fault `act` throws; undefined when it throws none. */
function faultOf(act: () => void): Fault | undefined {
  try {
    act();
  } catch (error) {
    if (error instanceof Fault) return error;
    throw error;
  }
  return undefined;
}

describe("checkMessage", () => {
  it("throws one fault whose violations say field, limit and way out, and never the content", () => {
    const fault = faultOf(() =>
      checkMessage(vessel, { name: "secret", crew: ["a"], "a secret name": 1 }),
    );
    expect(fault?.code).toBe("SCHEMA_INVALID");
    expect(fault?.detail).toBe("name has more than 5 characters; shorten it, and 1 more");
    expect(fault?.violations.map(({ path }) => path)).toEqual(["/name", "/?"]);
    expect(JSON.stringify(fault?.violations)).not.toContain("secret");
  });

  it("does nothing to a message that is right", () => {
    expect(faultOf(() => checkMessage(vessel, { crew: ["a"] }))).toBeUndefined();
  });
});

describe("refuseViolations", () => {
  it("tells at most a hundred, and how many there are", () => {
    const many = Array.from(
      { length: 250 },
      (_, at) =>
        ({ path: `/a/${at}`, code: "SCHEMA_FIELD_TYPE", message: `a[${at}] is wrong` }) as const,
    );
    const fault = faultOf(() => refuseViolations(many));
    expect(fault?.violations).toHaveLength(100);
    expect(fault?.detail).toBe("a[0] is wrong, and 249 more");
  });
});
