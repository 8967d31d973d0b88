import { beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import type { MemoryExchange } from "../../test/kit/memory-exchange.ts";

let world: CliWorld;
let asked: Parameters<MemoryExchange["decision"]>[0][];

const nomination = {
  agency: "gh/tcu",
  action: "READ",
  scope: "ecowas",
  types: ["*"],
  crimes: ["*"],
  handlingUpTo: "H1",
  from: 0,
};

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
  asked = [];
  world.exchanges.get("ng/tcu")!.decision = (question) => {
    asked.push(question);
    const isYes = question.handling === "H1";
    return isYes
      ? { allow: true, basis: { mandate: nomination, nomination } }
      : { allow: false, reason: "NO_MANDATE", reasons: ["NO_MANDATE", "NOT_RELEASED"] };
  };
});

const run = (line: string): ReturnType<CliWorld["run"]> => world.run(...line.split(" "));
const read = "why gh/tcu read alert.incident --crime drugs --of ng/tcu --in ecowas";

describe("atumpan why", () => {
  it("says yes with all that it rests on, and ends with 0", async () => {
    const { code, out } = await run(`${read} --at H1`);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^gh\/tcu may read alert\.incident about drugs of ng\/tcu in ecowas at H1:\n {2}A mandate of the region allows it {2}\(MANDATE\)\n/,
    );
    expect(out).toContain("By epoch 3 of the register, 2026-03-09 14:05 UTC.");
  });

  it("says no with everything that is missing, and ends as not permitted", async () => {
    const { code, out, err } = await run(`${read} --at H2`);
    expect([code, err]).toEqual([4, ""]);
    expect(out).toMatch(/^gh\/tcu may not read .*:\n.*\(NO_MANDATE\)\n.*\(NOT_RELEASED\)\n/);
  });

  it("asks in the language that was wanted", async () => {
    const french = await run(`${read} --at H2 --lang fr`);
    const english = await run(`${read} --at H2`);
    expect(french.out.split("\n")[1]).not.toBe(english.out.split("\n")[1]);
  });

  it("passes on everything that a decision hangs on", async () => {
    await run(
      "why ng/fiu publish fiu.request --crime fraud --in direct --to gh/fiu --purpose AML_CFT_ANALYSIS --protected-from SN GH --excluded ci/fiu",
    );
    expect(asked).toEqual([
      {
        action: "PUBLISH",
        agency: "ng/fiu",
        originator: "ng/fiu",
        scope: "direct",
        type: "fiu.request",
        crime: "fraud",
        handling: "H0",
        recipient: "gh/fiu",
        purposes: ["AML_CFT_ANALYSIS"],
        kept: { states: ["SN", "GH"], agencies: ["ci/fiu"] },
      },
    ]);
  });

  it("for programs it prints the gateway's answer", async () => {
    const { out } = await run(`${read} --at H2 --json`);
    expect(JSON.parse(out)).toMatchObject({ allow: false, reasons: [{ code: "NO_MANDATE" }, {}] });
  });

  it.each([
    ["another act", read.replace("read", "delete"), 2],
    ["nobody's message", read.replace(" --of ng/tcu", ""), 2],
    ["no crime", read.replace(" --crime drugs", ""), 2],
    ["no place", read.replace(" --in ecowas", ""), 2],
    ["a handling that is none", `${read} --at H9`, 2],
    ["a root without a register", `${read} --root root.json`, 2],
    ["a moment without a register", `${read} --time 2026-03-09T14:05:00Z`, 2],
    ["a register where none can be read", `${read} --register register.bin`, 2],
    ["a crime that is none", read.replace("drugs", "chess"), 3],
  ])("%s is refused, and nothing is decided", async (...[, line, code]) => {
    const ran = await run(line);
    expect([ran.code, ran.out, asked]).toEqual([code, "", []]);
  });
});
