import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";

let world: CliWorld;
let ng: MemoryExchange;
let id = "";

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
  ng = world.exchanges.get("ng/tcu")!;
  ({ id } = ng.receive({ type: "alert.incident" }));
});

function run(...args: string[]): ReturnType<CliWorld["run"]> {
  return world.run("--as", "ng/tcu", "message", ...args);
}

describe("message translate", () => {
  it("prints the draft, says that nobody checked it, and sends nothing", async () => {
    const before = ng.stored;
    const { code, out, err } = await run("translate", id, "--field", "/narrative", "--to", "sw");
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      type: "translation.product",
      body: { targetId: id, pointer: "/narrative", text: { lang: "sw" } },
    });
    expect(out.split("\n").length).toBeGreaterThan(5);
    expect(err).toMatch(/nobody checked it; nothing was sent/);
    expect(ng.stored).toBe(before);
  });

  it("with --json it is one line", async () => {
    const field = ["--field", "/narrative", "--to", "sw"];
    const { out } = await world.run(
      "--as",
      "ng/tcu",
      "--json",
      "message",
      "translate",
      id,
      ...field,
    );
    expect(out.trimEnd().split("\n")).toHaveLength(1);
    expect(JSON.parse(out)).toMatchObject({ recipients: ["ng/tcu"] });
  });

  it("writes a new file that its owner alone may read, and never over another", async () => {
    const args = ["translate", id, "--field", "/narrative", "--to", "sw", "--out", "draft.json"];
    expect(await run(...args)).toMatchObject({ code: 0, out: "draft.json\n" });
    const file = join(world.dir, "draft.json");
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ type: "translation.product" });
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(await run(...args)).toMatchObject({ code: 2, out: "" });
  });

  it("without a field or a language it is wrong use", async () => {
    expect((await run("translate", id, "--to", "sw")).code).toBe(2);
    expect((await run("translate", id, "--field", "/narrative")).code).toBe(2);
  });

  it("what may not leave is not permitted, and what no service translates is told", async () => {
    const args = ["translate", id, "--field", "/narrative", "--to", "sw"];
    ng.failure = new Fault("TRANSLATION_NOT_ALLOWED", "handling is above H0");
    expect(await run(...args)).toMatchObject({
      code: 4,
      err: expect.stringContaining("handling is above H0") as unknown,
    });
    ng.failure = new Fault("TRANSLATION_UNAVAILABLE", "this gateway has no translation service");
    expect((await run(...args)).err).toContain("TRANSLATION_UNAVAILABLE");
  });
});

describe("message check-translation", () => {
  it("a bound one is told so", async () => {
    const { code, out } = await run("check-translation", id);
    expect([code, out]).toEqual([0, expect.stringMatching(/^Bound/)]);
  });

  it.each([
    ["TRANSLATION_UNBOUND", /not of its original.*TRANSLATION_UNBOUND/],
    ["TRANSLATION_WITHHELD", /names or numbers.*TRANSLATION_WITHHELD/],
    ["NOT_FOUND", /original is not here.*NOT_FOUND/],
  ])("one that is not, by %s, has the exit code of a failed proof", async (why, says) => {
    const bad = ng.receive({ type: "translation.product", code: why });
    const { code, out } = await run("check-translation", bad.id);
    expect(code).toBe(8);
    expect(out).toMatch(/^Not bound/);
    expect(out).toMatch(says);
  });

  it("one that is not here is not found", async () => {
    expect((await run("check-translation", "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12")).code).toBe(5);
  });
});
