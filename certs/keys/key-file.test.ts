import {
  chmodSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { loadKey, loadSealingKey, loadSigningKey, saveKey } from "./key-file.ts";
import { makeKeyPair } from "./key-pair.ts";

const folder = mkdtempSync(join(tmpdir(), "keys-"));
afterAll(() => rmSync(folder, { recursive: true }));

const unusable: unknown = expect.objectContaining({ code: "KEY_UNUSABLE" });
let files = 0;

function newFile(): string {
  files += 1;
  return join(folder, `${files}.key`);
}

function write(text: string, mode = 0o600): string {
  const file = newFile();
  writeFileSync(file, text, { mode });
  chmodSync(file, mode);
  return file;
}

describe("saveKey and loadKey", () => {
  it("a saved key is the key that is loaded, and its owner's alone", () => {
    for (const type of ["P-256", "P-384", "Ed25519"] as const) {
      const file = newFile();
      const key = makeKeyPair(type);
      saveKey(file, key);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(loadKey(file).equals(key)).toBe(true);
    }
  });

  it("a file that is there is not overwritten, nor written through a link", () => {
    const file = newFile();
    saveKey(file, makeKeyPair("P-256"));
    const before = readFileSync(file, "utf8");
    expect(() => saveKey(file, makeKeyPair("P-256"))).toThrow(unusable);
    const link = newFile();
    symlinkSync(file, link);
    expect(() => saveKey(link, makeKeyPair("P-256"))).toThrow(unusable);
    expect(readFileSync(file, "utf8")).toBe(before);
  });

  it("a key that its group or others may touch is refused", () => {
    const pem = makeKeyPair("P-256").export({ format: "pem", type: "pkcs8" }).toString();
    for (const mode of [0o640, 0o604, 0o620, 0o601, 0o644]) {
      expect(() => loadKey(write(pem, mode))).toThrow(unusable);
    }
    expect(loadKey(write(pem, 0o400)).asymmetricKeyType).toBe("ec");
  });

  it("a file that is not there, is a folder, is too large or is no PKCS #8 is refused", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const sec1 = privateKey.export({ format: "pem", type: "sec1" }).toString();
    const pem = privateKey.export({ format: "pem", type: "pkcs8" }).toString();
    const cut = pem.replace(/.{20}\n-----END/, "\n-----END");
    for (const file of [
      newFile(),
      folder,
      ...[sec1, cut, "", `x${pem}`, pem.repeat(40)].map((t) => write(t)),
    ]) {
      expect(() => loadKey(file)).toThrow(unusable);
    }
  });

  it("what a refusal says holds nothing of the file", () => {
    const file = write("-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n");
    expect(() => loadKey(file)).toThrow(/^(?!.*c2VjcmV0).*not a PKCS #8/);
  });
});

describe("loadSigningKey and loadSealingKey", () => {
  it("a key of a curve that is not for its use is refused", () => {
    const save = (key: ReturnType<typeof makeKeyPair>): string => {
      const file = newFile();
      saveKey(file, key);
      return file;
    };
    expect(loadSigningKey(save(makeKeyPair("P-256"))).algorithm).toBe("ES256");
    expect(loadSigningKey(save(makeKeyPair("Ed25519"))).algorithm).toBe("EdDSA");
    expect(loadSealingKey(save(makeKeyPair("P-256"))).algorithm).toBe("ECDH-ES+A256KW");
    expect(() => loadSigningKey(save(makeKeyPair("P-384")))).toThrow(unusable);
    expect(() => loadSealingKey(save(makeKeyPair("Ed25519")))).toThrow(unusable);
    const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;
    expect(() => loadSigningKey(save(rsa))).toThrow(unusable);
  });
});
