import { describe, expect, it } from "vitest";

import { runTamper } from "./tamper.ts";

/** CI takes a twentieth; all of it: `node test/chaos/tamper-main.ts`. */
const count = process.env["ATUMPAN_LONG"] === "1" ? 10_000 : 500;

describe(`T-3 ${count} deliveries that were changed between the hub and a gateway`, () => {
  it("none is taken for good, and each leaves a quarantine line or a fault", async () => {
    const tallies = await runTamper({ seed: "T-3", count });
    expect(tallies.reduce((sum, { tried }) => sum + tried, 0)).toBe(count);
    expect(tallies.map(({ what, accepted, silent }) => [what, accepted, silent])).toEqual(
      tallies.map(({ what }) => [what, 0, 0]),
    );
  });
});
