import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { systemClock } from "../schemas/ground/index.ts";
import { runHouse } from "../test/kit/house-run.ts";

const cwd = mkdtempSync(join(tmpdir(), "house-"));

async function run(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ["", ""];
  const asked: string[] = [];
  const code = await runHouse({
    args, cwd, clock: systemClock,
    out: (text) => void (out += text), err: (text) => void (err += text),
    ask: (question) => {
      asked.push(question);
      return Promise.resolve("no");
    },
  }); // prettier-ignore
  return { code, out, err: `${err}${asked.join("")}` };
} // prettier-ignore

/** One refusal of each command of the house: none of them finds what it needs here. */
const refused: readonly (readonly [args: readonly string[], code: number])[] = [
  [["hub", "show", "ID"], 2],
  [["hub", "restore-log"], 2],
  [["hub", "retire-server", "b"], 2],
  [["hub", "status"], 2],
  [["log", "follow", "none", "--into", "mirror"], 2],
  [["log", "check", "none", "--log-key", "x"], 3],
  [["log", "challenge", "--mirror", "none"], 2],
  [["simulate", "country", "gh"], 2],
  [["witness", "run", "none"], 2],
  [["verify", "message", "none.bin", "--register", "none"], 2],
  [["authority", "list", "--folder", "none"], 3],
  [["join", "none"], 3],
  [["register", "show", "--folder", "none"], 2],
  [["revoke", "ng/tcu", "--reason", "KEY_COMPROMISE", "--office", "none"], 2],
];

describe("the commands of the house follow the rules of all", () => {
  it.each(refused)("%j: a sentence, a code, the next command, and a number that is published", async (args, code) => {
    const ran = await run(...args);
    expect([ran.code, ran.out]).toEqual([code, ""]);
    expect(ran.err).toMatch(/\nCode [A-Z_]+\. Next: \S/);
  }); // prettier-ignore

  it.each(refused)("%j: with --json the no is one object, and in French the same code", async (args) => {
    const json = JSON.parse((await run(...args, "--json")).err) as Record<string, unknown>;
    const [english, french] = [await run(...args), await run("--lang", "fr", ...args)];
    expect(english.err).toContain(`Code ${String(json["code"])}.`);
    expect(french.err).toContain(`Code ${String(json["code"])}.`);
    expect(french.err.split(":")[0]).not.toBe(english.err.split(":")[0]);
  }); // prettier-ignore

  it("nobody is asked with --no-input, and what was to be confirmed is not done", async () => {
    const ceremony = ["authority", "ceremony", "root", "--authority", "ng", "--folder", "r", "--out", "s"];
    const { code, err } = await run(...ceremony, "--no-input");
    expect([code, err.includes("--no-input")]).toEqual([2, true]);
  }); // prettier-ignore

  it("what two commands call alike means what the command says: --as of an officer is his key", async () => {
    const propose = ["register", "propose", "x.json", "--reason", "r", "--folder", "none"];
    const without = await run(...propose);
    expect([without.code, without.err.includes("--as <key>")]).toEqual([2, true]);
    const given = await run("--as", "ama.key", ...propose);
    expect(given.err).not.toContain("--as <key>");
  });
});
