import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"; // prettier-ignore
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemChance } from "../../schemas/ground/index.ts";
import { runCutShort } from "../../test/kit/cut-short.ts";
import { encrypt, rekey, wipe } from "../../test/kit/vault-acts.ts";
import { findKeyId, openStore } from "../store/index.ts";
import { openStoreKey, storePath } from "./key-desk.ts";
import { makeRecoveryCode } from "./recovery-code.ts";
import { checkNotWiped } from "./wipe.ts";

const module = join(import.meta.dirname, "../../test/kit/vault-acts.ts");
const [code, next] = [makeRecoveryCode(systemChance), makeRecoveryCode(systemChance)];
const canary = "CANARY kept";
const wiped = expect.objectContaining({ code: "STORE_WIPED" });

let dir = "";
let away = "";

beforeEach(() => {
  [dir, away] = [mkdtempSync(join(tmpdir(), "wipe-")), mkdtempSync(join(tmpdir(), "away-"))];
});

afterEach(() => {
  for (const folder of [dir, away]) rmSync(folder, { recursive: true });
});

/** Everything that stays, and why it may. */
const stays: Readonly<Record<string, string>> = {
  "wiped.json": "says that and when it was wiped",
  "gateway.json": "the configuration; no content and no key",
  "register.bin": "public to every agency",
  "api-token": "lets its owner ask; every answer is STORE_WIPED",
  "keys/link-1.pem":
    "the agency's own; the authority revokes it, and the token may be the only other place",
  "renewal/signing.csr": "public",
  "notes.txt": "not ours",
};

/** What is to go. Every one holds the canary, as a file that was forgotten would. */
const goes = [
  "store-key.json.new",
  "store.db-wal",
  "store.db-shm",
  "store.before-7.db",
  "store.before-8.db.part",
  "store.db.replaced",
  "store.db.replaced-wal",
  "store.db.new",
  "store.db.rekey",
  "store.db.rekey-wal",
  "backups/ng-tcu-20260601T000000Z.atumpan-backup",
  "backups/one.atumpan-backup.part",
  "attachments/blobs/ab.sealed",
  "attachments/uploads/1.part",
  "carry/0123.part",
  ".restore-x1/store.db",
  ".restore-x1/keys/own.pem",
] as const;

async function fill(folder: string): Promise<void> {
  const store = openStore(storePath(folder));
  await store.write(() => store.settings.set("word", canary));
  store.close();
  await encrypt(folder, code);
  for (const name of [...Object.keys(stays).filter((one) => one !== "wiped.json"), ...goes]) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), name in stays ? "{}" : canary);
  }
}

function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

describe("a folder that was wiped", () => {
  it("holds the files that are listed with their reason, and no others", async () => {
    await fill(dir);
    wipe(dir);
    expect(filesOf(dir).toSorted()).toEqual(Object.keys(stays).toSorted());
    expect(filesOf(dir).filter((file) => readFileSync(join(dir, file)).includes(canary))).toEqual(
      [],
    );
    expect(() => checkNotWiped(dir)).toThrow(wiped);
  });

  it("does not follow a link out of it", async () => {
    await fill(dir);
    writeFileSync(join(away, "other"), "somebody else's");
    symlinkSync(away, join(dir, "backups", "elsewhere"));
    symlinkSync(join(away, "other"), join(dir, "carry", "one"));
    wipe(dir);
    expect(readFileSync(join(away, "other"), "utf8")).toBe("somebody else's");
    expect(filesOf(dir).toSorted()).toEqual(Object.keys(stays).toSorted());
  });

  it("opens nothing to whoever kept the boxes of its key, the code, and what the disk still had", async () => {
    await fill(dir);
    const keys = readFileSync(join(dir, "store-key.json"));
    // a name of the same bytes outside shows what stood in them at the end
    const { linkSync } = await import("node:fs");
    linkSync(storePath(dir), join(away, "store.db"));
    writeFileSync(join(away, "store-key.json"), keys);
    const place = { dir: away, agency: "ng/tcu" };
    openStore(storePath(away), {
      key: await openStoreKey(place, { kind: "recovery", code }),
    }).close();
    wipe(dir);
    await expect(openStoreKey(place, { kind: "recovery", code })).rejects.toMatchObject({ code: "STORE_KEY_WRONG" }); // prettier-ignore
  });

  it("is finished at the next start, wherever the process was ended", async () => {
    const full = join(away, "full");
    mkdirSync(full);
    await fill(full);
    const seen = new Set<string>();
    for (let at = 1, isDone = false; !isDone; at += 9) {
      rmSync(dir, { recursive: true });
      cpSync(full, dir, { recursive: true });
      isDone = runCutShort({ module, act: "wipe", args: [dir] }, at);
      const isBegun = existsSync(join(dir, "wiped.json"));
      seen.add(isBegun ? "wiped" : "untouched");
      if (!isBegun) continue;
      expect(() => checkNotWiped(dir)).toThrow(wiped);
      expect(filesOf(dir).filter((file) => !(file in stays) && file !== "wiped.json.new")).toEqual([]); // prettier-ignore
    }
    expect([...seen].toSorted()).toEqual(["untouched", "wiped"]);
  }, 200_000);
});

describe("another key", () => {
  it.each(["encrypted", "brought under another key"])("a store that is %s leaves no copy under the old one, or none", async (act) => {
    const store = openStore(storePath(dir));
    await store.write(() => store.settings.set("word", canary));
    store.close();
    const copies = ["store.before-7.db", "store.before-8.db.part", "store.db.replaced", "store.db.replaced-wal"];
    if (act !== "encrypted") await encrypt(dir, code);
    for (const name of copies) cpSync(storePath(dir), join(dir, name));
    await (act === "encrypted" ? encrypt(dir, code) : rekey(dir, code, next));
    expect(filesOf(dir).toSorted()).toEqual(["store-key.json", "store.db"]);
    expect(findKeyId(storePath(dir))).not.toBe("PLAIN");
  }); // prettier-ignore

  it("changes nothing while the gateway has the store open", async () => {
    await encrypt(dir, code);
    cpSync(storePath(dir), join(dir, "store.before-7.db"));
    const key = await openStoreKey({ dir, agency: "ng/tcu" }, { kind: "recovery", code });
    const held = openStore(storePath(dir), { key });
    const before = readFileSync(join(dir, "store-key.json"));
    await expect(rekey(dir, code, next)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(existsSync(join(dir, "store.before-7.db"))).toBe(true);
    expect(readFileSync(join(dir, "store-key.json"))).toEqual(before);
    held.close();
  });
});
