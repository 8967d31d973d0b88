import { readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import { makeInspectionDesk } from "../inspection/index.ts";
import type { Role } from "../people/index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
let world: AuditWorld;
let cli: CliWorld;
let open: string;
let strict: string;

beforeAll(async () => {
  world = await makeAuditWorld(now);
  open = await world.receive(bulletin);
  strict = await world.receive({ ...alert, handling: "H2" });
  const { reader, exchange } = world;
  const inspections = makeInspectionDesk({ ...reader, signer: reader.signer, note: () => undefined });
  cli = makeCliWorld(["gh/tcu"], { agencies: () => [], servedRecs: () => ["ecowas"] }, () => ({ inspections }));
  Object.assign(cli.exchanges.get("gh/tcu")!, { find: exchange.find.bind(exchange), words: exchange.words.bind(exchange) });
}); // prettier-ignore
afterAll(() => world.close());

async function as(role: Role | undefined, ...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  cli.caller = role === undefined ? undefined : makeCaller(role, { roles: new Set([role]), handlingUpTo: "H1", provedAt: now });
  return await cli.run("inspection", ...args);
} // prettier-ignore

const wish = ["ask", "--ground", "COMPLAINT", "--reference", "DPA/7"];

describe("atumpan inspection", () => {
  it("asks, is consented to, reads, closes and reports; each by the one who may", async () => {
    const asked = await as("inspector", ...wish, "--message", open, strict);
    expect([asked.code, asked.out]).toEqual([
      0,
      expect.stringMatching(/asked for[^]*DPA\/7[^]*atumpan inspection consent/),
    ]);
    const [, id = ""] = /consent (\S+)/.exec(asked.out) ?? [];
    expect((await as("inspector", "read", id, open)).err).toContain("INSPECTION_NOT_OPEN");
    expect((await as("inspector", "consent", id)).err).toContain("ROLE_MISSING");
    expect((await as("approver", "consent", id)).out).toContain("open");
    const shown = await as("inspector", "show", id);
    expect(shown.out).toMatch(/can be read[^]*above your ceiling/);
    const read = await as("inspector", "read", id, open, "--lang", "fr");
    expect([read.code, read.out]).toEqual([0, expect.stringContaining("Seals that do not match")]);
    expect((await as("inspector", "read", id, strict)).err).toContain("NOT_FOUND");
    expect((await as("officer", "read", id, open)).err).toContain("ROLE_MISSING");
    const closed = await as("inspector", "close", id, "--finding", "KEPT_TOO_LONG:1", "OTHER", "--note", "since May");
    expect([closed.code, closed.out]).toEqual([0, expect.stringMatching(/closed[^]*1\/2/)]);
    expect((await as("auditor", "report", id, "--out", "report.json")).code).toBe(0);
    const { statement } = JSON.parse(readFileSync(join(cli.dir, "report.json"), "utf8")) as { statement: string };
    expect(JSON.parse(statement)).toMatchObject({ inspection: id, read: 1, findings: [{ code: "KEPT_TOO_LONG", place: 1 }, { code: "OTHER" }] });
    expect(statement).not.toContain("since May");
    expect((await as("approver", "list")).out).toContain(id);
  }); // prettier-ignore

  it("a sample gets a nonce of its own, and can be refused", async () => {
    const period = ["--from", "2026-03-01T00:00:00Z", "--to", "2026-03-09T00:00:00Z", "--count", "5"];
    const asked = await as("inspector", "ask", "--ground", "SAMPLE", "--reference", "DPA/8", ...period);
    const [, id = ""] = /consent (\S+)/.exec(asked.out) ?? [];
    expect(world.reader.store.inspections.get(id)?.content).toMatch(/"nonce":"[0-9a-f]{64}"/);
    // the token stands for nobody's consent but where no person could give it
    expect((await as(undefined, "end", id)).out).toContain("refused");
  }); // prettier-ignore

  it.each([
    [[...wish], 3, "REQUEST_INVALID"],
    [["ask", "--ground", "WHIM", "--reference", "7", "--thread", "x"], 2, "USAGE_INVALID"],
    [["close", "ID", "--finding", "BORING"], 2, "USAGE_INVALID"],
    [["close", "ID", "--finding", "OTHER:0"], 2, "USAGE_INVALID"],
    [["show", "0190aaaa-0000-7000-8000-000000000000"], 5, "NOT_FOUND"],
  ])("%j is refused", async (args, code, says) => {
    const { err, ...ended } = await as("inspector", ...args);
    expect([ended.code, err]).toEqual([code, expect.stringContaining(says)]);
  });
});
