import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { faultSentence, languages, messageTypes, wordLabel } from "../../schemas/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";

let world: CliWorld;

beforeEach(() => {
  world = makeCliWorld(["ng/tcu", "gh/tcu"], makeCoastDirectory(["ecowas"]));
  world.onRequest = () => expect.unreachable("nothing is asked");
});

function write(json: unknown): string {
  writeFileSync(join(world.dir, "m.json"), typeof json === "string" ? json : JSON.stringify(json));
  return "m.json";
}

async function makeExample(type: string): Promise<Record<string, unknown>> {
  const { out } = await world.run("message", "new", "--type", type);
  return JSON.parse(out) as Record<string, unknown>;
}

describe("message explain", () => {
  it.each(messageTypes)(
    "a new %s reads as its reader will see it, without a gateway: exit 0",
    async (type) => {
      const file = write(await makeExample(type));
      const { out, code } = await world.run("message", "explain", file);
      expect([code, out.startsWith(`${wordLabel("type", "en")}: `)]).toEqual([0, true]);
    },
  );

  it.each(["target.warning", "seizure.report"] as const)("a new %s names no operation: none is known to be open", async (type) => {
    expect(exampleOf(type).body).toHaveProperty("operationId");
    expect((await makeExample(type))["body"]).not.toHaveProperty("operationId");
  }); // prettier-ignore

  it("says it in each language, and by the clock asked for", async () => {
    const file = write(await makeExample("alert.incident"));
    const texts = new Set<string>();
    for (const lang of languages) {
      const args = ["message", "explain", file, "--lang", lang, "--zone", "Africa/Tunis"];
      const { out, code } = await world.run(...args);
      expect([code, out.includes("06:35 UTC, 07:35 Africa/Tunis")]).toEqual([0, true]);
      texts.add(out);
    }
    expect(texts.size).toBe(languages.length);
  });

  it("tells every fault at once, in the language asked for: exit 3", async () => {
    const { crimes: _, body, ...rest } = await makeExample("alert.incident");
    const wrong = { ...Object(body), kind: "flying", caseRef: 7 } as object;
    const file = write({ ...rest, handling: "H9", body: wrong });
    const english = await world.run("message", "explain", file);
    expect(english.code).toBe(3);
    const lines = english.out.trimEnd().split("\n");
    expect(lines.map((line) => /^(\S+) {2}.*\((\w+)\)$/.exec(line)?.slice(1))).toEqual([
      ["/handling", "SCHEMA_CODE_UNKNOWN"],
      ["/crimes", "SCHEMA_FIELD_MISSING"],
      ["/body/caseRef", "SCHEMA_FIELD_TYPE"],
      ["/body/kind", "SCHEMA_CODE_UNKNOWN"],
    ]);
    const arabic = await world.run("message", "explain", file, "--lang", "ar");
    expect(arabic.out).toContain("(SCHEMA_FIELD_MISSING)");
    expect(arabic.out).not.toContain(faultSentence("SCHEMA_FIELD_MISSING", "en"));
    expect(arabic.out).not.toContain("flying");
    const json = await world.run("--json", "message", "explain", file);
    expect(JSON.parse(json.out)).toMatchObject({ valid: false, problems: { length: 4 } });
  });

  it("whose record it is counts when the sender is named, by --as, --context or the environment", async () => {
    const file = write(await makeExample("record.stolen_vehicle"));
    expect((await world.run("message", "explain", file)).code).toBe(0);
    expect((await world.run("--as", "ng/tcu", "message", "explain", file)).code).toBe(0);
    for (const option of ["--as", "--context"]) {
      const { code, out } = await world.run(option, "gh/tcu", "message", "explain", file);
      expect([code, out.includes("RULE_RECORD_NOT_BY_REGISTRAR")]).toEqual([3, true]);
    }
  });

  it("says what a fault code means, in each language", async () => {
    const said = new Set<string>();
    for (const lang of languages) {
      const { out, code } = await world.run("message", "explain", "CERT_REVOKED", "--lang", lang);
      expect(code).toBe(0);
      said.add(out);
    }
    expect(said.size).toBe(languages.length);
    expect(said).toContain(`${faultSentence("CERT_REVOKED", "en")}\n`);
    const json = await world.run("--json", "message", "explain", "RULE_REPLY_WITHOUT_REQUEST");
    expect(JSON.parse(json.out)).toMatchObject({ code: "RULE_REPLY_WITHOUT_REQUEST" });
  });

  it("no words of a sender look like a line of ours", async () => {
    const example = await makeExample("bulletin.red_flag");
    const line0 = `${wordLabel("type", "en")}: `;
    const title = { text: `Fish\n${line0}none\u2028${line0}none`, lang: "en" };
    const file = write({ ...example, body: { ...Object(example["body"]), title } as object });
    const { out } = await world.run("message", "explain", file);
    expect(out.split(/[\n\u2028]/).filter((line) => line.startsWith(line0))).toHaveLength(1);
  });

  it("reads standard input", async () => {
    const { code, out } = await world.run("message", "explain", "-");
    expect([code, out.includes("SCHEMA_UNKNOWN_TYPE")]).toEqual([3, true]);
  });

  it.each([
    ["a file that is not there", ["none.json"], 2, /USAGE_INVALID/],
    ["a code that is none", ["RULE_NOT_THERE"], 2, /USAGE_INVALID/],
    ["a zone that is none", ["CERT_REVOKED", "--zone", "Mars"], 2, /USAGE_INVALID/],
    ["a language that is none of ours", ["CERT_REVOKED", "--lang", "xx"], 2, /USAGE_INVALID/],
    ["a file that is no JSON", ["m.json"], 3, /JSON_MALFORMED/],
  ] as const)("%s is refused", async (...[, args, exit, says]) => {
    write("{");
    const { code, err, out } = await world.run("message", "explain", ...args);
    expect([code, says.test(err), out]).toEqual([exit, true, ""]);
  });

  it.each([
    [],
    null,
    7,
    "text",
    {},
    { type: 1 },
    { type: "alert.incident" },
    { type: "__proto__" },
  ])("%j in place of a message is explained: exit 3", async (json) => {
    const file = write(JSON.stringify(json));
    const { code, out } = await world.run("message", "explain", file);
    expect([code, /\(SCHEMA_\w+\)\n$/.test(out)]).toEqual([3, true]);
  });
});

describe("what explain passes", () => {
  it("a gateway passes too, when the agency of the example asks", async () => {
    for (const type of messageTypes) {
      const { originator } = exampleOf(type);
      const one = makeCliWorld([originator], makeCoastDirectory(["ecowas"]));
      const { out } = await one.run("message", "new", "--type", type);
      writeFileSync(join(one.dir, "m.json"), out);
      expect((await one.run("--as", originator, "message", "explain", "m.json")).code).toBe(0);
      const found = await one.run("--as", originator, "message", "validate", "m.json");
      expect([type, found.code]).toEqual([type, 0]);
    }
  });
});
