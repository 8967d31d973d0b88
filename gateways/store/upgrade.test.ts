import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { encodeMessage, encodePublication } from "../../schemas/index.ts";
import { makeUuid, sha256, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { openSqlite } from "./drivers/sqlite.ts";
import { migrations } from "./migrations/index.ts";
import { openStore } from "./store.ts";
import { rollBackStore } from "./upgrade-back.ts";
import { beforePath, findBefore } from "./upgrade.ts";

const key = sha256(utf8("the key of this test"));
const channel = "ecowas.drugs.h0.alert.incident";
const now = Date.UTC(2026, 5, 1);
let dir = "";
let path = "";

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "upgrade-"));
  path = join(dir, "store.db");
});

afterEach(() => {
  rmSync(dir, { recursive: true });
});

/** A store as an earlier program left it, with one message of ours in it, sent as number 1 of series 5. */
function makeOld(version: number, access: { readonly key?: Uint8Array } = {}): Uint8Array {
  const database = openSqlite(path, access);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON");
  for (const step of migrations.slice(0, version)) database.exec(step);
  database.exec(`PRAGMA user_version = ${version}`);
  const id = makeUuid(now, systemChance);
  const raw = encodeMessage({ envelope: id, signatures: [], open: utf8("words of the message") });
  const slip = utf8("slip");
  const publication = encodePublication({ slip, slipSignature: "s", message: raw });
  const { seq } = database
    .prepare(
      `INSERT INTO message (box, id, originator, digest, type, crimes, recs, handling, urgency, status, created_at, expires_at,
       stored_at, state, audience, raw) VALUES ('out', ?, 'ng/tcu', ?, 'alert.incident', ' drugs ', ' ecowas ', 'H0', 'NORMAL',
       'ACTUAL', 1, 100, 2, 'QUEUED', '', ?)`,
    )
    .run(id, sha256(id), raw);
  database
    .prepare(
      `INSERT INTO publication (message, channel, series, sequence, slip, slip_signature, slip_digest, digest, rank, stream, state)
       VALUES (?, ?, 5, 1, ?, 's', ?, ?, 0, 'FEED_ECOWAS', 'WAITING')`,
    )
    .run(seq, channel, slip, sha256(slip), sha256(publication));
  database.prepare("INSERT INTO out_channel (channel, series, sequence, digest, voided) VALUES (?, 5, 1, ?, '')").run(channel, sha256(slip)); // prettier-ignore
  database.exec("INSERT INTO setting (name, value) VALUES ('series', '5')");
  database.close();
  return id;
}

function versionOf(file: string, access: { readonly key?: Uint8Array } = {}): unknown {
  const database = openSqlite(file, access);
  try {
    return database.prepare("PRAGMA user_version").get()?.["user_version"];
  } finally {
    database.close();
  }
}

const earlier = Array.from({ length: migrations.length - 1 }, (_, i) => i + 1);

describe.each([
  ["plain", {}],
  ["under a key", { key }],
] as const)("an upgrade of a store %s", (_name, access) => {
  it.each(earlier)("of version %i keeps what it held, and a copy of it as it was", (version) => {
    const id = makeOld(version, access);
    const store = openStore(path, access);
    expect(store.messages.find(id)?.originator).toBe("ng/tcu");
    expect(store.outbox.channel(channel)).toMatchObject({ series: 5, sequence: 1 });
    expect(store.restored.mark()).toBeUndefined();
    store.close();
    const copy = beforePath(path, migrations.length);
    expect(versionOf(copy, access)).toBe(version);
    expect(versionOf(path, access)).toBe(migrations.length);
    if ("key" in access) expect(readFileSync(copy).includes("words of the message")).toBe(false);
  });

  it("keeps the copy of the last upgrade alone, and a new store has none", () => {
    openStore(path, access).close();
    expect(findBefore(path)).toEqual([]);
    rmSync(path);
    makeOld(2, access);
    writeFileSync(beforePath(path, 2), "of an upgrade long ago");
    openStore(path, access).close();
    expect(findBefore(path).map(({ version }) => version)).toEqual([migrations.length]);
    expect(readdirSync(dir).filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it("goes back in one step; nothing is numbered as it was numbered after the upgrade", () => {
    const id = makeOld(migrations.length - 1, access);
    const upgraded = openStore(path, access);
    upgraded.close();
    rollBackStore(path, now, access);
    expect(existsSync(`${path}.replaced`)).toBe(true);
    expect(versionOf(path, access)).toBe(migrations.length - 1);
    const store = openStore(path, access);
    expect(store.messages.find(id)).toBeDefined();
    expect(store.restored.mark()).toMatchObject({ at: now, state: "AWAITED" });
    expect(store.outbox.channel(channel)).toBeUndefined();
    expect(Number(store.settings.get("series"))).toBe(Math.floor(now / 1000));
    store.close();
  });
});

describe("going back", () => {
  it("without a copy is refused, and the store stays", () => {
    openStore(path).close();
    expect(() => rollBackStore(path, now)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
    openStore(path).close();
  });

  it("to a copy that is damaged is refused, and the store stays", async () => {
    makeOld(3);
    openStore(path).close();
    const copy = beforePath(path, migrations.length);
    const bytes = readFileSync(copy);
    bytes.fill(0x55, 4096, 12_000);
    writeFileSync(copy, bytes);
    expect(() => rollBackStore(path, now)).toThrow(
      expect.objectContaining({ code: "INTEGRITY_STORE" }),
    );
    const store = openStore(path);
    expect(store.restored.mark()).toBeUndefined();
    store.close();
  });

  it("the series is more than the one before even where the clock stands still", () => {
    makeOld(3);
    openStore(path).close();
    rollBackStore(path, 1_000);
    const store = openStore(path);
    expect(store.settings.get("series")).toBe("6");
    store.close();
  });

  it("a store of a newer program is refused with the way out, and left as it is", () => {
    openStore(path).close();
    const database = openSqlite(path);
    database.exec("PRAGMA user_version = 99");
    database.close();
    expect(() => openStore(path)).toThrow(
      expect.objectContaining({
        code: "STORE_VERSION_UNKNOWN",
        detail: expect.stringContaining("atumpan store rollback") as string,
      }),
    );
    expect(versionOf(path)).toBe(99);
  });
});

describe("an upgrade that is ended at any moment", () => {
  it("leaves the store of before or of after, and the next start finishes it", async () => {
    const script = `import { openStore } from ${JSON.stringify(join(import.meta.dirname, "store.ts"))};
      console.log("go"); openStore(${JSON.stringify(path)});`;
    const seen = new Set<unknown>();
    for (const delay of [0, 1, 2, 4, 6, 8, 12, 20]) {
      for (const name of readdirSync(dir)) rmSync(join(dir, name));
      const id = makeOld(3);
      const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] }); // prettier-ignore
      const gone = new Promise((resolve) => child.once("exit", resolve));
      await new Promise((resolve) => child.stdout.once("data", resolve));
      await new Promise((resolve) => setTimeout(resolve, delay));
      child.kill("SIGKILL");
      await gone;
      seen.add(versionOf(path));
      const store = openStore(path);
      expect(store.messages.find(id)).toBeDefined();
      store.close();
      expect(versionOf(path)).toBe(migrations.length);
      expect(versionOf(beforePath(path, migrations.length))).toBe(3);
    }
    expect([...seen].every((version) => version === 3 || version === migrations.length)).toBe(true);
  });
});
