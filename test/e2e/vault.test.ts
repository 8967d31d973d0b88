import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeRecoveryKey } from "../../gateways/backup/index.ts";
import { loadGateway } from "../../gateways/config.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { encryptStore, makeRecoveryCode } from "../../gateways/vault/index.ts";
import { startVaulted, type VaultedGateway } from "../../gateways/vaulted.ts";
import { consumerOf } from "../../schemas/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { effectsOf } from "../kit/replays.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const [sender, reader] = ["ng/tcu", "gh/tcu"];
const stream = "FEED_ECOWAS";
const code = makeRecoveryCode(systemChance);
const passphrase = { kind: "passphrase", passphrase: "four words of nobody" } as const;
const root = join(import.meta.dirname, "../..");

let world: World;
let away: string;
let ng: Gateway;
let gh: VaultedGateway;

async function send(gateway: Pick<Gateway, "exchange">, key: string): Promise<string> {
  return (await gateway.exchange.submit(example("red-flag"), key)).id;
}

function kindsBy(id: string, by: string): readonly string[] {
  const ladder = ng.exchange.find(id)?.ladder ?? [];
  return ladder.filter((rung) => rung.by === by).map(({ kind }) => kind);
}

const isDelivered = (id: string): boolean => kindsBy(id, reader).includes("DELIVERED");

async function untilDelivered(ids: readonly string[]): Promise<void> {
  await until(
    () => `delivered: ${JSON.stringify(ids.map((id) => kindsBy(id, reader)))}`,
    () => ids.every(isDelivered),
  );
}

async function untilTakenByHub(ids: readonly string[]): Promise<void> {
  await until("the hub has them", () =>
    ids.every((id) => ng.exchange.find(id)?.state === "ACCEPTED"),
  );
}

/** How many messages of the feed the reader has not acknowledged. */
async function unacknowledged(): Promise<number> {
  const info = `$JS.API.CONSUMER.INFO.${stream}.${consumerOf(reader)}`;
  const state = (await world.desk.link.request(info)).json<{
    num_pending: number;
    num_ack_pending: number;
  }>();
  return state.num_pending + state.num_ack_pending;
}

/** Time for what must not happen. */
const pass = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));

async function startReader(): Promise<VaultedGateway> {
  const loaded = loadGateway(world.layout.gateway(reader));
  return await startVaulted(loaded, {
    clock: world.clock,
    chance: systemChance,
    log: silentLog,
    onFatal: () => undefined,
  });
}

function vault(): NonNullable<VaultedGateway["services"]["vault"]> {
  if (gh.services.vault === undefined) throw new Error("there is no vault");
  return gh.services.vault;
}

async function unlock(): Promise<void> {
  await vault().unlock(passphrase);
  await until(`${reader} is linked`, () => gh.exchange.status().linkUp);
}

function readBy(gateway: VaultedGateway): readonly string[] {
  const { items } = gateway.exchange.list({ box: "in", limit: 100 });
  return items.filter(({ state }) => state === "VERIFIED").map(({ id }) => id);
}

/** The command, as a person runs it. */
function atumpan(...args: readonly string[]): { readonly status: number | null; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "deploy/atumpan.mjs"), ...args], { encoding: "utf8", timeout: 150_000 }); // prettier-ignore
  return { status, said: `${stdout}${stderr}` };
} // prettier-ignore

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  away = mkdtempSync(join(tmpdir(), "vault-away-"));
  ng = await world.gateway(sender);
  const dir = world.layout.gateway(reader);
  const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
  const file = join(dir, "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  const chosen = { store: { protector: "passphrase" }, backup: { recipients: [publicFile] } };
  writeFileSync(file, JSON.stringify({ ...config, ...chosen }), { mode: 0o600 });
  const orders = [
    { name: "passphrase", proof: passphrase },
    { name: "recovery", proof: { kind: "recovery", code } as const },
  ];
  const cost = { n: 32_768, r: 8, p: 1 } as const;
  const means = { chance: systemChance, clock: systemClock, cost };
  await encryptStore({ dir, agency: reader }, { orders, means });
  gh = await startReader();
});

afterAll(async () => {
  await gh?.stop();
  await world?.stop();
  rmSync(away, { recursive: true, force: true });
});

describe("a locked gateway at a real hub", () => {
  it("acknowledges nothing and loses nothing: what was sent meanwhile comes when it is opened, each once", async () => {
    expect(vault().state()).toMatchObject({ state: "LOCKED", reason: "START" });
    await unlock();
    const before = await send(ng, "before");
    await untilDelivered([before]);

    await vault().lock();
    expect(() => gh.exchange.status()).toThrow(expect.objectContaining({ code: "STORE_LOCKED" }));
    await until("all is acknowledged", async () => (await unacknowledged()) === 0);
    const sent = await Promise.all(["a", "b", "c"].map((key) => send(ng, `locked ${key}`)));
    await untilTakenByHub(sent);
    await pass(3_000);
    expect(await unacknowledged()).toBe(sent.length);
    expect(sent.filter(isDelivered)).toEqual([]);

    await unlock();
    await untilDelivered(sent);
    expect(readBy(gh).toSorted()).toEqual([before, ...sent].toSorted());
    const answer = await send(gh, "answer");
    await until("the answer came", () => effectsOf(ng).read.some((line) => line.includes(answer)));
  });
});

describe("the backup of an encrypted store", () => {
  it("is made, checked, drilled and put back by the command; the store opens as before and catches up", async () => {
    const made = await gh.services.backup?.run({});
    const file = made?.file ?? "";
    const answers = join(away, "answers");
    writeFileSync(answers, `${code}\n`, { mode: 0o600 });
    const dir = world.layout.gateway(reader);
    const reading = [file, "--key", join(away, "recovery.pem"), "--folder", dir, "--with", "recovery", "--from", answers]; // prettier-ignore
    const bytes = readFileSync(file).toString("latin1");
    expect(["SQLite", "red_flag", sender].filter((word) => bytes.includes(word))).toEqual([]);
    expect(atumpan("backup", "verify", ...reading)).toMatchObject({ status: 0 });
    const drill = atumpan("backup", "drill", ...reading);
    expect(drill).toMatchObject({ status: 0, said: expect.stringContaining(".drill.json") as string });
    const report = JSON.parse(readFileSync(`${file}.drill.json`, "utf8")) as { report: string };
    expect(JSON.parse(report.report)).toMatchObject({ agency: reader, found: { messages: expect.any(Number) as number } });
    writeFileSync(answers, `${makeRecoveryCode(systemChance)}\n`);
    expect(atumpan("backup", "drill", ...reading).said).toContain("STORE_KEY_WRONG");
    writeFileSync(answers, `${code}\n`);
    // a gateway that runs is not put back
    expect(atumpan("backup", "restore", ...reading)).not.toMatchObject({ status: 0 });

    const late = await send(ng, "after the backup");
    await untilDelivered([late]);
    const wanted = readBy(gh).toSorted();
    await gh.stop();
    for (const name of ["store.db", "store.db-wal", "store-key.json"]) rmSync(join(dir, name), { force: true });
    expect(atumpan("backup", "restore", ...reading)).toMatchObject({ status: 0 });
    gh = await startReader();
    expect(vault().state()).toMatchObject({ state: "LOCKED", isEncrypted: true });
    await unlock();
    await until("all is there again", () => readBy(gh).length >= wanted.length);
    expect(readBy(gh).toSorted()).toEqual(wanted);
    await until("it has caught up", () => gh.exchange.status().catchingUp === undefined);
    const next = await send(ng, "after the restore");
    await untilDelivered([next]);
  }, 240_000); // prettier-ignore
});

const isRoot = process.getuid?.() === 0;

describe.runIf(isRoot)("a running gateway whose disk is full", () => {
  const size = 24 * 1024 * 1024;
  let dir = "";
  let isMounted = false;

  afterAll(async () => {
    await gh?.stop();
    if (isMounted) execFileSync("umount", ["-l", dir]);
  });

  /** Fills the disk to its last byte. */
  function fillDisk(): string {
    const ballast = join(dir, "ballast");
    spawnSync("dd", ["if=/dev/zero", `of=${ballast}`, "bs=4096"], { stdio: "ignore" });
    return ballast;
  }

  it("acknowledges nothing, refuses what is new whole, says so, and goes on by itself when there is room", async () => {
    await gh.stop();
    dir = world.layout.gateway(reader);
    cpSync(dir, join(away, "gateway"), { recursive: true });
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "atumpan-test", dir]);
    isMounted = true;
    cpSync(join(away, "gateway"), dir, { recursive: true });
    gh = await startReader();
    await unlock();
    await until("it has caught up", () => gh.exchange.status().catchingUp === undefined);
    const before = readBy(gh).length;
    const outBefore = gh.exchange.list({ box: "out", limit: 100 }).items.length;

    const ballast = fillDisk();
    const sent = await Promise.all(Array.from({ length: 6 }, (_, i) => send(ng, `full ${i}`)));
    await untilTakenByHub(sent);
    await until("status says it", () => gh.exchange.status().disk?.includes("FULL") === true);
    await until("nothing more is written", () => gh.exchange.status().disk === "FULL");
    const kept = readBy(gh).length - before;
    await expect(send(gh, "no room")).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(gh.exchange.list({ box: "out", limit: 100 }).items).toHaveLength(outBefore);
    await pass(2_000);
    expect(await unacknowledged()).toBe(sent.length - kept);
    expect(kept).toBeLessThan(sent.length);
    // what is there can be read
    expect(gh.exchange.list({ box: "in", limit: 100 }).items.length).toBeGreaterThan(0);

    rmSync(ballast);
    await untilDelivered(sent);
    expect(readBy(gh)).toHaveLength(before + sent.length);
    await send(gh, "no room");
    await until("it is said no more", () => gh.exchange.status().disk !== "FULL");
  }, 240_000);
});
