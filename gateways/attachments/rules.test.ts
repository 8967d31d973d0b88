import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import { makeSeededChance, sha256 } from "../../schemas/ground/index.ts";
import { makeJpeg, makePng, makeText } from "../../test/kit/attachment-files.ts";
import { checkFile } from "./check-file.ts";
import { fileOf, piecesOf } from "./clear-file.ts";
import { cleanName } from "./file-name.ts";
import { openManifest, sealManifest } from "./manifest.ts";
import { chunksOf, openChunk, sealChunk } from "./seal-chunk.ts";
import { openSealed, sealFile } from "./sealed-file.ts";
import { stripMetadata } from "./strip.ts";
import { appendUpload, openUpload } from "./upload-file.ts";

const dir = mkdtempSync(join(tmpdir(), "files-"));
const chance = makeSeededChance("files");
afterAll(() => rmSync(dir, { recursive: true, force: true }));

async function all(file: Parameters<typeof piecesOf>[0]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of piecesOf(file)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("cleanName", () => {
  it.each([
    ["photo\u202Egpj.exe", "photogpj.exe.jpg"],
    ["../../etc/passwd", "_.._etc_passwd.jpg"],
    ["C:\\Users\\a\\x.jpg", "C__Users_a_x.jpg"],
    ["a\u0000b\r\nSet-Cookie: x.jpg", "abSet-Cookie_ x.jpg"],
    ["", "_.jpg"],
    ["con", "_con.jpg"],
    ["…\u200F .jpg", "…_.jpg"],
    ["صورة.jpg", "صورة.jpg"],
    [".htaccess", "htaccess.jpg"],
    ["a\"; filename=\"b.exe", "a_; filename=_b.exe.jpg"],
  ])("%j becomes one line that is no path", (said, clean) => {
    expect(cleanName(said, "jpg")).toBe(clean);
  }); // prettier-ignore

  it("however long and odd, it is short, has its ending, and leads nowhere", () => {
    for (let at = 0; at < 400; at += 1) {
      const odd = Buffer.from(chance.bytes(at * 3)).toString(at % 2 === 0 ? "utf16le" : "utf8");
      const name = cleanName(odd, "pdf");
      expect(name.endsWith(".pdf")).toBe(true);
      expect(Array.from(name).length).toBeLessThanOrEqual(120);
      expect(name).not.toMatch(/[/\\:\p{Cc}\p{Cf}]|^\.|^ /u);
    }
  });
});

describe("chunks", () => {
  const seal = { key: chance.bytes(32), size: 70_000, mediaType: "text/plain" };
  const clear = Buffer.from(makeText(70_000));
  const path = join(dir, "sealed");

  it("a file that is sealed reads the same from any byte, and nothing of it lies in the clear", async () => {
    await sealFile(fileOf(clear), seal, path);
    const file = openSealed(path, seal);
    expect((await all(file)).equals(clear)).toBe(true);
    for (let at = 0; at < 300; at += 1) {
      const offset = Math.floor((at * 70_500) / 300);
      const length = (at * 977) % 40_000;
      expect(Buffer.from(await file.read(offset, length)).equals(clear.subarray(offset, offset + length))).toBe(true);
    }
    const lies = readFileSync(path);
    for (let at = 0; at + 16 < clear.length; at += 997) expect(lies.includes(clear.subarray(at, at + 16))).toBe(false);
  }); // prettier-ignore

  it("a chunk opens in its own place of its own file and nowhere else", () => {
    const sealed = sealChunk(seal, 1, clear.subarray(0, 100));
    expect(Buffer.from(openChunk(seal, 1, sealed)).equals(clear.subarray(0, 100))).toBe(true);
    const others = [
      [seal, 0],
      [seal, 2],
      [{ ...seal, size: 69_999 }, 1],
      [{ ...seal, mediaType: "text/csv" }, 1],
      [{ ...seal, key: chance.bytes(32) }, 1],
    ] as const;
    for (const [other, index] of others) expect(() => openChunk(other, index, sealed)).toThrow("does not open"); // prettier-ignore
    const bent = Uint8Array.from(sealed);
    bent[50]! ^= 1;
    expect(() => openChunk(seal, 1, bent)).toThrow("does not open");
    expect(() => openChunk(seal, 1, sealed.subarray(0, 10))).toThrow("does not open");
  });

  it("a manifest says all chunks of a file of its size, and no other's", () => {
    const chunks = Array.from({ length: chunksOf(seal.size) }, () => chance.bytes(32));
    const sealed = sealManifest(seal, { digest: sha256(clear), chunks });
    expect(openManifest(seal, sealed)).toEqual({ digest: Uint8Array.from(sha256(clear)), chunks: chunks.map((one) => Uint8Array.from(one)) }); // prettier-ignore
    expect(() => openManifest({ ...seal, size: 10 }, sealed)).toThrow();
    const short = sealManifest(seal, { digest: sha256(clear), chunks: chunks.slice(1) });
    expect(() => openManifest(seal, short)).toThrow("list of the file's pieces");
  });
});

describe("uploads on the disk", () => {
  it("any run of cuts, breaks and ends of the process gives the same bytes", async () => {
    for (let round = 0; round < 25; round += 1) {
      const bytes = Buffer.from(chance.bytes(3_000 + round * 1_733));
      const place = { path: join(dir, `up${round}`), key: chance.bytes(32) };
      let kept = 0;
      while (kept < bytes.length) {
        const step = 1 + (chance.bytes(2)[0]! * 256 + chance.bytes(1)[0]!) % 9_000; // prettier-ignore
        const breaks = chance.bytes(1)[0]! % 3 === 0;
        const from = kept;
        async function* source(): AsyncGenerator<Uint8Array> {
          await Promise.resolve();
          const end = Math.min(bytes.length, from + step);
          for (let at = from; at < end; at += 511) yield bytes.subarray(at, Math.min(end, at + 511));
          if (breaks) throw new Error("the line was cut");
        } // prettier-ignore
        const keep = async (offset: number): Promise<void> => void (kept = await Promise.resolve(offset)); // prettier-ignore
        await appendUpload(place, { offset: from, size: bytes.length, source: source(), kept: keep }); // prettier-ignore
      }
      expect((await all(openUpload(place, bytes.length))).equals(bytes)).toBe(true);
      expect(readFileSync(place.path).includes(bytes.subarray(100, 132))).toBe(false);
    }
    expect(readdirSync(dir).length).toBeGreaterThan(20);
  });

  it("one byte more than was said is refused, and what was kept stays", async () => {
    const place = { path: join(dir, "more"), key: chance.bytes(32) };
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("twelve bytes");
      yield Buffer.from("!");
      await Promise.resolve();
    }
    let at = 0;
    const kept = async (offset: number): Promise<void> => void (at = await Promise.resolve(offset));
    const run = { offset: 0, size: 12, source: source(), kept };
    await expect(appendUpload(place, run)).rejects.toMatchObject({ code: "REQUEST_TOO_LARGE" });
    expect(at).toBe(12);
  });
});

describe("stripMetadata", () => {
  it("takes out where a photograph was made, and touches no byte of its points", async () => {
    const jpeg = makeJpeg({ exif: "GPS 6.4541N 3.3947E", comment: "by Officer Bello" });
    const bare = await all(await stripMetadata(fileOf(jpeg), "image/jpeg"));
    expect(bare.includes("GPS")).toBe(false);
    expect(bare.includes("Bello")).toBe(false);
    await checkFile(fileOf(bare), "image/jpeg");
    const scan = jpeg.indexOf(Buffer.from([0xff, 0xdb]));
    expect(bare.subarray(-(jpeg.length - scan)).equals(jpeg.subarray(scan))).toBe(true);
    expect((await all(await stripMetadata(fileOf(bare), "image/jpeg"))).equals(bare)).toBe(true);
  });

  it("cuts away what follows the picture, and refuses what it does not know", async () => {
    const bare = await all(await stripMetadata(fileOf(makeJpeg({ after: "PK\u0003\u0004 moving picture" })), "image/jpeg")); // prettier-ignore
    await checkFile(fileOf(bare), "image/jpeg");
    await expect(stripMetadata(fileOf(makePng()), "image/png")).rejects.toMatchObject({ code: "ATTACHMENT_UNSAFE" }); // prettier-ignore
  });
});
