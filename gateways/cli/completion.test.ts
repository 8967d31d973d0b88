import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { beforeAll, describe, expect, it } from "vitest";

import { makeCliWorld } from "../../test/kit/cli-world.ts";
import { houseVerbs } from "../../test/kit/house-run.ts";
import { shells } from "./completion.ts";
import type { World } from "./world.ts";

const scripts = new Map<string, string>();
let dir = "";

beforeAll(async () => {
  const world = makeCliWorld(["ng/tcu"], { agencies: () => [], servedRecs: () => [] });
  dir = mkdtempSync(join(tmpdir(), "completion-"));
  for (const shell of shells) {
    const { out } = await world.run("completion", shell);
    scripts.set(shell, out);
    writeFileSync(join(dir, shell), out);
  }
});

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

/** What a real bash offers behind these words. */
function bash(...words: readonly string[]): readonly string[] {
  const quoted = words.map((word) => `'${word}'`).join(" ");
  const script = `source '${join(dir, "bash")}'; COMP_WORDS=(atumpan ${quoted}); COMP_CWORD=${words.length}; _atumpan; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8", cwd: dir });
  return out.trimEnd().split("\n");
}

describe("completion in bash", () => {
  it("offers commands, what is below them, their options and those of all", () => {
    expect(bash("mes")).toEqual(["message"]);
    expect(bash("message", "se")).toEqual(["send"]);
    expect(bash("message", "send", "--dry")).toEqual(["--dry-run"]);
    expect(bash("message", "send", "a.json", "--in-")).toEqual(["--in-reply-to"]);
    expect(bash("--as", "ng/tcu", "--json", "inbox", "")).toEqual(expect.arrayContaining(["ls", "watch"]));
    expect(bash("status", "--js")).toEqual(["--json"]);
  }); // prettier-ignore

  it("offers the words an argument can be, and what other parts answer", () => {
    expect(bash("completion", "")).toEqual(expect.arrayContaining([...shells]));
    expect(bash("cheat", "mess")).toEqual(["message"]);
    expect(bash("veri")).toEqual(["verify"]);
  });

  it("offers files where a file is named", () => {
    writeFileSync(join(dir, "alert.json"), "{}");
    expect(bash("message", "copy", "ID", "--out", "ale")).toEqual(["alert.json"]);
  });

  it("what no words can spoil: it runs none of them", () => {
    expect(bash("message", "$(touch owned)", "se")).not.toContain("owned");
    expect(spawnSync("ls", [join(dir, "owned")]).status).not.toBe(0);
  });
});

describe("completion elsewhere", () => {
  it.each([["zsh", ["-n"]], ["fish", ["--no-execute"]]])("a real %s reads it, where there is one", (shell, args) => {
    expect(scripts.get(shell)).toContain("message send");
    if (!has(shell)) return;
    expect(spawnSync(shell, [...args, join(dir, shell)]).status).toBe(0);
  }); // prettier-ignore

  it("every shell is told of every command", () => {
    for (const shell of shells) {
      for (const path of ["message send", "store protectors init", "check queue"]) {
        expect([shell, scripts.get(shell)?.includes(path)]).toEqual([shell, true]);
      }
    }
  });
});

describe("the manual", () => {
  it("and the completions are those that were made from these commands; no text is an instruction", async () => {
    const { renderHelpFiles } = await import("./index.ts");
    const nobody = { version: "", out: () => undefined, err: () => undefined, args: [], verbs: houseVerbs };
    const files = await renderHelpFiles(nobody as unknown as World);
    expect([...files.keys()].toSorted()).toEqual(["atumpan.1", ...shells.map((one) => `completion/${one}`)].toSorted());
    for (const [name, text] of files) {
      expect([name, text === readFileSync(join(import.meta.dirname, "../../deploy", name), "utf8")]).toEqual([name, true]);
    }
    const orders = (files.get("atumpan.1") ?? "").split("\n").filter((line) => /^[.']/.test(line));
    const known = orders.filter((line) => /^\.(?:TH|SH|SS|TP|PP|nf|fi)\b/.test(line));
    expect(orders.filter((line) => !known.includes(line))).toEqual([]);
  }); // prettier-ignore
});
