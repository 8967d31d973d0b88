import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  backUpHub,
  drillHub,
  type HubPlace,
  openHubPlace,
  restoreHub,
} from "../../deploy/keeping/hub-backup.ts";
import { loadRecoveryKey } from "../../gateways/backup/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { runHouse } from "../kit/house-run.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let place: HubPlace;
let kept = "";

interface Ran {
  readonly code: number;
  readonly said: string;
}

async function run(...args: readonly string[]): Promise<Ran> {
  let said = "";
  const hear = (words: string): void => void (said += words);
  const write = async (words: string): Promise<void> => hear(words);
  const code = await runHouse({ args: [...args], cwd: kept, out: hear, err: hear, write, clock: world.clock });
  return { code, said };
} // prettier-ignore

const config = (): readonly string[] => ["--config", world.layout.brokerConfig];

/** What of a hub's folder nobody but its broker changes; the broker is stopped while it is compared. */
function digestOf(dir: string): string {
  const hash = createHash("sha256");
  for (const name of globSync("**/*", { cwd: dir }).toSorted()) {
    const path = join(dir, name);
    if (name.startsWith("store") || !statSync(path).isFile()) continue;
    hash.update(name).update(readFileSync(path));
  }
  return hash.digest("hex");
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? String(error);
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  kept = join(world.home, "kept");
  mkdirSync(kept);
  const ng = await world.gateway("ng/tcu");
  const { id } = await ng.exchange.submit(example("red-flag"), "one");
  await until(
    "it is in the log",
    () => ng.exchange.find(id)?.state === "ACCEPTED" || ng.exchange.find(id)?.state === "DELIVERED",
  );
  // it is shown a moment after the sender was told
  await until("the log is on the disk", () =>
    existsSync(join(world.layout.hub, "log", "checkpoint")),
  );
  place = openHubPlace(world.layout.brokerConfig, { clock: world.clock, chance: systemChance });
  expect(await run("backup", "key", "new", "recovery.pem")).toMatchObject({ code: 0 });
  expect(await run("backup", "key", "new", "other.pem")).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await world?.stop();
});

describe("a drill of a hub", () => {
  it("opens a backup that was made while the broker went on, and its signed report is proved by anybody", async () => {
    const made = await run("hub", "backup", "--to", "recovery.pub.pem", "--out", "hub.backup", "--with-keys", ...config());
    expect(made).toMatchObject({ code: 0 });
    const drilled = await run("hub", "drill", "hub.backup", "--key", "recovery.pem", ...config());
    expect([drilled.said, drilled.code]).toEqual([expect.stringContaining("can be put back"), 0]);
    const verify = ["verify", "drill", "hub.backup.drill.json", "--register", world.layout.register, "--root", world.layout.root];
    const proved = await run(...verify);
    expect([proved.code, JSON.parse(proved.said)]).toEqual([0, expect.objectContaining({ ok: true })]);
    const { report } = JSON.parse(proved.said) as { report: { agency: string; found: Record<string, number> } };
    expect(report).toMatchObject({ agency: "au/hub-one", withKeys: true });
    expect(report.found["acts"]).toBeGreaterThan(0);
    expect(report.found["logEntries"]).toBeGreaterThan(0);
    const signed = readFileSync(join(kept, "hub.backup.drill.json"), "utf8");
    writeFileSync(join(kept, "hub.backup.drill.json"), signed.replace(String(report.found["acts"]), "99999"));
    expect(await run(...verify)).toMatchObject({ code: 8, said: expect.stringContaining("BACKUP_INVALID") });
    for (const text of [signed, readFileSync(join(kept, "hub.backup.drill.txt"), "utf8")]) {
      expect(text).not.toMatch(/PRIVATE|BEGIN|ng\/tcu/);
    }
    expect(readdirSync(kept).filter((name) => name.startsWith(".drill-"))).toEqual([]);
  }); // prettier-ignore

  it("holds no private key unless it was asked for", async () => {
    const made = { recipients: [readFileSync(join(kept, "recovery.pub.pem"), "utf8")], withKeys: false };
    await backUpHub(place, join(kept, "bare"), made);
    const into = join(kept, "bare-hub");
    await restoreHub({ file: join(kept, "bare"), key: loadRecoveryKey(join(kept, "recovery.pem")) }, into, place.options.anchors);
    const all = globSync("**/*", { cwd: into }).filter((name) => statSync(join(into, name)).isFile());
    expect(all).toEqual(expect.arrayContaining(["broker.json", "audit.jsonl", "log/checkpoint", "register.bin"]));
    expect(all.filter((name) => /\.key$|hub-keys/.test(name))).toEqual([]);
    for (const name of all) expect([name, readFileSync(join(into, name)).includes("PRIVATE KEY")]).toEqual([name, false]);
  }); // prettier-ignore

  it("is refused by code, with the hub as it was, and leaves no report: damaged, of another key, without room, of another log", async () => {
    await world.stopBroker();
    const { hub } = world.layout;
    const before = digestOf(hub);
    const key = loadRecoveryKey(join(kept, "recovery.pem"));
    const file = join(kept, "bad.backup");
    const whole = readFileSync(join(kept, "hub.backup"));
    const drill = async (bytes: Buffer, more: object = {}): Promise<string> => {
      writeFileSync(file, bytes);
      return await drillHub(place, { file, key, ...more }).then(() => "drilled", codeOf);
    };
    for (const at of [3, 600, Math.floor(whole.length / 2), whole.length - 1]) {
      const spoilt = Buffer.from(whole);
      spoilt[at] = (spoilt[at] ?? 0) ^ 1;
      expect([at, await drill(spoilt)]).toEqual([at, "BACKUP_INVALID"]);
    }
    expect(await drill(whole.subarray(0, whole.length - 40))).toBe("BACKUP_INVALID");
    expect(await drill(whole, { key: loadRecoveryKey(join(kept, "other.pem")) })).toBe("BACKUP_INVALID");
    expect(await drill(whole, { free: () => 1_000 })).toBe("STORE_FULL");
    // the hub in use lost its log and has another: the copy shows it
    const moved = join(kept, "moved");
    cpSync(hub, moved, { recursive: true, filter: (from) => !from.includes("store") });
    rmSync(join(moved, "log"), { recursive: true });
    mkdirSync(join(moved, "log"));
    const other: HubPlace = { ...place, options: { ...place.options, dir: moved } };
    writeFileSync(file, whole);
    expect(await drillHub(other, { file, key }).then(() => "drilled", codeOf)).toBe("LOG_INCONSISTENT");
    expect(existsSync(`${file}.drill.json`)).toBe(false);
    expect(digestOf(hub)).toBe(before);
    await expect(restoreHub({ file, key }, hub, place.options.anchors)).rejects.toMatchObject({ code: "USAGE_INVALID" });
  }); // prettier-ignore
});
