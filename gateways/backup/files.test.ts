import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeText } from "../../test/kit/attachment-files.ts";
import {
  type FileDesk,
  handIn,
  handOver,
  makeMemoryHub,
  type MemoryHub,
  openFiles,
  readAll,
  sendWith,
  standOf,
} from "../../test/kit/file-world.ts";
import { makeOffice, type MadeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { parseRecoveryRecipient } from "../crypto/index.ts";
import { openStore } from "../store/index.ts";
import {
  type BackupMade,
  type BackupOrder,
  loadRecoveryKey,
  makeBackup,
  makeRecoveryKey,
  type RestoreOrder,
  restoreBackup,
  verifyBackup,
} from "./index.ts";

const now = Date.UTC(2026, 5, 1);
const [own, theirs] = [makeText(90_000, "own"), makeText(90_000, "theirs")];
let world: GatewayWorld;
let hub: MemoryHub;
let [ng, gh]: FileDesk[] = [];
let away = "";

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

/** A gateway with a file of its own that waits to be sent, and one that came. */
async function begin(): Promise<{ readonly sent: string; readonly came: string }> {
  await handIn(gh!, theirs);
  const came = await sendWith(gh!, [theirs]);
  await gh!.reach("it is at the hub", () => standOf(gh!, came) === "SENT");
  await handOver(gh!, ng!, came);
  await ng!.reach("it is here", () => standOf(ng!, came) === "HERE");
  ng!.way.isUp = false;
  await handIn(ng!, own);
  return { came, sent: await sendWith(ng!, [own]) };
}

beforeEach(async () => {
  hub = makeMemoryHub();
  away = mkdtempSync(join(tmpdir(), "away-"));
  [ng, gh] = [await openFiles(makeOffice(world, "ng/tcu"), hub), await openFiles(makeOffice(world, "gh/tcu"), hub)];
  writeFileSync(join(ng.office.dir, "gateway.json"), JSON.stringify({ agency: "ng/tcu" }));
  writeFileSync(join(ng.office.dir, "register.bin"), world.register);
}); // prettier-ignore

afterEach(() => {
  ng!.office.close();
  gh!.office.close();
  rmSync(away, { recursive: true, force: true });
});

async function make(wish: Pick<BackupOrder, "withFiles"> = {}): Promise<BackupMade> {
  const { agency, dir, store, signer, clock, chance } = ng!.office;
  const { publicFile } = makeRecoveryKey(join(away, "recovery.pem"));
  const recipients = [parseRecoveryRecipient(readFileSync(publicFile, "utf8"))];
  const source = { agency, dir, store, signer, clock, chance, epoch: () => world.view.epoch };
  return await makeBackup(source, { file: join(away, "one"), recipients, ...wish });
}

function order(file: string): RestoreOrder {
  const key = loadRecoveryKey(join(away, "recovery.pem"));
  return {
    file,
    key,
    anchors: world.anchors,
    dir: join(away, "folder"),
    at: ng!.office.clock.now(),
  };
}

/** The gateway of what was put back, in a folder of its own. */
async function openRestored(run: (desk: FileDesk) => Promise<void>): Promise<void> {
  const dir = join(away, "folder");
  const store = openStore(join(dir, "store.db"), {}, ng!.office.clock);
  const office: MadeOffice = { ...ng!.office, changed: ng!.office.changed, store, dir };
  try {
    const desk = await openFiles(office, hub);
    await run(desk);
    await desk.service.stop();
  } finally {
    store.close();
  }
}

describe("a backup of a gateway with files", () => {
  it("brings back the files that came and those that wait to be sent, without a link", async () => {
    const { sent, came } = await begin();
    const made = await make();
    expect(made.files).toBe(2);
    const { manifest } = await restoreBackup(order(made.file));
    expect(manifest.withFiles).toBe(true);
    expect(manifest.entries.filter(({ name }) => /^attachments\/blobs\/[0-9a-f]{64}\.sealed$/.test(name))).toHaveLength(2);
    hub.held.clear();
    await openRestored(async (desk) => {
      expect(desk.files()).toHaveLength(2);
      expect(Buffer.from(await readAll(desk, came, theirs)).equals(theirs)).toBe(true);
      expect(Buffer.from(await readAll(desk, sent, own)).equals(own)).toBe(true);
      await desk.reach("it is sent", () => standOf(desk, sent) === "SENT");
    });
    expect(hub.puts.slice(-4)).toHaveLength(4);
  }); // prettier-ignore

  it("leaves them out when that is asked for: what came is fetched again, what never went is said to be lost", async () => {
    const { sent, came } = await begin();
    const made = await make({ withFiles: false });
    expect(made.files).toBe(0);
    expect((await restoreBackup(order(made.file))).manifest.withFiles).toBe(false);
    await openRestored(async (desk) => {
      await desk.reach("it came again", () => standOf(desk, came) === "HERE");
      expect(Buffer.from(await readAll(desk, came, theirs)).equals(theirs)).toBe(true);
      await desk.reach("it is told", () => standOf(desk, sent) === "REFUSED BLOB_MISSING");
      expect(desk.files()).toHaveLength(1);
    });
  });

  it("is looked at without writing the files down, and a damaged one puts nothing back", async () => {
    await begin();
    const { file, bytes } = await make();
    const { manifest } = await verifyBackup(order(file));
    expect(manifest.entries.length).toBeGreaterThan(4);
    expect(existsSync(join(away, "folder", "attachments"))).toBe(false);
    const spoilt = readFileSync(file);
    spoilt[bytes - 60_000]! ^= 1;
    writeFileSync(file, spoilt);
    await expect(restoreBackup(order(file))).rejects.toMatchObject({ code: "BACKUP_INVALID" });
    expect(existsSync(join(away, "folder", "attachments"))).toBe(false);
    expect(existsSync(join(away, "folder", "store.db"))).toBe(false);
  });

  it("holds no file that is gone from the disk, and nothing that came by half", async () => {
    await begin();
    const [file = ""] = ng!.files();
    rmSync(join(ng!.office.dir, file));
    expect((await make()).files).toBe(1);
  });
});
