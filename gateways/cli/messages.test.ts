import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { fieldLabel, languages, messageTypes } from "../../schemas/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";

let world: CliWorld;
let ng: MemoryExchange;

beforeEach(() => {
  world = makeCliWorld(["ng/tcu", "gh/tcu"], makeCoastDirectory(["ecowas"]));
  ng = world.exchanges.get("ng/tcu")!;
});

/** A filled-in message in the folder. */
async function writeExample(type = "maritime.incident"): Promise<string> {
  const { out } = await world.run("message", "new", "--type", type);
  writeFileSync(join(world.dir, "message.json"), out);
  return "message.json";
}

describe("message new, validate and send", () => {
  it.each(messageTypes)(
    "a new %s is sent by the agency of its example as it stands: its id on standard output, exit 0",
    async (type) => {
      const { originator } = exampleOf(type);
      world = makeCliWorld([originator], makeCoastDirectory(["ecowas"]));
      const sent = await world.run("--as", originator, "message", "send", await writeExample(type));
      expect(sent).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^[0-9a-f-]{36}\n$/) as unknown,
      });
      expect(sent.err).toContain(`Saved at ${originator}`);
      const { items } = world.exchanges.get(originator)!.list({ box: "out", limit: 9 });
      expect(items[0]).toMatchObject({ type, status: "EXERCISE" });
    },
  );

  it("a new message has the example's moments, moved to now", async () => {
    const { out } = await world.run("message", "new", "--type", "alert.incident");
    expect(out).not.toContain("2026-11-18");
    expect(JSON.parse(out)).toMatchObject({ body: { occurredFrom: "2026-03-06T06:35:00.000Z" } });
  });

  it("a new answer keeps the id of what it answers, in both places", async () => {
    const { out } = await world.run("message", "new", "--type", "control.feedback");
    const { inReplyTo, body } = JSON.parse(out) as Record<string, Record<string, string>>;
    expect(body?.["warningId"]).toBe(inReplyTo);
  });

  it("a type that is none: exit 3, and nothing is printed", async () => {
    const { code, out, err } = await world.run("message", "new", "--type", "alert.newer");
    expect([code, out]).toEqual([3, ""]);
    expect(err).toMatch(/Code SCHEMA_UNKNOWN_TYPE/);
  });

  it("validate says who would read it and stores nothing", async () => {
    const found = await world.run("--as", "ng/tcu", "message", "validate", await writeExample());
    expect(found).toMatchObject({ code: 0, out: "Valid: 900 bytes, read by gh/moc\n" });
    expect(ng.stored).toBe(0);
  });

  /** The example with another method of attack. */
  async function writeWrong(): Promise<string> {
    const file = await writeExample();
    const text = readFileSync(join(world.dir, file), "utf8");
    writeFileSync(join(world.dir, file), text.replace('"BOARDED"', '"FLYING"'));
    return file;
  }

  it("validate tells each wrong field with its pointer: exit 3", async () => {
    const found = await world.run("--as", "ng/tcu", "message", "validate", await writeWrong());
    expect(found.code).toBe(3);
    expect(found.out).toMatch(/^\/body\/method {2}.*SCHEMA_CODE_UNKNOWN/);
  });

  it("validate tells it in the language asked for, with the field's name and the list", async () => {
    const file = await writeWrong();
    const lines = new Set<string>();
    for (const lang of languages) {
      const found = await world.run("--as", "ng/tcu", "message", "validate", file, "--lang", lang);
      expect(found.code).toBe(3);
      expect(found.out).toMatch(/^\/body\/method {2}.*\(SCHEMA_CODE_UNKNOWN\)\n$/);
      lines.add(found.out);
    }
    expect(lines.size).toBe(languages.length);
    expect([...lines].join("")).toContain(fieldLabel("method", "fr", "MaritimeIncident"));
    expect([...lines].join("")).toContain("[ATTACK_METHOD]");
  });

  it("a language that is none of ours: exit 2", async () => {
    const file = await writeWrong();
    const found = await world.run("--as", "ng/tcu", "message", "validate", file, "--lang", "de");
    expect([found.code, /USAGE_INVALID/.test(found.err)]).toEqual([2, true]);
  });

  it("the same file sent twice is one message; --new makes another", async () => {
    const file = await writeExample();
    const first = await world.run("--as", "ng/tcu", "message", "send", file);
    const again = await world.run("--as", "ng/tcu", "message", "send", file);
    expect(again).toMatchObject({ code: 0, out: first.out });
    expect(again.err).toMatch(/nothing new was stored/);
    const other = await world.run("--as", "ng/tcu", "message", "send", "--new", file);
    expect(other.out).not.toBe(first.out);
    expect(ng.stored).toBe(2);
  });

  it("saved while the link is down: exit 7 and nothing to be done", async () => {
    ng.linkUp = false;
    const sent = await world.run("--as", "ng/tcu", "message", "send", await writeExample());
    expect(sent).toMatchObject({
      code: 7,
      out: expect.stringMatching(/^[0-9a-f-]{36}\n$/) as unknown,
    });
    expect(ng.stored).toBe(1);
  });

  it("the same key with another file is a conflict: exit 6", async () => {
    await world.run("--as", "ng/tcu", "message", "send", "--key", "k", await writeExample());
    const file = await writeExample("bulletin.red_flag");
    const sent = await world.run("--as", "ng/tcu", "message", "send", "--key", "k", file);
    expect(sent).toMatchObject({ code: 6, out: "" });
    expect(sent.err).toMatch(/IDEMPOTENCY_KEY_REUSED.*--new/);
  });

  it("a file that is no JSON is refused before anything is asked: exit 3", async () => {
    writeFileSync(join(world.dir, "bad.json"), "{");
    world.onRequest = () => expect.unreachable("nothing is asked");
    expect(await world.run("--as", "ng/tcu", "message", "send", "bad.json")).toMatchObject({
      code: 3,
    });
  });

  it("--quiet says nothing but the result, and --json is one object", async () => {
    const file = await writeExample();
    expect((await world.run("--quiet", "--as", "ng/tcu", "message", "send", file)).err).toBe("");
    const { out } = await world.run("message", "send", file, "--json", "--as", "ng/tcu");
    expect(JSON.parse(out)).toMatchObject({ created: false, linkUp: true });
  });
});
