import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";

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
