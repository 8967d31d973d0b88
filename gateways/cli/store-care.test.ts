import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type CliWorld, makeCliWorld } from "../../test/kit/cli-world.ts";
import { makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeBackup } from "../backup/index.ts";
import { parseRecoveryRecipient } from "../crypto/index.ts";
import { openStore } from "../store/index.ts";
import { readFileSync } from "node:fs";
import { makeSeededChance } from "../../schemas/ground/index.ts";

const agency = "ng/tcu";
const made: object[] = [];
let cli: CliWorld;
let dir = "";

beforeEach(() => {
  made.length = 0;
  const backup = {
    run: (wish: object) => {
      made.push(wish);
      return Promise.resolve({ file: "/away/one", bytes: 5, createdAt: 1, messages: 2, files: 3 });
    },
  };
  cli = makeCliWorld([agency], { agencies: () => [], servedRecs: () => [] }, () => ({ backup }));
  dir = join(cli.dir, "gateway");
  mkdirSync(dir);
  writeFileSync(join(dir, "gateway.json"), JSON.stringify({ agency }));
});

afterEach(() => {
  rmSync(cli.dir, { recursive: true, force: true });
});

describe("store check and rollback", () => {
  it("a store that is whole is said to be, and one that is not is refused", async () => {
    openStore(join(dir, "store.db")).close();
    const whole = await cli.run("store", "check", "--folder", dir);
    expect([whole.code, whole.out]).toEqual([0, expect.stringContaining("whole: 0 messages")]);
    writeFileSync(join(dir, "store.db"), Buffer.alloc(9_000, 7));
    const spoilt = await cli.run("store", "check", "--folder", dir);
    expect(spoilt.code).not.toBe(0);
    expect(spoilt.err).toContain("INTEGRITY_STORE");
  });

  it("a folder without a store, and one without a copy, are told apart from good ones", async () => {
    expect((await cli.run("store", "check", "--folder", dir)).err).toContain("NOT_FOUND");
    openStore(join(dir, "store.db")).close();
    expect((await cli.run("store", "rollback", "--folder", dir)).err).toContain("NOT_FOUND");
  });
});

describe("backup", () => {
  it("run asks the gateway, and says when private keys went with it", async () => {
    const plain = await cli.run("backup", "run");
    expect([plain.code, plain.out]).toEqual([0, expect.stringContaining("/away/one")]);
    const keys = await cli.run("backup", "run", "--with-keys");
    expect(keys.err).toContain("private keys");
    const bare = await cli.run("backup", "run", "--no-files");
    expect(bare.out).toContain("3 files");
    expect(made).toEqual([
      { withKeys: false },
      { withKeys: true },
      { withKeys: false, withFiles: false },
    ]);
  });

  it("key new makes a key once, verify and restore work by it, and a dry run changes nothing", async () => {
    const now = Date.UTC(2026, 2, 9);
    const world = await makeGatewayWorld([agency, "gh/tcu"], { now });
    const recovery = join(cli.dir, "recovery.pem");
    expect((await cli.run("backup", "key", "new", recovery)).code).toBe(0);
    expect((await cli.run("backup", "key", "new", recovery)).code).toBe(2);
    writeFileSync(join(dir, "register.bin"), world.register);
    writeFileSync(join(dir, "root.json"), world.anchors.root);
    const store = openStore(join(dir, "store.db"));
    const recipients = [parseRecoveryRecipient(readFileSync(join(cli.dir, "recovery.pub.pem"), "utf8"))];
    const { signer } = world.agency(agency);
    const source = { agency, dir, store, signer, epoch: () => 1, clock: { now: () => now }, chance: makeSeededChance("cli") };
    const file = join(cli.dir, "one.atumpan-backup");
    await makeBackup(source, { file, recipients });
    store.close();
    rmSync(join(dir, "store.db"));
    const reading = [file, "--key", recovery, "--root", join(dir, "root.json"), "--folder", dir];
    const verified = await cli.run("backup", "verify", ...reading);
    expect([verified.code, verified.out]).toEqual([0, expect.stringContaining("whole and signed")]);
    expect((await cli.run("backup", "restore", ...reading, "--dry-run")).code).toBe(0);
    expect(existsSync(join(dir, "store.db"))).toBe(false);
    expect((await cli.run("backup", "restore", ...reading)).code).toBe(0);
    expect(existsSync(join(dir, "store.db"))).toBe(true);
    const listed = await cli.run("backup", "ls", "--in", cli.dir);
    expect(listed.out).toContain(agency);
  }); // prettier-ignore

  it("a backup that does not open is refused as content, and without a key it is wrong use", async () => {
    const file = join(cli.dir, "none");
    writeFileSync(file, "nothing");
    expect((await cli.run("backup", "verify", file)).code).toBe(2);
    const recovery = join(cli.dir, "recovery.pem");
    await cli.run("backup", "key", "new", recovery);
    const spoilt = await cli.run("backup", "verify", file, "--key", recovery, "--folder", dir);
    expect(spoilt.code).not.toBe(0);
  });
});
