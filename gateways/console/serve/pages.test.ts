import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";

import { afterAll, describe, expect, it } from "vitest";

import { openConsole } from "./pages.ts";

const dir = mkdtempSync(join(tmpdir(), "console-"));
const script = "run();";
writeFileSync(join(dir, "index.html"), "<!doctype html>");
writeFileSync(join(dir, "main-Abcdefgh.js"), script);
writeFileSync(join(dir, "main-Abcdefgh.js.br"), brotliCompressSync(script));
writeFileSync(join(dir, "notes.txt"), "none of it");
const pages = openConsole(dir);

afterAll(() => rmSync(dir, { recursive: true }));

describe("openConsole", () => {
  it("says plainly where nothing was built", async () => {
    const none = openConsole(join(dir, "nowhere"));
    const answer = none.find("", null);
    expect([none.isBuilt, answer?.status]).toEqual([false, 503]);
    expect(await answer?.text()).toContain("npm run console");
    expect(none.find("main-Abcdefgh.js", null)).toBeUndefined();
  });

  it("lets no page load, run or be framed by anything from elsewhere", () => {
    const csp = pages.find("", null)?.headers.get("content-security-policy") ?? "";
    expect(csp).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(csp).toContain("frame-ancestors 'none'");
    expect(csp).toContain("require-trusted-types-for 'script'");
    expect(csp).not.toMatch(/unsafe|https?:|\*/);
  });

  it("is kept for ever where the name holds the digest, and asked about again where not", () => {
    const kept = (name: string): unknown => pages.find(name, null)?.headers.get("cache-control");
    expect([kept("main-Abcdefgh.js"), kept("")]).toEqual([
      "public, max-age=31536000, immutable",
      "no-cache",
    ]);
  });

  it.each([
    ["gzip, br", "br"],
    ["br;q=0, gzip", null],
    ["", null],
  ])("packs as the caller takes it: %s", async (encodings, packing) => {
    const answer = pages.find("main-Abcdefgh.js", encodings);
    const bytes = Buffer.from((await answer?.arrayBuffer()) ?? new ArrayBuffer(0));
    expect(answer?.headers.get("content-encoding") ?? null).toBe(packing);
    const plain = packing === null ? bytes : brotliDecompressSync(bytes);
    expect(plain.toString()).toBe(script);
  });

  it.each(["../package.json", "notes.txt", "main-Abcdefgh.js.br", "nothing.js", "."])(
    "serves no other name: %s",
    (name) => {
      expect(pages.find(name, "br")).toBeUndefined();
    },
  );
});
