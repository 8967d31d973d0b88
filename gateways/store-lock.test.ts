import { spawnSync } from "node:child_process";
import {
  closeSync,
  globSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  isFault,
  renderHex,
  silentLog,
  systemChance,
  systemClock,
} from "../schemas/ground/index.ts";
import { makeOffice } from "../test/kit/gateway-office.ts";
import { makeGatewayWorld } from "../test/kit/gateway-world.ts";
import { collect } from "../test/kit/held-bytes.ts";
import {
  drillBackup,
  loadRecoveryKey,
  makeBackup,
  makeRecoveryKey,
  restoreBackup,
  verifyBackup,
} from "./backup/index.ts";
import { parseRecoveryRecipient } from "./crypto/index.ts";
import { checkStore } from "./doctor/check-store.ts";
import { copyFileWhole } from "./store/durable.ts";
import {
  checkStoreFile,
  findKeyId,
  openDatabase,
  openStore,
  replacedPath,
  rollBackStore,
  type Store,
} from "./store/index.ts";
import { isUnwritable, layAside } from "./store/integrity-room.ts";
import { shredFile, syncFile } from "./vault/disk.ts";
import { addProtector, checkNotWiped, encryptStore, listProtectors, makeRecoveryCode, openStoreKey, openVault, type Proof, rekeyStore, removeProtector, wipeStore } from "./vault/index.ts"; // prettier-ignore

const root = join(import.meta.dirname, "..");
const agency = "ng/tcu";
const code = makeRecoveryCode(systemChance);
const proof: Proof = { kind: "recovery", code };
const means = {
  chance: systemChance,
  clock: systemClock,
  cost: { n: 32_768, r: 8, p: 1 } as const,
};
const orders = [{ name: "recovery", proof }];

const driver = join(import.meta.dirname, "store/drivers/sqlite.ts");
const script = `
const { openSqlite } = await import(${JSON.stringify(driver)});
const key = process.env.KEY ? Buffer.from(process.env.KEY, "hex") : undefined;
try {
  const file = openSqlite(process.env.FILE, { key });
  file.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT");
  file.close();
  console.log("opened");
} catch (error) {
  console.log(error.message);
}`;

/** What another process hears that wants the store. */
function tryElsewhere(file: string, key?: Uint8Array): string {
  const env = { FILE: file, KEY: key === undefined ? "" : renderHex(key) };
  const args = ["--input-type=module", "-e", script];
  return spawnSync(process.execPath, args, { env, encoding: "utf8", timeout: 150_000 }).stdout.trim();
} // prettier-ignore

/** Does an act, and says with which code it was refused, or that it was done. */
async function outcome(act: () => unknown): Promise<string> {
  try {
    await act();
    return "done";
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

interface Open {
  readonly dir: string;
  readonly path: string;
  readonly away: string;
  readonly store: Store;
  readonly key: Uint8Array | undefined;
  readonly end: () => void;
}

let world: Awaited<ReturnType<typeof makeGatewayWorld>>;
const ends: (() => void)[] = [];

beforeAll(async () => {
  world = await makeGatewayWorld([agency, "gh/tcu"], { now: Date.UTC(2026, 5, 1) });
});

afterAll(() => ends.forEach((end) => end()));

async function openOne(isEncrypted: boolean): Promise<Open> {
  const [dir, away] = [mkdtempSync(join(tmpdir(), "lock-")), mkdtempSync(join(tmpdir(), "away-"))];
  const path = join(dir, "store.db");
  if (isEncrypted) await encryptStore({ dir, agency }, { orders, means });
  const key = isEncrypted ? Uint8Array.from(await openStoreKey({ dir, agency }, proof)) : undefined;
  writeFileSync(join(dir, "gateway.json"), JSON.stringify({ agency }));
  writeFileSync(join(dir, "register.bin"), world.register);
  const store = openStore(path, { key });
  await store.write(() => store.settings.set("word", "kept"));
  const end = (): void => {
    store.close();
    for (const made of [dir, away]) rmSync(made, { recursive: true, force: true });
  };
  ends.push(end);
  return { dir, path, away, store, key, end };
}

/** A store that is open, and that nothing of this process can close any more. */
function forgetOne(path: string, key: Uint8Array | undefined): void {
  openDatabase(path, { key }).exec("SELECT 1");
}

/** Everything of store, vault, backup and doctor that comes near a store's file, by what it is answered while that is open. */
function acts(open: Open): Readonly<Record<string, readonly [() => unknown, string]>> {
  const { dir, path, away, store, key } = open;
  const place = { dir, agency };
  const isPlain = key === undefined;
  const copy = join(dir, "copy.db");
  const source = { ...makeOffice(world, agency), agency, dir, store, epoch: () => 1 };
  const keyFile = join(away, "recovery.pem");
  const { publicFile } = makeRecoveryKey(keyFile);
  const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
  const file = join(away, "one");
  const order = () => ({ file, key: loadRecoveryKey(keyFile), anchors: world.anchors, dir, at: source.clock.now() + 1, access: () => Promise.resolve({ key }) }); // prettier-ignore
  const vault = { dir, agency, open: () => Promise.resolve(1), close: () => Promise.resolve(), standing: () => Promise.resolve({ epoch: 1 }), clock: systemClock, chance: systemChance, log: silentLog }; // prettier-ignore
  return {
    "asking for its key": [() => findKeyId(path), "done"],
    "asking whether it can be written": [() => isUnwritable(path), "done"],
    "opening it again": [() => openStore(path, { key }), "STORE_WRITE_FAILED"],
    "opening it by another key": [() => openDatabase(path, { key: new Uint8Array(32) }), "STORE_KEY_WRONG"], // prettier-ignore
    "checking it": [() => checkStoreFile(path, { key }), "STORE_WRITE_FAILED"],
    "copying it": [() => copyFileWhole(path, copy), "INTERNAL"],
    "laying a copy aside": [() => layAside(path), "INTERNAL"],
    "bringing it to the disk": [() => syncFile(path), "INTERNAL"],
    "shredding it": [() => shredFile(path), "INTERNAL"],
    "going back before the upgrade": [() => rollBackStore(path, 1, { key }), "NOT_FOUND"],
    "encrypting it": [() => encryptStore(place, { orders, means }), isPlain ? "STORE_WRITE_FAILED" : "USAGE_INVALID"], // prettier-ignore
    "another key": [() => rekeyStore(place, proof, { orders, means }), isPlain ? "CONFIG_INVALID" : "STORE_WRITE_FAILED"], // prettier-ignore
    "what opens it": [() => openStoreKey(place, proof), isPlain ? "CONFIG_INVALID" : "done"],
    "its protectors": [() => listProtectors(dir), isPlain ? "CONFIG_INVALID" : "done"],
    "one more protector": [() => addProtector(place, { proof, order: { name: "more", proof: { kind: "passphrase", passphrase: "four words of nobody" } } }, means), isPlain ? "CONFIG_INVALID" : "done"], // prettier-ignore
    "one protector less": [() => removeProtector(dir, "more"), isPlain ? "CONFIG_INVALID" : "done"],
    "a second vault": [async () => await (await openVault(vault)).stop(), "done"],
    "whether it was wiped": [() => checkNotWiped(dir), "done"],
    "wiping it": [() => wipeStore(dir, { at: 1, reason: "ASKED" }), "INTERNAL"],
    "a backup": [() => makeBackup(source, { file, recipients }), "done"],
    "a second backup": [() => makeBackup(source, { file: join(away, "two"), recipients }), "done"],
    "looking at a backup": [() => verifyBackup(order()), "done"],
    "a drill": [() => drillBackup(order(), world.agency(agency).signer), "done"],
    "putting a backup back": [() => restoreBackup(order()), "STORE_WRITE_FAILED"],
    "a doctor": [() => checkStore({ dir, isEncrypted: false } as never, { clock: systemClock, look: () => ({ bytes: 1, changedAt: 1 }) } as never), "INTERNAL"], // prettier-ignore
  };
}

describe.each([
  ["plain", false],
  ["encrypted", true],
])("the lock of a %s store that is open", (_, isEncrypted) => {
  it("stays, whatever of store, vault and backup comes near the file", async () => {
    const open = await openOne(isEncrypted);
    const lost: string[] = [];
    for (const [name, [act, wanted]] of Object.entries(acts(open))) {
      expect(await outcome(act), name).toBe(wanted);
      if (tryElsewhere(open.path, open.key) !== "database is locked") lost.push(name);
    }
    expect(lost).toEqual([]);
    expect(open.store.settings.get("word")).toBe("kept");
    open.store.close();
    expect(tryElsewhere(open.path, open.key)).toBe("opened");
    rmSync(replacedPath(open.path), { force: true });
  });

  it("stays when nobody holds the store any more and it was not closed", async () => {
    const key = isEncrypted ? new Uint8Array(32).fill(7) : undefined;
    const dir = mkdtempSync(join(tmpdir(), "lock-"));
    const path = join(dir, "store.db");
    forgetOne(path, key);
    for (let turn = 0; turn < 3; turn += 1) {
      await setImmediate();
      collect();
    }
    expect(tryElsewhere(path, key)).toBe("database is locked");
    rmSync(dir, { recursive: true });
  });

  it("would be lost by a handle that is opened and closed without asking", async () => {
    const { path, key, end } = await openOne(isEncrypted);
    expect(tryElsewhere(path, key)).toBe("database is locked");
    closeSync(openSync(path, "r"));
    expect(tryElsewhere(path, key)).toBe("opened");
    end();
  });
});

/** What opens files itself, and why no open store is among them. */
const openers: Readonly<Record<string, string>> = {
  "store/drivers/held-files.ts": "asks which are open",
  "store/drivers/key-id.ts": "asks first",
  "store/database.ts": "makes the file that is not there",
  "store/durable.ts": "asks first; folders",
  "store/integrity-room.ts": "asks first",
  "store/upgrade.ts": "writes the copy",
  "vault/disk.ts": "asks first; folders and files that it makes",
  "vault/key-material.ts": "key files",
  "vault/store-keys.ts": "store-key.json",
  "vault/wipe.ts": "wiped.json",
  "backup/keys-open.ts": "configuration and keys that came out of a backup",
  "backup/make.ts": "writes backups; the store comes by hold",
  "backup/open.ts": "backups",
  "backup/own-signer.ts": "configuration",
  "backup/put.ts": "configuration and register",
  "backup/recovery-key.ts": "keys",
  "backup/drill.ts": "reports",
  "backup/shelf.ts": "backups",
  "doctor/check-store.ts": "asks first",
  "doctor/system-probes.ts": "is told which; the store it copies by check-store",
};

describe("files near a store", () => {
  it("are opened by the listed ones alone", () => {
    const found = globSync("gateways/{store,vault,backup,doctor}/**/*.ts", { cwd: root })
      .filter((file) => !file.endsWith(".test.ts"))
      .filter((file) =>
        /\b(openSync|readFileSync|copyFileSync|createReadStream|truncateSync|writeFileSync|appendFileSync)\(|node:fs\/promises/.test(
          readFileSync(join(root, file), "utf8"),
        ),
      )
      .map((file) => file.slice("gateways/".length));
    expect(found.toSorted()).toEqual(Object.keys(openers).toSorted());
  });
});
