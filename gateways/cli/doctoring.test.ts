import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { beforeEach, describe, expect, it } from "vitest";

import { languages } from "../../schemas/index.ts";
import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";

let world: CliWorld;

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
});

const die = (): void => {
  world.onRequest = () => {
    throw new TypeError("fetch failed");
  };
};

interface Told {
  readonly findings: readonly { readonly code: string; readonly state: string; readonly fix?: string }[];
} // prettier-ignore

describe("doctor", () => {
  it("a gateway that works: 0, and with --all what was looked at", async () => {
    const { code, out } = await world.run("doctor", "--all");
    expect([code, out]).toEqual([0, expect.stringMatching(/API_ANSWERS/)]);
    expect((await world.run("doctor")).out).not.toMatch(/API_ANSWERS/);
  });

  it("a gateway that does not answer: 1, the code, and what to do", async () => {
    die();
    const { code, out } = await world.run("doctor");
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ No gateway answers .*\(API_DOWN\)\n {4}→ Start the gateway/);
  });

  it("as JSON every finding has its code, its state and, when it is not well, its way out", async () => {
    die();
    const { out } = await world.run("doctor", "--json");
    const { findings } = JSON.parse(out) as Told;
    expect(findings[0]).toMatchObject({ code: "API_DOWN", state: "bad" });
    expect(findings.every(({ state, fix }) => (fix === undefined) === (state === "ok"))).toBe(true);
    const lines = (await world.run("doctor", "--json=lines")).out.trimEnd().split("\n");
    expect(lines.length).toBe(findings.length);
  });

  it("each language says it in its own words, with the same codes", async () => {
    die();
    const told = await Promise.all(languages.map(async (lang) => await world.run("doctor", "--lang", lang)));
    expect(new Set(told.map(({ out }) => out)).size).toBe(languages.length);
    expect(told.every(({ out }) => out.includes("API_DOWN"))).toBe(true);
  }); // prettier-ignore

  it("a token the gateway does not know is found, and not shown", async () => {
    writeFileSync(join(world.dir, "ng-tcu.token"), "y".repeat(43));
    const { code, out } = await world.run("doctor");
    expect([code, /TOKEN_REFUSED/.test(out), /yyy/.test(out)]).toEqual([1, true, false]);
  });

  it("a folder that is none is a finding", async () => {
    mkdirSync(join(world.dir, "none"));
    const { code, out } = await world.run("doctor", "--folder", "none");
    expect([code, /CONFIG_UNREADABLE/.test(out)]).toEqual([1, true]);
  });
});

describe("check", () => {
  it.each(["link", "queue", "overdue", "clock", "certs", "register", "store"])(
    "%s is one line of a monitor, and one of four numbers",
    async (name) => {
      const { code, out, err } = await world.run("check", name);
      const word = ["OK", "WARNING", "CRITICAL", "UNKNOWN"][code];
      expect([out, err]).toEqual([
        expect.stringMatching(new RegExp(`^ATUMPAN ${name.toUpperCase()} ${word} - [^\\n]+\\n$`)),
        "",
      ]);
    },
  );

  it("queue counts, and the operator's own numbers judge", async () => {
    expect((await world.run("check", "queue")).out).toMatch(/OK - .* \| oldest_min=0;;\n$/);
    const strict = await world.run("check", "queue", "--warn", "0", "--crit", "5");
    expect([strict.code, strict.out]).toEqual([1, expect.stringContaining("| oldest_min=0;0;5")]);
    expect((await world.run("check", "queue", "--warn", "0", "--crit", "0")).code).toBe(2);
  });

  it("a gateway that is away is critical, whatever the numbers", async () => {
    die();
    const { code, out } = await world.run("check", "queue", "--warn", "1000", "--crit", "2000");
    expect([code, out]).toEqual([2, expect.stringMatching(/^ATUMPAN QUEUE CRITICAL - /)]);
  });

  it.each([
    [["check", "queue", "--warn", "many"]],
    [["check", "weather"]],
    [["--as", "fr/tcu", "check", "certs"]],
  ])("wrong use is UNKNOWN, on standard output: %s", async (args) => {
    const { code, out, err } = await world.run(...args);
    expect([code, out, err]).toEqual([3, expect.stringMatching(/^ATUMPAN [A-Z ]*UNKNOWN - [^\n]+\n$/), ""]);
  }); // prettier-ignore
});
