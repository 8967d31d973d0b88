import { describe, expect, it } from "vitest";

import type { ToldStatus } from "../broker/index.ts";
import { hubFigures } from "../broker/metrics/index.ts";
import { findNameFaults, parseExposition } from "../test/kit/exposition.ts";
import { findHubTroubles, renderHubMetrics, renderHubStatus } from "./hub-status.ts";

const now = Date.UTC(2026, 10, 22, 12);
const hour = 3_600_000;
const good: ToldStatus = {
  at: now - 2_000, ready: true, epoch: 7, registerExpiresAt: now + hour, accepted: 12, refused: 1, heldBack: 0, underWay: 0,
  log: { size: 40, checkpointAt: now - 9_000, room: { bytes: 500, maxBytes: 1_000, daysLeft: 90.5 } },
  witnesses: { size: 38, at: now - 60_000, missing: ["w/three"], isDisputed: false },
}; // prettier-ignore
const log = good.log!;
const witnesses = good.witnesses!;

describe("how a hub stands", () => {
  it("is a line a fact, and nothing is wrong while few witnesses are only late", () => {
    expect(findHubTroubles(good, now)).toEqual([]);
    const late = { ...witnesses, missingSince: now - 10_000 };
    expect(findHubTroubles({ ...good, witnesses: late }, now)).toEqual([]);
    expect(renderHubStatus(good, now)).toContain("Entries of the log: 40\n");
    expect(renderHubStatus(good, now)).not.toContain("WRONG");
  });

  it.each([
    ["not ready", { ready: false }, /register in date/],
    ["a log that stopped", { log: { ...log, stopped: "LOG_INCONSISTENT" } }, /stopped: LOG_INCONSISTENT/],
    ["a log that waits", { log: { ...log, waiting: "KEY_UNUSABLE" } }, /waits: KEY_UNUSABLE/],
    ["a log that fills", { log: { ...log, room: { bytes: 800, maxBytes: 1_000, daysLeft: 12.7 } } }, /80 percent.*about 12 days/],
    ["too few witnesses", { witnesses: { ...witnesses, missingSince: now - hour } }, /too few.*w\/three/],
    ["witnesses who are gone", { witnesses: { ...witnesses, at: now - 4 * hour } }, /three hours/],
    ["a witness with another tree", { witnesses: { ...witnesses, isDisputed: true } }, /another tree/],
  ] as const)("%s is told as wrong", (_, change, words) => {
    const told: ToldStatus = { ...good, ...change };
    expect(findHubTroubles(told, now)).toEqual([expect.stringMatching(words)]);
    expect(renderHubStatus(told, now)).toMatch(/WRONG: /);
  }); // prettier-ignore

  it("is told to Prometheus under the names that the broker serves, and what is not known is left out", () => {
    const text = renderHubMetrics(good, now);
    for (const line of [
      "ready 1",
      'admissions_total{outcome="ACCEPTED"} 12',
      "log_entries 40",
      `log_full_in_seconds ${90.5 * 86_400}`,
      "log_size_bytes 500",
      "log_stopped 0",
      "log_checkpoint_age_seconds 9",
      "log_witnesses_missing 1",
      "log_quorum_missing_seconds 0",
    ])
      expect(text).toContain(`\natumpan_hub_${line}\n`);
    const { log: _, witnesses: __, ...without } = good;
    expect(renderHubMetrics(without, now)).not.toContain("atumpan_hub_log");
    const told = parseExposition(text);
    expect(findNameFaults(told)).toEqual([]);
    const figures = Object.values(hubFigures).map(({ name }) => `atumpan_hub_${name}`);
    const own = told.map(({ name }) => name).filter((name) => !figures.includes(name));
    expect(own).toEqual(["atumpan_hub_status_age_seconds"]);
  });
});
