import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it, onTestFailed, onTestFinished } from "vitest";

import { engineTrouble } from "../kit/container.ts";
import { until } from "../kit/server.ts";
import { openAgency } from "./agency.ts";
import { type CountryRegion, startCountryRegion } from "./country-region.ts";
import { harden, type Program, startProgram } from "./program.ts";
import { countries, type Country, hostOf, servers } from "./region-folders.ts";
import { stories } from "./stories.ts";
import { startTraffic, type Traffic } from "./traffic.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";
const trouble =
  engineTrouble() ??
  (process.getuid?.() === 0 ? undefined : "folders cannot be given to user 10001");
if (trouble !== undefined) {
  process.stderr.write(`skipped: hub and gateways in containers, because ${trouble}\n`);
}

const node = "/usr/local/bin/node";
/** Far beyond what any of it takes. */
const mostMs = 900_000;

describe.skipIf(trouble !== undefined)("a hub of three servers and four countries, in containers on private networks", () => {
  let region: CountryRegion;
  /** Who sent what, over all stories. */
  const sent = new Map<string, Country>();

  beforeAll(async () => {
    process.env["TESTCONTAINERS_RYUK_DISABLED"] = "true";
    region = await startCountryRegion();
  }, mostMs);

  afterAll(async () => {
    await region?.stop();
  });

  const tellAll = async (): Promise<void> => {
    process.stderr.write(`${await region.logs()}\n`);
  };
  const run = async (program: Program, code: string): Promise<string> => (await program.run(node, "-e", code)).out;

  it("an alert from Lagos is held in the other three, and the hub's log proves it to Lagos", async () => {
    const lagos = region.agency("ng");
    const id = await lagos.send("containers-first");
    sent.set(id, "ng");
    // a receipt that was late on its way was asked for again; the hub's may come after a reader's
    const rungs = async (): Promise<readonly string[]> => [...new Set((await lagos.show(id)).ladder.map(({ kind, by }) => `${kind} ${by}`))].toSorted();
    await until("Lagos knows that all have it", async () => (await lagos.show(id)).state === "DELIVERED");
    await until("the hub's word is there", async () => (await rungs()).some((rung) => rung.startsWith("ACCEPTED")));
    expect(await rungs()).toEqual(["ACCEPTED au/hub-one", ...["gh", "lr", "sn"].map((one) => `DELIVERED ${one}/tcu`)]);
    for (const country of countries.filter((one) => one !== "ng")) {
      const held = (await region.agency(country).inbox()).filter((one) => one.id === id);
      expect(held).toMatchObject([{ originator: "ng/tcu", state: "VERIFIED" }]);
    }
    await until("its log proves it", async () => (await lagos.show(id)).log?.[0]?.state === "PROVED");
  });

  it("no program is root, has any right of root, or writes anywhere but in its folder and what is gone with it", async () => {
    const write = `const fs = require("fs"); const can = (file) => { try { fs.writeFileSync(file, "x"); fs.rmSync(file); return file; } catch { return ""; } };
      const status = fs.readFileSync("/proc/self/status", "utf8");
      console.log(JSON.stringify({ uid: process.getuid(), rights: /CapEff:\\s*(\\w+)/.exec(status)[1], bounds: /CapBnd:\\s*(\\w+)/.exec(status)[1], gains: /NoNewPrivs:\\s*(\\d)/.exec(status)[1],
        writes: ["/x", "/app/x", "/etc/x", "/usr/local/bin/x", "/dev/x", "/tmp/x", "/data/x"].filter(can) }));`;
    for (const program of [region.broker, region.agency("ng").gateway]) {
      expect(JSON.parse(await run(program, write))).toEqual({ uid: 10_001, rights: "0".repeat(16), bounds: "0".repeat(16), gains: "1", writes: ["/tmp/x", "/data/x"] });
    }
    for (const program of region.servers.values()) {
      const { HostConfig, Config } = await program.inspect();
      expect([Config.User, HostConfig.ReadonlyRootfs, HostConfig.CapDrop]).toEqual(["10001:10001", true, ["ALL"]]);
    }
  });

  it("an image holds no shell", async () => {
    const { gateway } = region.agency("ng");
    expect((await gateway.run(node, "-e", "process.exit(0)")).code).toBe(0);
    // of a program that is not there engines say the one or the other
    for (const shell of ["/bin/sh", "/bin/bash", "/bin/busybox"]) expect([126, 127]).toContain((await gateway.run(shell, "-c", "exit 0")).code);
  });

  it("a gateway that was given nothing says what it lacks, and ends", async () => {
    const program = await startProgram(harden({ image: region.images.gateway, mounts: {}, networks: [] }));
    onTestFinished(() => program.remove());
    expect(await program.ended()).toBe(1);
    expect(await program.logs()).toMatch(/CONFIG_INVALID: gateway\.json: there is no \/data\/gateway\.json[^]*exited 1/);
  }, mostMs);

  it("a server sees its own configuration and keys, and nothing else of the hub's", async () => {
    const own = ["clients.pem", "nats-server.conf", "nats-server.log", "route.key", "route.pem", "routes.pem", "server.pem"];
    for (const name of servers) {
      const program = region.servers.get(name)!;
      expect(readdirSync(region.folders.server(name).own).toSorted()).toEqual(own);
      expect((await program.read("/server/server.pem"))?.includes("PRIVATE KEY")).toBe(true);
      const others = servers.filter((one) => one !== name).map((one) => `servers/${one}/route.key`);
      for (const file of ["keys/signing.key", "keys/link.key", "log.key", "hub-keys.json", "audit.jsonl", ...others]) {
        expect(readFileSync(join(region.folders.hub, file)).length, file).toBeGreaterThan(0);
        for (const at of [`/data/${file}`, `/server/${file}`, `/server/../${file}`]) expect(await program.read(at), at).toBeUndefined();
      }
    }
  });

  it("a country reaches the servers of its hub, and no other country, not the broker, and nothing outside", async () => {
    const reach = (host: string, port: number): string =>
      `require("net").connect({ host: ${JSON.stringify(host)}, port: ${port}, timeout: 5000 }).on("connect", () => process.exit(0)).on("timeout", () => process.exit(9)).on("error", () => process.exit(9))`;
    const { gateway } = region.agency("ng");
    const from = async (host: string, port: number): Promise<number> => (await gateway.run(node, "-e", reach(host, port))).code;
    for (const name of servers) expect(await from(hostOf(name), 7422)).toBe(0);
    const accra = await region.agency("gh").gateway.addressOn(region.networks.gh);
    const broker = await region.broker.addressOn(region.networks.hub);
    expect([accra, broker]).toEqual([expect.stringMatching(/^\d/), expect.stringMatching(/^\d/)]);
    const others = [[accra, 7401], [broker, 7422], ["192.0.2.1", 443]] as const;
    expect(await Promise.all(others.map(([host, port]) => from(host, port)))).toEqual([9, 9, 9]);
    expect(Object.keys((await gateway.inspect()).NetworkSettings.Networks)).toEqual([region.networks.ng.getName()]);
  });

  it("a gateway whose keys no office here vouches for is not let in", async () => {
    const own = region.agency("gh").gateway;
    const plan = { image: region.images.gateway, mounts: { "/data": await region.folders.impostor("gh") }, networks: [{ network: region.networks.gh }] };
    const impostor = await startProgram(harden(plan));
    onTestFinished(() => impostor.remove());
    // a server says who it is as soon as it believes who called
    const call = (server: string): string => `const fs = require("fs"); const read = (kind) => fs.readFileSync("/data/keys/link." + kind);
      require("tls").connect({ host: "${hostOf(server)}", port: 7422, rejectUnauthorized: false, key: read("key"), cert: read("pem") })
        .on("data", (text) => process.exit(String(text).startsWith("INFO ") ? 0 : 8)).on("error", () => process.exit(9)).on("close", () => process.exit(9));`;
    for (const server of servers) {
      expect((await own.run(node, "-e", call(server))).code).toBe(0);
      expect((await impostor.run(node, "-e", call(server))).code).toBe(9);
    }
    const pretended = openAgency("gh/tcu", impostor);
    await until("it runs, and is not linked", async () => (await pretended.status())?.linkUp === false);
    // its own gateway knows as well that it may not speak for anybody
    await expect(pretended.send("containers-impostor")).rejects.toThrow("CERT_UNKNOWN");
  }, mostMs);

  describe.each(Array.from({ length: isLong ? 3 : 1 }, (_, round) => round))("while alerts are on their way all the time (%i)", () => {
    const names = Object.keys(stories) as (keyof typeof stories)[];
    let traffic: Traffic;
    beforeAll(() => {
      traffic = startTraffic(region, ["ng", "gh"], sent);
    });
    afterAll(() => traffic?.stop());

    it.each(names)("%s", async (name) => {
      onTestFailed(tellAll);
      await traffic.flows(1, "sn");
      await stories[name](region, traffic);
      await region.whole();
    }, mostMs);

    it("nothing of it is lost, nothing comes twice, and who sent it knows that everybody has it", async () => {
      onTestFailed(tellAll);
      const { sent: all, ...rest } = await traffic.end();
      expect(rest).toEqual({ lost: 0, twice: 0, strange: 0, untold: 0 });
      expect(all).toBeGreaterThan(2 * names.length);
    }, mostMs);
  });

  it("asked to end, each ends by itself", async () => {
    const gateways = countries.map((country) => region.agency(country).gateway);
    const ended = [await Promise.all(gateways.map((one) => one.end())), await region.broker.end(), await Promise.all([...region.servers.values()].map((one) => one.end()))];
    expect(ended).toEqual([[0, 0, 0, 0], 0, [0, 0, 0]]);
  });
}); // prettier-ignore
