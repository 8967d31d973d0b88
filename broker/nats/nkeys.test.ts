import { mkdtempSync, rmSync, statSync, chmodSync, writeFileSync } from "node:fs";
import { sign, verify } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createServer as createServerPair, fromPublic, fromSeed } from "@nats-io/nkeys";
import { afterAll, describe, expect, it } from "vitest";

import { utf8 } from "../../schemas/ground/index.ts";
import { loadHubKeys, makeHubKeys, saveHubKeys } from "./hub-keys.ts";
import {
  importAccountSeed,
  importServerNkey,
  makeNkey,
  publicNkeyBytes,
  seedNkeyBytes,
} from "./nkeys.ts";

const folder = mkdtempSync(join(tmpdir(), "nkeys-"));
afterAll(() => rmSync(folder, { recursive: true }));
const unusable: unknown = expect.objectContaining({ code: "KEY_UNUSABLE" });

describe("nkeys", () => {
  it("our signatures are those of the library, both ways", () => {
    const account = makeNkey("A");
    const bytes = utf8("claims");
    const ours = sign(null, bytes, importAccountSeed(account.seed));
    expect(fromPublic(account.publicKey).verify(bytes, ours)).toBe(true);
    const server = createServerPair();
    expect(verify(null, bytes, importServerNkey(server.getPublicKey()), server.sign(bytes))).toBe(
      true,
    );
  });

  it("a seed's bytes are the library's", () => {
    const { seed, publicKey } = makeNkey("U");
    expect(fromSeed(utf8(seed)).getPublicKey()).toBe(publicKey);
    expect(seedNkeyBytes(seed, "U")).toHaveLength(32);
  });

  it("another kind, a changed character and a stray one are refused", () => {
    const { publicKey, seed } = makeNkey("A");
    expect(publicNkeyBytes(publicKey, "A")).toHaveLength(32);
    const swapped = `${publicKey.slice(0, 9)}${publicKey[9] === "B" ? "C" : "B"}${publicKey.slice(10)}`;
    for (const bad of [swapped, `${publicKey}A`, publicKey.toLowerCase(), ""]) {
      expect(() => publicNkeyBytes(bad, "A")).toThrow(unusable);
    }
    expect(() => publicNkeyBytes(publicKey, "N")).toThrow(unusable);
    expect(() => seedNkeyBytes(seed, "U")).toThrow(unusable);
    expect(() => importServerNkey(publicKey)).toThrow(unusable);
  });
});

describe("hub keys", () => {
  it("what was saved is loaded, by its owner alone, and never overwritten", () => {
    const file = join(folder, "keys.json");
    const keys = makeHubKeys();
    saveHubKeys(file, keys);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(loadHubKeys(file)).toEqual(keys);
    expect(() => saveHubKeys(file, makeHubKeys())).toThrow(unusable);
    chmodSync(file, 0o644);
    expect(() => loadHubKeys(file)).toThrow(unusable);
  });

  it("keys in each other's place are refused", () => {
    const file = join(folder, "mixed.json");
    const { issuer, ...keys } = makeHubKeys();
    writeFileSync(file, JSON.stringify({ ...keys, issuer: keys.hub, hub: issuer }), {
      mode: 0o600,
    });
    expect(() => loadHubKeys(file)).toThrow(unusable);
  });
});
