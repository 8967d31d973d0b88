import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import {
  bytes,
  bytesFormat,
  type Checker,
  code,
  examine,
  flag,
  format,
  list,
  maybe,
  message,
  real,
  text,
  time,
  whole,
} from "./index.ts";
import { glanceOf } from "./glance.ts";

const inner = message({ text: text(1, 5), when: maybe(time()) });
const outer: Checker<unknown> = message({
  name: text(0, 8),
  agency: format("agency"),
  imo: maybe(format("imo")),
  code: code("URGENCY"),
  count: whole(1, 9),
  share: maybe(real(0, 1)),
  isTold: maybe(flag()),
  digest: bytesFormat("digest"),
  raw: maybe(bytes(1, 4)),
  ids: list(bytesFormat("uuid7"), 0, 2),
  one: inner,
  many: list(inner, 1, 3),
});

const good = {
  name: "Traoré",
  agency: "lr/tcu",
  code: "FLASH",
  count: 3,
  digest: new Uint8Array(32),
  ids: [],
  one: { text: "a" },
  many: [{ text: "b", when: 1_780_272_000_000 }],
};

const odd = fc.oneof(
  fc.constantFrom<unknown>(
    undefined, null, true, 0, 1, 1.5, -1, Number.NaN, Infinity, "", "a\u0000", "e\u0301", "9074729", "9074728",
    "lr/tcu", "FLASH", "flash", [], {}, [[]], new Uint8Array(1), new Uint8Array(32), new Uint8Array(16),
    Array.from({ length: 2 }), { text: "a" }, { text: "" }, { text: "a", when: 0 }, { text: "a", more: 1 },
    [{ text: "a" }], [{ text: "a" }, undefined], "🚢🚢🚢🚢🚢🚢", new Date(0), () => 1,
  ),
  fc.string({ maxLength: 10 }),
  fc.double(),
); // prettier-ignore
const fields = fc.dictionary(
  fc.constantFrom(...Object.keys(good), "imo", "share", "isTold", "raw", "unknown", "__proto__"),
  odd,
  { maxKeys: 2 },
);

describe("glance", () => {
  it("agrees with the checker on every value, good or bad", () => {
    const glance = glanceOf(outer)!;
    let goods = 0;
    fc.assert(
      fc.property(fields, (change) => {
        const value = { ...good, ...change };
        expect(glance(value)).toBe(outer.safeParse(value).success);
        goods += glance(value) ? 1 : 0;
      }),
      { numRuns: 5000 },
    );
    expect(goods).toBeGreaterThan(100);
  });

  it("a good value is handed on as it is", () => {
    const examined = examine(outer, good);
    expect(examined).toEqual({ ok: true, value: good });
  });

  it("an inherited field counts as unknown, as the checker has it", () => {
    const value = Object.assign(Object.create({ more: 1 }), good) as object;
    expect(glanceOf(outer)?.(value)).toBe(outer.safeParse(value).success);
  });

  it("a list is not a message, and a message is not a list", () => {
    expect(glanceOf(inner)?.([])).toBe(false);
    expect(glanceOf(list(inner, 0, 3))?.({ length: 0 })).toBe(false);
  });
});
