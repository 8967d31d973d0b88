import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseUuid } from "../../schemas/ground/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { alert } from "../../test/kit/gateway-office.ts";
import { makeDirectoryDesk } from "../directory/index.ts";
import { submit } from "../exchange/submit.ts";
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
    types: ["directory.*"],
    services: (reader) => ({
      directory: makeDirectoryDesk({ ...reader, submit: () => Promise.resolve() }),
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

/** What a state publishes of its single point of contact. */
function entry(country: string, change: Record<string, unknown> = {}): object {
  const body = {
    country,
    names: [{ text: `Contact point of ${country} (example)`, lang: "en" }],
    kind: "NCB",
    functions: ["POLICE_SPOC"],
    channels: ["POST"],
    postalAddress: ["Box 7, Example"],
    languages: ["en"],
    urgentPhone: "+233302000000",
    urgentProcedure: [{ text: "Ring first.", lang: "en" }],
    verifiedAt: new Date(now - 10 * day).toISOString(),
    ...change,
  };
  return { type: "directory.authority", recs: ["ecowas"], crimes: ["drugs"], body };
}

interface Contact {
  readonly side: string;
  readonly agency: string;
  readonly known: boolean;
  readonly authority?: Record<string, unknown>;
}

async function contactsOf(as: string): Promise<readonly Contact[]> {
  const [one] = await items(as, "?open=true&of=ng/tcu");
  return (one?.["contacts"] ?? []) as readonly Contact[];
}

const stored = (): number => world.reader.store.messages.list({ limit: 100 }).length;

describe("whom to call when a deadline passed twice", () => {
  it("is said of both sides, also that nobody is known; of what passed once, ended, or to an auditor, nothing", async () => {
    const nobody = { function: "POLICE_SPOC", known: false };
    expect(await contactsOf("ama")).toEqual([
      { side: "OTHER", agency: "ng/tcu", country: "NG", ...nobody },
      { side: "OWN", agency: "gh/tcu", country: "GH", ...nobody },
    ]);
    for (const one of await items("ama", "?of=gh/tcu")) expect(one["contacts"]).toBeUndefined();
    expect(await contactsOf("auditor")).toEqual([]);
    expect(await contactsOf("low")).toEqual([]);
  });

  it("is what the state itself signed, as the directory has it now: its procedure, and its age", async () => {
    await world.receive(entry("NG", { verifiedAt: new Date(now - 400 * day).toISOString() }));
    await world.receive(entry("NG", { functions: ["CUSTOMS"] }));
    await world.receive(entry("NG", { functions: ["POLICE_SPOC", "FIREARMS"], crimes: ["wildlife"] }));
    await submit(world.reader, entry("GH"), "own entry");
    const before = stored();
    const [other, own] = await contactsOf("ama");
    expect(other).toMatchObject({ side: "OTHER", known: true, authority: { publishedBy: "ng/tcu", signedByState: true, channels: ["POST"], urgentPhone: "+233302000000", urgentProcedure: { text: "Ring first." }, good: false, flags: ["STALE"] } });
    expect(own).toMatchObject({ side: "OWN", agency: "gh/tcu", known: true, authority: { publishedBy: "gh/tcu", good: true, flags: [] } });
    // it is for an officer to call: nobody was sent anything
    expect(stored()).toBe(before);
  });

  it("is the newer entry once a state changed it", async () => {
    await world.receive(entry("NG", { urgentPhone: "+234802000000" }));
    const [other] = await contactsOf("ama");
    expect(other).toMatchObject({ authority: { urgentPhone: "+234802000000", good: true, flags: [] } });
  });

  it("is asked for where the event leads: by the message that opened the matter", async () => {
    expect(await items("ama", `?opening=${opening}`)).toHaveLength(3);
    expect(await items("ama", "?opening=019e807a-ec00-7040-a00e-0c11fe894a00")).toEqual([]);
    expect(await items("auditor", `?opening=${opening}`)).toEqual([]);
    expect((await world.ask("/v1/breaches?opening=7", "ama")).json["code"]).toBe("REQUEST_INVALID");
  });
}); // prettier-ignore

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
