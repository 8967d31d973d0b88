import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { fieldLabel, languages, wordLabel } from "../../schemas/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { copyKinds, readCopy } from "../../test/kit/held-message.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";

let world: CliWorld;
let ng: MemoryExchange;
let id: string;

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
  ng = world.exchanges.get("ng/tcu")!;
  ({ id } = ng.receive({ type: "alert.incident", body: exampleOf("alert.incident").body }));
});

const nobody = "01890a5d-ac96-774b-bcce-b302099a8057";

async function writeCopy(kind: string): Promise<Buffer> {
  const made = await world.run("message", "copy", id, "--for", kind, "--out", `${kind}.copy`);
  expect(made).toMatchObject({ code: 0, err: "" });
  return readFileSync(join(world.dir, `${kind}.copy`));
}

describe("message copy", () => {
  it.each(copyKinds)("writes the %s copy to a new file of its owner's alone", async (kind) => {
    const name = kind.toLowerCase();
    const bytes = await writeCopy(name);
    expect(readCopy(bytes).type).toBe("alert.incident");
    expect(statSync(join(world.dir, `${name}.copy`)).mode & 0o777).toBe(0o600);
  });

  it("never writes over a file: exit 2", async () => {
    writeFileSync(join(world.dir, "x.copy"), "kept");
    const made = await world.run("message", "copy", id, "--for", "court", "--out", "x.copy");
    expect([made.code, /USAGE_INVALID/.test(made.err)]).toEqual([2, true]);
    expect(readFileSync(join(world.dir, "x.copy"), "utf8")).toBe("kept");
  });

  it("with --json says which file and how many bytes", async () => {
    const made = await world.run("--json", "message", "copy", id, "--for", "court", "--out", "c");
    expect(JSON.parse(made.out)).toEqual({ file: "c", bytes: statSync(join(world.dir, "c")).size });
  });

  it.each([
    ["a kind that is none", ["ID", "--for", "press", "--out", "f"], 2, /USAGE_INVALID/],
    ["a kind that leads elsewhere", ["ID", "--for", "../../../status", "--out", "f"], 2, /USAGE_INVALID/],
    ["no kind", ["ID", "--out", "f"], 2, /USAGE_INVALID/],
    ["no file", ["ID", "--for", "court"], 2, /USAGE_INVALID/],
    ["an id that is none", ["../x", "--for", "court", "--out", "f"], 2, /USAGE_INVALID/],
    ["a message that is not here", [nobody, "--for", "court", "--out", "f"], 5, /NOT_FOUND/],
    ["a folder that is not there", ["ID", "--for", "court", "--out", "no/f"], 2, /USAGE_INVALID/],
  ] as const)("%s is refused, and no file is made", async (...[, args, exit, says]) => {
    const own = args.map((arg) => (arg === "ID" ? id : arg));
    const { code, err } = await world.run("message", "copy", ...own);
    expect([code, says.test(err), existsSync(join(world.dir, "f"))]).toEqual([exit, true, false]);
  }); // prettier-ignore

  it("for an agency that it is kept from there is none: exit 3; for another there is", async () => {
    const copy = (to: string) =>
      world.run("message", "copy", id, "--for", "court", "--to", to, "--out", "f");
    const refused = await copy("sn/tcu");
    expect([refused.code, /RULE_RECIPIENT_KEPT_FROM/.test(refused.err)]).toEqual([3, true]);
    expect(existsSync(join(world.dir, "f"))).toBe(false);
    expect((await copy("sn/tcu&to=gh/tcu")).code).not.toBe(0);
    expect(await copy("gh/tcu")).toMatchObject({ code: 0 });
  });

  it("a direct message has no copy that would hide its type: exit 3", async () => {
    const { body, recipients } = exampleOf("fiu.request");
    const asked = ng.receive({ type: "fiu.request", body, recipients: recipients!, recs: [] });
    const made = await world.run("message", "copy", asked.id, "--for", "defence", "--out", "f");
    expect([made.code, /COPY_NOT_POSSIBLE/.test(made.err)]).toEqual([3, true]);
  });
});

describe("message check-copy", () => {
  it("tells whose words it is, what it shows and what it withholds, in each language", async () => {
    await writeCopy("regional");
    const texts = new Set<string>();
    for (const lang of languages) {
      const { out, code } = await world.run(
        "message",
        "check-copy",
        "regional.copy",
        "--lang",
        lang,
      );
      expect(code).toBe(0);
      expect(out).toContain("gh/tcu");
      const persons = fieldLabel("persons", lang, "AlertIncident");
      const line = out
        .split("\n")
        .find((one) => one.startsWith(persons) && one.includes(wordLabel("withheld", lang)));
      expect(line).toBeDefined();
      expect(out).not.toContain("Mensah-Example");
      expect(out).not.toMatch(/occurredFrom|caseRef|\{"/);
      texts.add(out);
    }
    expect(texts.size).toBe(languages.length);
  });

  it("shows moments by the clock asked for", async () => {
    await writeCopy("court");
    const args = ["message", "check-copy", "court.copy", "--zone", "Africa/Tunis"];
    expect((await world.run(...args)).out).toContain("12:00 UTC, 13:00 Africa/Tunis");
  });

  it("with --json is one object", async () => {
    await writeCopy("court");
    const { out } = await world.run("--json", "message", "check-copy", "court.copy");
    expect(JSON.parse(out)).toMatchObject({
      proven: true,
      id,
      createdAt: "2026-11-21T12:00:00.000Z",
      body: { caseRef: "EX-GH-TCU-2026-0117" },
    });
  });

  it("an altered copy is told as such in the person's language, with nothing it says: exit 8", async () => {
    const bytes = await writeCopy("court");
    const at = bytes.indexOf("COCAINE");
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(join(world.dir, "bad.copy"), bytes);
    const english = await world.run("message", "check-copy", "bad.copy");
    expect(english.code).toBe(8);
    expect(english.out).toMatch(/^.+ \(BODY_ROOT_MISMATCH\)\n.+\n$/);
    const french = await world.run("message", "check-copy", "bad.copy", "--lang", "fr");
    expect([french.code, french.out === english.out]).toEqual([8, false]);
    expect(french.out).not.toContain("gh/tcu");
    const json = await world.run("--json", "message", "check-copy", "bad.copy");
    expect(json.code).toBe(8);
    expect(JSON.parse(json.out)).toMatchObject({ proven: false, code: "BODY_ROOT_MISMATCH" });
  });

  it.each([
    ["a stranger's signature", "a..b", "c..b", "ENVELOPE_SIGNATURE_INVALID"],
    ["bytes that are none", "", "", "CODEC_MALFORMED"],
  ])("%s: exit 8", async (...[, from, to, code]) => {
    const bytes = await writeCopy("court");
    if (from === "") bytes.fill(0xff, 0, 8);
    else bytes.write(to, bytes.indexOf(from));
    writeFileSync(join(world.dir, "bad.copy"), bytes);
    const found = await world.run("message", "check-copy", "bad.copy");
    expect([found.code, found.out.includes(code)]).toEqual([8, true]);
  });

  it("what could not be looked at is no altered copy", async () => {
    await writeCopy("court");
    const run = (...args: string[]) => world.run("message", "check-copy", ...args);
    expect(await run("none.copy")).toMatchObject({ code: 2, out: "" });
    expect(await run("court.copy", "--zone", "Mars")).toMatchObject({ code: 2, out: "" });
    ng.failure = new Fault("STORE_WRITE_FAILED", "x");
    expect(await run("court.copy")).toMatchObject({ code: 1, out: "" });
    writeFileSync(join(world.dir, "ng-tcu.token"), "y".repeat(43));
    expect(await run("court.copy")).toMatchObject({ code: 4, out: "" });
  });
});
