import { chmodSync, mkdtempSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { isFault, makeSeededChance } from "../../schemas/ground/index.ts";
import { checkBearer, digestToken, loadToken } from "./token.ts";

function makeDir(): string {
  return mkdtempSync(join(tmpdir(), "atumpan-token-"));
}

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
}

describe("loadToken", () => {
  it("makes 32 bytes in base64url that only the owner may read, and keeps them", () => {
    const dir = makeDir();
    const token = loadToken(dir, makeSeededChance("a"));
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(statSync(join(dir, "api-token")).mode & 0o777).toBe(0o600);
    expect(loadToken(dir, makeSeededChance("b"))).toBe(token);
  });

  it.each(["", "short", "x".repeat(44), `${"x".repeat(42)}=`])(
    "a file without a token is refused: %s",
    (text) => {
      const dir = makeDir();
      writeFileSync(join(dir, "api-token"), text, { mode: 0o600 });
      expect(codeOf(() => loadToken(dir, makeSeededChance("a")))).toBe("CONFIG_INVALID");
    },
  );

  it.skipIf(process.platform === "win32")("a file that others may read is refused", () => {
    const dir = makeDir();
    loadToken(dir, makeSeededChance("a"));
    chmodSync(join(dir, "api-token"), 0o640);
    expect(codeOf(() => loadToken(dir, makeSeededChance("a")))).toBe("CONFIG_INVALID");
  });
});

describe("checkBearer", () => {
  const digest = digestToken("abc");

  it("passes the token, however the scheme is written", () => {
    expect(codeOf(() => checkBearer("Bearer abc", digest))).toBeUndefined();
    expect(codeOf(() => checkBearer("bearer abc", digest))).toBeUndefined();
  });

  it.each([
    null,
    "",
    "abc",
    "Bearer",
    "Bearer abd",
    "Bearer abc ",
    "Bearer abc,abc",
    `Bearer ${"a".repeat(201)}`,
  ])("%s is refused", (header) => {
    expect(codeOf(() => checkBearer(header, digest))).toBe("NOT_AUTHENTICATED");
  });
});
