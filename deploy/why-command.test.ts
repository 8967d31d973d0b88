import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { decide } from "../certs/trust/index.ts";
import { runCli } from "../gateways/cli/index.ts";
import { makeSeededChance, systemClock } from "../schemas/ground/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { decideFromRegister } from "./why-command.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const dir = mkdtempSync(join(tmpdir(), "why-"));
let world: GatewayWorld;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  mkdirSync(join(dir, "register"));
  writeFileSync(join(dir, "register/register.bin"), world.register);
  writeFileSync(join(dir, "register/root.json"), world.anchors.root);
  writeFileSync(join(dir, "alone.bin"), world.register);
  const other = await makeGatewayWorld(["ng/tcu"], { now });
  writeFileSync(join(dir, "other.json"), other.anchors.root);
});

afterAll(() => rmSync(dir, { recursive: true }));

async function run(line: string): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const code = await runCli({
    args: line.split(" "),
    version: "0",
    cwd: dir,
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    isWatched: false,
    stdin: () => Promise.resolve(""),
    fetch: () => Promise.reject(new Error("no network is asked")),
    decideFromFile: (file, search) => decideFromRegister({ cwd: dir, now }, file, search),
    clock: systemClock,
    chance: makeSeededChance("why"),
    signal: new AbortController().signal,
  });
  return { code, out, err };
}

const why = "why gh/tcu read alert.incident --crime drugs --of ng/tcu --in ecowas --at H1";

describe("atumpan why, by a register in a file", () => {
  it("says what the function that decides says, without a gateway", async () => {
    const { code, out, err } = await run(`${why} --register register --json`);
    expect([code, err]).toEqual([0, ""]);
    const question = { action: "READ", agency: "gh/tcu", originator: "ng/tcu", scope: "ecowas", type: "alert.incident", crime: "drugs", handling: "H1" } as const; // prettier-ignore
    expect(decide(world.view, question, now).allow).toBe(true);
    expect(JSON.parse(out)).toMatchObject({ question, allow: true, epoch: world.view.epoch });
  });

  it("says no as not permitted", async () => {
    const { code, out } = await run(`${why.replace("H1", "H3")} --register register/register.bin`);
    expect([code, out]).toEqual([4, expect.stringContaining("(NO_MANDATE)") as unknown]);
  });

  it("of another moment when one is named", async () => {
    const early = new Date(now - 2 * day).toISOString();
    expect((await run(`${why} --register register --time ${early}`)).code).toBe(4);
  });

  it("by a root that is named, for a register that lies alone", async () => {
    const line = `${why} --register alone.bin --root register/root.json`;
    expect((await run(line)).code).toBe(0);
  });

  it.each([
    ["alone without a root", "--register alone.bin", "USAGE_INVALID"],
    ["that is not there", "--register none.bin", "USAGE_INVALID"],
    ["with a moment that is none", "--register register --time yesterday", "USAGE_INVALID"],
    ["that is no register", "--register register/root.json", "REGISTER_INVALID"],
    ["by another root", "--register register --root other.json", "REGISTER_"],
  ])("a register %s answers nothing", async (...[, more, fault]) => {
    const { code, out, err } = await run(`${why} ${more}`);
    expect([code === 0, out]).toEqual([false, ""]);
    expect(err).toContain(`Code ${fault}`);
  });
});
