import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { createServer as createPlain, type Server } from "node:net";
import { createServer } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { renderPem } from "../../certs/shape/index.ts";
import { makeShiftedClock, systemClock } from "../../schemas/ground/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { freePort } from "../../test/kit/server.ts";
import { makeTlsPair, type TlsPair } from "../../test/kit/tls-pair.ts";
import { openStore } from "../store/index.ts";
import { examine, type Finding, type GatewayFace, makeSystemProbes, type Probes } from "./index.ts";
import { tryWrites } from "./system-probes.ts";

const agency = "ng/tcu";
const day = 86_400_000;
let world: GatewayWorld;
let stranger: TlsPair;
let port = 0;
let dir = "";
let hub: Server;
let probes: Probes;

/** A server that says a word, as a hub's does, once it took a client of its own state. */
function listen(pair: { keyPem: string; certificatePem: string }): Promise<Server> {
  const server = createServer(
    { key: pair.keyPem, cert: pair.certificatePem, minVersion: "TLSv1.3" },
    (socket) => void socket.on("error", () => undefined).write("INFO {}\r\n"),
  );
  return new Promise((resolve) => void server.listen(port, "127.0.0.1", () => resolve(server)));
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => void server.close(() => resolve()));
}

function writeFolder(): void {
  const mine = world.agency(agency);
  const pemOf = (kind: string): string =>
    renderPem("CERTIFICATE", mine.certificates.find((one) => one.kind === kind)!.certificate);
  const keep = (name: string, text: string | Uint8Array): void =>
    writeFileSync(join(dir, name), text, { mode: 0o600 });
  keep("link.key", mine.link.keyPem);
  keep("link.pem", mine.link.certificatePem);
  for (const kind of ["signing", "sealing"]) {
    keep(`${kind}.key`, "a key");
    keep(`${kind}.pem`, pemOf(kind.toUpperCase()));
  }
  keep("api-token", "t".repeat(43));
  keep("root.json", world.anchors.root);
  keep("register.bin", world.register);
  const pair = (name: string): object => ({ key: `${name}.key`, certificate: `${name}.pem` });
  const keys = { link: pair("link"), signing: pair("signing"), sealing: [pair("sealing")] };
  const api = { host: "127.0.0.1", port: 1 };
  keep("gateway.json", JSON.stringify({ agency, api, keys, anchors: "root.json" }));
  openStore(join(dir, "store.db")).close();
}

beforeAll(async () => {
  port = await freePort();
  const hubUrl = `tls://127.0.0.1:${port}`;
  world = await makeGatewayWorld([agency, "gh/tcu"], { now: Date.now() - 3_600_000, hubUrl });
  stranger = await makeTlsPair("localhost");
});

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), "doctor-"));
  writeFolder();
  hub = await listen(world.agency("ecowas/hub").server);
  // a shared machine may be slow, and its disk small
  probes = {
    ...makeSystemProbes(systemClock),
    trySync: () => ({ ms: 3 }),
    findRoom: () => 1e12,
  };
});

afterEach(async () => {
  await stop(hub);
  rmSync(dir, { recursive: true, force: true });
});

/** What is not well. */
async function wrong(more: Partial<Probes> = {}): Promise<readonly Finding[]> {
  const found = await examine({ dir }, { ...probes, ...more });
  return found.filter(({ state }) => state !== "ok");
}

async function codes(more: Partial<Probes> = {}): Promise<readonly string[]> {
  return (await wrong(more)).map(({ code }) => code);
}

const later = (ms: number): Partial<Probes> => ({ clock: makeShiftedClock(() => ms) });

describe("a folder whose gateway does not run", () => {
  it("nothing is wrong where nothing is, and everything was looked at", async () => {
    const found = await examine({ dir }, probes);
    expect(found.filter(({ state }) => state !== "ok")).toEqual([]);
    const looked = new Set(found.map(({ check }) => check));
    expect([...looked].toSorted()).toEqual([
      "certs", "clock", "disk", "files", "link", "machine", "queue", "register", "store",
    ]); // prettier-ignore
  });

  it("a key that others may read is named, with the command that closes it", async () => {
    chmodSync(join(dir, "signing.key"), 0o644);
    const [one, ...more] = await wrong();
    expect([one?.code, one?.facts, more]).toEqual([
      "FILE_OPEN_TO_OTHERS",
      { file: join(dir, "signing.key"), mode: "644", wanted: "600" },
      [],
    ]);
  });

  it.each([
    ["the token", "api-token", 0o640],
    ["the store", "store.db", 0o604],
    ["the configuration, to write", "gateway.json", 0o666],
  ])("what others may use is found: %s", async (_, name, mode) => {
    chmodSync(join(dir, name), mode);
    expect(await codes()).toEqual(["FILE_OPEN_TO_OTHERS"]);
  });

  it("a folder that others may write is found", async () => {
    chmodSync(dir, 0o777);
    expect(await codes()).toEqual(["FILE_OPEN_TO_OTHERS"]);
  });

  it("a key that is gone is found", async () => {
    rmSync(join(dir, "sealing.key"));
    expect(await codes()).toEqual(["FILE_MISSING"]);
  });

  it("a configuration that cannot be read is one finding, and no exception", async () => {
    writeFileSync(join(dir, "gateway.json"), "{");
    expect(await codes()).toEqual(["CONFIG_UNREADABLE"]);
  });

  it("a certificate that is none is found", async () => {
    writeFileSync(join(dir, "signing.pem"), "no certificate");
    expect(await codes()).toEqual(["CONFIG_UNREADABLE"]);
  });

  it("a full disk is found by a real write", async () => {
    const trial = tryWrites("/dev/full", systemClock);
    expect(trial).toEqual({ failed: "ENOSPC" });
    expect(await codes({ trySync: () => trial })).toEqual(["DISK_FULL"]);
  });

  it("a folder that takes no writing is found by a real write", async () => {
    const trial = tryWrites("/proc/none", systemClock);
    expect(await codes({ trySync: () => trial })).toEqual(["DISK_READ_ONLY"]);
  });

  it.each([
    ["little room", { findRoom: () => 5e8 }, "DISK_LOW"],
    ["hardly any room", { findRoom: () => 1e6 }, "DISK_FULL"],
    ["a slow disk", { trySync: () => ({ ms: 900 }) }, "DISK_SLOW"],
    ["an old Node", { nodeVersion: "22.4.0" }, "NODE_OLD"],
    ["a Node without zones", { knowsZones: () => false }, "ZONES_MISSING"],
  ])("%s is found", async (_, more, code) => {
    expect(await codes(more)).toEqual([code]);
  });

  it("a real write to the folder leaves nothing behind", () => {
    const { trySync, list } = makeSystemProbes(systemClock);
    const before = list(dir);
    expect(trySync(dir)).toEqual({ ms: expect.any(Number) });
    expect(list(dir)).toEqual(before);
  });

  it("a clock that stands before what has passed is found", async () => {
    const found = await wrong(later(-2 * day));
    expect(found.find(({ code }) => code === "CLOCK_BEHIND")?.facts["minutes"]).toBeGreaterThan(
      2 * 24 * 60 - 70,
    );
  });

  it("a store that was written tomorrow says that the clock went back", async () => {
    const tomorrow = new Date(Date.now() + day);
    utimesSync(join(dir, "store.db"), tomorrow, tomorrow);
    expect(await codes()).toEqual(["CLOCK_BEHIND"]);
  });

  it("certificates and a register that ended are found, each by its kind", async () => {
    const found = await wrong(later(4_000 * day));
    const ended = found.filter(({ code }) => code === "CERTIFICATE_ENDED").map(({ facts }) => String(facts["kind"]));
    expect(ended.toSorted()).toEqual(expect.arrayContaining(["LINK", "SEALING", "SIGNING"]));
    expect(found.map(({ code }) => code)).toContain("REGISTER_PAST");
    expect(found.map(({ code }) => code)).toContain("SERVER_ENDED");
  }); // prettier-ignore

  it("a register that cannot be proved, and one that is gone", async () => {
    writeFileSync(join(dir, "register.bin"), Buffer.alloc(500, 3));
    expect(await codes()).toEqual(["REGISTER_UNPROVED"]);
    rmSync(join(dir, "register.bin"));
    expect(await codes()).toEqual(["FILE_MISSING"]);
  });

  it("a certificate that the register does not name is found", async () => {
    const other = world.agency("gh/tcu").link;
    writeFileSync(join(dir, "link.pem"), other.certificatePem);
    writeFileSync(join(dir, "link.key"), other.keyPem);
    expect(await codes()).toEqual(["CERTIFICATE_NOT_NAMED"]);
  });

  it("a damaged store is found, and stays as it is", async () => {
    truncateSync(join(dir, "store.db"), 5_000);
    expect(await codes()).toEqual(["STORE_DAMAGED"]);
  });

  it("a store that is not there yet is said", async () => {
    rmSync(join(dir, "store.db"));
    expect(await codes()).toEqual(["STORE_MISSING"]);
  });
});

describe("the way to the hub", () => {
  it("a hub that does not run is found by its port", async () => {
    await stop(hub);
    expect(await codes()).toEqual(["PORT_SILENT"]);
    hub = await listen(stranger);
  });

  it("a server that is not the hub is named by what it shows", async () => {
    await stop(hub);
    hub = await listen(stranger);
    const [one, ...more] = await wrong();
    expect([one?.code, one?.facts["subject"], more]).toEqual([
      "SERVER_FOREIGN",
      "CN=localhost",
      [],
    ]);
  });

  it("a server of another agency is not the hub either, though our states vouch for it", async () => {
    await stop(hub);
    hub = await listen(world.agency("gh/tcu").server);
    expect(await codes()).toEqual(["SERVER_FOREIGN"]);
  });

  it("what speaks no TLS is said to", async () => {
    await stop(hub);
    hub = createPlain((socket) => void socket.resume().on("error", () => undefined).end("HTTP/1.1 400\r\n\r\n"));
    await new Promise<void>((resolve) => void hub.listen(port, "127.0.0.1", resolve));
    expect(await codes()).toEqual(["TLS_FAILED"]);
  }); // prettier-ignore

  it("a hub that does not take our certificate is told from one that is away", async () => {
    await stop(hub);
    const { keyPem, certificatePem } = world.agency("ecowas/hub").server;
    const strict = { requestCert: true, rejectUnauthorized: true, ca: stranger.certificatePem };
    hub = createServer({ key: keyPem, cert: certificatePem, minVersion: "TLSv1.3", ...strict });
    await new Promise<void>((resolve) => void hub.listen(port, "127.0.0.1", resolve));
    expect(await codes()).toEqual(["LINK_REFUSED"]);
  });

  it("a name that nobody knows is found before anything is dialled", async () => {
    const config = JSON.parse(Buffer.from(probes.read(join(dir, "gateway.json"), 9_999)!).toString()) as object;
    const hubs = ["tls://hub.invalid:4222"];
    writeFileSync(join(dir, "gateway.json"), JSON.stringify({ ...config, hubs }), { mode: 0o600 });
    expect(await codes()).toEqual(["NAME_NOT_FOUND"]);
  }); // prettier-ignore
});

describe("a gateway that may be asked", () => {
  const up = {
    waiting: 0,
    queue: { byUrgency: [] },
    hub: { isUp: true, since: "2026-03-09T14:05:00.000Z", roundTripMs: 12 },
  };
  interface Listed {
    readonly refused?: readonly object[];
    readonly late?: readonly object[];
  }
  const ask = async (status: number, body: unknown, { refused = [], late = [] }: Listed = {}): Promise<readonly string[]> => {
    const listed = (path: string): object => ({ items: path.startsWith("/v1/breaches") ? late : refused });
    const face: GatewayFace = {
      url: "http://127.0.0.1:1",
      ask: (path) => Promise.resolve(path === "/v1/status" ? { status, body } : { status: 200, body: listed(path) }),
    };
    const found = await examine({ face: () => face }, probes);
    return found.filter(({ state }) => state !== "ok").map(({ code }) => code);
  }; // prettier-ignore

  it("nothing is wrong with one that works", async () => {
    expect(await ask(200, up)).toEqual([]);
  });

  it.each([
    ["a token it does not know", 401, {}, "TOKEN_REFUSED"],
    ["what is no gateway", 200, { hello: 1 }, "API_DOWN"],
    ["a store that is locked", 200, { store: { state: "LOCKED" } }, "STORE_LOCKED"],
    ["a link that is down", 200, { ...up, hub: { isUp: false } }, "LINK_DOWN"],
    ["a clock it found behind", 200, { ...up, clockBehind: "2999-01-01T00:00:00.000Z" }, "CLOCK_BEHIND"],
    ["a clock it found ahead", 200, { ...up, clockAhead: "2020-01-01T00:00:00.000Z" }, "CLOCK_AHEAD"],
    ["a disk it found full", 200, { ...up, disk: "NEARLY_FULL" }, "DISK_FULL"],
    ["a queue that waits", 200, { ...up, waiting: 3, queue: { byUrgency: [{ oldestAt: "2026-01-01T00:00:00.000Z" }] } }, "QUEUE_WAITS"],
  ])("%s is found", async (...[, status, body, code]) => {
    expect(await ask(status, body)).toEqual([code]);
  }); // prettier-ignore

  const log = { hub: "ecowas/hub", state: "GOOD", size: 417, missing: 0 };
  const acts = { waiting: 2, since: "2026-03-09T14:05:00.000Z" };
  it.each([
    ["acts that wait a moment", { acts: { ...acts, state: "WAITING" } }, []],
    ["acts that the hub does not enter", { acts: { ...acts, state: "MISSING" } }, ["ACTS_MISSING"]],
    ["acts that the hub refuses", { acts: { ...acts, state: "REFUSED", code: "LOG_FULL" } }, ["ACTS_REFUSED"]],
    ["a seat that counted all of the log", { counted: { size: 417 } }, []],
    ["a seat that lags behind the log", { counted: { size: 9, behindSince: acts.since } }, ["LOG_COUNT_BEHIND"]],
  ])("of the hub's log: %s", async (_what, change, found) => {
    expect(await ask(200, { ...up, log: { ...log, ...change } })).toEqual(found);
  }); // prettier-ignore

  it("a deadline that passed and is still waited for is found", async () => {
    expect(await ask(200, up, { late: [{ by: "2026-03-09T14:05:00.000Z" }] })).toEqual([
      "DEADLINES_MISSED",
    ]);
  });

  it("a message that the hub refused is named, with its code", async () => {
    expect(await ask(200, up, { refused: [{ id: "x", code: "QUOTA_SPENT" }] })).toEqual([
      "MESSAGE_REFUSED",
    ]);
  });

  it("nobody there", async () => {
    const face: GatewayFace = { url: "http://127.0.0.1:1", ask: () => Promise.resolve(undefined) };
    const found = await examine({ face: () => face }, probes);
    expect(found.filter(({ state }) => state === "bad").map(({ code }) => code)).toEqual(["API_DOWN"]);
  }); // prettier-ignore
});

describe.runIf(process.getuid?.() === 0)("a disk that is full for real", () => {
  it("is found where it is", async () => {
    const small = mkdtempSync(join(tmpdir(), "doctor-small-"));
    mkdirSync(small, { recursive: true });
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", small], { stdio: "ignore" });
    } catch {
      // a machine that lets nobody mount has shown the same with /dev/full
      return;
    }
    try {
      writeFileSync(join(small, "filler"), Buffer.alloc(60_000));
      const { trySync } = makeSystemProbes(systemClock);
      expect(await codes({ trySync: () => trySync(small) })).toEqual(["DISK_FULL"]);
    } finally {
      execFileSync("umount", [small]);
    }
  });
});
