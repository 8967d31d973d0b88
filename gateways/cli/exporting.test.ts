import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, it } from "vitest";

import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { type ExportDesk, makeExportDesk } from "../exports/index.ts";
import { makeOnwardDesk } from "../onward/index.ts";
import { silentLog } from "../../schemas/ground/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let desk: ExportDesk;
let cli: CliWorld;
let open: string;
let strict: string;

beforeAll(async () => {
  world = await makeAuditWorld(now);
  const { reader } = world;
  open = await world.receive(bulletin);
  strict = await world.receive({ ...alert, handling: "H2" });
  const watchers = makeWatchers(reader.store, silentLog);
  const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
  const isKnown = (name: string): boolean => reader.register().agency(name) !== undefined;
  const onward = makeOnwardDesk(reader);
  desk = makeExportDesk({ ...reader, exchange, onward, isKnown });
  const directory = { agencies: () => [], servedRecs: () => ["ecowas"] };
  cli = makeCliWorld(["gh/tcu"], directory, () => ({ exports: desk, onward }));
});
afterAll(() => world.close());

const court = ["--country", "GH", "--body", "High Court, Accra"];
const ask = (...more: string[]) => cli.run("export", "ask", "--purpose", "INVESTIGATION", ...more);

it("a file for a court holds what may go to it, says what was withheld and why, and is what was measured", async () => {
  const asked = await ask(...court, "--fields", "id", "type");
  expect([asked.code, asked.out]).toEqual([
    0,
    expect.stringMatching(/READY[^]*2 messages[^]*High Court, Accra, GH, INVESTIGATION/),
  ]);
  const [, id = ""] = /export get (\S+)/.exec(asked.err) ?? [];
  const got = await cli.run("export", "get", id, "--out", "list.csv");
  expect([got.code, got.out]).toEqual([
    0,
    expect.stringMatching(/1 messages in it; withheld: 1 CONSENT/),
  ]);
  const text = readFileSync(join(cli.dir, "list.csv"));
  expect([text.includes(open), text.includes(strict)]).toEqual([true, false]);
  expect(got.out).toContain(createHash("sha256").update(text).digest("hex"));
  expect((await cli.run("export", "ls")).out).toContain(id);
  expect((await cli.run("export", "show", id)).out).toContain("withheld: 1 CONSENT");
}, 60_000);

it("content waits for an approver, who is not the one who asked; before that there is no file", async () => {
  const asked = await ask(...court, "--fields", "id", "body", "--format", "ndjson");
  const [, id = ""] = /export agree (\S+)/.exec(asked.err) ?? [];
  expect(asked.code).toBe(9);
  const early = await cli.run("export", "get", id, "--out", "early.ndjson");
  expect([
    early.code,
    /EXPORT_NOT_READY/.test(early.err),
    existsSync(join(cli.dir, "early.ndjson")),
  ]).toEqual([6, true, false]);
  const own = await cli.run("export", "agree", id);
  expect([own.code, own.err]).toEqual([4, expect.stringContaining("SECOND_PERSON_NEEDED")]);
  await desk.decide({
    caller: makeCaller("kofi", { roles: new Set(["approver"]) }),
    id,
    agrees: true,
  });
  expect((await cli.run("export", "get", id, "--out", "late.ndjson")).code).toBe(0);
  expect(readFileSync(join(cli.dir, "late.ndjson"), "utf8").trim().split("\n")).toHaveLength(1);
}, 60_000);

it.each([
  [["--fields", "id"], 2, "USAGE_INVALID"],
  [["--to", "gh/tcu", ...court, "--fields", "id"], 2, "USAGE_INVALID"],
  [["--country", "GH", "--fields", "id"], 2, "USAGE_INVALID"],
  [["--to", "zz/none", "--fields", "id"], 5, "AGENCY_UNKNOWN"],
  [["--to", "gh/tcu", "--fields", "raw"], 3, "REQUEST_INVALID"],
])("who it is for, and what of it, is said once and exists: %j", async (args, code, says) => {
  const { err, ...ended } = await ask(...args);
  expect([ended.code, err]).toEqual([code, expect.stringContaining(says)]);
}); // prettier-ignore
