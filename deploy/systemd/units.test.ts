import { spawnSync } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { loadBrokerConfig } from "../../test/kit/shown-configs.ts";

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
} as const;

describe("units", () => {
  it("there is one for each program that is kept running", () => {
    const programs = ["broker", "gateway", "hub-render", "nats-server", "surveyor-door", "surveyor", "witness"];
    expect(units).toEqual(programs.map((name) => `atumpan-${name}.service`));
  });

  it.each(units)("%s runs without rights of root, and writes in its own folder alone", (name) => {
    const unit = readUnit(name);
    for (const [key, value] of Object.entries(required)) expect(`${key}=${unit.get(key)?.join()}`).toBe(`${key}=${value}`);
    const [state] = unit.get("StateDirectory") ?? [];
    if (state === undefined) return;
    expect(unit.get("ReadWritePaths")).toEqual([`/var/lib/${state}`]);
    expect(unit.get("StateDirectoryMode")).toEqual(["0700"]);
  });

  it.each([
    ["atumpan-nats-server.service", "BindPaths", "/var/lib/atumpan/hub/server"],
    ["atumpan-surveyor.service", "BindReadOnlyPaths", "/var/lib/atumpan/surveyor"],
  ])("%s, which is not ours, sees one folder of ours and nothing else of them", (name, how, folder) => {
    const unit = readUnit(name);
    expect(unit.get("TemporaryFileSystem")).toEqual(["/var/lib/atumpan:ro,mode=0711"]);
    expect(["BindPaths", "BindReadOnlyPaths", "StateDirectory"].flatMap((key) => unit.get(key) ?? [])).toEqual([folder]);
    expect(unit.get(how)).toEqual([folder]);
    for (const path of unit.get("ReadWritePaths") ?? []) expect(path).toBe(folder);
  });

  it("a server finds all it reads in the folder that it is shown, as the render step writes it before each start", () => {
    const { server } = loadBrokerConfig(join(here, "broker.json"));
    const own = join(here, "server");
    for (const file of [server.configFile, server.caFile, server.storeDir, server.logFile]) expect(file.startsWith(`${own}/`), file).toBe(true);
    expect(server.folder).toEqual({ path: own });
    const unit = readUnit("atumpan-nats-server.service");
    expect(unit.get("Requires")).toEqual(["atumpan-hub-render.service"]);
    expect(unit.get("After")?.[0]).toContain("atumpan-hub-render.service");
    expect(unit.get("ExecStart")).toEqual(["/opt/atumpan/bin/nats-server -c /var/lib/atumpan/hub/server/nats-server.conf"]);
  });

  it.each(units)("%s starts what is there, in the folders that the bundle makes", (name) => {
    const starts = ["ExecStart", "ExecStartPre"].flatMap((key) => readUnit(name).get(key) ?? []);
    for (const line of starts) {
      const [program = "", file = ""] = line.split(" ");
      expect(["/opt/atumpan/node/bin/node", "/opt/atumpan/bin/nats-server", "/opt/atumpan/bin/nats-surveyor"]).toContain(program);
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
      const text = readFileSync(join(here, name), "utf8").replaceAll(/\/opt\/atumpan\/(?:node\/bin\/node|bin\/nats-(?:server|surveyor))/g, "/bin/true");
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
