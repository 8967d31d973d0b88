import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeKeyPair, saveKey } from "../certs/keys/index.ts";
import { renderPem } from "../certs/shape/index.ts";
import { makeSeededChance, sameBytes, silentLog } from "../schemas/ground/index.ts";
import { alert } from "../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { makeStillClock } from "../test/kit/memory-exchange.ts";
import { loadGateway } from "./config.ts";
import { type GatewayOptions, startGateway } from "./gateway.ts";
import { hubOf, makeHubTrust, streamsOf } from "./hub-choice.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;
let dir = "";

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu"], { now });
});

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gateway-"));
});

afterEach(() => rmSync(dir, { recursive: true }));

function options(change: Partial<GatewayOptions> = {}): GatewayOptions {
  const { signer, sealing, link } = world.agency("ng/tcu");
  return {
    agency: "ng/tcu",
    dir,
    register: world.register,
    anchors: world.anchors,
    signer,
    link,
    sealing: [sealing],
    clock: makeStillClock(now),
    chance: makeSeededChance("g"),
    log: silentLog,
    ...change,
  };
}

describe("startGateway", () => {
  it("with no hub in reach, submitting, listing and finding work, and last over a restart", async () => {
    const first = await startGateway(options());
    const { id } = await first.exchange.submit(alert, "k");
    expect(first.exchange.status()).toMatchObject({ linkUp: false, waiting: 1, registerEpoch: 1 });
    await first.stop();
    const second = await startGateway(options({ register: undefined }));
    expect(second.exchange.find(id)?.state).toBe("QUEUED");
    expect((await second.exchange.submit(alert, "k")).id).toBe(id);
    await second.stop();
  });

  it("the newer of the register given and the one held counts", async () => {
    const newer = world.publish((parts) => parts);
    const first = await startGateway(options({ register: newer }));
    expect(first.register().epoch).toBe(2);
    await first.stop();
    const second = await startGateway(options());
    expect(second.register().epoch).toBe(2);
    await second.stop();
  });

  it("a register put into the folder by hand comes into force", async () => {
    const clock = makeStillClock(now);
    const gateway = await startGateway(options({ clock }));
    const newer = world.publish((parts) => parts);
    writeFileSync(join(dir, "register.bin"), newer);
    for (let i = 0; i < 11; i += 1) clock.move(1_000);
    expect(gateway.register().epoch).toBeGreaterThan(1);
    await gateway.stop();
  });

  it("an agency the register does not know, or another's key, does not start", async () => {
    await expect(startGateway(options({ register: undefined }))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
    await expect(startGateway(options({ agency: "xx/tcu" }))).rejects.toMatchObject({
      code: "AGENCY_UNKNOWN",
    });
    const { signer } = world.agency("gh/tcu");
    await expect(startGateway(options({ signer }))).rejects.toMatchObject({
      code: "CONFIG_INVALID",
    });
  });
});

describe("the hub of an agency", () => {
  it("serves a community the agency has a mandate in, and its streams are the ones it may read", () => {
    const hub = hubOf(world.view, "ng/tcu")!;
    expect(hub.hub).toBe("ecowas/hub");
    expect(streamsOf(world.view, "ng/tcu", hub)).toEqual(["FEED_ECOWAS", "DIRECT"]);
    expect(streamsOf(world.view, "ng/fiu", hub)).toEqual(["DIRECT"]);
  });

  it("is trusted by the certificates the register names as its servers, and no others", () => {
    const clock = makeStillClock(now);
    const trust = makeHubTrust(() => world.view, "ecowas/hub", clock);
    const certificates = world.agency("ecowas/hub").certificates;
    const [server] = certificates.filter(({ kind }) => kind === "SERVER");
    const [signing] = certificates.filter(({ kind }) => kind === "SIGNING");
    expect(trust.isServer(server!.certificate)).toBe(true);
    expect(trust.isServer(signing!.certificate)).toBe(false);
    clock.move(400 * 86_400_000);
    expect(trust.isServer(server!.certificate)).toBe(false);
    expect(trust.authorities()).toContain("BEGIN CERTIFICATE");
  });
});

describe("loadGateway", () => {
  const config = {
    agency: "ng/tcu",
    api: { host: "127.0.0.1", port: 7401 },
    keys: {
      signing: { key: "signing.key", certificate: "signing.crt" },
      link: { key: "link.key", certificate: "link.crt" },
      sealing: [{ key: "sealing.key", certificate: "sealing.crt" }],
    },
    anchors: "root.json",
    register: "first.bin",
  };

  function write(change: object = {}): void {
    const { certificates, link, sealing } = world.agency("ng/tcu");
    const [signing] = certificates;
    writeFileSync(join(dir, "gateway.json"), JSON.stringify({ ...config, ...change }));
    writeFileSync(join(dir, "link.key"), link.keyPem, { mode: 0o600 });
    writeFileSync(join(dir, "link.crt"), link.certificatePem);
    saveKey(join(dir, "sealing.key"), sealing.key.privateKey());
    writeFileSync(join(dir, "sealing.crt"), renderPem("CERTIFICATE", sealing.certificate));
    saveKey(join(dir, "signing.key"), makeKeyPair("P-256"));
    writeFileSync(join(dir, "signing.crt"), renderPem("CERTIFICATE", signing!.certificate));
    writeFileSync(join(dir, "root.json"), world.anchors.root);
    writeFileSync(join(dir, "first.bin"), world.register);
  }

  /** The world keeps its signing keys to itself; the link's stands in for one that fits. */
  const linkAsSigning = { ...config.keys, signing: { key: "link.key", certificate: "link.crt" } };

  it("reads a folder whose keys fit their certificates", () => {
    write({ keys: linkAsSigning, registerUrls: ["https://registers.example/ecowas"] });
    const { options: read, api } = loadGateway(dir);
    expect(api).toEqual({ host: "127.0.0.1", port: 7401 });
    expect(read).toMatchObject({ agency: "ng/tcu", dir });
    expect(read.registerUrls).toEqual(["https://registers.example/ecowas"]);
    expect(sameBytes(read.anchors.root, world.anchors.root)).toBe(true);
    expect(read.register).toHaveLength(world.register.length);
  });

  it.each([
    [{ automaticBytes: 0 }, 0],
    [{ automaticBytes: 52_428_800 }, 52_428_800],
    [{}, 131_072],
  ])("what the operator says of files, %j, is that up to %i bytes are fetched unasked", (attachments, automaticBytes) => {
    write({ keys: linkAsSigning, attachments });
    expect(loadGateway(dir).attachments).toEqual({ automaticBytes });
  }); // prettier-ignore

  it("a key that is not its certificate's is refused", () => {
    write();
    expect(() => loadGateway(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });

  it.each([
    ["an unknown key", { colour: "blue" }],
    ["fewer bytes than none", { attachments: { automaticBytes: -1 } }],
    ["more bytes than a file has", { attachments: { automaticBytes: 52_428_801 } }],
    ["half a byte", { attachments: { automaticBytes: 0.5 } }],
    ["a missing file", { anchors: "none.pem" }],
    ["an agency that is none", { agency: "Nigeria" }],
    ["a port that is none", { api: { host: "127.0.0.1", port: 70_000 } }],
    ["anchors that are none", { anchors: "gateway.json" }],
    ["a place of the register that nobody knows", { registerUrls: ["ftp://127.0.0.1/register"] }],
    ["what only looks like a path", { anchors: { length: { toString: 1 } } }],
  ])("%s is refused", (_name, change) => {
    write({ keys: linkAsSigning, ...change });
    expect(() => loadGateway(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });

  it("no configuration, or one that is not JSON, is refused", () => {
    expect(() => loadGateway(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    writeFileSync(join(dir, "gateway.json"), "{");
    expect(() => loadGateway(dir)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
  });
});
