import { describe, expect, it } from "vitest";

import { selfTimes } from "./profile-summary.ts";

const node = (id: number, functionName: string, url = "") => ({
  id,
  callFrame: { functionName, url, lineNumber: 9 },
});

describe("selfTimes", () => {
  it("adds up samples of one function wherever it was called, and leaves rest out", () => {
    const profile = {
      nodes: [
        node(1, "(idle)"),
        node(2, "seal", "file:///x/gateways/crypto/seal.ts"),
        node(3, "seal", "file:///x/gateways/crypto/seal.ts"),
        node(4, "verify", "node:crypto"),
      ],
      samples: [1, 2, 3, 4],
      timeDeltas: [1000, 20, 10, 10],
    };
    expect(selfTimes(profile)).toEqual([
      { name: "seal", place: "gateways/crypto/seal.ts:10", share: 0.75 },
      { name: "verify", place: "node:crypto:10", share: 0.25 },
    ]);
  });
});
