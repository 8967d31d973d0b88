import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { renderTilePath } from "../../certs/log/index.ts";
import { concatBytes, utf8 } from "../../schemas/ground/index.ts";
import {
  type LastingFile,
  packFiles,
  parsePack,
  readGrowing,
  renderPack,
  unpackFiles,
} from "./tile-packs.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "packs-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nameOf = (index: number): string =>
  `hub/log/${renderTilePath({ holds: "entries", level: 0, index, width: 256 })}`;

function write(name: string, content: Uint8Array): LastingFile {
  const path = join(folder, "in", name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  return { name, path, bytes: content.length };
}

/** As a backup writes a pack, and as one that was opened has laid it. */
function lay(files: readonly LastingFile[]): string {
  const out = join(folder, "out");
  for (const { name, bytes, chunks } of packFiles(files)) {
    const content = concatBytes(...(chunks as Iterable<Uint8Array>));
    expect(content).toHaveLength(bytes);
    mkdirSync(dirname(join(out, name)), { recursive: true });
    writeFileSync(join(out, name), content);
  }
  return out;
}

describe("full tiles of a log, packed for a backup", () => {
  it("come out where they were, byte for byte, and the packs are gone", () => {
    const files = Array.from({ length: 2_500 }, (_, n) => write(nameOf(n), utf8(`tile ${n}`)));
    files.push(write(nameOf(3_000_000).replace("hub/", "hub/brokers/one-broker-0/"), new Uint8Array(70_000)));
    const out = lay(files);
    expect(packFiles(files)).toHaveLength(3);
    unpackFiles(out);
    for (const { name, path } of files) expect(readFileSync(join(out, name)).equals(readFileSync(path))).toBe(true);
    expect(existsSync(join(out, "hub/packed"))).toBe(false);
  });

  it("a log of a hundred million entries takes a hundredth of the room there is for files, and nothing is read before it is written", () => {
    const files = Array.from({ length: 390_625 }, () => ({ name: nameOf(1), path: "nowhere", bytes: 8_192 }));
    expect(packFiles(files).length).toBeLessThan(500);
  });

  it("a backup without packs is left as it is", () => {
    expect(() => unpackFiles(folder)).not.toThrow();
  });

  it("what only grows is read up to where it was, whatever comes to it meanwhile", () => {
    const { path, bytes } = write("audit.jsonl", utf8("one\n"));
    const chunks = readGrowing(path, bytes);
    appendFileSync(path, "two\n");
    expect(Buffer.concat([...chunks]).toString()).toBe("one\n");
    writeFileSync(path, "");
    expect(() => [...readGrowing(path, bytes)]).toThrow(expect.objectContaining({ code: "STORE_WRITE_FAILED" }));
  });

  const good = { name: nameOf(1), content: utf8("leaves") };
  it.each([
    ["a name that leads out", renderPack([{ ...good, name: "hub/log/tile/entries/../../../x" }])],
    ["a name from the root", renderPack([{ ...good, name: "/etc/passwd" }])],
    ["a file that is no tile", renderPack([{ ...good, name: "hub/hub-keys.json" }])],
    ["a partial tile", renderPack([{ ...good, name: "hub/log/tile/entries/001.p/7" }])],
    ["one that was cut", renderPack([good]).subarray(0, -1)],
    ["a head that does not end", utf8("x".repeat(400))],
    ["a head that is no JSON", utf8("x\n")],
    ["a longer one than there is room for", utf8(`{"name":"${good.name}","bytes":99999999999}\n`)],
  ])("%s is refused, and nothing is written", (_, pack) => {
    expect(() => parsePack(pack)).toThrow(expect.objectContaining({ code: "BACKUP_INVALID" }));
    mkdirSync(join(folder, "hub/packed"), { recursive: true });
    writeFileSync(join(folder, "hub/packed/000000.tiles"), pack);
    expect(() => unpackFiles(folder)).toThrow(expect.objectContaining({ code: "BACKUP_INVALID" }));
    expect(existsSync(join(folder, "hub/log"))).toBe(false);
  });

  it("one tile twice is refused", () => {
    const out = lay([write(nameOf(1), utf8("one"))]);
    writeFileSync(join(out, "hub/packed/000001.tiles"), renderPack([good]));
    expect(() => unpackFiles(out)).toThrow(expect.objectContaining({ code: "BACKUP_INVALID" }));
  });
}); // prettier-ignore
