import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseSignature } from "../../certs/trust/index.ts";
import { loadGateway } from "../../gateways/config.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { loadBrokerOptions, parseBrokerConfig } from "../../broker/index.ts";
import {
  type AlgorithmRule,
  decodeMessage,
  decodePublication,
  decodeReceipt,
  decodeSignedReceipt,
} from "../../schemas/index.ts";
import { parseUtf8, silentLog, systemChance } from "../../schemas/ground/index.ts";
import { type RegisterEdit, withAgency } from "../kit/register-edit.ts";
import { addSecondSuite, suiteLines } from "../kit/second-suite.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const from = Date.UTC(2025, 0, 29);
const classic = { signatures: ["ES256"], curve: "P-256", content: "A256GCM" } as const;
const edwards = { signatures: ["EdDSA"], curve: "X25519", content: "A256CBC-HS512" } as const;
const hybrid = { required: ["ES256", "ML-DSA-65"], curve: "X25519", content: "A256GCM" } as const;
const lattice = { required: ["ML-DSA-65"], curve: "X25519", content: "A256GCM" } as const;

let world: World;
let states: RegisterEdit["states"];
let ngTcu: Gateway;
let ghTcu: Gateway;
let ngFiu: Gateway;
let ghFiu: Gateway;
let lines: readonly AlgorithmRule[] = suiteLines(classic, { from });
let keys = 0;
/** How long a publication of the register took on this machine: a turn leaves it room. */
let publishMs = 0;
/** Messages of every suite so far, by the gateway that took them in. */
const earlier: { readonly gateway: () => Gateway; readonly id: string }[] = [];

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async (made) => void (states = await addSecondSuite(made)),
  });
  const begun = performance.now();
  await world.publish({ states: states!, region: (now) => ({ ...now, algorithms: lines }) });
  publishMs = performance.now() - begun;
  ngTcu = await world.gateway("ng/tcu");
  ghTcu = await world.gateway("gh/tcu");
  ngFiu = await world.gateway("ng/fiu");
  ghFiu = await world.gateway("gh/fiu");
});

afterAll(async () => {
  await world?.stop();
});

async function submit(gateway: Gateway, submission: object): Promise<string> {
  keys += 1;
  return (await gateway.exchange.submit(submission, `key ${keys}`)).id;
}

/** Publishes lines that begin in a moment, waits until every gateway has them and they have begun, and says when they did. */
async function turnTo(names: Parameters<typeof suiteLines>[0]): Promise<number> {
  const turn = Date.now() + 2000 + 3 * publishMs;
  const ended = lines.map((line) => (line.until === undefined ? { ...line, until: turn } : line));
  lines = [...ended, ...suiteLines(names, { from: turn })];
  await world.publish({ region: (now) => ({ ...now, algorithms: lines }) });
  const { epoch } = world.register();
  for (const gateway of [ngTcu, ghTcu, ngFiu, ghFiu]) {
    let asked = -1000;
    await until("the epoch is there", async () => {
      if (gateway.register().epoch === epoch) return true;
      if (performance.now() - asked < 1000) return false;
      asked = performance.now();
      const isFiu = gateway === ngFiu || gateway === ghFiu;
      if (!isFiu) await submit(gateway, example("red-flag"));
      else await submit(gateway, example("fiu-request", { recipients: [gateway === ngFiu ? "gh/fiu" : "ng/fiu"] }));
      return false;
    });
  } // prettier-ignore
  await sleep(Math.max(0, turn - Date.now()) + 5);
  return turn;
}

/** The algorithms a message of a stream bears: of its signatures, its slip and its seal. */
async function foundIn(stream: string, id: string): Promise<object> {
  const stored = (await world.desk.read(stream)).find(({ subject }) => subject.endsWith(id));
  const { message, slipSignature } = decodePublication(stored!.data);
  const { signatures, sealed } = decodeMessage(message);
  const text = parseUtf8(sealed!);
  const jwe = text.startsWith("{")
    ? (JSON.parse(text) as { protected: string; recipients: { header: { epk?: { crv: string } } }[] })
    : { protected: text.split(".")[0]!, recipients: [] };
  const header = JSON.parse(Buffer.from(jwe.protected, "base64url").toString()) as Seal;
  const epk = header.epk ?? jwe.recipients[0]?.header.epk;
  return {
    signatures: signatures.map((one) => parseSignature(one).alg),
    slip: parseSignature(slipSignature).alg,
    enc: header.enc,
    ...(epk === undefined ? {} : { crv: epk.crv }),
  };
} // prettier-ignore

interface Seal {
  readonly enc: string;
  readonly epk?: { readonly crv: string };
}

async function delivered(gateway: Gateway, id: string): Promise<void> {
  await until("it is delivered", () => gateway.exchange.find(id)?.state === "DELIVERED");
}

/** Sends one alert and one request, waits for both, and says what they bore. */
async function exchangeBoth(): Promise<{ readonly feed: object; readonly direct: object }> {
  const alert = await submit(ngTcu, example("lagos-alert"));
  const request = await submit(ngFiu, example("fiu-request"));
  await until("the alert is read", () => ghTcu.exchange.find(alert)?.state === "VERIFIED");
  await delivered(ngFiu, request);
  earlier.push({ gateway: () => ghTcu, id: alert }, { gateway: () => ghFiu, id: request });
  return { feed: await foundIn("FEED_ECOWAS", alert), direct: await foundIn("DIRECT", request) };
}

/** What receipts are signed with that say they were made then or later; when they are stored depends on the machine. */
async function receiptAlgorithms(since: number): Promise<ReadonlySet<string>> {
  const stored = (await world.desk.read("RECEIPTS")).map(({ data }) => decodeSignedReceipt(data));
  const late = stored.filter(({ receipt }) => decodeReceipt(receipt).issuedAt >= since);
  return new Set(late.map(({ signature }) => parseSignature(signature).alg));
}

function expectEarlierReadable(): void {
  for (const { gateway, id } of earlier) {
    expect(gateway().exchange.find(id)).toMatchObject({ state: "VERIFIED" });
  }
}

describe("the keys in a configuration", () => {
  it("without a certificate are of an algorithm that no certificate can hold; others are refused", () => {
    const home = world.layout.gateway("ng/moc");
    const file = join(home, "gateway.json");
    const usual = readFileSync(file, "utf8");
    writeFileSync(file, usual.replace("keys/ml-dsa-65.key", "keys/ed25519.key"));
    expect(() => loadGateway(home)).toThrow(/CONFIG_INVALID.*EdDSA.*moreSigning/);
    writeFileSync(file, usual.replace("keys/ed25519.pem", "keys/signing.pem"));
    expect(() => loadGateway(home)).toThrow(/CONFIG_INVALID/);
    writeFileSync(file, usual);
    expect(loadGateway(home).options.moreSigners?.map(({ algorithm }) => algorithm)).toEqual([
      "EdDSA",
      "ML-DSA-65",
    ]);
    const hub = readFileSync(world.layout.brokerConfig, "utf8");
    const change = hub.replace("keys/ml-dsa-65.key", "keys/ed25519.key");
    const ground = { clock: world.clock, chance: systemChance, log: silentLog };
    const load = (text: string) =>
      loadBrokerOptions(parseBrokerConfig(text, world.layout.hub), ground);
    expect(() => load(change)).toThrow(/CONFIG_INVALID/);
    expect(load(hub).moreSigners).toHaveLength(2);
  });
});

describe("algorithms are the register's word", () => {
  it("at first everything is ES256, P-256 and A256GCM, though every gateway has other keys too", async () => {
    expect(await exchangeBoth()).toEqual({
      feed: { signatures: ["ES256"], slip: "ES256", enc: "A256GCM" },
      direct: { signatures: ["ES256"], slip: "ES256", enc: "A256GCM", crv: "P-256" },
    });
    expect(await receiptAlgorithms(0)).toEqual(new Set(["ES256"]));
  });

  it("an epoch turns the whole region to EdDSA, X25519 and A256CBC-HS512; nothing is started anew", async () => {
    const late = await submit(ngTcu, example("lagos-alert"));
    // what the hub took before the turn is read after it; what it meets after it, it refuses
    await until("it is taken", () => ngTcu.exchange.find(late)?.state !== "QUEUED");
    const turn = await turnTo(edwards);
    expect(await exchangeBoth()).toEqual({
      feed: { signatures: ["EdDSA"], slip: "EdDSA", enc: "A256CBC-HS512" },
      direct: { signatures: ["EdDSA"], slip: "EdDSA", enc: "A256CBC-HS512", crv: "X25519" },
    });
    expect(await receiptAlgorithms(turn)).toEqual(new Set(["EdDSA"]));
    await until("it is read", () => ghTcu.exchange.find(late)?.state === "VERIFIED");
    earlier.push({ gateway: () => ghTcu, id: late });
    expectEarlierReadable();
  });

  it("a reader who was away reads afterwards what was sent under either", async () => {
    const centre = await world.gateway("ecowas/centre");
    const alerts = earlier.filter(({ gateway }) => gateway() === ghTcu);
    await until("the centre has read", () =>
      alerts.every(({ id }) => centre.exchange.find(id)?.state === "VERIFIED"),
    );
  });

  it("then two signatures are required, ES256 and ML-DSA-65, and every message bears both", async () => {
    await turnTo(hybrid);
    expect(await exchangeBoth()).toEqual({
      feed: { signatures: ["ES256", "ML-DSA-65"], slip: "ES256", enc: "A256GCM" },
      direct: { signatures: ["ES256", "ML-DSA-65"], slip: "ES256", enc: "A256GCM", crv: "X25519" },
    });
    expectEarlierReadable();
  });

  it("then ES256 signs nothing any more, slips and receipts among it", async () => {
    const turn = await turnTo(lattice);
    expect(await exchangeBoth()).toEqual({
      feed: { signatures: ["ML-DSA-65"], slip: "ML-DSA-65", enc: "A256GCM" },
      direct: { signatures: ["ML-DSA-65"], slip: "ML-DSA-65", enc: "A256GCM", crv: "X25519" },
    });
    expect(await receiptAlgorithms(turn)).toEqual(new Set(["ML-DSA-65"]));
    expectEarlierReadable();
  });

  it("a gateway without a key for what is asked refuses to send, before anything is stored", async () => {
    const without = withAgency("ng/moc", (now) => ({ ...now, keys: [] }));
    await world.publish({ states: { ng: without } });
    const moc = await world.gateway("ng/moc");
    const { epoch } = world.register();
    await until("it has the epoch", () => moc.register().epoch === epoch);
    await expect(submit(moc, example("red-flag"))).rejects.toMatchObject({
      code: "SIGNATURE_KEY_MISSING",
    });
    expect(moc.exchange.list({ box: "out", limit: 10 }).items).toEqual([]);
  });
});
