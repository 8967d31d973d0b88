import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";

const fixtures = join(import.meta.dirname, "../formats/goaml/fixtures");
let world: CliWorld;

beforeEach(() => {
  world = makeCliWorld(["ng/fiu", "gh/fiu"], makeCoastDirectory(["ecowas"]));
});

function put(name: string, content: string): string {
  writeFileSync(join(world.dir, name), content);
  return name;
}

function fixture(name: string): string {
  copyFileSync(join(fixtures, name), join(world.dir, name));
  return name;
}

describe("import goaml", () => {
  it.each([
    ["str-bi-party.xml", "base", "goaml/5.0.1/"],
    ["lk-str.xml", "lk", "lk"],
    ["np-strh.xml", "np", "np"],
  ])(
    "T21, T22: %s becomes a report with its local codes beside ours",
    async (name, dialect, scheme) => {
      world.onRequest = () => expect.unreachable("nothing is asked");
      const args = ["import", "goaml", fixture(name), "--dialect", dialect, "--to", "gh/fiu"];
      const { out, code } = await world.run(...args);
      expect(code).toBe(0);
      const made: { body: { localKind: { scheme: string }; kind: string } } = JSON.parse(out);
      expect(made).toMatchObject({
        type: "fiu.report",
        recipients: ["gh/fiu"],
        status: "EXERCISE",
      });
      expect(made.body.localKind.scheme).toContain(scheme);
      expect(made.body.kind).toMatch(/^[A-Z_]+$/);
    },
  );

  it("what is printed is valid as it stands", async () => {
    const args = ["import", "goaml", fixture("str-bi-party.xml"), "--to", "gh/fiu"];
    const { out } = await world.run(...args);
    const { code } = await world.run("--as", "ng/fiu", "message", "validate", put("m.json", out));
    expect(code).toBe(0);
  });

  it("a report that is sent is ACTUAL, and the same file is the same message", async () => {
    const args = [
      "--as",
      "ng/fiu",
      "import",
      "goaml",
      fixture("str-bi-party.xml"),
      "--to",
      "gh/fiu",
      "--send",
    ];
    const first = await world.run(...args);
    const second = await world.run(...args);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(second.out).toBe(first.out);
  });

  it.each([
    ["an entity of its own", '<!DOCTYPE report [<!ENTITY a "b">]><report>&a;</report>'],
    ["something that is no XML", "PK\u0003\u0004"],
    ["another document", "<html></html>"],
  ])("T-10: a file with %s is refused by its code, and nothing is sent", async (_, text) => {
    world.onRequest = () => expect.unreachable("nothing is asked");
    const args = ["import", "goaml", put("bad.xml", text), "--to", "gh/fiu", "--send"];
    const { err, code } = await world.run(...args);
    expect(code).not.toBe(0);
    expect(err).toMatch(/Code (?:XML|GOAML)_[A-Z_]+/);
  });

  it("a file that is not there is said to be unreadable", async () => {
    const { err, code } = await world.run("import", "goaml", "none.xml", "--to", "gh/fiu");
    expect([code === 0, err.includes("IMPORT_FILE_UNREADABLE")]).toEqual([false, true]);
  });
});

describe("import htcds", () => {
  const office = {
    caseRef: "MW-TIP-1", personRef: "V-17", lang: "en", branch: "POLICE", justiceStage: "REPORTED",
    movement: "CROSS_BORDER", ageBand: "ADULT", consent: {}, toAgency: "mw/welfare",
    toRole: "SOCIAL_WELFARE", referralStage: "OFFERED",
  }; // prettier-ignore

  it("T15: a record becomes the bodies it gives rise to", async () => {
    const record = put(
      "r.json",
      JSON.stringify({ cas_Status: "Active", vic_TraffickingStatus: "Possible" }),
    );
    const said = put("o.json", JSON.stringify(office));
    const { out, code } = await world.run("import", "htcds", record, "--office", said);
    expect(code).toBe(0);
    expect(Object.keys(JSON.parse(out) as object)).toContain("tip.case");
  });

  it("what the office has not said is asked for by name", async () => {
    const record = put("r.json", "{}");
    const { caseRef: _, ...rest } = office;
    const said = put("o.json", JSON.stringify(rest));
    const { err, code } = await world.run("import", "htcds", record, "--office", said);
    expect(code).not.toBe(0);
    expect(err).toContain("caseRef");
  });
});

describe("the fixtures", () => {
  it("are our own: no file of them names a real schema location", () => {
    expect(readFileSync(join(fixtures, "lk-str.xml"), "utf8")).not.toMatch(/unodc|un\.org/i);
  });
});
