import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeSeededChance, silentLog, systemChance, systemClock } from "../schemas/ground/index.ts";
import { alert } from "../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { makeStillClock, type StillClock } from "../test/kit/memory-exchange.ts";
import { until } from "../test/kit/server.ts";
import { type Api, makeDirectory, startApi } from "./api/index.ts";
import type { LoadedGateway } from "./config.ts";
import { findKeyId, putBack } from "./store/index.ts";
import { encryptStore, makeRecoveryCode, type Proof } from "./vault/index.ts";
import { startVaulted, type VaultedGateway } from "./vaulted.ts";

const now = 1_780_272_000_000;
const words = "four words of nobody";
const code = makeRecoveryCode(systemChance);
const refused = (one: string): unknown => expect.objectContaining({ code: one });

let world: GatewayWorld;
let dir = "";
let clock: StillClock;
let gateway: VaultedGateway;
let api: Api;
let token = "";

beforeEach(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
  dir = mkdtempSync(join(tmpdir(), "vaulted-"));
  clock = makeStillClock(now);
});

afterEach(async () => {
  await api.stop();
  await gateway.stop();
  rmSync(dir, { recursive: true });
});

async function encrypt(): Promise<void> {
  const orders: { name: string; proof: Proof }[] = [
    { name: "passphrase", proof: { kind: "passphrase", passphrase: words } },
    { name: "recovery", proof: { kind: "recovery", code } },
  ];
  const means = {
    chance: systemChance,
    clock: systemClock,
    cost: { n: 32_768, r: 8, p: 1 } as const,
  };
  await encryptStore({ dir, agency: "ng/tcu" }, { orders, means });
}

async function start(
  chosen: LoadedGateway["store"] | "plain" = { onSuspension: "lock" },
): Promise<void> {
  const store = chosen === "plain" ? undefined : chosen;
  const { signer, sealing, link } = world.agency("ng/tcu");
  const { anchors, register } = world;
  const options = { agency: "ng/tcu", dir, register, anchors, signer, link, sealing: [sealing] };
  const parts = { clock, chance: makeSeededChance("v"), log: silentLog, onFatal: () => undefined };
  gateway = await startVaulted(
    { options, store, api: { host: "127.0.0.1", port: 0 } } as unknown as LoadedGateway,
    parts,
  );
  const { exchange, services, callers } = gateway;
  const directory = makeDirectory(() => gateway.register(), clock);
  const edge = {
    exchange,
    services,
    callers,
    directory,
    dir,
    host: "127.0.0.1",
    port: 0,
    ...parts,
  };
  api = await startApi({ ...edge, chance: systemChance });
  token = readFileSync(join(dir, "api-token"), "utf8").trim();
}

interface Said {
  readonly status: number;
  readonly code: string;
  readonly json: Record<string, unknown>;
}

async function ask(path: string, body?: unknown, isProved = true): Promise<Said> {
  const response = await fetch(`${api.url}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(isProved ? { authorization: `Bearer ${token}` } : {}),
      "content-type": "application/json",
      "idempotency-key": "k1",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json = (await response.json()) as Record<string, unknown>;
  return { status: response.status, code: String(json["code"]), json };
}

/** What stands in the folder's register comes into force, and the lock looks at it; waits for what it is to come to. */
async function takeRegister(register: Uint8Array, state?: "LOCKED" | "WIPED"): Promise<void> {
  writeFileSync(join(dir, "register.bin"), register);
  for (let i = 0; i < 45; i += 1) {
    clock.move(1_000);
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await new Promise((resolve) => void setTimeout(resolve, 50));
  if (state === undefined) return;
  await until(`the store is ${state}`, async () => {
    const { store } = (await ask("/v1/status")).json as { store?: { state: string } };
    return store?.state === state;
  });
}

const suspend = (from: number | undefined): Uint8Array =>
  world.publish((parts) => ({
    ...parts,
    agencies: new Map(
      [...parts.agencies].map(([state, agencies]) => [
        state,
        agencies.map((one) => (one.agency === "ng/tcu" ? { ...one, suspendedFrom: from } : one)),
      ]),
    ),
  }));

describe("a locked gateway", () => {
  it("answers that it lives and is locked, and nothing else before it is opened", async () => {
    await encrypt();
    await start();
    expect(await ask("/livez", undefined, false)).toMatchObject({ status: 200 });
    expect(await ask("/readyz", undefined, false)).toMatchObject({
      status: 503,
      json: { ready: false, storeState: "LOCKED" },
    });
    expect((await ask("/v1/status")).json).toMatchObject({
      agency: "ng/tcu",
      store: { state: "LOCKED", encrypted: true, reason: "START" },
    });
    for (const path of ["/v1/messages?box=in", "/v1/directory", "/", "/v1/nothing"])
      expect(await ask(path, undefined, false)).toMatchObject({
        status: 423,
        code: "STORE_LOCKED",
      });
    expect(() => gateway.exchange.status()).toThrow(refused("STORE_LOCKED"));
  });

  it("is opened by its passphrase, works, and has everything again after it was locked", async () => {
    await encrypt();
    await start();
    const seen: string[] = [];
    gateway.exchange.watch(({ id }) => void seen.push(id));
    expect(await ask("/v1/unlock", { passphrase: "five words of nobody" }, false)).toMatchObject({
      status: 403,
      code: "STORE_KEY_WRONG",
    });
    expect(await ask("/v1/unlock", { passphrase: words }, false)).toMatchObject({
      status: 429,
      code: "QUOTA_EXCEEDED",
    });
    clock.move(1_000);
    expect(await ask("/v1/unlock", { passphrase: words }, false)).toMatchObject({ status: 200 });
    const sent = await ask("/v1/messages", alert);
    expect(sent.status).toBeLessThan(300);
    expect((await ask("/v1/status")).json).toMatchObject({
      store: { state: "OPEN", encrypted: true },
      waiting: 1,
    });
    expect(await ask("/v1/lock", {})).toMatchObject({
      json: { store: { state: "LOCKED", reason: "ASKED" } },
    });
    expect(await ask("/v1/messages?box=out")).toMatchObject({ status: 423 });
    await ask("/v1/unlock", { recoveryCode: code }, false);
    const { json } = await ask("/v1/messages?box=out");
    expect(json["items"]).toHaveLength(1);
    // who watched before it was locked sees what comes after
    await ask("/v1/messages", { ...alert, urgency: "HIGH" });
    expect(seen.length).toBeGreaterThan(0);
  });

  it("a PIN, and nothing at all, is taken from the token's owner alone; other bodies from nobody", async () => {
    await encrypt();
    await start();
    for (const body of [{ pin: "1234" }, {}])
      expect((await ask("/v1/unlock", body, false)).status).toBeGreaterThanOrEqual(400);
    expect(await ask("/v1/unlock", {}, false)).toMatchObject({ status: 401 });
    expect(await ask("/v1/unlock", {})).toMatchObject({ status: 423 });
    for (const body of [[], "x", { passphrase: 1 }, { passphrase: "a", pin: "b" }, { other: "c" }])
      expect(await ask("/v1/unlock", body)).toMatchObject({ status: 400, code: "REQUEST_INVALID" });
    expect(await ask("/v1/lock", {}, false)).toMatchObject({ status: 401 });
  });

  it("whoever carries the folder away finds no word of what was sent", async () => {
    await encrypt();
    await start();
    await ask("/v1/unlock", { passphrase: words });
    const text = JSON.stringify(alert.body);
    const canary = /"([A-Za-z ]{12,})"/.exec(text)?.[1] ?? "";
    expect(canary.length).toBeGreaterThan(11);
    await ask("/v1/messages", alert);
    const files = readdirSync(dir).filter((file) => file.startsWith("store"));
    expect(files).toContain("store.db-wal");
    for (const file of files) expect(readFileSync(join(dir, file)).includes(canary)).toBe(false);
  });
});

describe("a gateway that the register suspends", () => {
  it("locks itself, and opens when a newer register lifts it", async () => {
    await encrypt();
    await start();
    await ask("/v1/unlock", { passphrase: words });
    const before = readFileSync(join(dir, "register.bin"));
    await takeRegister(suspend(now), "LOCKED");
    expect((await ask("/v1/status")).json).toMatchObject({
      store: { state: "LOCKED", reason: "SUSPENDED", suspendedBy: { code: "MANDATE_SUSPENDED" } },
    });
    expect(await ask("/v1/unlock", { passphrase: words })).toMatchObject({
      status: 403,
      code: "MANDATE_SUSPENDED",
    });
    writeFileSync(join(dir, "register.bin"), before);
    expect(await ask("/v1/unlock", { passphrase: words })).toMatchObject({
      status: 403,
      code: "MANDATE_SUSPENDED",
    });
    writeFileSync(join(dir, "register.bin"), suspend(undefined));
    expect(await ask("/v1/unlock", { passphrase: words })).toMatchObject({ status: 200 });
    expect((await ask("/v1/status")).json).toMatchObject({ store: { state: "OPEN" } });
  });

  it("does so too when its link key is in other hands, but not for another's", async () => {
    const kind = "LINK";
    await encrypt();
    await start();
    await ask("/v1/unlock", { passphrase: words });
    await takeRegister(await world.revoke("gh/tcu", kind, { at: now }));
    expect((await ask("/v1/status")).json).toMatchObject({ store: { state: "OPEN" } });
    await takeRegister(await world.revoke("ng/tcu", kind, { at: now + 1 }), "LOCKED");
    expect((await ask("/v1/status")).json).toMatchObject({
      store: { state: "LOCKED", suspendedBy: { code: "CERT_REVOKED" } },
    });
    expect(await ask("/v1/unlock", { passphrase: words })).toMatchObject({
      code: "CERT_REVOKED",
    });
    expect(await ask("/v1/unlock", { recoveryCode: code })).toMatchObject({ status: 200 });
  });

  it("wipes itself where the operator chose so, and says so from then on", async () => {
    await encrypt();
    await start({ onSuspension: "wipe" });
    await ask("/v1/unlock", { passphrase: words });
    await takeRegister(suspend(now), "WIPED");
    expect((await ask("/v1/status")).json).toMatchObject({ store: { state: "WIPED" } });
    expect(await ask("/v1/unlock", { recoveryCode: code })).toMatchObject({
      status: 410,
      code: "STORE_WIPED",
    });
    expect(readdirSync(dir).filter((file) => file.startsWith("store"))).toEqual([]);
  });
});

describe("the record of a store", () => {
  async function linesOf(): Promise<readonly string[]> {
    const { json } = await ask("/v1/audit?limit=100");
    const items = json["items"] as { act: string; who: string; object: string; count: number }[];
    return items
      .filter(({ act }) => act.startsWith("STORE_"))
      .map(({ act, who, object, count }) => [act, who, object, count].join(" "))
      .toReversed();
  }

  it("tells who locked it, what opened it, every wrong try before, and a new key once", async () => {
    await encrypt();
    const first = findKeyId(join(dir, "store.db"));
    await start();
    await ask("/v1/unlock", { passphrase: words });
    await ask("/v1/lock", {});
    for (let i = 0; i < 2; i += 1) {
      await ask("/v1/unlock", { passphrase: "five words of nobody" }, false);
      clock.move(10_000);
    }
    await ask("/v1/unlock", { recoveryCode: code }, false);
    const opened = await linesOf();
    expect(opened.map((line) => line.replace(first, "KEY"))).toEqual([
      "STORE_REKEYED gateway KEY 1",
      "STORE_OPENED gateway passphrase 1",
      expect.stringMatching(/^STORE_LOCKED \S+ ASKED 1$/),
      "STORE_TRIED gateway  2",
      "STORE_OPENED gateway recovery 1",
    ]);
    // whoever opened it by the recovery code overrode the register until it is locked
    await ask("/v1/lock", {});
    await ask("/v1/unlock", { passphrase: words });
    await takeRegister(suspend(now), "LOCKED");
    writeFileSync(join(dir, "register.bin"), suspend(undefined));
    await ask("/v1/unlock", { passphrase: words });
    const after = await linesOf();
    expect(after.at(-2)).toMatch(/^STORE_SUSPENDED gateway MANDATE_SUSPENDED\.\d+ 1$/);
    expect(after.at(-1)).toBe("STORE_OPENED gateway passphrase 1");
  });

  it("leaves where it ended and who asked in the mark of a store that was wiped", async () => {
    await encrypt();
    await start();
    await ask("/v1/unlock", { passphrase: words });
    await ask("/v1/store:wipe", { agency: "ng/tcu" });
    const mark = JSON.parse(readFileSync(join(dir, "wiped.json"), "utf8")) as Record<
      string,
      string
    >;
    expect(mark).toMatchObject({ done: true, reason: "ASKED", recordEnd: expect.stringMatching(/^\d+\.[0-9a-f]{64}$/) }); // prettier-ignore
    expect(mark["who"]).toMatch(/^[\x21-\x7e]+$/);
  });

  it("tells once that the store was put back, and where the record ended that was there before", async () => {
    await start("plain");
    await ask("/v1/messages", alert);
    const head = await ask("/v1/audit/head");
    await api.stop();
    await gateway.stop();
    const path = join(dir, "store.db");
    copyFileSync(path, `${path}.new`);
    putBack({ path, copy: `${path}.new`, at: now });
    for (let i = 0; i < 2; i += 1) {
      await start("plain");
      const lines = (await linesOf()).filter((line) => line.startsWith("STORE_RESTORED"));
      expect(lines).toEqual([
        expect.stringMatching(/^STORE_RESTORED gateway \d+\.[0-9a-f]{64} 1$/),
      ]);
      const [, , end = ""] = lines[0]?.split(" ") ?? [];
      expect(Number(end.split(".")[0])).toBeGreaterThanOrEqual(Number(head.json["position"]));
      if (i === 1) return;
      await api.stop();
      await gateway.stop();
    }
  });
});

describe("POST /v1/store:wipe", () => {
  it("wants the agency's name, and then there is no store", async () => {
    await encrypt();
    await start();
    expect(await ask("/v1/store:wipe", { agency: "ng/tcu" }, false)).toMatchObject({ status: 401 });
    expect(await ask("/v1/store:wipe", { agency: "gh/tcu" })).toMatchObject({ status: 400 });
    expect(await ask("/v1/store:wipe", { agency: "ng/tcu" })).toMatchObject({
      status: 200,
      json: { store: { state: "WIPED" } },
    });
    expect(await ask("/v1/messages?box=in")).toMatchObject({ status: 410, code: "STORE_WIPED" });
    const { signer, sealing, link } = world.agency("ng/tcu");
    const { anchors, register } = world;
    const options = { agency: "ng/tcu", dir, register, anchors, signer, link, sealing: [sealing] };
    const parts = { clock, chance: systemChance, log: silentLog, onFatal: () => undefined };
    await expect(
      startVaulted(
        { options, api: { host: "127.0.0.1", port: 0 } } as unknown as LoadedGateway,
        parts,
      ),
    ).rejects.toThrow(refused("STORE_WIPED"));
  });
});
