import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";

import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeTokenCipher, parseTokenPlace } from "../../certs/keys/index.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { until } from "../../test/kit/server.ts";
import { makeSoftTokens, softLibrary, tokenNeeds } from "../../test/kit/soft-token.ts";
import { openStore, type Store } from "../store/index.ts";
import { storePath } from "./key-desk.ts";
import type { Proof, ProtectorOrder } from "./protector.ts";
import { makeRecoveryCode } from "./recovery-code.ts";
import { encryptStore } from "./rekey.ts";
import { openVault } from "./vault.ts";
import type { Standing, Vault, VaultConfig, VaultOptions } from "./vault-options.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const start = Date.UTC(2026, 2, 9, 14, 5);
const cost = { n: 32_768, r: 8, p: 1 } as const;
const code = makeRecoveryCode(systemChance);
const passphrase: Proof = { kind: "passphrase", passphrase: "four words of nobody" };
const wrong: Proof = { kind: "passphrase", passphrase: "five words of nobody" };
const recovery: Proof = { kind: "recovery", code };

let dir = "";
let away = "";
let clock: StillClock;
let vault: Vault<Store> | undefined;
let standing: Standing;
let lent: Buffer[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vault-"));
  away = mkdtempSync(join(tmpdir(), "stick-"));
  clock = makeStillClock(start);
  standing = { epoch: 4 };
  lent = [];
});

afterEach(async () => {
  await vault?.stop();
  vault = undefined;
  for (const folder of [dir, away]) rmSync(folder, { recursive: true });
});

async function encrypt(...more: readonly ProtectorOrder[]): Promise<void> {
  const orders = [
    { name: "passphrase", proof: passphrase },
    { name: "recovery", proof: recovery },
    ...more,
  ];
  const means = { chance: systemChance, clock: systemClock, cost };
  await encryptStore({ dir, agency: "ng/tcu" }, { orders, means });
}

async function open(config?: Partial<VaultConfig>): Promise<Vault<Store>> {
  const options: VaultOptions<Store> = {
    dir,
    agency: "ng/tcu",
    config: config === undefined ? undefined : { onSuspension: "lock", ...config },
    open: (key) => {
      if (key !== undefined) lent.push(key);
      return Promise.resolve(openStore(storePath(dir), { key }));
    },
    close: (store) => Promise.resolve(store.close()),
    standing: () => Promise.resolve(standing),
    clock,
    chance: systemChance,
    log: silentLog,
  };
  vault = await openVault(options);
  return vault;
}

/** Lets what a timer began come to its end. */
const settle = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 20));

/** Time for what must not happen. */
async function pass(ms: number): Promise<void> {
  clock.move(ms);
  await settle();
}

/** Time after which it stands otherwise, as soon as the machine has done it. */
async function passUntil(state: "LOCKED" | "WIPED", opened: Vault<Store>): Promise<void> {
  clock.move(1_000);
  await until(`the store is ${state}`, () => opened.state().state === state);
}

describe("openVault", () => {
  it("a plain store is open at once, says that it is plain, and cannot be locked", async () => {
    const plain = await open();
    expect(plain.state()).toMatchObject({ state: "OPEN", isEncrypted: false });
    await expect(plain.lock()).rejects.toThrow(refused("REQUEST_INVALID"));
  });

  it("a store of a passphrase waits, and answers nothing before it is given", async () => {
    await encrypt();
    const locked = await open({});
    expect(locked.state()).toMatchObject({ state: "LOCKED", isEncrypted: true, reason: "START" });
    expect(() => locked.held()).toThrow(refused("STORE_LOCKED"));
    await locked.unlock(passphrase);
    expect(locked.held().settings.get("nothing")).toBeUndefined();
    expect(lent.every((key) => key.every((byte) => byte === 0))).toBe(true);
  });

  it("a key file opens it without anybody; where the file is missing it waits", async () => {
    const own: Proof = { kind: "file", file: join(away, "key") };
    await encrypt({ name: "stick", proof: own });
    expect((await open({ own })).state().state).toBe("OPEN");
    await vault?.stop();
    rmSync(own.file);
    const waiting = await open({ own });
    expect(waiting.state()).toMatchObject({ state: "LOCKED" });
    await expect(waiting.unlock()).rejects.toThrow(refused("KEY_UNUSABLE"));
    clock.move(2_000);
    await waiting.unlock(recovery);
    expect(waiting.state().state).toBe("OPEN");
  });

  it("without its file of keys it does not start", async () => {
    await expect(open({})).rejects.toThrow(refused("CONFIG_INVALID"));
  });
});

describe("wrong tries", () => {
  it("each makes the next wait twice as long, whatever is brought then", async () => {
    await encrypt();
    const locked = await open({});
    for (const waitMs of [1_000, 2_000, 4_000]) {
      await expect(locked.unlock(wrong)).rejects.toThrow(refused("STORE_KEY_WRONG"));
      await expect(locked.unlock(passphrase)).rejects.toThrow(refused("QUOTA_EXCEEDED"));
      clock.move(waitMs - 1);
      await expect(locked.unlock(passphrase)).rejects.toThrow(refused("QUOTA_EXCEEDED"));
      clock.move(1);
    }
    await locked.unlock(passphrase);
    await locked.lock();
    // what succeeded begins anew
    await expect(locked.unlock(wrong)).rejects.toThrow(refused("STORE_KEY_WRONG"));
    clock.move(1_000);
    await locked.unlock(passphrase);
  });

  it("many at once are judged one after another, and all but one wait", async () => {
    await encrypt();
    const locked = await open({});
    const ends = await Promise.allSettled(Array.from({ length: 20 }, () => locked.unlock(wrong)));
    const codes = ends.map((end) =>
      end.status === "rejected" ? (end.reason as { code: string }).code : "open",
    );
    expect(codes.filter((one) => one === "STORE_KEY_WRONG")).toHaveLength(1);
    expect(codes.filter((one) => one === "QUOTA_EXCEEDED")).toHaveLength(19);
  });
});

describe("idle", () => {
  it("nobody's work for so long locks it, and work keeps it open", async () => {
    await encrypt();
    const opened = await open({ lockAfterMs: 600_000 });
    await opened.unlock(passphrase);
    await pass(599_000);
    opened.touch();
    await pass(599_000);
    expect(opened.state().state).toBe("OPEN");
    clock.move(1_000);
    await passUntil("LOCKED", opened);
    expect(opened.state()).toMatchObject({ state: "LOCKED", reason: "IDLE" });
    expect(() => opened.held()).toThrow(refused("STORE_LOCKED"));
  });

  it("without a limit it stays open", async () => {
    await encrypt();
    const opened = await open({});
    await opened.unlock(passphrase);
    await pass(30 * 86_400_000);
    expect(opened.state().state).toBe("OPEN");
  });
});

describe("suspension", () => {
  const suspension = { code: "MANDATE_SUSPENDED", epoch: 5, at: start } as const;

  it("an open store locks, and no protector opens it until a newer register lifts it", async () => {
    await encrypt();
    const opened = await open({});
    await opened.unlock(passphrase);
    standing = { epoch: 5, suspension };
    await passUntil("LOCKED", opened);
    expect(opened.state()).toMatchObject({
      state: "LOCKED",
      reason: "SUSPENDED",
      suspended: suspension,
    });
    await expect(opened.unlock(passphrase)).rejects.toThrow(refused("MANDATE_SUSPENDED"));
    // the older register, laid there again
    standing = { epoch: 4 };
    await expect(opened.unlock(passphrase)).rejects.toThrow(refused("MANDATE_SUSPENDED"));
    await opened.stop();
    const again = await open({});
    await expect(again.unlock(passphrase)).rejects.toThrow(refused("MANDATE_SUSPENDED"));
    standing = { epoch: 6 };
    await again.unlock(passphrase);
    await pass(1_000);
    expect(again.state().state).toBe("OPEN");
    expect(readFileSync(join(dir, "store-key.json"), "utf8")).not.toContain("suspended");
  });

  it("the recovery code opens it in spite of the register, until it is locked again", async () => {
    await encrypt();
    standing = { epoch: 5, suspension };
    const locked = await open({});
    await expect(locked.unlock(passphrase)).rejects.toThrow(refused("MANDATE_SUSPENDED"));
    await locked.unlock(recovery);
    await pass(5_000);
    expect(locked.state().state).toBe("OPEN");
    await locked.lock();
    await expect(locked.unlock(passphrase)).rejects.toThrow(refused("MANDATE_SUSPENDED"));
  });

  it("where the operator chose so it is wiped, and not even the recovery code opens it", async () => {
    await encrypt();
    const opened = await open({ onSuspension: "wipe" });
    await opened.unlock(passphrase);
    standing = { epoch: 5, suspension };
    await passUntil("WIPED", opened);
    await expect(opened.unlock(recovery)).rejects.toThrow(refused("STORE_WIPED"));
    expect(readdirSync(dir)).toEqual(["wiped.json"]);
  });
});

describe("wiping", () => {
  it("wants the agency's name, and leaves a folder that does not begin anew by itself", async () => {
    await encrypt();
    const opened = await open({});
    await opened.unlock(passphrase);
    await expect(opened.wipe("gh/tcu")).rejects.toThrow(refused("REQUEST_INVALID"));
    expect(opened.state().state).toBe("OPEN");
    await opened.wipe("ng/tcu");
    expect(() => opened.held()).toThrow(refused("STORE_WIPED"));
    for (const act of [opened.unlock(passphrase), opened.lock(), opened.wipe("ng/tcu")])
      await expect(act).rejects.toThrow(refused("STORE_WIPED"));
    expect(readdirSync(dir)).toEqual(["wiped.json"]);
    await expect(open({})).rejects.toThrow(refused("STORE_WIPED"));
    await expect(open()).rejects.toThrow(refused("STORE_WIPED"));
  });

  it("reaches copies of the store that lie beside it, and a plain store", async () => {
    for (const file of ["store.before-3.db", "store.db.rekey"])
      writeFileSync(join(dir, file), "CANARY");
    writeFileSync(join(dir, "gateway.json"), "{}");
    const opened = await open();
    await opened.wipe("ng/tcu");
    expect(readdirSync(dir).toSorted()).toEqual(["gateway.json", "wiped.json"]);
  });
});

describe.skipIf(softLibrary === undefined)(`a token ${tokenNeeds}`, () => {
  const tokens = makeSoftTokens();
  afterAll(() => tokens.remove());

  it("opens the store with its PIN, each time anew, and no other PIN does", async () => {
    const place = parseTokenPlace(tokens.make("vault", "2468")("store"));
    makeTokenCipher({ place, pin: "2468" }).end();
    const proof = (pin: string): Proof => ({ kind: "token", access: { place, pin } });
    await encrypt({ name: "card", proof: proof("2468") });
    const locked = await open({});
    await locked.unlock(proof("2468"));
    await locked.lock();
    await locked.unlock(proof("2468"));
    await locked.lock();
    await expect(locked.unlock(proof("1111"))).rejects.toThrow(refused("KEY_UNUSABLE"));
    expect(locked.state().state).toBe("LOCKED");
  });

  it("with its PIN in a file the gateway opens itself", async () => {
    const place = parseTokenPlace(tokens.make("self", "1357")("store"));
    makeTokenCipher({ place });
    const own: Proof = { kind: "token", access: { place } };
    await encrypt({ name: "hsm", proof: own });
    expect((await open({ own })).state().state).toBe("OPEN");
  });
});
