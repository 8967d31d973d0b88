import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

import { messageTypes } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
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
    "a new %s is sent as it stands: its id on standard output, exit 0",
    async (type) => {
      const sent = await world.run("--as", "ng/tcu", "message", "send", await writeExample(type));
      expect(sent).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^[0-9a-f-]{36}\n$/) as unknown,
      });
      expect(sent.err).toMatch(/Saved at ng\/tcu/);
      expect(ng.list({ box: "out", limit: 9 }).items[0]?.type).toBe(type);
    },
  );

  it("validate says who would read it and stores nothing", async () => {
    const found = await world.run("--as", "ng/tcu", "message", "validate", await writeExample());
    expect(found).toMatchObject({ code: 0, out: "Valid: 900 bytes, read by gh/moc\n" });
    expect(ng.stored).toBe(0);
  });

  it("validate tells each wrong field with its pointer: exit 3", async () => {
    const file = await writeExample();
    const text = readFileSync(join(world.dir, file), "utf8").replace('"APPROACH"', '"FLYING"');
    writeFileSync(join(world.dir, file), text);
    const found = await world.run("--as", "ng/tcu", "message", "validate", file);
    expect(found.code).toBe(3);
    expect(found.out).toMatch(/^\/method {2}.*SCHEMA_CODE_UNKNOWN/);
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

describe("message ls, show; inbox ls; status; contexts", () => {
  it("lists as many as wanted over as many pages as that takes", async () => {
    for (let n = 0; n < 250; n += 1) ng.receive({});
    const { out, code } = await world.run(
      "--as",
      "ng/tcu",
      "--json",
      "inbox",
      "ls",
      "--limit",
      "240",
    );
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ items: { length: 240 } });
  });

  it("an empty list is a sentence", async () => {
    expect(await world.run("--as", "ng/tcu", "message", "ls")).toMatchObject({
      code: 0,
      out: "No messages.\n",
    });
  });

  it("no control character of a message reaches the terminal through a list", async () => {
    ng.receive({ type: "x\u001b[2J\ny" });
    expect((await world.run("--as", "ng/tcu", "inbox", "ls")).out).toMatch(/x \[2J y/);
  });

  it("shows a message of ours in words with its ladder and whom it has not reached", async () => {
    const { out: id } = await world.run("--as", "ng/tcu", "message", "send", await writeExample());
    const stored = ng.find(id.trim())!;
    Object.assign(stored, {
      state: "ACCEPTED",
      audience: ["gh/moc", "tg/moc"],
      ladder: [
        {
          kind: "ACCEPTED",
          by: "ecowas/hub",
          at: stored.storedAt,
          channel: "c",
          stream: "FEED_ECOWAS",
          sequence: 4,
        },
        { kind: "DELIVERED", by: "gh/moc", at: stored.storedAt, channel: "c" },
      ],
    });
    const { out, code } = await world.run("--as", "ng/tcu", "message", "show", id.trim());
    expect(code).toBe(0);
    expect(out).toMatch(/type of message: /);
    expect(out).toMatch(/accepted +2026-03-09 14:05 UTC +ecowas\/hub +c +FEED_ECOWAS no\. 4/);
    expect(out).toMatch(/not yet delivered to: tg\/moc/);
    const french = await world.run("--as", "ng/tcu", "message", "show", id.trim(), "--lang", "fr");
    expect(french.out).toMatch(/pas encore remis à: tg\/moc/);
  });

  it("a message that could not be proved is shown as such: exit 8", async () => {
    const { id } = ng.receive({ state: "QUARANTINED", code: "CERT_REVOKED" });
    const shown = await world.run("--as", "ng/tcu", "message", "show", id);
    expect(shown).toMatchObject({ code: 8, out: expect.stringMatching(/NOT VERIFIED/) as unknown });
  });

  it("a message that is not here: exit 5", async () => {
    const id = "01890a5d-ac96-774b-bcce-b302099a8057";
    expect(await world.run("--as", "ng/tcu", "message", "show", id)).toMatchObject({
      code: 5,
      out: "",
    });
  });

  it("status tells the link and what waits", async () => {
    ng.linkUp = false;
    const { out, code } = await world.run("--as", "ng/tcu", "status");
    expect(code).toBe(0);
    expect(out).toMatch(/link +down/);
  });

  it("contexts are listed without asking any gateway, from a folder below too", async () => {
    world.onRequest = () => expect.unreachable("nothing is asked");
    expect((await world.run("contexts")).out).toMatch(/^ng\/tcu {2}http:\/\/127\.0\.0\.1:7400\n/);
  });
});

describe("message watch", () => {
  it("prints what happens and stops after --count", async () => {
    world.onRequest = () => void setImmediate(() => ng.receive({}));
    const { out, code } = await world.run("--as", "ng/tcu", "inbox", "watch", "--count", "1");
    expect(code).toBe(0);
    expect(out).toMatch(/^← [0-9a-f-]{36} {2}VERIFIED\n$/);
  });

  it("connects again when the gateway goes away, and says so", async () => {
    let tries = 0;
    world.onRequest = () => {
      tries += 1;
      if (tries < 3) throw new TypeError("fetch failed");
      setImmediate(() => ng.receive({}));
    };
    const { err, code } = await world.run("--as", "ng/tcu", "message", "watch", "--count", "1");
    expect(code).toBe(0);
    expect(err.match(/trying again/g)).toHaveLength(2);
  });

  it("a refusal is no reason to try again: exit 4", async () => {
    writeFileSync(join(world.dir, "ng-tcu.token"), "y".repeat(43));
    expect(await world.run("--as", "ng/tcu", "inbox", "watch")).toMatchObject({ code: 4 });
  });
});

describe("what goes wrong", () => {
  it("a wrong token: exit 4, with the sentence, the code and the next command", async () => {
    writeFileSync(join(world.dir, "ng-tcu.token"), "y".repeat(43));
    const { code, err } = await world.run("--as", "ng/tcu", "status");
    expect(code).toBe(4);
    expect(err).toMatch(
      /^Say who you are: .*\nCode NOT_AUTHENTICATED\. Next: .*atumpan contexts\n$/,
    );
  });

  it("a gateway that does not answer: exit 1", async () => {
    world.onRequest = () => {
      throw new TypeError("fetch failed");
    };
    const { code, err } = await world.run("--as", "ng/tcu", "status");
    expect(code).toBe(1);
    expect(err).toMatch(/Code GATEWAY_UNREACHABLE/);
  });

  it("a gateway that takes too long: exit 10", async () => {
    world.onRequest = () => new Promise(() => undefined);
    const { code, err } = await world.run("--timeout", "1", "--as", "ng/tcu", "status");
    expect(code).toBe(10);
    expect(err).toMatch(/within 1000 ms/);
  });

  it("a person who stops a command: exit 130", async () => {
    world.onRequest = () => {
      world.stop.abort();
      return new Promise(() => undefined);
    };
    expect(await world.run("--as", "ng/tcu", "status")).toMatchObject({ code: 130, out: "" });
  });

  it("with --json a fault is one object on standard error", async () => {
    ng.failure = new Fault("STORE_WRITE_FAILED", "x");
    const { code, err } = await world.run("--as", "ng/tcu", "status", "--json");
    expect(code).toBe(1);
    expect(JSON.parse(err)).toMatchObject({ code: "STORE_WRITE_FAILED", next: "atumpan status" });
  });

  it.each([
    ["several contexts and none named", ["status"], /CONTEXT_UNKNOWN/],
    ["a context that is not there", ["--as", "fr/tcu", "status"], /CONTEXT_UNKNOWN/],
    ["no command", [], /USAGE_INVALID/],
    ["an unknown command", ["fly"], /USAGE_INVALID/],
    ["half a command", ["message"], /USAGE_INVALID/],
    ["an unknown option", ["status", "--fast"], /USAGE_INVALID/],
    ["a missing argument", ["message", "show"], /USAGE_INVALID/],
    ["one argument too many", ["status", "now"], /USAGE_INVALID/],
    ["a number that is none", ["message", "ls", "--limit", "many"], /USAGE_INVALID/],
    ["an id that is none", ["--as", "ng/tcu", "message", "show", "../x"], /USAGE_INVALID/],
    [
      "a file that is not there",
      ["--as", "ng/tcu", "message", "send", "none.json"],
      /USAGE_INVALID/,
    ],
  ])("%s: exit 2", async (_, args, code) => {
    const ended = await world.run(...args);
    expect(ended.code).toBe(2);
    expect(ended.err).toMatch(code);
  });

  it.each([
    '{"contexts":{"ng":{"url":"http://a","tokenFile":"t"}}}',
    '{"contexts":{"ng/tcu":{"url":"file:///etc/passwd","tokenFile":"t"}}}',
    '{"contexts":{"ng/tcu":{"url":"http://a"}}}',
    '{"context":{}}',
    "{",
  ])("a contexts file that is none is refused, with its name: %s", async (text) => {
    writeFileSync(join(world.dir, ".atumpan", "contexts.json"), text);
    const { code, err } = await world.run("status");
    expect([code, /contexts\.json/.test(err), /CONFIG_INVALID/.test(err)]).toEqual([2, true, true]);
  });

  it("help and version are results: exit 0", async () => {
    expect(await world.run("--version")).toMatchObject({ code: 0, out: "0.0.0\n", err: "" });
    expect((await world.run("message", "--help")).out).toMatch(/send/);
  });

  it("no arguments whatever make it throw, or exit with a number we did not publish", async () => {
    const words = ["message", "inbox", "import", "maritime", "ls", "send", "show", "new", "status", "contexts",
      "--as", "ng/tcu", "--json", "--limit", "5", "--type", "fiu.reply", "-", "--", "", "é\u0000", "--lang=fr"]; // prettier-ignore
    const word = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 6 }), async (args) => {
        if (args.includes("watch")) return;
        const { code } = await world.run(...args);
        expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 10]).toContain(code);
      }),
      { numRuns: 150 },
    );
  });
});

describe("contexts", () => {
  it("the nearest folder above with contexts is used, and the only context needs no name", async () => {
    const one = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
    mkdirSync(join(one.dir, "a", "b"), { recursive: true });
    expect((await one.run("status")).code).toBe(0);
  });
});
