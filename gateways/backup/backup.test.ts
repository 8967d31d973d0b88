import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeGatewayWorld, type GatewayWorld } from "../../test/kit/gateway-world.ts";
import { type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { submit } from "../exchange/submit.ts";
import { parseRecoveryRecipient } from "../crypto/index.ts";
import { openStore } from "../store/index.ts";
import {
  type BackupMade,
  type BackupSource,
  drillBackup,
  listBackups,
  loadRecoveryKey,
  makeBackup,
  makeRecoveryKey,
  makeShelf,
  type RestoreOrder,
  restoreBackup,
  verifyBackup,
} from "./index.ts";

const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;
let world: GatewayWorld;
let office: MadeOffice;
let dir = "";
let away = "";

const alert = {
  type: "bulletin.red_flag",
  recs: ["ecowas"],
  crimes: ["drugs"],
  status: "EXERCISE",
  body: {
    title: { text: "CANARY title of a warning", lang: "en" },
    indicators: [{ code: "SEAL_MISMATCH", description: { text: "Another seal", lang: "en" } }],
    countries: ["NG"],
    evidenceLevel: "PROBABLE",
    recommendedChecks: ["XRAY"],
  },
};

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

beforeEach(async () => {
  office = makeOffice(world, "ng/tcu");
  dir = mkdtempSync(join(tmpdir(), "backup-"));
  away = mkdtempSync(join(tmpdir(), "away-"));
  writeFileSync(join(dir, "gateway.json"), JSON.stringify({ agency: "ng/tcu", keys: { signing: { key: "own.pem", certificate: "own.crt" } } })); // prettier-ignore
  writeFileSync(join(dir, "own.pem"), "-----BEGIN PRIVATE KEY-----\nnot a real one\n", { mode: 0o600 }); // prettier-ignore
  writeFileSync(join(dir, "own.crt"), "-----BEGIN CERTIFICATE-----\n");
  writeFileSync(join(dir, "register.bin"), world.register);
  await submit(office, alert, "one");
});

afterEach(() => {
  office.close();
  for (const made of [dir, away]) rmSync(made, { recursive: true, force: true });
});

function source(): BackupSource {
  const { agency, store, signer, clock, chance } = office;
  return { agency, dir, store, signer, clock, chance, epoch: () => world.view.epoch };
}

interface Made extends BackupMade {
  readonly key: ReturnType<typeof loadRecoveryKey>;
}

async function make(withKeys = false): Promise<Made> {
  const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
  const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
  const made = await makeBackup(source(), { file: join(away, "one"), recipients, withKeys });
  return { ...made, key: loadRecoveryKey(join(away, "recovery.pem")) };
}

function order({ file, key }: Pick<Made, "file" | "key">, change: Partial<RestoreOrder> = {}): RestoreOrder {
  return { file, key, anchors: world.anchors, dir, at: now + day, ...change };
} // prettier-ignore

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "fresh-"));
  rmSync(made, { recursive: true });
  return made;
}

describe("a backup", () => {
  it("holds the store as it is at one moment, the register and the configuration, and no private key", async () => {
    const made = await make();
    const { manifest, store } = await verifyBackup(order(made));
    expect(manifest.entries.map(({ name }) => name).toSorted()).toEqual([
      "gateway.json",
      "own.crt",
      "register.bin",
      "store.db",
    ]);
    expect(manifest).toMatchObject({ agency: "ng/tcu", createdAt: now, withKeys: false });
    expect(store).toMatchObject({ messages: 1, publications: 1 });
    expect(readdirSync(dir).filter((name) => name.startsWith(".restore"))).toEqual([]);
  });

  it("takes private keys with it when that is asked for, and only then", async () => {
    const { manifest } = await verifyBackup(order(await make(true)));
    expect(manifest.entries.map(({ name }) => name)).toContain("own.pem");
    expect(manifest.withKeys).toBe(true);
  });

  it("shows nothing of what it holds, and only its owner may read the file", async () => {
    const { file } = await make(true);
    const bytes = readFileSync(file).toString("latin1");
    for (const word of ["CANARY", "bulletin", "PRIVATE KEY", "SQLite", "gh/tcu"]) {
      expect(bytes.includes(word)).toBe(false);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("is made while the store goes on, and holds nothing of what comes after it began", async () => {
    const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
    const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
    const making = makeBackup(source(), { file: join(away, "one"), recipients });
    for (let at = 0; at < 40; at += 1) await submit(office, alert, `meanwhile ${at}`);
    const made = { ...(await making), key: loadRecoveryKey(join(away, "recovery.pem")) };
    const { store } = await verifyBackup(order(made));
    expect(store.messages).toBeLessThan(41);
    expect(office.store.messages.list({ box: "out", limit: 100 })).toHaveLength(41);
    await submit(office, alert, "after");
  });

  it("of a store that is closed while it is made nothing is kept", async () => {
    const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
    const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
    const making = makeBackup(source(), { file: join(away, "one"), recipients });
    await Promise.resolve();
    office.store.close();
    await expect(making).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(readdirSync(away).filter((name) => name.startsWith("one"))).toEqual([]);
  });

  it("is refused without a recovery key, with three, or sealed to what is none", async () => {
    const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
    const one = parseRecoveryRecipient(readFileSync(publicFile, "utf8"));
    const file = join(away, "one");
    await expect(makeBackup(source(), { file, recipients: [] })).rejects.toMatchObject({ code: "SEAL_NO_RECIPIENTS" }); // prettier-ignore
    await expect(makeBackup(source(), { file, recipients: [one, one, one] })).rejects.toMatchObject({ code: "SEAL_TOO_MANY_RECIPIENTS" }); // prettier-ignore
    expect(() => parseRecoveryRecipient(readFileSync(join(away, "recovery.pem"), "utf8"))).toThrow(expect.objectContaining({ code: "KEY_UNUSABLE" })); // prettier-ignore
    expect(() => parseRecoveryRecipient("nothing")).toThrow(expect.objectContaining({ code: "KEY_UNUSABLE" })); // prettier-ignore
    expect(existsSync(file)).toBe(false);
  });

  it("a recovery key is written for its owner alone, and none is overwritten", () => {
    const file = join(away, "recovery.pem");
    const { fingerprint, publicFile } = makeRecoveryKey(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(parseRecoveryRecipient(readFileSync(publicFile, "utf8")).fingerprint).toBe(fingerprint);
    expect(() => makeRecoveryKey(file)).toThrow(expect.objectContaining({ code: "USAGE_INVALID" }));
  });
});

describe("a backup that is not as it was made", () => {
  it("is refused with any byte of it changed, cut or added, and nothing is put back", async () => {
    const made = await make();
    const whole = readFileSync(made.file);
    const before = readFileSync(join(dir, "register.bin"));
    const places = [3, 30, 120, 400, 900, 1_500, 5_000, 40_000, whole.length - 1];
    const spoilt = places.map((at) => {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      return changed;
    });
    const cut = [0, 10, 1_000, 100_000, whole.length - 1].map((end) => whole.subarray(0, end));
    for (const bytes of [...spoilt, ...cut, Buffer.concat([whole, Buffer.from("x")])]) {
      writeFileSync(made.file, bytes);
      await expect(restoreBackup(order(made))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    }
    expect(existsSync(join(dir, "store.db"))).toBe(false);
    expect(readFileSync(join(dir, "register.bin"))).toEqual(before);
    writeFileSync(made.file, whole);
    await restoreBackup(order(made));
    expect(existsSync(join(dir, "store.db"))).toBe(true);
  });

  it("does not open with another recovery key", async () => {
    const made = await make();
    makeRecoveryKey(join(away, "other.pem"));
    const key = loadRecoveryKey(join(away, "other.pem"));
    await expect(verifyBackup(order({ ...made, key }))).rejects.toMatchObject({ code: "BACKUP_INVALID" }); // prettier-ignore
  });

  it("is refused when somebody else signed it, though he seals it well", async () => {
    const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
    const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
    const key = loadRecoveryKey(join(away, "recovery.pem"));
    const { signer } = world.agency("gh/tcu");
    const made = await makeBackup({ ...source(), signer }, { file: join(away, "one"), recipients });
    await expect(verifyBackup(order({ ...made, key }))).rejects.toMatchObject({ code: "BACKUP_INVALID" }); // prettier-ignore
  });

  it("of another agency is refused in this gateway's folder", async () => {
    const made = await make();
    writeFileSync(join(dir, "gateway.json"), JSON.stringify({ agency: "gh/tcu" }));
    await expect(restoreBackup(order(made))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    expect(existsSync(join(dir, "store.db"))).toBe(false);
  });

  it("is refused where the clock stands before it was made: a series might begin that was used before", async () => {
    const made = await make();
    await expect(restoreBackup(order(made, { at: now - 1 }))).rejects.toMatchObject({ code: "CLOCK_BEHIND" }); // prettier-ignore
  });

  it("a file that is none is refused at once", async () => {
    const made = await make();
    writeFileSync(made.file, "SQLite format 3\0");
    await expect(verifyBackup(order(made))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    await expect(verifyBackup(order({ ...made, file: join(away, "none") }))).rejects.toMatchObject({ code: "NOT_FOUND" }); // prettier-ignore
  });
});

describe("putting a backup back", () => {
  it("the store numbers in a new series, and knows that it is a copy", async () => {
    const made = await make();
    const fresh = folder();
    await restoreBackup(order(made, { dir: fresh }));
    const store = openStore(join(fresh, "store.db"));
    expect(store.restored.mark()).toEqual({ at: now + day, copiedAt: now, state: "AWAITED" });
    expect(Number(store.settings.get("series"))).toBeGreaterThan(Number(office.store.settings.get("series"))); // prettier-ignore
    expect(store.outbox.channel("ecowas.drugs.h0.bulletin.red_flag")).toBeUndefined();
    expect(store.outbox.waiting(5)).toHaveLength(1);
    store.close();
    rmSync(fresh, { recursive: true });
  });

  it("the store that was there lies beside it, and the newer register stays", async () => {
    const made = await make();
    const newer = world.publish((parts) => parts);
    writeFileSync(join(dir, "register.bin"), newer);
    const path = join(dir, "store.db");
    openStore(path).close();
    await restoreBackup(order(made));
    expect(existsSync(`${path}.replaced`)).toBe(true);
    expect(readFileSync(join(dir, "register.bin"))).toEqual(Buffer.from(newer));
    const store = openStore(path);
    expect(store.messages.list({ box: "out", limit: 5 })).toHaveLength(1);
    store.close();
  });

  it("is refused while the gateway runs; its store stays as it is", async () => {
    const made = await make();
    const path = join(dir, "store.db");
    const script = `import { openStore } from ${JSON.stringify(join(import.meta.dirname, "../store/index.ts"))}; globalThis.kept = openStore(${JSON.stringify(path)}); console.log("open"); setInterval(() => {}, 1000);`;
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] }); // prettier-ignore
    await new Promise((resolve, reject) => {
      child.stdout.once("data", resolve);
      child.once("exit", () => reject(new Error("the other process did not open the store")));
    });
    try {
      await expect(restoreBackup(order(made))).rejects.toMatchObject({
        code: "STORE_WRITE_FAILED",
      });
      expect(existsSync(`${path}.replaced`)).toBe(false);
    } finally {
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
    }
    const store = openStore(path);
    expect(store.restored.mark()).toBeUndefined();
    store.close();
  });

  it("looking whether it could be done changes nothing", async () => {
    const made = await make();
    const before = readdirSync(dir).toSorted();
    await verifyBackup(order(made));
    expect(readdirSync(dir).toSorted()).toEqual(before);
  });
});

describe("a drill", () => {
  it("leaves a report that the agency signed, of what was found in the backup", async () => {
    const made = await make();
    const { report, file } = await drillBackup(order(made), office.signer);
    expect(report).toMatchObject({
      agency: "ng/tcu",
      found: { messages: 1, keys: 0 },
      behindMs: day,
    });
    const written = JSON.parse(readFileSync(file, "utf8")) as { report: string; signature: string };
    expect(JSON.parse(written.report)).toEqual(report);
    expect(written.signature).toMatch(/^[\w-]+\.\.[\w-]+$/);
  });

  it("of a spoilt backup leaves none", async () => {
    const made = await make();
    const bytes = readFileSync(made.file);
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    writeFileSync(made.file, bytes);
    await expect(drillBackup(order(made), office.signer)).rejects.toMatchObject({ code: "BACKUP_INVALID" }); // prettier-ignore
    expect(existsSync(`${made.file}.drill.json`)).toBe(false);
  });

  it("of keys that are none, and where there is no room for it, leaves none either, and nothing is changed", async () => {
    const made = await make(true);
    const before = readdirSync(dir).toSorted();
    await expect(drillBackup(order(made), office.signer)).rejects.toMatchObject({
      code: "KEY_UNUSABLE",
    });
    const full = order(made, { free: () => 10 });
    await expect(drillBackup(full, office.signer)).rejects.toMatchObject({ code: "STORE_FULL" });
    await expect(restoreBackup(full)).rejects.toMatchObject({ code: "STORE_FULL" });
    expect(readdirSync(away).filter((name) => name.includes(".drill"))).toEqual([]);
    expect(readdirSync(dir).toSorted()).toEqual(before);
  });
});

describe("the shelf", () => {
  it("keeps the newest ones and removes older ones of the same agency, nothing else", async () => {
    const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
    const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
    const shelf = makeShelf(source(), { folder: away, recipients, keep: 2 });
    await shelf.run({});
    copyFileSync(shelf.list()[0]?.file ?? "", join(away, "foreign.note"));
    for (let at = 0; at < 3; at += 1) {
      office.clock.move(60_000);
      await shelf.run({});
    }
    expect(shelf.list()).toHaveLength(2);
    expect(shelf.list()[0]?.createdAt).toBe(now + 180_000);
    expect(existsSync(join(away, "foreign.note"))).toBe(true);
    writeFileSync(join(away, "no.atumpan-backup"), "nothing");
    expect(listBackups(away)).toHaveLength(2);
  });

  it("says what is missing when no recovery key is named", async () => {
    const shelf = makeShelf(source(), { folder: away, recipients: [], keep: 2 });
    await expect(shelf.run({})).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  });
});
