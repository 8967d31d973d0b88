import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  connect as connectTls,
  type ConnectionOptions,
  createServer as createTlsServer,
} from "node:tls";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  type BrokerOptions,
  type Door,
  loadBrokerConfig,
  loadBrokerOptions,
  makeHubKeys,
  openSurveyorDoor,
} from "../../broker/index.ts";
import { loadToken } from "../../gateways/api/index.ts";
import { openTraces } from "../../gateways/metrics-desk.ts";
import { connectLink, hubLimits, makeRoutePair } from "../../broker/nats/index.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { type BadLinkProxy, startBadLinkProxy } from "../kit/bad-link-proxy.ts";
import { findNameFaults, parseExposition } from "../kit/exposition.ts";
import { countIdle } from "../kit/idle-line.ts";
import { type LineCosts, measureLine } from "../kit/line-cost.ts";
import { freePort, until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { makeWorldApis, type WorldApis } from "../kit/world-apis.ts";
import { startWorld, type World } from "../kit/world.ts";

/** With `ATUMPAN_LONG=1` ten minutes of a real line are counted beside what is reckoned. */
const isLong = process.env["ATUMPAN_LONG"] === "1";
const planted = "planted words of seeing";
const [ng, gh] = ["ng/fiu", "gh/fiu"] as const;

const { system: surveyor } = makeHubKeys();

/** What a line of a log may say. */
const allowedFields = new Set([
  "level", "time", "name", "msg", "agency", "hub", "messageId", "code", "type", "channel", "stream", "subject", "count",
  "epoch", "port", "ms", "file", "host", "fingerprint", "status", "traceId", "version",
]); // prettier-ignore

interface Collector {
  readonly url: string;
  got(): string;
  stop(): void;
}

/** Takes what traces are handed to it, as an agency's own collector does. */
async function startCollector(): Promise<Collector> {
  const bodies: Buffer[] = [];
  const server = createServer((request, response) => {
    request.on("data", (chunk: Buffer) => bodies.push(chunk));
    request.on("end", () => response.end("{}"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    got: () => Buffer.concat(bodies).toString(),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

let collector: Collector;
let world: World;
let apis: WorldApis;
let proxy: BadLinkProxy;
let hubUrl: string;
let cost: LineCosts | undefined;

function edit(file: string, more: object): void {
  writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, "utf8")) as object), ...more }));
} // prettier-ignore

function hubOptions(): BrokerOptions {
  const ground = { clock: world.clock, chance: systemChance, log: silentLog };
  return loadBrokerOptions(loadBrokerConfig(world.layout.brokerConfig), ground);
}

/** What is said at a port to whoever shows this: the first line, or nothing when it is closed before. */
async function hear(port: number, shown: ConnectionOptions): Promise<string> {
  const socket = connectTls({ host: "127.0.0.1", port, ...shown });
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.on("secureConnect", () => socket.write("PING\r\n"));
  socket.on("data", (data) => resolve(String(data)));
  socket.on("error", () => resolve(""));
  socket.on("close", () => resolve(""));
  const heard = await promise;
  socket.destroy();
  return heard;
}

async function read(agency: string, path: string): Promise<string> {
  return await (await apis.call(agency, path)).text();
}

beforeAll(async () => {
  collector = await startCollector();
  const metrics = { port: await freePort() };
  hubUrl = `http://127.0.0.1:${metrics.port}`;
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async ({ layout }) => {
      const { server, url } = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as {
        readonly server: { readonly listen: { readonly port: number } };
        readonly url: string;
      };
      proxy = await startBadLinkProxy({ toPort: server.listen.port });
      // where gateways would reach it nobody is: the broker has a way of its own
      edit(layout.brokerConfig, {
        metrics,
        url: "tls://hub.invalid:4222",
        dial: url,
        server: { ...server, surveyor: surveyor.publicKey },
      });
      const config = join(layout.gateway(ng), "gateway.json");
      edit(config, { hubs: [`tls://127.0.0.1:${proxy.port}`], canary: { everyMinutes: 60 } });
    },
  });
  apis = makeWorldApis(world);
});

afterAll(async () => {
  await apis?.stop();
  await world?.stop();
  await proxy?.stop();
  collector?.stop();
});

describe("seeing", () => {
  it("a canary goes through the hub and back, and is nobody's message", async () => {
    const gateway = await world.gateway(ng);
    await until("a canary is back", () => gateway.canaries().some(({ back }) => back > 0));
    expect(gateway.canaries()).toMatchObject([{ sent: 1, back: 1, lost: 0, isLate: false }]);
    for (const box of ["in", "out"] as const)
      expect(gateway.exchange.list({ box, limit: 10 }).items).toEqual([]);
    expect(world.broker.status()).toMatchObject({ accepted: 0, refused: 0, receipts: 1 });
    expect(await read(ng, "/metrics")).toMatch(/^atumpan_canary_back_total\{hub="[a-z/-]+"\} 1$/m);
  });

  it("numbers of hub and gateway tell what was sent and received, and nothing of what or between whom", async () => {
    const [from, to] = [await world.gateway(ng), await world.gateway(gh)];
    const ground = { clock: world.clock, chance: systemChance, log: silentLog };
    const tracer = openTraces({ gateway: from, traces: { url: collector.url }, ...ground });
    const usual = example("fiu-request");
    const body = { ...(usual["body"] as object), caseDescription: { text: planted, lang: "en" } };
    const { id } = await from.exchange.submit({ ...usual, body }, "seen");
    await until("it is delivered", () => from.exchange.find(id)?.state === "DELIVERED");
    expect(to.exchange.find(id)?.state).toBe("VERIFIED");
    await until("the collector has it", () => collector.got().includes('"delivery"'));
    tracer?.stop();
    expect(collector.got()).toContain('"outbox"');
    const texts = await Promise.all([
      read(ng, "/metrics"),
      read(gh, "/metrics"),
      (await fetch(`${hubUrl}/metrics`)).text(),
    ]);
    for (const text of texts) expect(findNameFaults(parseExposition(text))).toEqual([]);
    const logged = readFileSync(join(world.layout.logs, "broker.log"), "utf8");
    const fields = logged
      .trimEnd()
      .split("\n")
      .flatMap((line) => Object.keys(JSON.parse(line) as object));
    expect(fields.filter((field) => !allowedFields.has(field))).toEqual([]);
    expect(logged).not.toContain(planted);
    for (const text of [...texts, collector.got()]) {
      for (const word of [id, planted, ng, gh, "ng_fiu", "gh_fiu", "ng.fiu", "AG_", "fiu.request"])
        expect(text).not.toContain(word);
    }
    expect(texts[2]).toMatch(/^atumpan_hub_admissions_total\{outcome="ACCEPTED"\} [1-9]/m);
    expect(texts[2]).toMatch(/^atumpan_hub_stream_messages\{stream="DIRECT"\} [1-9]/m);
    for (const kind of ["BLOB", "DIRECT", "FEED", "INTAKE", "LOG", "QUARANTINE", "RECEIPTS"])
      expect(texts[2]).toMatch(new RegExp(`^atumpan_hub_streams\\{stream="${kind}"\\} [1-9]`, "m"));
    expect(texts[2]).not.toContain('stream="OTHER"');
    expect(texts[2]).toMatch(/^atumpan_hub_logins_total\{outcome="ALLOWED"\} [1-9]/m);
  });

  describe("a surveyor of the hub's own machine", () => {
    let dir: string;
    let door: Door;
    let port: number;

    beforeAll(async () => {
      dir = join(world.home, "surveyor");
      port = await freePort();
      door = await openSurveyorDoor({ options: hubOptions(), dir, port });
    });
    afterAll(() => door?.stop());

    const pair = (): { readonly cert: string; readonly key: string } => ({
      cert: readFileSync(join(dir, "door.pem"), "utf8"),
      key: readFileSync(join(dir, "door.key"), "utf8"),
    });

    it("reads how the server does, and not who is connected", async () => {
      const { cert, key } = pair();
      const link = await connectLink({
        urls: [`tls://127.0.0.1:${port}`],
        name: "surveyor",
        seed: surveyor.seed,
        inboxPrefix: "_INBOX",
        tls: { certificatePem: cert, keyPem: key, rootsPem: cert, isServer: () => true },
        clock: world.clock,
        log: silentLog,
        patienceMs: 30_000,
      });
      try {
        const told = await link.request("$SYS.REQ.SERVER.PING.STATSZ", "", { timeout: 10_000 });
        expect(told.json()).toMatchObject({ statsz: { connections: expect.any(Number) } });
        const { server_id: id = "" } = link.info ?? {};
        for (const verb of ["CONNZ", "SUBSZ", "JSZ", "ACCOUNTZ", "RELOAD"])
          await expect(
            link.request(`$SYS.REQ.SERVER.${id}.${verb}`, "", { timeout: 10_000 }),
          ).rejects.toThrow(/ermission/);
      } finally {
        await link.close();
      }
    });

    it("has a key of its own that is kept, and shows what lies in the hub's folder: nobody else is joined to a server", async () => {
      expect(door.publicKey).toMatch(/^U[A-Z2-7]{55}$/);
      expect(readFileSync(join(dir, "surveyor.pub"), "utf8")).toBe(`${door.publicKey}\n`);
      for (const file of ["surveyor.nk", "door.key"])
        expect(statSync(join(dir, file)).mode & 0o077).toBe(0);
      const { cert, key } = pair();
      expect(await hear(port, { cert, key, ca: cert })).toMatch(/^INFO /);
      const { certificatePem, keyPem } = makeRoutePair("surveyor", ["127.0.0.1"]);
      expect(await hear(port, { cert: certificatePem, key: keyPem, ca: cert })).toBe("");
      expect(await hear(port, { ca: cert })).toBe("");
    });

    it("is joined to no server but the hub's: of an impostor it hears nothing, and he nothing of it", async () => {
      const { certificatePem, keyPem } = makeRoutePair("au.hub-one", ["127.0.0.1"]);
      const asked: string[] = [];
      const impostor = createTlsServer({ cert: certificatePem, key: keyPem }, (socket) => {
        socket
          .on("data", (data) => asked.push(String(data)))
          .on("error", () => undefined)
          .write("INFO {}\r\n");
      });
      const doorPort = await freePort();
      impostor.listen(0, "127.0.0.1");
      await once(impostor, "listening");
      const to = (impostor.address() as AddressInfo).port;
      const wrong = await openSurveyorDoor({
        options: { ...hubOptions(), dial: `tls://127.0.0.1:${to}` },
        dir,
        port: doorPort,
      });
      try {
        expect(wrong.publicKey).toBe(door.publicKey);
        const { cert, key } = pair();
        expect(await hear(doorPort, { cert, key, ca: cert })).toBe("");
        expect(asked).toEqual([]);
      } finally {
        await wrong.stop();
        impostor.close();
      }
    });
  });

  it("a gateway that runs by its own file hands its traces to the collector of it, and nobody's words with them", async () => {
    const folder = world.layout.gateway("ng/moc");
    const file = join(folder, "gateway.json");
    const before = collector.got().length;
    const { host, port } = (JSON.parse(readFileSync(file, "utf8")) as { api: { host: string; port: number } }).api;
    edit(file, { traces: { url: collector.url, share: 1 } });
    const main = join(import.meta.dirname, "../../gateways/main.ts");
    const child = spawn(process.execPath, [main, "--config", folder], { stdio: "ignore" });
    const gone = once(child, "exit");
    try {
      const authorization = `Bearer ${loadToken(folder, systemChance)}`;
      const headers = { authorization, "content-type": "application/json", "idempotency-key": "planted-key" };
      const url = `http://${host}:${port}`;
      await until("it answers", async () => (await fetch(`${url}/livez`).catch(() => undefined))?.ok === true);
      const usual = example("maritime");
      const body = { ...(usual["body"] as object), narrative: { text: planted, lang: "en" } };
      const sent = await fetch(`${url}/v1/messages`, { method: "POST", headers, body: JSON.stringify({ ...usual, body }) });
      const answer = (await sent.json()) as { readonly id: string };
      expect({ ok: sent.ok, answer }).toMatchObject({ ok: true, answer: { id: expect.any(String) } });
      const { id } = answer;
      await fetch(`${url}/v1/messages/${id}?note=${encodeURIComponent(planted)}`, { headers });
      const got = (): string => collector.got().slice(before);
      await until("all kinds of them are there", () =>
        ['"outbox"', '"POST /v1/messages"', '"GET /v1/messages/'].every((name) => got().includes(name)),
      );
      for (const word of [id, planted, encodeURIComponent(planted), "planted", "ng/moc", "ng_moc", authorization.slice(7), folder, usual["type"]])
        expect(got()).not.toContain(word);
    } finally {
      child.kill("SIGTERM");
      await gone;
    }
    expect(child.exitCode).toBe(0);
  }); // prettier-ignore

  // measured at one server; several say the same, and tell besides when one of them comes or goes
  it.each([["one server", false], ["several", true]])("an idle line to %s costs under 50 MB a month, with its packets' heads, canaries, the log and the register", async (_servers, hasMany) => {
    cost ??= await measureLine(world, proxy, "gh/moc");
    const [hours, monthHours] = [8, 30 * 24];
    const place = { hours, streams: 3, longestMs: hubLimits.maxPullMs, hasMany, roundTripMs: 150 };
    const count = await countIdle(place);
    const bytes = {
      pings: count.pings * cost.ping,
      pulls: count.pulls * cost.pull,
      heartbeats: count.heartbeats * cost.heartbeat,
      heads: count.heads * cost.heads,
      canaries: hours * 2 * cost.canary,
      registers: hours * cost.register,
    };
    const inMonth = (sum: number): number => ((sum / hours) * monthHours) / 1e6;
    const month = Object.fromEntries(Object.entries(bytes).map(([kind, sum]) => [kind, inMonth(sum)]));
    const whole = Object.values(month).reduce((sum, one) => sum + one, 0);
    // a connection ends with its login, whatever goes over it
    const logins = inMonth((hours * 3_600_000 * cost.login) / hubLimits.loginLifetimeMs);
    if (isLong) console.log({ cost, count, month, whole, logins });
    expect({ cost, month, whole, logins, isThrifty: whole + logins < 50 }).toMatchObject({ isThrifty: true });
    expect(whole).toBeGreaterThan(20);
  }); // prettier-ignore

  it.runIf(isLong)(
    "an idle line costs no more than was reckoned, by the clock on the wall",
    async () => {
      const before = { ...proxy.carried, wire: proxy.wouldWire() };
      const began = performance.now();
      await pause(600_000);
      const { up, down } = proxy.carried;
      const months = (30 * 86_400_000) / (performance.now() - began);
      const sent = (up - before.up + down - before.down) * months;
      // each packet with its own answer, and heads down to the cable's
      const most = (proxy.wouldWire() - before.wire) * months;
      console.log({ payloadMB: sent / 1e6, mostMB: most / 1e6 });
      expect(sent).toBeLessThan(35e6);
      expect(sent).toBeGreaterThan(0);
    },
    900_000,
  );

  it("a hub that is elsewhere by the register is reached there, by gateways that run", async () => {
    const elsewhere = await startBadLinkProxy({ toPort: Number(new URL(world.url).port) });
    try {
      const gateway = await world.gateway(gh);
      const urls = [`tls://127.0.0.1:${elsewhere.port}`];
      await world.publish({ region: (now) => ({ ...now, hubs: now.hubs.map((one) => ({ ...one, urls })) }) });
      const { epoch } = world.register();
      await until("it was told", () => gateway.register().epoch === epoch);
      await until("it went there", () => elsewhere.dials() > 0 && gateway.exchange.status().linkUp);
      expect(world.broker.ready).toBe(true);
    } finally {
      await elsewhere.stop();
    }
  }); // prettier-ignore

  it("a link that is down is told from a gateway that is broken, and from a hub that is", async () => {
    proxy.nature.up = "held";
    proxy.nature.down = "held";
    proxy.cut();
    await until("the link is down", async () => (await read(ng, "/readyz")).includes('"down"'));
    const ready = await apis.call(ng, "/readyz");
    expect(ready.status).toBe(200);
    expect(await ready.json()).toMatchObject({ ready: true, link: "down", store: true });
    expect(await read(ng, "/metrics")).toMatch(/^atumpan_link_up\{hub="[a-z/-]+"\} 0$/m);
    const hub = await fetch(`${hubUrl}/readyz`);
    expect([hub.status, await hub.json()]).toMatchObject([200, { ready: true, server: "up" }]);
  });
});
