import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const here = import.meta.dirname;
const root = join(here, "../..");
const units = globSync("*.service", { cwd: here }).toSorted();

/** What a unit says, by name; a name that stands twice has both. */
function readUnit(name: string): ReadonlyMap<string, readonly string[]> {
  const said = new Map<string, string[]>();
  for (const line of readFileSync(join(here, name), "utf8").split("\n")) {
    if (line === "" || line.startsWith("#") || line.startsWith("[")) continue;
    const at = line.indexOf("=");
    const key = line.slice(0, at);
    said.set(key, [...(said.get(key) ?? []), line.slice(at + 1)]);
  }
  return said;
}

const required = {
  User: "atumpan",
  NoNewPrivileges: "yes",
  CapabilityBoundingSet: "",
  ProtectSystem: "strict",
  ProtectHome: "yes",
  PrivateTmp: "yes",
  PrivateDevices: "yes",
  RestrictNamespaces: "yes",
  UMask: "0077",
  StateDirectoryMode: "0700",
} as const;

describe("units", () => {
  it("there is one for each program that is kept running", () => {
    expect(units).toEqual(["broker", "gateway", "nats-server", "witness"].map((name) => `atumpan-${name}.service`));
  });

  it.each(units)("%s runs without rights of root, and writes in its own folder alone", (name) => {
    const unit = readUnit(name);
    for (const [key, value] of Object.entries(required)) expect(`${key}=${unit.get(key)?.join()}`).toBe(`${key}=${value}`);
    expect(unit.get("ReadWritePaths")).toEqual([`/var/lib/${unit.get("StateDirectory")?.[0]}`]);
  });

  it.each(units)("%s starts what is there, in the folders that the bundle makes", (name) => {
    const starts = ["ExecStart", "ExecStartPre"].flatMap((key) => readUnit(name).get(key) ?? []);
    for (const line of starts) {
      const [program = "", file = ""] = line.split(" ");
      expect(["/opt/atumpan/node/bin/node", "/opt/atumpan/bin/nats-server"]).toContain(program);
      if (!program.endsWith("node")) continue;
      expect(file).toMatch(/^\/opt\/atumpan\/current\//);
      expect(existsSync(join(root, file.replace("/opt/atumpan/current/", "")))).toBe(true);
    }
  });

  it("what no restart mends is not started again: a broken store, a wrong configuration, a log that contradicts itself", () => {
    for (const name of ["broker", "gateway"]) {
      expect(readUnit(`atumpan-${name}.service`).get("RestartPreventExitStatus")).toEqual(["70 78"]);
    }
    expect(readUnit("atumpan-witness.service").get("RestartPreventExitStatus")).toEqual(["8"]);
  });
}); // prettier-ignore

const systemd = spawnSync("systemd-analyze", ["--version"], { encoding: "utf8" });
const hasSystemd =
  systemd.status === 0 && Number(/^systemd (\d+)/.exec(systemd.stdout)?.[1]) >= 252;
if (!hasSystemd)
  process.stderr.write(
    "skipped: units judged by systemd, because systemd-analyze is not here or older than 252\n",
  );

describe.skipIf(!hasSystemd)("systemd", () => {
  let folder = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "atumpan-units-"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Copied, with programs that are on this machine. */
  function copyUnits(change: (text: string) => string = (text) => text): readonly string[] {
    return units.map((name) => {
      const text = readFileSync(join(here, name), "utf8").replaceAll(/\/opt\/atumpan\/(?:node\/bin\/node|bin\/nats-server)/g, "/bin/true");
      writeFileSync(join(folder, name), change(text));
      return join(folder, name);
    });
  }

  function verify(files: readonly string[]): string {
    const { stdout, stderr } = spawnSync("systemd-analyze", ["verify", "--man=no", ...files], { encoding: "utf8" });
    return `${stdout}${stderr}`.split("\n").filter((line) => line.includes("atumpan-")).join("\n");
  }

  it("finds nothing wrong in any of them", () => {
    expect(verify(copyUnits())).toBe("");
  });

  it("would find a word it does not know", () => {
    expect(verify(copyUnits((text) => text.replace("UMask=", "UMusk=")))).toContain("UMusk");
  });

  it.each(units)("calls %s well shut in: exposure of at most 1.5", (name) => {
    const files = copyUnits();
    const args = ["security", "--offline=true", "--threshold=15", files[units.indexOf(name)]!];
    const { status, stdout } = spawnSync("systemd-analyze", args, { encoding: "utf8" });
    expect(`${status} ${stdout.trim().split("\n").at(-1)}`).toMatch(/^0 /);
  });
}); // prettier-ignore
