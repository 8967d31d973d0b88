import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFailed } from "vitest";

import { makeHubKeys } from "../../broker/index.ts";
import { type Cluster, makeCluster } from "../kit/cluster.ts";
import { freePort, until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const binary = process.env["ATUMPAN_SURVEYOR"] ?? "nats-surveyor";
const isHere = spawnSync(binary, ["--version"], { encoding: "utf8" }).status === 0;
if (!isHere) {
  process.stderr.write("skipped: nats-surveyor at a hub of three servers, because it is not here (or in ATUMPAN_SURVEYOR)\n"); // prettier-ignore
}

const shown = join(import.meta.dirname, "../../deploy/seeing/surveyor.yaml");
const { system: known } = makeHubKeys();
const { system: stranger } = makeHubKeys();

/** The surveyor, started with the file that deploy/seeing shows, its addresses changed to those of this hub. */
class Surveyor {
  readonly #port: number;
  readonly #child: ChildProcess;
  said = "";

  constructor(folder: string, { door, port }: { readonly door: number; readonly port: number }) {
    const config = join(folder, "surveyor.yaml");
    const changed = { servers: `tls://127.0.0.1:${door}`, count: 3, port };
    const text = Object.entries(changed).reduce((now, [key, value]) => now.replace(new RegExp(`^${key}: .*$`, "m"), `${key}: ${value}`), readFileSync(shown, "utf8"));
    writeFileSync(config, text);
    this.#port = port;
    this.#child = spawn(binary, ["--config", config], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#child.stdout, this.#child.stderr]) stream?.on("data", (data) => (this.said += String(data)));
  } // prettier-ignore

  get hasEnded(): boolean {
    return this.#child.exitCode !== null;
  }

  /** What Prometheus would be told now; nothing while nobody listens. */
  async survey(): Promise<string> {
    try {
      return await (await fetch(`http://127.0.0.1:${this.#port}/metrics`)).text();
    } catch {
      return "";
    }
  }

  async end(): Promise<void> {
    if (this.hasEnded) return;
    const gone = once(this.#child, "exit");
    this.#child.kill();
    await gone;
  }
}

describe.skipIf(!isHere)("nats-surveyor beside a hub of three servers", () => {
  let cluster: Cluster;
  let world: World;
  let folder: string;
  let dir: string;
  let door: ChildProcess | undefined;
  let doorPort: number;
  const running: Surveyor[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "atumpan-surveyor-"));
    dir = join(folder, "door");
    doorPort = await freePort();
    mkdirSync(dir);
    writeFileSync(join(dir, "surveyor.nk"), known.seed, { mode: 0o600 });
    writeFileSync(join(dir, "surveyor.pub"), known.publicKey);
    cluster = makeCluster({ gates: false });
    const { prepare, serve } = cluster.options;
    const addKey: typeof prepare = async (made) => {
      await prepare(made);
      const file = made.layout.brokerConfig;
      const config = JSON.parse(readFileSync(file, "utf8")) as { cluster: object };
      writeFileSync(file, JSON.stringify({ ...config, cluster: { ...config.cluster, surveyor: known.publicKey } }));
    }; // prettier-ignore
    world = await startWorld({ states: ["ng"], recs: ["ecowas"], prepare: addKey, serve });
    const main = join(import.meta.dirname, "../../broker/main.ts");
    const args = ["surveyor-door", "--config", world.layout.brokerConfig, "--dir", dir, "--port", String(doorPort)];
    door = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    let told = "";
    door.stderr?.on("data", (data) => (told += String(data)));
    await until("the door stands open", () => told.includes(known.publicKey));
  });

  afterAll(async () => {
    for (const one of running) await one.end();
    const gone = door && once(door, "exit");
    door?.kill();
    await gone;
    await world?.stop();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** Starts one with a key, and the other things that the door laid there. */
  async function start(seed: string): Promise<Surveyor> {
    const own = mkdtempSync(join(folder, "one-"));
    cpSync(dir, own, { recursive: true });
    writeFileSync(join(own, "surveyor.nk"), seed, { mode: 0o600 });
    const one = new Surveyor(own, { door: doorPort, port: await freePort() });
    onTestFailed(() => void process.stderr.write(one.said.slice(0, 2000)));
    running.push(one);
    return one;
  }

  it("tells how each server does, and nothing of who is connected or how much of what they send", async () => {
    const surveyor = await start(known.seed);
    let told = "";
    await until("all three answer", async () => (told = await surveyor.survey()).includes("nats_survey_surveyed_count 3"));
    for (const { serverName } of cluster.nodes) {
      for (const number of ["mem_bytes", "connection_count", "route_count", "slow_consumer_count"])
        expect(told).toMatch(new RegExp(`^nats_core_${number}\\{.*"${serverName.replaceAll(".", "\\.")}".*\\} \\d`, "m"));
    }
    for (const word of ["AG_", "ng_tcu", "ng/tcu", "ng.tcu", "account=", "account_id="]) expect(told).not.toContain(word);
    // none of it went to a question that it may not ask
    expect(surveyor.said).not.toMatch(/ermission/);
  });

  it("tells when one of them is away, and when it is back", async () => {
    const [surveyor] = running;
    const { name } = cluster.nodes[2]!;
    await cluster.node(name).kill();
    await until("two answer", async () => (await surveyor!.survey()).includes("nats_survey_surveyed_count 2"));
    await cluster.node(name).start();
    await until("all answer", async () => (await surveyor!.survey()).includes("nats_survey_surveyed_count 3"));
  });

  it("is let in by no key but the one that the hub was told", async () => {
    const unknown = await start(stranger.seed);
    await until("it is refused", () => /uthorization|uthentication/.test(unknown.said) || unknown.hasEnded);
    expect(await unknown.survey()).not.toContain("nats_core_mem_bytes");
  });
}); // prettier-ignore
