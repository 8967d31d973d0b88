import { describe, expect, it } from "vitest";

import { freePort } from "./kit/server.ts";

describe("the ports of a test", () => {
  it("are not given to another who asks before the first one listens", async () => {
    const given = new Set<number>();
    for (let asked = 0; asked < 30; asked += 1) given.add(await freePort());
    expect(given.size).toBe(30);
  });
});
