import { describe, expect, it } from "vitest";

import { intakeBytes, intakeConfig } from "./intakes.ts";
import { hubLimits } from "./limits.ts";

describe("intakeConfig", () => {
  it("an agency's intake holds its own and nobody else's, refuses the new when full, and answers nobody", () => {
    expect(intakeConfig("ng/tcu", 1024)).toMatchObject({
      name: "INTAKE_ng_tcu",
      subjects: ["in.ng.tcu.msg.>", "in.ng.tcu.direct.*", "in.ng.tcu.receipt.*.*"],
      storage: "memory",
      discard: "new",
      max_bytes: 1024,
      no_ack: true,
      allow_rollup_hdrs: false,
    });
  });
});

describe("intakeBytes", () => {
  it("all parts together are never more than there is, while each can be the least", () => {
    for (const memory of [2 ** 20, 2 ** 27, 2 ** 29 + 12_345]) {
      const most = Math.floor(memory / hubLimits.intakeMinBytes);
      for (let agencies = 1; agencies <= most; agencies += 1) {
        const bytes = intakeBytes(memory, agencies);
        expect(bytes * agencies).toBeLessThanOrEqual(memory);
        expect(bytes).toBeLessThanOrEqual(hubLimits.intakeMaxBytes);
      }
    }
  });

  it("is room for a publication of the largest size, however many there are", () => {
    expect(intakeBytes(1, 10_000)).toBeGreaterThan(hubLimits.maxAgencyPayloadBytes);
  });
});
