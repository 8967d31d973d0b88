import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseCountTable } from "../../certs/oversight/index.ts";
import type { Mandate } from "../../schemas/index.ts";
import { utf8 } from "../../schemas/ground/index.ts";
import { type Answer, type ApiWorld, makeApiWorld, start } from "../../test/kit/api-world.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { packRuns } from "../oversight/pack.ts";
import { makeOversightDesk } from "../oversight/index.ts";
import { openStore, type Store } from "../store/index.ts";

const hub = "ecowas/hub";
const origin = "atumpan/ecowas/hub";
let dir: string;
let store: Store;
let world: ApiWorld;
let size = 0;

/** As many entries as that, one after another, of one crime on one day. */
function count(day: string, crime: string, entries: number): void {
  const cell = { day, kind: "FEED", rec: "ecowas", crime, handling: "h1", family: "alert", type: "incident", country: "gh", act: "" };
  const open = store.oversight.open(origin, cell);
  store.oversight.close({ ...open, packed: packRuns([[size, size + entries - 1]], open.until), until: size + entries });
  size += entries;
} // prettier-ignore

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "oversight-api-"));
  const clock = makeStillClock(start);
  store = openStore(join(dir, "store.db"), {}, clock);
  const desk = makeOversightDesk({
    agency: "ecowas/oversight",
    store,
    clock,
    hub: () => hub,
    register: () => ({ recs: ["ecowas"], mandates }),
  });
  world = makeApiWorld({ oversight: desk });
  expect((await world.ask("/v1/oversight/counts")).status).toBe(404);
  await store.write(() => {
    const log = { hub, origin, size: 60, edge: [], note: utf8("=note\n"), since: start, at: start, isHalted: false };
    store.oversight.put(log);
    for (const [day, crime, entries] of [["2026-01-10", "drugs", 20], ["2026-02-03", "drugs", 9], ["2026-02-04", "tip", 3], ["2026-02-28", "ivory", 12], ["2026-03-01", "drugs", 16]] as const) count(day, crime, entries);
  }); // prettier-ignore
});
afterAll(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

/** It may read figures, and bulletins until yesterday and alerts from today on. */
function mandates(agency: string, action: string, scope: string): readonly Mandate[] {
  if (agency !== "ecowas/oversight" || action !== "READ") return [];
  const line = { agency, action, scope, crimes: ["*"], handlingUpTo: "H0", from: 0 };
  const ended = { ...line, types: ["bulletin.*"], until: start - 1 };
  return scope === "direct" ? [{ ...line, types: ["key.*", "alert.*"] }] : [ended, { ...line, types: ["statistics.*", "tip.statistics"] }];
} // prettier-ignore

const counts = (query: string): Promise<Answer> => world.ask(`/v1/oversight/counts?${query}`);
const give = (wish: unknown): Promise<Answer> =>
  world.ask("/v1/oversight:export", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(wish) }); // prettier-ignore
const february = { from: "2026-02-01", until: "2026-03-01" };

describe("GET /v1/oversight/counts", () => {
  it("tells how many, and where they stand", async () => {
    const { status, json } = await counts("by=crime&from=2026-02-01&until=2026-03-01");
    expect(status).toBe(200);
    expect(json).toMatchObject({ log: origin, size: 60, checkpoint: "=note\n", by: ["crime"], smallest: 0, ...february });
    const rows = (json["rows"] as { of: object; count: number; positions: { runs: unknown } }[]).map(({ of, count: number, positions }) => [of, number, positions.runs]);
    expect(rows).toEqual([[{ crime: "drugs" }, 9, [[20, 28]]], [{ crime: "ivory" }, 12, [[32, 43]]], [{ crime: "tip" }, 3, [[29, 31]]]]);
    expect((await counts("by=month,crime")).text).toContain('{"of":{"month":"2026-01","crime":"drugs"},"count":20');
    expect((await counts("")).json["by"]).toEqual(["month", "rec", "crime", "type"]);
  }); // prettier-ignore

  it.each(["by=who", "by=crime,crime", "by=", "from=2026", "from=2026-02-30", "positions=few", "also=1", "by=crime&by=kind"])("refuses %s", async (query) => {
    expect(await counts(query)).toMatchObject({ status: 400, json: { code: "REQUEST_INVALID" } });
  }); // prettier-ignore

  it("knows no other log, and nothing where it is no seat", async () => {
    expect(await counts("log=atumpan/sadc/hub")).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
    for (const path of ["/v1/oversight/counts", "/v1/oversight/figures"]) {
      expect(await makeApiWorld().ask(path)).toMatchObject({ status: 404, json: { code: "NOT_FOUND" } });
    }
  }); // prettier-ignore
});

describe("GET /v1/oversight/figures", () => {
  it("tells nothing where nobody told figures, and refuses what it does not know", async () => {
    expect((await world.ask("/v1/oversight/figures")).json).toMatchObject({ rows: [], sources: [], left: [], readsMore: ["alert.*"], log: { origin, size: 60 } });
    for (const query of ["type=alert.incident", "by=agency", "from=x", "also=1"]) {
      expect((await world.ask(`/v1/oversight/figures?${query}`)).status).toBe(400);
    }
  }); // prettier-ignore
});

describe("POST /v1/oversight:export", () => {
  it("withholds small counts and another with them, in either form, and names the digest", async () => {
    const wish = { what: "counts", ...february, by: ["crime"] };
    const file = await give({ ...wish, format: "json" });
    const table = parseCountTable(file.bytes);
    expect([table.smallest, table.rows.map(({ of, count: number }) => [of["crime"], number])]).toEqual([5, [["drugs", undefined], ["ivory", 12], ["tip", undefined]]]);
    expect(table.rows[0]).toEqual({ of: { crime: "drugs" } });
    expect(file.headers.get("repr-digest")).toBe(`sha-256=:${createHash("sha256").update(file.bytes).digest("base64")}:`);
    const lines = (await give({ ...wish, format: "csv" })).text.split("\r\n");
    expect(lines.slice(1, 4).map((line) => line.split(",").slice(0, 4).join(" "))).toEqual(['"FIGURE" "drugs" "<5" ""', '"FIGURE" "ivory" "12" "32-43"', '"FIGURE" "tip" "<5" ""']);
    // nothing in it is a formula
    expect(lines[4]).toContain(`"'=note`);
  }); // prettier-ignore

  it("of what figures do not tell says that they do not", async () => {
    const { json } = await give({ what: "sdg", ...february, format: "json" });
    expect(json).toMatchObject({ format: "atumpan-oversight-sdg/1", seat: "ecowas/oversight", rows: [], log: { origin } });
    expect((json["missing"] as { indicator: string }[]).map(({ indicator }) => indicator)).toEqual(["16.1.1", "16.2.2", "16.3.2", "16.4.2"]);
    expect((await give({ what: "tipnet", ...february, format: "csv" })).text).toContain('"LOG","atumpan/ecowas/hub","60"');
  }); // prettier-ignore

  it.each<[string, object, string]>([
    ["a time that is not over", { until: "2026-04-01" }, "REQUEST_INVALID"],
    ["a part of a month", { until: "2026-02-15" }, "REQUEST_INVALID"],
    ["a time that ends before it begins", { from: "2026-03-01", until: "2026-02-01" }, "REQUEST_INVALID"],
    ["a form it does not have", { format: "xml" }, "REQUEST_INVALID"],
    ["a thing twice", { by: ["crime", "crime"] }, "REQUEST_INVALID"],
    ["counts by population", { population: "country,sex,age,persons\n" }, "REQUEST_INVALID"],
    ["a population that is none", { what: "sdg", by: undefined, population: "x" }, "OVERSIGHT_FILE_INVALID"],
    ["a field more", { also: 1 }, "REQUEST_INVALID"],
  ])("refuses %s, and gives nothing", async (...row) => {
    const answer = await give({ what: "counts", ...february, by: ["crime"], format: "json", ...row[1] });
    expect([answer.json["code"], answer.headers.get("repr-digest")]).toEqual([row[2], null]);
  }); // prettier-ignore
});
