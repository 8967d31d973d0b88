import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { makeSeededChance, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { openStore } from "../store/index.ts";
import { openStoreKey, storePath } from "./key-desk.ts";
import type { Proof } from "./protector.ts";
import { addProtector, listProtectors, removeProtector } from "./protectors.ts";
import { makeRecoveryCode, parseRecoveryCode } from "./recovery-code.ts";
import { encryptStore, rekeyStore } from "./rekey.ts";

const cost = { n: 32_768, r: 8, p: 1 } as const;
const means = { chance: systemChance, clock: systemClock, cost };
const refused = (code: string): unknown => expect.objectContaining({ code });
const code = makeRecoveryCode(systemChance);
const words: Proof = { kind: "passphrase", passphrase: "four words of nobody" };
const recovery: Proof = { kind: "recovery", code };

let dir = "";
let away = "";
let place = { dir: "", agency: "ng/tcu" };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "vault-"));
  away = mkdtempSync(join(tmpdir(), "stick-"));
  place = { dir, agency: "ng/tcu" };
});

afterEach(() => {
  for (const folder of [dir, away]) rmSync(folder, { recursive: true });
});

async function fill(key?: Uint8Array): Promise<void> {
  const store = openStore(storePath(dir), { key });
  await store.write(() => store.settings.set("word", "CANARY kept"));
  store.close();
}

async function readWord(proof: Proof): Promise<string | undefined> {
  const key = await openStoreKey(place, proof);
  const store = openStore(storePath(dir), { key });
  const word = store.settings.get("word");
  store.close();
  return word;
}

const orders = [
  { name: "passphrase", proof: words },
  { name: "recovery", proof: recovery },
];
const encrypt = (): Promise<void> => encryptStore(place, { orders, means });

function shows(text: string): boolean {
  return readdirSync(dir).some((file) => readFileSync(join(dir, file)).includes(text));
}

describe("encryptStore", () => {
  it("a plain store keeps what it holds, and no byte of the folder shows it any more", async () => {
    await fill();
    expect(shows("CANARY")).toBe(true);
    await encrypt();
    expect(shows("CANARY")).toBe(false);
    expect(readdirSync(dir).toSorted()).toEqual(["store-key.json", "store.db"]);
    expect(statSync(join(dir, "store-key.json")).mode & 0o777).toBe(0o600);
    for (const proof of [words, recovery]) expect(await readWord(proof)).toBe("CANARY kept");
  });

  it("a folder without a store gets an encrypted one", async () => {
    await encrypt();
    expect(await readWord(recovery)).toBeUndefined();
  });

  it("what is encrypted is not encrypted again, and a store that is open not at all", async () => {
    const store = openStore(storePath(dir));
    await expect(encrypt()).rejects.toThrow(refused("STORE_WRITE_FAILED"));
    store.close();
    await encrypt();
    await expect(encrypt()).rejects.toThrow(refused("USAGE_INVALID"));
  });
});

describe("openStoreKey", () => {
  it.each([
    {
      what: "another passphrase",
      proof: { kind: "passphrase", passphrase: "five words of nobody" },
    },
    {
      what: "another recovery code",
      proof: { kind: "recovery", code: makeRecoveryCode(systemChance) },
    },
    {
      what: "a protector of a kind it has not",
      proof: { kind: "token", access: { place: { library: "/x", token: "t", object: "o" } } },
    },
  ] satisfies readonly { what: string; proof: Proof }[])("$what is refused", async ({ proof }) => {
    await encrypt();
    await expect(openStoreKey(place, proof)).rejects.toThrow(refused("STORE_KEY_WRONG"));
  });

  it("a passphrase is the same however its letters are composed", async () => {
    const composed: Proof = { kind: "passphrase", passphrase: "la clé du café à Lomé" };
    await encryptStore(place, { orders: [{ name: "p", proof: composed }], means });
    const decomposed = composed.passphrase.normalize("NFD");
    expect(await readWord({ kind: "passphrase", passphrase: decomposed })).toBeUndefined();
  });

  it("keys of another agency, and boxes exchanged between two agencies, open nothing", async () => {
    await encrypt();
    const other = { ...place, agency: "gh/tcu" };
    await expect(openStoreKey(other, recovery)).rejects.toThrow(refused("CONFIG_INVALID"));
    const path = join(dir, "store-key.json");
    writeFileSync(path, readFileSync(path, "utf8").replace("ng/tcu", "gh/tcu"));
    await expect(openStoreKey(other, recovery)).rejects.toThrow(refused("STORE_KEY_WRONG"));
  });

  it("a file of keys that is not of our format, or asks for endless work, is refused", async () => {
    await encrypt();
    const path = join(dir, "store-key.json");
    const good = readFileSync(path, "utf8");
    for (const bad of [
      "",
      "{}",
      good.replace('"p": 1', '"p": 1000000'),
      good.replace("32768", "1099511627776"),
      `${good}x`,
    ]) {
      writeFileSync(path, bad);
      await expect(openStoreKey(place, words)).rejects.toThrow(refused("CONFIG_INVALID"));
    }
  });
});

describe("protectors", () => {
  it("one more opens the store, one less no longer does, and no page is written anew", async () => {
    await fill();
    await encrypt();
    const before = readFileSync(storePath(dir));
    const file: Proof = { kind: "file", file: join(away, "store-key") };
    await addProtector(place, { proof: recovery, order: { name: "stick", proof: file } }, means);
    expect(listProtectors(dir).map(({ name }) => name)).toEqual([
      "passphrase",
      "recovery",
      "stick",
    ]);
    removeProtector(dir, "passphrase");
    expect(readFileSync(storePath(dir)).equals(before)).toBe(true);
    expect(await readWord(file)).toBe("CANARY kept");
    await expect(openStoreKey(place, words)).rejects.toThrow(refused("STORE_KEY_WRONG"));
  });

  it("without a proof none is added, no name is given twice, and the last one stays", async () => {
    await encrypt();
    const order = { name: "again", proof: recovery };
    const wrong: Proof = { kind: "passphrase", passphrase: "five words of nobody" };
    await expect(addProtector(place, { proof: wrong, order }, means)).rejects.toThrow(
      refused("STORE_KEY_WRONG"),
    );
    const twice = { ...order, name: "recovery" };
    await expect(addProtector(place, { proof: recovery, order: twice }, means)).rejects.toThrow(
      refused("USAGE_INVALID"),
    );
    removeProtector(dir, "passphrase");
    expect(() => removeProtector(dir, "recovery")).toThrow(refused("USAGE_INVALID"));
    expect(() => removeProtector(dir, "other")).toThrow(refused("NOT_FOUND"));
  });

  it("a key file lies outside the folder, and is its owner's alone", async () => {
    await encrypt();
    const within: Proof = { kind: "file", file: join(dir, "key") };
    await expect(
      addProtector(place, { proof: recovery, order: { name: "f", proof: within } }, means),
    ).rejects.toThrow(refused("CONFIG_INVALID"));
    const file = join(away, "key");
    await addProtector(
      place,
      { proof: recovery, order: { name: "f", proof: { kind: "file", file } } },
      means,
    );
    chmodSync(file, 0o644);
    await expect(openStoreKey(place, { kind: "file", file })).rejects.toThrow(
      refused("KEY_UNUSABLE"),
    );
  });

  it("a passphrase of eleven characters is refused, and the recovery code's slip of the pen is found", async () => {
    const short = [
      { name: "p", proof: { kind: "passphrase", passphrase: "elevenchars" } as const },
    ];
    await expect(encryptStore(place, { orders: short, means })).rejects.toThrow(
      refused("REQUEST_INVALID"),
    );
    const made = makeRecoveryCode(makeSeededChance("a code"));
    expect(made).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{4}-){8}[0-9A-HJKMNP-TV-Z]{4}$/);
    const typed = made.toLowerCase().replaceAll("-", " ").replaceAll("0", "o").replaceAll("1", "l");
    expect(parseRecoveryCode(typed)).toEqual(parseRecoveryCode(made));
    for (let at = 0; at < made.length; at += 1) {
      const letter = made[at] === "7" ? "8" : "7";
      if (made[at] === "-") continue;
      const slip = made.slice(0, at) + letter + made.slice(at + 1);
      expect(() => parseRecoveryCode(slip)).toThrow(refused("REQUEST_INVALID"));
    }
  });
});

describe("rekeyStore", () => {
  it("the store is under another key, and only the protectors of the new one open it", async () => {
    await fill();
    await encrypt();
    const oldKey = await openStoreKey(place, recovery);
    const next: Proof = { kind: "passphrase", passphrase: "quite other words now" };
    await rekeyStore(place, words, { orders: [{ name: "passphrase", proof: next }], means });
    expect(await readWord(next)).toBe("CANARY kept");
    for (const proof of [words, recovery])
      await expect(openStoreKey(place, proof)).rejects.toThrow(refused("STORE_KEY_WRONG"));
    expect(() => openStore(storePath(dir), { key: oldKey })).toThrow(refused("STORE_KEY_WRONG"));
    expect(readdirSync(dir).toSorted()).toEqual(["store-key.json", "store.db"]);
  });
});
