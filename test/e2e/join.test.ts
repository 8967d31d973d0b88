import { beforeAll, describe, expect, it } from "vitest";

import { type NewcomerReport, playNewcomer } from "./join-newcomer.ts";

describe("a newcomer with one folder and one code", () => {
  let report: NewcomerReport;

  beforeAll(async () => {
    report = await playNewcomer();
  }, 600_000);

  it("has his first message delivered and proved after three commands and one question", () => {
    expect([report.commands, report.questions, report.carried]).toEqual([3, 1, 3]);
    expect(report.screen).toMatch(/gh\/tcu has it, and signed for it at 20/);
    expect(report.screen).toMatch(/The hub's log holds it, at place \d+; that is proved\.\n/);
    expect(report.screen).toContain("sn/tcu has joined.");
  });

  it("was told of every wait, and the doctor found nothing that keeps the gateway from its work", () => {
    const { screen } = report;
    const waits = ["gateway", "line to the hub", "neighbour's signature", "proof out of the hub's log"]; // prettier-ignore
    for (const what of waits) expect(screen).toMatch(new RegExp(`Waiting for [^\n]*${what}: 0 s`));
    expect(screen).toMatch(/Doctor: \d+ of \d+ are well\./);
    expect(screen).not.toContain("✗");
  });
});
