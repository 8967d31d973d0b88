import { describe, expect, it } from "vitest";

import { mayNotLead } from "./quorum.ts";

const second = 1_000_000_000;

describe("mayNotLead", () => {
  it.each([
    ["a hub's only server leads", undefined, false],
    ["a stream kept once is led by whoever keeps it", [], false],
    ["who heard of both others leads", [{ active: second }, { active: second / 2 }], false],
    ["who heard of one of two others leads", [{ active: 40 * second }, { active: second }], false],
    ["who heard of neither for a while may lead no more", [{ active: 4 * second }, { active: 60 * second }], true],
    ["who never heard of any may not lead yet", [{ active: 0 }, { active: 0 }], true],
    ["what is told to be out of reach was not heard of", [{ active: second, offline: true }, { active: 60 * second }], true],
  ])("%s", (_rule, replicas, expected) => {
    const peers = replicas?.map((peer) => ({ offline: false, ...peer }));
    expect(mayNotLead(peers === undefined ? undefined : { replicas: peers })).toBe(expected);
  }); // prettier-ignore
});
