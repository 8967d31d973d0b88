import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse as parseYaml } from "yaml";

import { systemChance } from "../../schemas/ground/index.ts";
import { engineTrouble } from "../../test/kit/container.ts";
import { natsServerBinary, until } from "../../test/kit/server.ts";
import { makeLayout } from "../local/layout.ts";
import { planRegion } from "../local/plan.ts";
import { makeRegion } from "../local/region.ts";

const root = join(import.meta.dirname, "../..");
const isLong = process.env["ATUMPAN_LONG"] === "1";
const trouble =
  engineTrouble() ??
  (process.getuid?.() === 0 ? undefined : "folders cannot be given to user 10001");
if (trouble !== undefined) {
  process.stderr.write(`skipped: the images, started in containers, because ${trouble}\n`);
}

function docker(...args: readonly string[]): string {
  const ran = spawnSync("docker", args, { encoding: "utf8", maxBuffer: 1e8 });
  if (ran.status !== 0) throw new Error(`docker ${args.slice(0, 3).join(" ")}: ${ran.stderr}${ran.stdout}`);
  return ran.stdout.trim();
} // prettier-ignore

function make(out: string, names: readonly string[]): void {
  const args = [join(root, "deploy/images/main.ts"), "--out", out, ...names];
  const env = { ...process.env, ATUMPAN_NATS_SERVER: natsServerBinary() };
  const ran = spawnSync(process.execPath, args, { encoding: "utf8", env });
  if (ran.status !== 0) throw new Error(ran.stderr);
}

const hardened = [
  "--read-only",
  "--cap-drop",
  "ALL",
  "--security-opt",
  "no-new-privileges:true",
  "--tmpfs",
  "/tmp",
];

describe.skipIf(trouble !== undefined || isLong)("the image of a gateway, started by an engine", () => {
  // made in time: what is skipped leaves nothing behind
  let folder = "";
  let name: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "atumpan-images-"));
    make(folder, ["gateway"]);
    const told = docker("load", "-q", "-i", join(folder, "gateway.tar"));
    name = /Loaded image: (\S+)/.exec(told)?.[1] ?? told;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("says what it lacks and ends, with nothing to write on and no right of root", () => {
    const ran = spawnSync("docker", ["run", "--rm", "--network", "none", ...hardened, name], { encoding: "utf8" });
    expect(`${ran.status} ${ran.stderr}`).toMatch(/^1 [^]*CONFIG_INVALID: gateway\.json: there is no \/data\/gateway\.json/);
  });

  it("starts no shell, because it holds none", () => {
    const ran = spawnSync("docker", ["run", "--rm", "--entrypoint", "/bin/sh", name, "-c", "exit 0"], { encoding: "utf8" });
    expect(`${ran.status} ${ran.stderr}`).toMatch(/^127 /);
  });
}); // prettier-ignore

/** A service of the region's compose file, as far as `docker run` needs it. */
interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly user: string;
  readonly cap_drop: readonly string[];
  readonly security_opt: readonly string[];
  readonly tmpfs: readonly string[];
  readonly volumes: readonly string[];
  readonly network_mode?: string;
  readonly networks?:
    readonly string[] | Readonly<Record<string, { readonly aliases: readonly string[] }>>;
}

type Networks = NonNullable<Service["networks"]>;

function isList(networks: Networks): networks is readonly string[] {
  return Array.isArray(networks);
}

/** By network, as what a service is known there. */
function networksOf({ networks = [] }: Service): readonly (readonly [network: string, aliases: readonly string[]])[] {
  if (isList(networks)) return networks.map((one) => [one, []] as const);
  return Object.entries(networks).map(([one, { aliases }]) => [one, aliases] as const);
} // prettier-ignore

const compose = join(root, "deploy/compose/region");
const told = parseYaml(readFileSync(join(compose, "compose.yaml"), "utf8"), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};

describe.skipIf(trouble !== undefined || !isLong)("a hub and two gateways in containers, each behind its own network", () => {
  const run = `atumpan-${process.pid}`;
  let home = "";
  const started: string[] = [];
  const here = ["hub-one", "ng-tcu", "gh-tcu"];

  function argsOf(name: string): string[] {
    const service = told.services[name]!;
    const [first] = networksOf(service).filter(([one]) => here.includes(one));
    const [network = "", aliases = []] = first === undefined
      ? [(service.network_mode ?? "none").replace("service:", `container:${run}-`)]
      : [`${run}-${first[0]}`, first[1]];
    return [
      "--network",
      network,
      ...aliases.flatMap((one) => ["--network-alias", one]),
      "--read-only",
      "--user",
      service.user,
      ...service.cap_drop.flatMap((one) => ["--cap-drop", one]),
      ...service.security_opt.flatMap((one) => ["--security-opt", one]),
      ...service.tmpfs.flatMap((one) => ["--tmpfs", one]),
      ...service.volumes.flatMap((one) => ["--volume", one.replace("./", `${home}/`)]),
      service.image,
    ];
  }

  function start(name: string): void {
    const service = told.services[name]!;
    docker("create", "--name", `${run}-${name}`, ...argsOf(name), ...(service.command ?? []));
    started.push(`${run}-${name}`);
    for (const [network, aliases] of networksOf(service).filter(([one]) => here.includes(one)).slice(1)) {
      docker("network", "connect", ...aliases.flatMap((one) => ["--alias", one]), `${run}-${network}`, `${run}-${name}`);
    }
    docker("start", `${run}-${name}`);
  }

  /** A command of the agency's own tools, beside its gateway. */
  function ask(agency: string, ...args: readonly string[]): { readonly status: number | null; readonly out: string } {
    const ran = spawnSync("docker", ["run", "--rm", "-i", ...argsOf(`${agency}-tools`), ...args], { encoding: "utf8", input: readFileSync(join(root, "deploy/local/examples/lagos-alert.json"), "utf8") });
    return { status: ran.status, out: `${ran.stdout}${ran.stderr}` };
  }

  async function makeFolders(): Promise<void> {
    const layout = makeLayout(join(home, "region"));
    const from = Date.UTC(2025, 0, 29);
    const plan = planRegion(from, { states: ["ng", "gh"], recs: ["ecowas"] });
    const ports = { base: 7422, host: "hub-one", natsServer: "nats-server" };
    await makeRegion(plan, layout, { now: Date.now(), chance: systemChance, from, ports });
    for (const [name, folder] of [["hub-one", layout.hub], ["ng-tcu", layout.gateway("ng/tcu")], ["gh-tcu", layout.gateway("gh/tcu")]] as const) {
      const target = join(home, name);
      mkdirSync(target, { mode: 0o700 });
      cpSync(folder, target, { recursive: true });
      cpSync(layout.register, join(target, "register.bin"));
      cpSync(layout.root, join(target, "root.json"));
      cpSync(join(compose, name), target, { recursive: true });
    }
    expect(spawnSync("chown", ["-R", "10001:10001", home]).status).toBe(0);
    expect(spawnSync("chmod", ["-R", "go=", home]).status).toBe(0);
    expect(spawnSync("chmod", ["755", home]).status).toBe(0);
  }

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), "atumpan-story-"));
    const images = join(home, "images");
    make(images, []);
    for (const name of ["hub", "gateway", "tools", "nats-server"]) docker("load", "-q", "-i", join(images, `${name}.tar`));
    rmSync(images, { recursive: true });
    await makeFolders();
    for (const network of here) docker("network", "create", "--internal", `${run}-${network}`);
    docker("run", "--rm", ...argsOf("hub-one-render"), ...told.services["hub-one-render"]!.command!);
    for (const name of ["hub-one-server", "hub-one", "ng-tcu", "gh-tcu"]) start(name);
  });

  afterAll(() => {
    for (const name of started.toReversed()) spawnSync("docker", ["rm", "-f", name]);
    for (const network of here) spawnSync("docker", ["network", "rm", `${run}-${network}`]);
    rmSync(home, { recursive: true, force: true });
  });

  it("an alert from Lagos is held, verified, in Accra, and Lagos knows it", async () => {
    for (const agency of ["ng-tcu", "gh-tcu"]) {
      await until(`${agency} has its link`, () => ask(agency, "status", "--json").out.includes('"linkUp":true'));
    }
    const sent = ask("ng-tcu", "message", "send", "-");
    expect(sent).toMatchObject({ status: 0 });
    const [id = ""] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(sent.out) ?? [];
    await until("Accra holds it", () => ask("gh-tcu", "inbox", "ls").out.includes(id));
    await until("Lagos knows", () => ask("ng-tcu", "message", "show", id, "--json").out.match(/"kind":"DELIVERED","by":"gh\/tcu"/) !== null);
  });

  it("an agency's network reaches neither the other agency nor anything outside", () => {
    const name = `${run}-ng-tcu`;
    const other = docker("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", `${run}-gh-tcu`);
    for (const host of [other, "1.1.1.1"]) {
      const code = `require("net").connect({host:${JSON.stringify(host)},port:7401,timeout:3000}).on("connect",()=>process.exit(0)).on("timeout",()=>process.exit(9)).on("error",()=>process.exit(9))`;
      expect(spawnSync("docker", ["exec", name, "/usr/local/bin/node", "-e", code]).status).toBe(9);
    }
  });

  it("the engine's question, whether it is well, is answered without a shell", async () => {
    const ready = (name: string, kind: string): number | null =>
      spawnSync("docker", ["exec", `${run}-${name}`, "/usr/local/bin/node", "/app/deploy/images/aid/ready.ts", kind, "/data"]).status;
    expect(ready("ng-tcu", "gateway")).toBe(0);
    await until("the hub is ready", () => ready("hub-one", "hub") === 0);
    expect(ready("hub-one", "gateway")).toBe(1);
  });

  it("asked to end, each ends by itself", () => {
    // as an engine does: who needs another ends before it
    for (const name of started.toReversed()) docker("stop", "-t", "60", name);
    const codes = started.map((name) => `${name.slice(run.length + 1)} ${docker("inspect", "-f", "{{.State.ExitCode}}", name)}`);
    expect(codes).toEqual(["hub-one-server 0", "hub-one 0", "ng-tcu 0", "gh-tcu 0"]);
  });
}); // prettier-ignore
