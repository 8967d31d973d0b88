import { describe, expect, it } from "vitest";

import { parseBusySeconds, parseCpuSeconds, parseMemory } from "./process-reading.ts";

describe("parseCpuSeconds", () => {
  it("adds user and system time, whatever the process is called", () => {
    const stat = "17 (a) b (c) S 1 17 17 0 -1 4194560 900 0 0 0 150 50 0 0 20 0 11 0 100 0 0";
    expect(parseCpuSeconds(stat)).toBe(2);
  });
});

describe("parseMemory", () => {
  it("reads the resident size and its peak in MB", () => {
    const status = "Name:\tnode\nVmHWM:\t  200000 kB\nVmRSS:\t  100000 kB\n";
    expect(parseMemory(status)).toEqual({ now: 102.4, peak: 204.8 });
  });

  it("is no number where the system does not tell", () => {
    expect(parseMemory("").now).toBeNaN();
  });
});

describe("parseBusySeconds", () => {
  it("counts all but waiting", () => {
    const stat = "cpu  100 20 30 9000 800 1 2 47 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";
    expect(parseBusySeconds(stat)).toBe(2);
  });

  it("is no number where the system does not tell", () => {
    expect(parseBusySeconds("")).toBeNaN();
  });
});
