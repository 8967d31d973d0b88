import { describe, expect, it } from "vitest";

import { parseEvent, parsePlace } from "./watching.ts";

const event = {
  cursor: "c1",
  kind: "stored",
  id: "018f3c2a-7b1e-7c3d-9a4b-5c6d7e8f9a0b",
  box: "in",
  state: "VERIFIED",
};

describe("parseEvent", () => {
  it("an event of ours is read, whatever lines stand around its data", () => {
    expect(parseEvent(`event: message\ndata: ${JSON.stringify(event)}`)).toEqual(event);
  });

  it.each([
    ["a heartbeat", ": still here"],
    ["half of an event", 'data: {"id":"018f'],
    ["no JSON", "data: <html>"],
    ["another thing", 'data: {"id":7}'],
  ])("%s is passed over", (_, block) => {
    expect(parseEvent(block)).toBeUndefined();
  });
});

describe("parsePlace", () => {
  it("is read of events, of heartbeats, and before anything happened; else there is none", () => {
    expect(parsePlace("id: c1\nevent: message\ndata: {}")).toBe("c1");
    expect(parsePlace(": still here\nid: c2")).toBe("c2");
    expect(parsePlace("retry: 2000\nid: c0")).toBe("c0");
    expect(parsePlace(": still here")).toBeUndefined();
    expect(parsePlace(`id: ${"x".repeat(5_000)}`)).toHaveLength(100);
  });
});
