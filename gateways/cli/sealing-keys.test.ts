import { beforeEach, describe, expect, it } from "vitest";

import { Fault } from "../../schemas/ground/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";

const digits = "0123456789abcdef".repeat(4);
const since = Date.UTC(2026, 2, 8, 9, 30);

let world: CliWorld;
let ng: MemoryExchange;

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
  ng = world.exchanges.get("ng/tcu")!;
  const gh = { agency: "gh/fiu", fingerprint: digits, since, at: since } as const;
  ng.keys = [
    { ...gh, state: "UNENDORSED", isBelieved: false, isListed: true },
    { ...gh, agency: "sn/fiu", state: "FIRST", isBelieved: true, isListed: false },
  ];
});

const run = (...args: string[]): ReturnType<CliWorld["run"]> =>
  world.run("--as", "ng/tcu", ...args);

describe("atumpan keys list", () => {
  it("says which keys changed and what to do, with fingerprints in groups of four", async () => {
    const { code, out } = await run("keys", "list");
    expect(code).toBe(0);
    expect(out).toMatch(/^gh\/fiu {2}since 2026-03-08 09:30 UTC\n/);
    expect(out).toContain("nothing is sealed to it; ask the agency for its fingerprint");
    expect(out).toContain("  0123 4567 89ab cdef 0123");
    expect(out).not.toContain("sn/fiu");
  });

  it("what needs a person stands before what is told for information", async () => {
    const [gh, sn] = ng.keys;
    ng.keys = [{ ...sn!, agency: "aa/fiu", state: "ENDORSED" }, gh!];
    const { out } = await run("keys", "list");
    expect(out.indexOf("gh/fiu")).toBeLessThan(out.indexOf("aa/fiu"));
    expect(out).toContain("shown for fourteen days");
  });

  it("with --all it lists every key that was met", async () => {
    const { out } = await run("keys", "list", "--all");
    expect(out).toContain("taken as registered");
    expect(out).toContain("the register no longer names it");
  });

  it("says so when nothing changed, and when nothing was met", async () => {
    ng.keys = [];
    expect((await run("keys", "list")).out).toBe("No key changed of late.\n");
    expect((await run("keys", "list", "--all")).out).toBe("No keys were met yet.\n");
  });

  it("the state counts them and names the command", async () => {
    expect((await run("status")).out).toMatch(
      /sealing keys +1 not sealed to until a person confirms: atumpan keys list/,
    );
    const [gh, sn] = ng.keys;
    ng.keys = [gh!, { ...sn!, state: "ENDORSED" }];
    expect((await run("status")).out).toMatch(
      /sealing keys +1 not sealed to until a person confirms; 1 changed and vouched for, for information: atumpan keys list/,
    );
    ng.keys = ng.keys.map((one) => ({ ...one, state: "ENDORSED" }));
    expect((await run("status")).out).toMatch(
      /sealing keys +2 changed and vouched for, for information: atumpan keys list/,
    );
    ng.keys = [];
    expect((await run("status")).out).toMatch(/sealing keys +none changed/);
  });
});

describe("atumpan keys confirm, refuse", () => {
  it.each([
    ["in one piece", [digits]],
    ["in groups", digits.match(/.{4}/g)!],
    ["with colons and capitals", [digits.match(/.{2}/g)!.join(":").toUpperCase()]],
  ])("takes the whole fingerprint, %s, and says who confirmed", async (_, pieces) => {
    const { code, out } = await run("keys", "confirm", "gh/fiu", ...pieces, "--by", "A. Mensah");
    expect(code).toBe(0);
    expect(out).toMatch(/confirmed by a person; sealed to\n(.|\n)*by A\. Mensah, 2026-03-09/);
    expect(ng.keys[0]).toMatchObject({ state: "CONFIRMED", by: "A. Mensah" });
  });

  it("refuses a key", async () => {
    const { out } = await run("keys", "refuse", "gh/fiu", digits, "--by", "A. Mensah");
    expect(out).toContain("refused by a person; nothing is sealed to it");
    expect(ng.keys[0]).toMatchObject({ state: "REFUSED", isBelieved: false });
  });

  it("half a fingerprint, or nobody who says so, is wrong use and changes nothing", async () => {
    expect(await run("keys", "confirm", "gh/fiu", digits.slice(4), "--by", "A")).toMatchObject({
      code: 2,
      err: expect.stringContaining("64 hexadecimal digits") as unknown,
    });
    expect((await run("keys", "confirm", "gh/fiu", digits)).code).toBe(2);
    expect(ng.keys[0]?.state).toBe("UNENDORSED");
  });

  it("a key that was never met is not found", async () => {
    expect((await run("keys", "confirm", "zz/fiu", digits, "--by", "A")).code).toBe(5);
  });
});

describe("a message to an agency whose new key is not confirmed", () => {
  it("is refused with the next command", async () => {
    ng.failure = new Fault("SEAL_KEY_UNCONFIRMED", "gh/fiu has a new sealing key");
    const { code, err } = await run("message", "validate", "-");
    expect([code, err]).toEqual([3, expect.stringMatching(/Next: atumpan keys list/)]);
  });
});
