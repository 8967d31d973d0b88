import type { Command } from "commander";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { houseVerbs } from "../../test/kit/house-run.ts";
import { makeCoastDirectory } from "../../test/kit/maritime-rows.ts";
import { examplesOf, topics } from "./examples.ts";
import { makeProgram, makeWholeProgram } from "./program.ts";
import type { World } from "./world.ts";

let leaves: readonly { readonly path: string; readonly command: Command }[] = [];
let world: CliWorld;

function walk(command: Command, path: string): readonly { path: string; command: Command }[] {
  if (command.commands.length === 0) return [{ path, command }];
  return command.commands.flatMap((one) => walk(one, `${path} ${one.name()}`.trim()));
}

beforeAll(async () => {
  const words = {
    version: "0",
    out: () => undefined,
    err: () => undefined,
    args: [],
    verbs: houseVerbs,
  };
  leaves = walk(await makeWholeProgram(words as unknown as World), "");
});

beforeEach(() => {
  world = makeCliWorld(["ng/tcu"], makeCoastDirectory(["ecowas"]));
});

/** The words of an example as a shell hands them over, without what is for the shell; a word in capitals may stand for more. */
function readExample(line: string): readonly string[] {
  const own = line.replace("--json=lines", "--json-lines").replace(/^source <\(|\)$/g, "").replace(/ [<>|].*$/, "");
  const all = [...own.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
  const places: Readonly<Record<string, string>> = { MOMENT: "2026-12-01T12:00:00Z", AGENCY: "ng/tcu" };
  return all.slice(1).map((word) => places[word] ?? word);
} // prettier-ignore

/** Runs one check for every command; says all that fail. */
async function every(check: (path: string, command: Command) => Promise<boolean> | boolean): Promise<readonly string[]> {
  const failing: string[] = [];
  for (const { path, command } of leaves) if (!(await check(path, command))) failing.push(path);
  return failing;
} // prettier-ignore

describe("every command there is", () => {
  it("there are commands to look at", () => {
    expect(leaves.length).toBeGreaterThan(100);
  });

  it("says what it does, and what people type", async () => {
    const silent = (path: string, command: Command): boolean =>
      command.description().length > 5 && examplesOf(path).length > 0;
    expect(await every(silent)).toEqual([]);
  });

  it("its examples are its own, and fit a screen of eighty columns", async () => {
    const fits = (path: string): boolean =>
      examplesOf(path).every((line) => line.includes(`atumpan`) && line.includes(path) && line.length <= 78);
    const other = (path: string): boolean => path === "status" || path === "completion" || fits(path);
    expect(await every(other)).toEqual([]);
  }); // prettier-ignore

  it("its examples are understood as they stand", async () => {
    const words = { version: "0", out: () => undefined, err: () => undefined, verbs: houseVerbs };
    const understands = async (line: string): Promise<boolean> => {
      const args = readExample(line);
      let isStarted = false;
      const program = await makeProgram({ ...words, args } as unknown as World, () => void (isStarted = true));
      await program.parseAsync([...args], { from: "user" }).catch(() => undefined);
      return isStarted;
    };
    const wrong: string[] = [];
    for (const { path } of leaves) {
      // an example that ends in dots says itself that more belongs to it
      for (const line of examplesOf(path).filter((one) => !one.endsWith("…"))) if (!(await understands(line))) wrong.push(line);
    }
    expect(wrong).toEqual([]);
    expect(await understands("atumpan inbox ls --no-such-option")).toBe(false);
  }); // prettier-ignore

  it("its help is a result, with its examples, in eighty columns", async () => {
    const helps = async (path: string): Promise<boolean> => {
      const { code, out, err } = await world.run(...path.split(" "), "--help");
      const isNarrow = out.split("\n").every((line) => line.length <= 80);
      return code === 0 && err === "" && isNarrow && examplesOf(path).every((line) => out.includes(line));
    };
    expect(await every(helps)).toEqual([]);
  }); // prettier-ignore

  it("an option it does not know is a wrong use: 2, and of check, which monitors read, 3", async () => {
    const refuses = async (path: string): Promise<boolean> => {
      const { code, out, err } = await world.run(...path.split(" "), "--no-such-option");
      if (path.startsWith("check ")) return code === 3 && /^ATUMPAN UNKNOWN - [^\n]+\n$/.test(out);
      return code === 2 && out === "" && err.includes("USAGE_INVALID");
    };
    expect(await every(refuses)).toEqual([]);
  });

  it("takes --json before and after, and then says even no as one object", async () => {
    const says = async (path: string): Promise<boolean> => {
      if (path.startsWith("check ")) return true;
      const after = await world.run(...path.split(" "), "--no-such-option", "--json");
      const before = await world.run("--json", ...path.split(" "), "--no-such-option");
      const [one, two] = [after, before].map(({ err }) => JSON.parse(err) as Record<string, unknown>);
      return one?.["code"] === "USAGE_INVALID" && typeof one["next"] === "string" && two?.["code"] === one["code"];
    };
    expect(await every(says)).toEqual([]);
  }); // prettier-ignore

  it("has its topic in the cheat sheet", async () => {
    expect(await every((path) => topics.includes(path.split(" ", 1)[0] ?? ""))).toEqual([]);
  });

  it("takes no secret among its arguments", async () => {
    const holds = (_: string, { options }: Command): boolean =>
      options.every(({ flags }) => !/<(?:secret|password|passphrase|pin|token)>/i.test(flags));
    expect(await every(holds)).toEqual([]);
  });
});

describe("what every command is told", () => {
  it("an answer in lines is one object a line", async () => {
    const ng = world.exchanges.get("ng/tcu")!;
    ng.receive({ type: "alert.incident", body: {} });
    ng.receive({ type: "alert.incident", body: {} });
    const { out } = await world.run("inbox", "ls", "--json=lines");
    const lines = out.trimEnd().split("\n").map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((one) => typeof one["id"])).toEqual(["string", "string"]);
  }); // prettier-ignore

  it("--json takes no value from the word behind it", async () => {
    const { code, out } = await world.run("--json", "status");
    expect([code, (JSON.parse(out) as Record<string, unknown>)["agency"]]).toEqual([0, "ng/tcu"]);
  });

  it("what goes wrong is said in the language asked for; its code and the next command are not translated", async () => {
    const { err } = await world.run("--lang", "fr", "--as", "fr/tcu", "status");
    expect(err).toMatch(/CONTEXT_UNKNOWN/);
    const english = await world.run("--as", "fr/tcu", "status");
    expect(err.split(":")[0]).not.toBe(english.err.split(":")[0]);
  });

  it("with --no-input nobody is asked", async () => {
    const { code, err } = await world.run("store", "wipe", "--no-input");
    expect([code, /--no-input/.test(err)]).toEqual([2, true]);
  });

  it("a trial run sends nothing", async () => {
    const { writeFileSync } = await import("node:fs");
    const { join } = await import("node:path");
    const { out } = await world.run("message", "new", "--type", "alert.incident");
    writeFileSync(join(world.dir, "a.json"), out);
    const asked: string[] = [];
    world.onRequest = ({ pathname }) => void asked.push(pathname);
    await world.run("message", "send", "a.json", "--dry-run");
    expect(asked).toEqual(["/v1/messages:validate"]);
  });
});
