import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { readEntry } from "../images/index.ts";
import { planBundle } from "./contents.ts";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "atumpan-bundle-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what a bundle holds", () => {
  const entries = planBundle({ root, version: "0.1.0" }, "atumpan-0.1.0");
  const find = (path: string): string => {
    const entry = entries.find((one) => one.path === `atumpan-0.1.0/${path}`);
    if (entry === undefined) throw new Error(`no ${path}`);
    return Buffer.from(readEntry(entry)).toString("utf8");
  };

  it("the programs, the units, the installer, examples, a manual and a bill of materials, and no Node", () => {
    for (const path of ["app/gateways/main.ts", "app/broker/main.ts", "app/deploy/atumpan.mjs", "systemd/atumpan-gateway.service", "systemd/atumpan.sysusers", "install.sh", "examples/gateway.json", "man/atumpan.1", "sbom.cdx.json"]) {
      expect(find(path).length).toBeGreaterThan(0);
    }
    expect(entries.filter(({ path }) => path.endsWith("bin/node"))).toEqual([]);
    expect(entries.filter(({ path }) => path.endsWith(".test.ts"))).toEqual([]);
  });

  it("a list with the digest of each file but the list", () => {
    const list = new Map(find("SHA256SUMS").trim().split("\n").map((line) => [line.slice(66), line.slice(0, 64)]));
    expect([...list.keys()].map((path) => `atumpan-0.1.0/${path}`)).toEqual(entries.map(({ path }) => path).filter((path) => !path.endsWith("SHA256SUMS")));
    expect(list.get("install.sh")).toBe(createHash("sha256").update(find("install.sh")).digest("hex"));
  });
}); // prettier-ignore

describe("the installer", () => {
  let count = 0;

  /** A small bundle of the same shape. */
  function makeBundle(version = "1.0.0"): { readonly bundle: string; readonly to: string } {
    count += 1;
    const bundle = join(folder, `bundle-${count}`);
    const put = (path: string, text: string): void => {
      mkdirSync(dirname(join(bundle, path)), { recursive: true });
      writeFileSync(join(bundle, path), text);
    };
    put("VERSION", `${version}\n`);
    put("app/deploy/atumpan.mjs", `console.log("${version}");\n`);
    put("bin/nats-server", "server");
    put("man/atumpan.1", "manual");
    cpSync(join(root, "deploy/bundle/atumpan"), join(bundle, "bin/atumpan"));
    for (const unit of globSync("*.{service,sysusers,tmpfiles}", { cwd: join(root, "deploy/systemd") })) put(`systemd/${unit}`, readFileSync(join(root, "deploy/systemd", unit), "utf8"));
    cpSync(join(root, "deploy/bundle/install.sh"), join(bundle, "install.sh"));
    spawnSync("sh", ["-c", "find . -type f ! -name SHA256SUMS -printf '%P\\n' | xargs sha256sum > SHA256SUMS"], { cwd: bundle });
    return { bundle, to: join(folder, `root-${count}`) };
  }

  const run = (bundle: string, ...args: readonly string[]): string => {
    const ran = spawnSync("sh", [join(bundle, "install.sh"), ...args], { encoding: "utf8" });
    return `${ran.status} ${ran.stdout}${ran.stderr}`;
  };

  /** A Node of the version given, as far as an installer sees. */
  function makeNode(version: string): string {
    const at = join(folder, `node-${version}`);
    mkdirSync(join(at, "bin"), { recursive: true });
    const [major = "0", minor = "0"] = version.split(".");
    const isNew = Number(major) > 24 || (Number(major) === 24 && Number(minor) >= 12);
    writeFileSync(join(at, "bin/node"), `#!/bin/sh\n[ "$1" = --version ] && echo v${version} && exit 0\nexit ${isNew ? 0 : 1}\n`);
    chmodSync(join(at, "bin/node"), 0o755);
    return at;
  }

  it("puts programs, units and the command where the units look for them, and starts nothing", () => {
    const { bundle, to } = makeBundle();
    expect(run(bundle, "--node-from", dirname(dirname(process.execPath)), "--root", to)).toMatch(/^0 atumpan 1\.0\.0 is installed/);
    expect(readlinkSync(join(to, "opt/atumpan/current"))).toBe("1.0.0");
    for (const file of ["opt/atumpan/bin/nats-server", "etc/systemd/system/atumpan-gateway.service", "usr/lib/sysusers.d/atumpan.conf", "usr/local/bin/atumpan"]) expect(existsSync(join(to, file)), file).toBe(true);
    const started = spawnSync(join(to, "opt/atumpan/node/bin/node"), [join(to, "opt/atumpan/current/deploy/atumpan.mjs")], { encoding: "utf8" });
    expect(started.stdout).toBe("1.0.0\n");
    expect(existsSync(join(to, "var"))).toBe(false);
  });

  it("a newer version stands beside the one before, and needs no Node named again", () => {
    const { bundle, to } = makeBundle();
    run(bundle, "--node-from", makeNode("24.12.0"), "--root", to);
    expect(run(makeBundle("1.1.0").bundle, "--root", to)).toMatch(/^0 /);
    expect(readlinkSync(join(to, "opt/atumpan/current"))).toBe("1.1.0");
    expect(existsSync(join(to, "opt/atumpan/1.0.0/deploy/atumpan.mjs"))).toBe(true);
  });

  it("a bundle with one changed file is refused, and nothing of it is installed", () => {
    const { bundle, to } = makeBundle();
    writeFileSync(join(bundle, "app/deploy/atumpan.mjs"), "changed");
    expect(run(bundle, "--node-from", makeNode("24.12.0"), "--root", to)).toMatch(/^1 [^]*a file of this bundle is not what it was/);
    expect(existsSync(to)).toBe(false);
  });

  it("an older Node is refused, and does not take the place of the one that serves", () => {
    const { bundle, to } = makeBundle();
    const node = makeNode("24.12.0");
    run(bundle, "--node-from", node, "--root", to);
    expect(run(bundle, "--node-from", makeNode("24.11.9"), "--root", to)).toContain("Node 24.12 or newer is needed, and this one is v24.11.9");
    expect(readlinkSync(join(to, "opt/atumpan/node"))).toBe(node);
  });

  it("Node as its makers publish it is taken by its digest, and refused with another or none", () => {
    const { bundle, to } = makeBundle();
    const archive = join(folder, "node-v24.21.0-linux-x64.tar");
    makeNode("24.21.0");
    spawnSync("tar", ["-c", "-f", archive, "-C", folder, "node-24.21.0"]);
    const digest = createHash("sha256").update(readFileSync(archive)).digest("hex");
    expect(run(bundle, "--node", archive, "--root", to)).toMatch(/^1 [^]*--node needs --node-sha256/);
    expect(run(bundle, "--node", archive, "--node-sha256", digest.replace(/^./, "x"), "--root", to)).toMatch(/^1 [^]*another digest/);
    expect(existsSync(join(to, "opt/atumpan/node"))).toBe(false);
    expect(run(bundle, "--node", archive, "--node-sha256", digest, "--root", to)).toMatch(/^0 /);
    expect(existsSync(join(to, "opt/atumpan/node/bin/node"))).toBe(true);
  });

  it("a word it does not know, or one without its value, is refused", () => {
    const { bundle, to } = makeBundle();
    expect(run(bundle, "--nod", "x", "--root", to)).toMatch(/^1 [^]*--nod is not one of/);
    expect(run(bundle, "--root")).toMatch(/^1 [^]*--root needs a value/);
    expect(run(bundle, "--root", to)).toMatch(/^1 [^]*there is no Node yet/);
  });
}); // prettier-ignore
