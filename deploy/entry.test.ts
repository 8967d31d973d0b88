import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const cwd = mkdtempSync(join(tmpdir(), "entry-"));

/** Tells, when the process ends, every file that Node loaded for it. */
const watching = `import { registerHooks } from "node:module";
const loaded = [];
registerHooks({ load: (url, context, next) => { if (url.startsWith("file:")) loaded.push(url); return next(url, context); } });
process.on("exit", () => process.stderr.write("\\nLOADED " + JSON.stringify(loaded)));`;

interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly loaded: readonly string[];
}

function run(...args: readonly string[]): Ran {
  const hook = `data:text/javascript,${encodeURIComponent(watching)}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", hook, join(root, "deploy/atumpan.mjs"), ...args], {
    cwd, encoding: "utf8", env: { PATH: process.env["PATH"], ATUMPAN_NO_CACHE: "1" }, timeout: 120_000,
  }); // prettier-ignore
  const [, list = "[]"] = /\nLOADED (\[.*\])$/.exec(stderr) ?? [];
  const loaded = (JSON.parse(list) as string[]).map((url) => url.replace(`file://${root}/`, ""));
  return { code: status, out: stdout, loaded };
}

describe("the entry", () => {
  it("answers its version with one file loaded, and no types taken away", () => {
    const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      version: string;
    };
    expect(run("--version")).toEqual({
      code: 0,
      out: `${version}\n`,
      loaded: ["deploy/atumpan.mjs"],
    });
  });

  it.each(["bash", "powershell"])("completes %s with one file loaded", (shell) => {
    const out = readFileSync(join(root, "deploy/completion", shell), "utf8");
    expect(run("completion", shell)).toEqual({ code: 0, out, loaded: ["deploy/atumpan.mjs"] });
  });

  it("a command loads its own verbs and no room of the hub, the authority or the gateway's process", () => {
    const { code, loaded } = run("cheat", "context");
    expect([code, loaded.length > 10]).toEqual([0, true]);
    const verbs = loaded.filter((file) => file.startsWith("gateways/cli/verbs/"));
    expect(verbs).toEqual(["gateways/cli/verbs/help.ts"]);
    const rooms = /^(?:broker|certs\/authority|gateways\/(?:store|vault|exchange|link|api)|deploy\/(?:office|simulate|local))\//;
    expect(loaded.filter((file) => rooms.test(file))).toEqual([]);
  }); // prettier-ignore

  it("what it has no answer for goes the way of all commands", () => {
    expect(run("completion", "tcsh")).toMatchObject({ code: 2, out: "" });
  });
});
