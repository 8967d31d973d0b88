import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { hubLimits } from "../../broker/nats/index.ts";
import { type PlanRow, planRows } from "./model.ts";
import { readChange, renderPage } from "./page.ts";
import { numbersOf } from "./render.ts";

function valueOf(rows: readonly PlanRow[], what: string): number {
  return rows.find((row) => row.what === what)?.value ?? Number.NaN;
}

describe("the plan past one machine", () => {
  const numbers = numbersOf();
  const plan = planRows(numbers);

  it("its page has the tables that follow from the inputs", () => {
    const page = readFileSync(join(import.meta.dirname, "../PLAN.md"), "utf8");
    expect(renderPage(page)).toBe(page);
  });

  it("every input says where it came from, and every row how it follows", () => {
    for (const row of Object.values(plan).flat()) {
      expect(row.formula.length).toBeGreaterThan(3);
      expect(Number.isFinite(row.value)).toBe(true);
    }
  });

  it("connections are what agencies hold, counted at them and at the hubs alike", () => {
    const { states, agencies, hubs, hubsEach } = numbers;
    const usual = valueOf(plan.counts, "accounts and connections, usual hub");
    expect(usual * hubs).toBeCloseTo(states * agencies * hubsEach);
    expect(valueOf(plan.counts, "connections of the continent")).toBe(usual * hubs);
  });

  it("a hub of the plan has the streams that the broker makes for it, an intake each and the log among them", () => {
    const one = planRows(numbersOf({ states: 1, agencies: 1, hubs: 1, hubsEach: 1 }));
    // BLOB, one feed, DIRECT, RECEIPTS, QUARANTINE, LOG, one intake
    expect(valueOf(one.counts, "streams, usual hub")).toBe(7);
  });

  it("ten times the agencies are ten times the accounts, messages and register, and a hundred times the feeds' reading", () => {
    const more = planRows(numbersOf({ agencies: numbers.agencies * 10 }));
    const ratio = (part: keyof typeof plan, what: string): number => valueOf(more[part], what) / valueOf(plan[part], what); // prettier-ignore
    expect(ratio("counts", "agencies")).toBeCloseTo(10);
    expect(ratio("load", "busiest second, busiest hub")).toBeCloseTo(10);
    expect(ratio("load", "register")).toBeCloseTo(10);
    expect(ratio("country", "received")).toBeGreaterThan(50);
  });

  it("what the hub keeps is reckoned with the terms that the hub has", () => {
    const feed = valueOf(plan.disk, "its feed, 90 days");
    const daily = valueOf(plan.load, "messages, busiest hub");
    const days = hubLimits.feedRetentionMs / 86_400_000;
    expect(days).toBe(90);
    expect(feed * 1e9).toBeCloseTo(daily * numbers.feedShare * numbers.feedBytes * numbers.sealed * days); // prettier-ignore
  });

  it.each([
    [["hubs=12"], { hubs: 12 }],
    [["hubs=12", "states=54"], { hubs: 12, states: 54 }],
    [["hub=12"], undefined],
    [["hubs=many"], undefined],
    [["hubs="], undefined],
    [["hubs=-1"], undefined],
    [["constructor=1"], undefined],
  ])("%j is read as %j", (args, change) => {
    expect(readChange(args)).toEqual(change);
  });
});
