import {
  chmodSync,
  copyFileSync,
  cpSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { loadAuthority, loadOnlineAuthority, saveAuthority } from "./authority-folder.ts";
import { makeAuthority } from "./authority.ts";
import { saveIssuerCertificate, issuingName } from "./certificate-files.ts";
import { saveIssuerKey } from "./key-files.ts";
import { makeIssuing } from "./make-ca.ts";
import { makeHeldKey, makeKeyPair } from "../keys/index.ts";

const folder = mkdtempSync(join(tmpdir(), "authority-"));
afterAll(() => rmSync(folder, { recursive: true }));

const now = 1_780_272_000_000;
const chance = makeSeededChance("folder");
const ng = await makeAuthority({ authority: "ng", now, chance });
const gh = await makeAuthority({ authority: "gh", now, chance });
saveAuthority(join(folder, "ng"), ng);
saveAuthority(join(folder, "gh"), gh);
const refused = (code: string): unknown => expect.objectContaining({ code });

function copyOf(name: string): string {
  const target = mkdtempSync(join(folder, "copy-"));
  cpSync(join(folder, name), target, { recursive: true });
  return target;
}

describe("saveAuthority and loadAuthority", () => {
  it("what was saved is loaded, keys and all", () => {
    const loaded = loadAuthority(join(folder, "ng"));
    expect(loaded.authority).toBe("ng");
    for (const which of ["root", "issuing"] as const) {
      expect(loaded[which].certificate.thumbprint).toEqual(ng[which].certificate.thumbprint);
      expect(loaded[which].key?.spki).toEqual(ng[which].key?.spki);
    }
    expect(statSync(join(folder, "ng")).mode & 0o777).toBe(0o700);
  });

  it("a root key that is kept elsewhere is simply not there", () => {
    const copy = copyOf("ng");
    rmSync(join(copy, "root.key"));
    expect(loadAuthority(copy).root.key).toBeUndefined();
    expect(loadAuthority(copy).issuing.key).toBeDefined();
  });

  it("nothing is overwritten", () => {
    expect(() => saveAuthority(join(folder, "ng"), gh)).toThrow(refused("KEY_UNUSABLE"));
    const copy = copyOf("ng");
    rmSync(join(copy, "root.key"));
    expect(() => saveAuthority(copy, gh)).toThrow(refused("STORE_WRITE_FAILED"));
    expect(loadAuthority(join(folder, "ng")).authority).toBe("ng");
  });

  it("a key that others may read, or that is another certificate's, is refused", () => {
    const open = copyOf("ng");
    chmodSync(join(open, "issuing.key"), 0o644);
    expect(() => loadAuthority(open)).toThrow(refused("KEY_UNUSABLE"));
    const mixed = copyOf("ng");
    copyFileSync(join(folder, "gh", "issuing.key"), join(mixed, "issuing.key"));
    expect(() => loadAuthority(mixed)).toThrow(refused("KEY_UNUSABLE"));
  });

  it("an issuing CA of another root is refused", () => {
    const mixed = copyOf("ng");
    copyFileSync(join(folder, "gh", "issuing.crt"), join(mixed, "issuing.crt"));
    copyFileSync(join(folder, "gh", "issuing.key"), join(mixed, "issuing.key"));
    expect(() => loadAuthority(mixed)).toThrow(refused("CERT_PATH_INVALID"));
  });

  it("a certificate that is missing or is not one is refused", () => {
    const missing = copyOf("ng");
    rmSync(join(missing, "root.crt"));
    expect(() => loadAuthority(missing)).toThrow(refused("CERT_MALFORMED"));
    const wrong = copyOf("ng");
    writeFileSync(join(wrong, "issuing.crt"), "not a certificate");
    expect(() => loadAuthority(wrong)).toThrow(refused("CERT_MALFORMED"));
  });

  it("the newest issuing CA issues, those before it stay, and one without certificate is none yet", async () => {
    const copy = copyOf("ng");
    const key = makeHeldKey(makeKeyPair("P-256"));
    saveIssuerKey(copy, issuingName(2), { key });
    expect(loadAuthority(copy).issuing.certificate.serial).toBe(ng.issuing.certificate.serial);
    const order = { root: ng.root, spki: key.spki, number: 2 };
    const second = await makeIssuing(order, { authority: "ng", now, chance });
    saveIssuerCertificate(copy, issuingName(2), second);
    const loaded = loadAuthority(copy);
    expect(loaded.issuing.certificate.serial).toBe(second.serial);
    expect(loaded.earlier.map(({ certificate }) => certificate.serial)).toEqual([
      ng.issuing.certificate.serial,
    ]);
    expect(second.subject).not.toBe(ng.issuing.certificate.subject);
  });

  it("who works online never opens the root's key, wherever it lies", () => {
    const copy = copyOf("ng");
    chmodSync(join(copy, "root.key"), 0o600);
    writeFileSync(join(copy, "root.key"), "whatever stands here is not read");
    expect(() => loadAuthority(copy)).toThrow(refused("KEY_UNUSABLE"));
    const online = loadOnlineAuthority(copy);
    expect(online.root.key).toBeUndefined();
    expect(online.issuing.key).toBeDefined();
  });

  it("a folder that names both a key file and a token is refused: no file stands in for a token", () => {
    const copy = copyOf("ng");
    writeFileSync(join(copy, "issuing.token"), "pkcs11:token=a;object=b?module-path=/none.so\n");
    expect(() => loadOnlineAuthority(copy)).toThrow(refused("KEY_UNUSABLE"));
  });
});
