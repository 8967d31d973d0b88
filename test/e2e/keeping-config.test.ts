import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { runBrokerCommand } from "../../broker/index.ts";

let dir = "";
const root = join(import.meta.dirname, "../..");
const pair = { certificateFile: "c.pem", keyFile: "k.pem" };
const hub = {
  hub: "au/hub-one", dir: "state", url: "tls://127.0.0.1:4222", registerFile: "register.bin", rootFile: "root.json",
  signing: pair, link: pair,
  server: { listen: { host: "127.0.0.1", port: 4222 }, ...pair, caFile: "roots.pem", configFile: "server.conf", storeDir: "store", logFile: "server.log" },
}; // prettier-ignore
const keys = {
  signing: { key: "s.key", certificate: "s.pem" },
  link: { key: "l.key", certificate: "l.pem" },
  sealing: [{ key: "e.key", certificate: "e.pem" }],
};
const gateway = {
  agency: "ng/tcu",
  api: { host: "127.0.0.1", port: 7400 },
  anchors: "root.json",
  register: "register.bin",
  keys,
};

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

async function startHub(config: object): Promise<{ code: number; said: string }> {
  const file = join(dir, "broker.json");
  writeFileSync(file, JSON.stringify(config));
  const lines: string[] = [];
  const code = await runBrokerCommand(["run", "--config", file], (line) => lines.push(line));
  return { code, said: lines.join("\n") };
}

function startGateway(config: object): { code: number | null; said: string } {
  writeFileSync(join(dir, "gateway.json"), JSON.stringify(config), { mode: 0o600 });
  const args = [join(root, "gateways/main.ts"), "--config", dir];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { code: status, said: stderr };
}

describe("a hub or a gateway that cannot start", () => {
  it("of a hub's fields and of every file that the right ones name, all is told at once, each with its way out", async () => {
    const metrics = { port: 70_000 };
    const { code, said } = await startHub({ ...hub, metrics, colour: "hunter2", duty: ["one.pub"], moreSigning: [pair] });
    expect(code).toBe(78);
    for (const field of ["/metrics/port", "colour", "/signing", "/moreSigning/0", "/link", "/server", "/rootFile", "/duty/0"]) {
      expect([field, said.includes(field)]).toEqual([field, true]);
    }
    expect(said).toContain("make it 65535 at most");
    expect(said.split("→")).toHaveLength(9);
    expect(said).not.toContain("hunter2");
    expect(readdirSync(dir)).toEqual(["broker.json"]);
  }); // prettier-ignore

  it("of a gateway likewise, and nothing is made in its folder", () => {
    const { code, said } = startGateway({ ...gateway, api: { host: "127.0.0.1", port: 700_000 }, lookups: 5, "pass-word": "hunter2" });
    expect(code).toBe(1);
    for (const field of ["api.port", "lookups", "pass-word", "keys.signing", "keys.link", "keys.sealing.0", "anchors", "register"]) {
      expect([field, said.includes(`${field}: `)]).toEqual([field, true]);
    }
    expect(said).toContain("make it 65535 at most");
    expect(said).not.toContain("hunter2");
    expect(readdirSync(dir)).toEqual(["gateway.json"]);
  }); // prettier-ignore
});
