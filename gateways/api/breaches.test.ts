import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseUuid } from "../../schemas/ground/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import { makeMetrics } from "../metrics/index.ts";
import type { BreachRow } from "../store/index.ts";
import { makeWorkDesk, registerTerms } from "../work/index.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
let world: AuditWorld;
let opening: string;

function rowOf(change: Partial<BreachRow>): BreachRow {
  const names = { opening, other: "gh/tcu", workflow: "REQUEST", opener: "ng/tcu" };
  return { thread: parseUuid(opening), ...names, closing: "RESULT", agency: "gh/tcu", by: now - day, ...change };
} // prettier-ignore

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    services: (reader) => ({
      work: makeWorkDesk({ ...reader, terms: () => registerTerms(reader.register()) }),
    }),
  });
  const { callers, reader } = world;
  callers.set("ama", makeCaller("ama"));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set("auditor", makeCaller("auditor", { roles: new Set(["auditor"]) }));
  callers.set("admin", makeCaller("admin", { roles: new Set(["administrator"]) }));
  opening = await world.receive({ ...alert, handling: "H1" });
  await reader.store.write(() => {
    const { breaches } = reader.store;
    breaches.put(rowOf({}));
    breaches.put(rowOf({ agency: "ng/tcu", closing: "FEEDBACK", escalatedAt: now }));
    breaches.put(rowOf({ by: now - 3 * day, endedAt: now - 2 * day }));
  });
});
afterAll(() => world.close());

async function items(as: string, query = ""): Promise<readonly Record<string, unknown>[]> {
  const { json } = await world.ask(`/v1/breaches${query}`, as);
  return json["items"] as readonly Record<string, unknown>[];
}

describe("GET /v1/breaches", () => {
  it("tells who may see the matter what passed, open and ended, of one agency or of all", async () => {
    expect(await items("ama")).toHaveLength(3);
    expect(await items("ama", "?open=true")).toHaveLength(2);
    const [one] = await items("ama", "?open=true&of=ng/tcu");
    expect(one).toMatchObject({ opening, closing: "FEEDBACK", of: "ng/tcu", isOpen: true });
    expect(await items("ama", "?of=ci/tcu")).toEqual([]);
  });

  it("tells nothing to who may not see the opening, and an auditor all of it without what leads to a message", async () => {
    expect(await items("low")).toEqual([]);
    const seen = await items("auditor");
    expect(seen).toHaveLength(3);
    const names = new Set(seen.flatMap((one) => Object.keys(one)));
    expect([...names].toSorted()).toEqual([
      "by",
      "closing",
      "closingName",
      "endedAt",
      "escalatedAt",
      "isOpen",
      "of",
      "stands",
      "workflow",
    ]);
  });

  it("is refused to who neither reads nor oversees, and where the question is none", async () => {
    expect(await world.ask("/v1/breaches", "admin")).toMatchObject({
      status: 403,
      json: { code: "ROLE_MISSING" },
    });
    expect(await world.ask("/v1/breaches?open=maybe", "ama")).toMatchObject({
      json: { code: "REQUEST_INVALID" },
    });
  });

  it("is counted for those who watch, open ones alone", async () => {
    const { exchange, reader } = world;
    const late = () => reader.store.breaches.countOpen();
    const metrics = makeMetrics({ exchange, clock: reader.clock, late });
    const lines = (await metrics.render()).split("\n");
    metrics.stop();
    expect(lines).toContain('atumpan_deadlines_missed{flag="OVERDUE"} 1');
    expect(lines).toContain('atumpan_deadlines_missed{flag="ESCALATED"} 1');
  });
});
