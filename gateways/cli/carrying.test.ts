import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type CarryDesk, makeCarryDesk } from "../carry/index.ts";
import { submit } from "../exchange/submit.ts";
import { makeParts } from "../../test/kit/carry-world.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { bulletin, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const agencies = ["ng/tcu", "gh/tcu"] as const;
let world: GatewayWorld;
let cli: CliWorld;
let offices: Map<string, MadeOffice>;
let desks: CarryDesk[];

beforeAll(async () => {
  world = await makeGatewayWorld(agencies, { now });
});

beforeEach(async () => {
  offices = new Map(agencies.map((agency) => [agency, makeOffice(world, agency)]));
  desks = [];
  const directory = { agencies: () => [], servedRecs: () => [] };
  cli = makeCliWorld(agencies, directory, (agency) => {
    const office = offices.get(agency)!;
    const parts = { ...makeParts(office), registerBytes: () => world.register };
    const carry = makeCarryDesk({ office, parts, dir: office.dir });
    desks.push(carry);
    return { carry };
  });
  mkdirSync(join(cli.dir, "stick"));
  await submit(offices.get("ng/tcu")!, bulletin, "a");
});

afterEach(async () => {
  for (const desk of desks) await desk.stop();
  for (const office of offices.values()) office.close();
});

const stick = (): readonly string[] => readdirSync(join(cli.dir, "stick"));

describe("atumpan carry", () => {
  it("export writes a file under a name that says nothing; import takes it in, again without a change", async () => {
    const written = await cli.run("--as", "ng/tcu", "carry", "export", "--to", "gh/tcu", "--out", "stick");
    expect(written).toMatchObject({ code: 0, err: "" });
    expect(written.out).toContain("for gh/tcu: 1 messages, 0 receipts, the register");
    expect(stick()).toEqual([expect.stringMatching(/^[A-Z2-9]{8}\.ATC$/)]);
    const file = join("stick", stick()[0]!);
    const looked = await cli.run("--as", "gh/tcu", "carry", "verify", file);
    expect(looked.code).toBe(0);
    expect(looked.out).toContain("good, from ng/tcu, written 2026-03-09T14:05:00.000Z");
    const taken = await cli.run("--as", "gh/tcu", "--json", "carry", "import", file);
    expect(taken.code).toBe(0);
    expect(JSON.parse(taken.out)).toMatchObject({ added: 1, known: 0, quarantined: 0 });
    const again = await cli.run("--as", "gh/tcu", "carry", "import", file);
    expect(again.out).toContain("0 messages new, 1 already here, 0 in quarantine");
  }); // prettier-ignore

  it("import and verify of a bad file say why, each with its exit code", async () => {
    await cli.run("--as", "ng/tcu", "carry", "export", "--to", "gh/tcu", "--out", "stick/a.atc");
    const bytes = readFileSync(join(cli.dir, "stick/a.atc"));
    writeFileSync(join(cli.dir, "stick/cut.atc"), bytes.subarray(0, -1));
    expect(await cli.run("--as", "gh/tcu", "carry", "verify", "stick/cut.atc")).toMatchObject({ code: 8 });
    const refused = await cli.run("--as", "gh/tcu", "carry", "import", "stick/cut.atc");
    expect(refused).toMatchObject({ code: 3, out: "" });
    expect(refused.err).toContain("CARRY_INVALID");
    const foreign = await cli.run("--as", "ng/tcu", "carry", "import", "stick/a.atc");
    expect(foreign.err).toContain("CARRY_NOT_FOR_US");
    expect((await cli.run("--as", "gh/tcu", "carry", "import", "stick/none.atc")).code).toBe(2);
  }); // prettier-ignore

  it("export that the gateway refuses, or that finds no place, leaves no file", async () => {
    const unknown = await cli.run("--as", "ng/tcu", "carry", "export", "--to", "ml/tcu", "--out", "stick");
    expect(unknown.err).toContain("AGENCY_UNKNOWN");
    const nowhere = await cli.run("--as", "ng/tcu", "carry", "export", "--to", "gh/tcu", "--out", "none/a.atc");
    expect(nowhere.code).toBe(2);
    expect(stick()).toEqual([]);
  }); // prettier-ignore

  it("is told by message show: of ours that a file was written, of others' that no hub has it yet", async () => {
    const { receive } = cli.exchanges.get("gh/tcu")!;
    const came = receive({ carried: [{ agency: "ng/tcu", at: now }] });
    const shown = await cli.run("--as", "gh/tcu", "message", "show", came.id);
    expect(shown.out).toContain("came by a carry file of ng/tcu  2026-03-09 14:05 UTC  (waiting for the hub)");
    const both = receive({ carried: [{ agency: "ng/tcu", at: now, hubAt: now + 60_000 }] });
    expect((await cli.run("--as", "gh/tcu", "message", "show", both.id)).out).toContain("(hub 2026-03-09 14:06 UTC)");
    const ours = receive({ box: "out", state: "QUEUED", carried: [{ agency: "gh/tcu", at: now }] });
    const told = await cli.run("--as", "gh/tcu", "message", "show", ours.id);
    expect(told.out).toMatch(/written to a carry file +2026-03-09 14:05 UTC +gh\/tcu/);
  }); // prettier-ignore
});
