import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeText } from "../../test/kit/attachment-files.ts";
import { carry, collect, forge, inPieces, makeParts } from "../../test/kit/carry-world.ts";
import {
  type FileDesk,
  handIn,
  knownOf,
  openFiles,
  readAll,
  sendWith,
  standOf,
} from "../../test/kit/file-world.ts";
import { makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { type Bytes, parseUuid, sha256 } from "../../schemas/ground/index.ts";
import { type Taken, takeFile, writeFile, type Written } from "./index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const text = makeText(200_000, "carried");
const mebi = 1024 * 1024;
let world: GatewayWorld;
let [ng, gh]: FileDesk[] = [];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

beforeEach(async () => {
  ng = await openFiles(makeOffice(world, "ng/tcu"), undefined);
  gh = await openFiles(makeOffice(world, "gh/tcu"), undefined);
});

afterEach(() => {
  ng!.office.close();
  gh!.office.close();
});

async function write(filesUpTo?: number): Promise<{ readonly file: Bytes; readonly written: Written }> {
  const { office, service } = ng!;
  const { written, bytes } = await writeFile(office, { to: "gh/tcu", register: world.register, filesUpTo }, service.carried);
  return { written, file: await collect(bytes) };
} // prettier-ignore

async function bring(file: Bytes, isStopped?: () => boolean): Promise<Taken> {
  const { office, service } = gh!;
  const parts = { ...makeParts(office), files: service.carried };
  return await takeFile(office, parts, { open: () => inPieces(file), isStopped });
}

async function sendOne(bytes: Bytes = text, key = "one"): Promise<string> {
  await handIn(ng!, bytes);
  return await sendWith(ng!, [bytes], key);
}

describe("a carry file", () => {
  it("brings the files of its messages when that is asked for: the same bytes, proved, without any link", async () => {
    const id = await sendOne();
    const { file, written } = await write(mebi);
    expect(written).toMatchObject({ files: 1, filesLeft: 0 });
    expect(await bring(file)).toMatchObject({ pieces: 8, files: 1, filesLeft: 0, quarantined: 0 });
    expect(standOf(gh!, id)).toBe("HERE");
    expect(Buffer.from(await readAll(gh!, id, text)).equals(text)).toBe(true);
  });

  it("holds none when nobody asked, and none that has no room, which it says", async () => {
    const [large, small] = [makeText(400_000, "large"), makeText(3_000, "small")];
    await handIn(ng!, large);
    await handIn(ng!, small);
    const id = await sendWith(ng!, [large, small]);
    const { file: bare } = await carry(ng!.office, world, "gh/tcu");
    const none = await write();
    expect(none.written).toMatchObject({ files: 0, filesLeft: 0 });
    expect(none.file.length).toBe(bare.length);
    expect((await write(0)).written).toMatchObject({ files: 0, filesLeft: 2 });
    const some = await write(300_000);
    expect(some.written).toMatchObject({ files: 1, filesLeft: 1 });
    expect(some.file.length - bare.length).toBeLessThan(400_000);
    expect(await bring(some.file)).toMatchObject({ files: 1, filesLeft: 0 });
    expect([standOf(gh!, id), standOf(gh!, id, 1)]).toEqual(["THERE", "HERE"]);
  });

  it("brought again changes nothing; one that two messages name is in it once", async () => {
    await sendOne();
    await sendWith(ng!, [text], "two");
    const { file, written } = await write(mebi);
    expect(written).toMatchObject({ files: 1 });
    expect(await bring(file)).toMatchObject({ files: 1 });
    const before = [knownOf(gh!), gh!.files()];
    expect(await bring(file)).toMatchObject({ added: 0, files: 0, filesLeft: 0 });
    expect([knownOf(gh!), gh!.files()]).toEqual(before);
  });

  it("taken by half goes on with what is missing, also after a new start", async () => {
    const bytes = makeText(3_000_000, "long");
    const id = await sendOne(bytes);
    const { file } = await write(10 * mebi);
    expect(await bring(file, () => true)).toMatchObject({ files: 0 });
    expect(await bring(file, () => gh!.files().length > 0)).toMatchObject({ files: 0 });
    expect(gh!.files()).toHaveLength(1);
    expect(standOf(gh!, id)).toBe("THERE");
    gh = await openFiles(gh!.office, undefined);
    expect(await bring(file)).toMatchObject({ files: 1 });
    expect(Buffer.from(await readAll(gh, id, bytes)).equals(bytes)).toBe(true);
  });

  it("does not make a file wanted that nobody asked for, however much of it came", async () => {
    const id = await sendOne();
    const pieces = await piecesOf(id);
    const manifest = pieces[0]!;
    await bring((await write()).file);
    await gh!.reach("it is known", () => standOf(gh!, id) === "THERE");
    expect(await gh!.service.carried.take(manifest)).toBe("PART");
    expect(standOf(gh!, id)).toBe("THERE");
    expect(gh!.office.store.attachments.wanted(Number.MAX_SAFE_INTEGER, 9)).toEqual([]);
  });
});

type Taking = Parameters<FileDesk["service"]["carried"]["take"]>[0];

async function piecesOf(id: string): Promise<readonly Taking[]> {
  const message = parseUuid(id);
  const [one] = ng!.service.carried.of(message);
  const found: Taking[] = [];
  for await (const piece of ng!.service.carried.pieces(message, one!.manifest)) {
    found.push({ ...piece, message, manifest: one!.manifest });
  }
  return found;
}

describe("a piece of a file", () => {
  it("of a message that is not here, or of a file that the message does not name, is left", async () => {
    const id = await sendOne();
    const [manifest] = await piecesOf(id);
    const take = gh!.service.carried.take.bind(gh!.service.carried);
    const before = [knownOf(gh!), gh!.files()];
    expect(await take(manifest!)).toBe("LEFT");
    expect([knownOf(gh!), gh!.files()]).toEqual(before);
    await bring((await write()).file);
    expect(await take({ ...manifest!, manifest: sha256(Buffer.from("another")) })).toBe("LEFT");
    expect(await take({ ...manifest!, message: Buffer.alloc(16, 1) })).toBe("LEFT");
    expect(gh!.files()).toEqual([]);
  });

  it("that was changed, moved, cut or comes before those in front of it is left, and the good ones are taken", async () => {
    const id = await sendOne();
    const [manifest, first, second, ...rest] = await piecesOf(id);
    await bring((await write()).file);
    const take = gh!.service.carried.take.bind(gh!.service.carried);
    const bent = (one: Taking): Taking => ({ ...one, bytes: Buffer.from(one.bytes).fill(7, 40, 41) });
    expect(await take(first!)).toBe("LEFT");
    expect(await take(bent(manifest!))).toBe("LEFT");
    expect(await take(manifest!)).toBe("PART");
    expect(await take(second!)).toBe("LEFT");
    expect(await take(bent(first!))).toBe("LEFT");
    expect(await take({ ...first!, bytes: first!.bytes.subarray(1) })).toBe("LEFT");
    expect(await take({ ...second!, index: 0 })).toBe("LEFT");
    expect(await take({ ...first!, index: 4_000_000_000 })).toBe("LEFT");
    expect(gh!.files()).toEqual([]);
    for (const one of [first!, second!]) expect(await take(one)).toBe("PART");
    const ends = [];
    for (const one of rest) ends.push(await take(one));
    expect(ends.at(-1)).toBe("CAME");
    expect(await take(first!)).toBe("HERE");
  }); // prettier-ignore

  it("that stands in a file before the messages, or that its writer did not count, makes the file no good", async () => {
    const piece = { message: Buffer.alloc(16, 1), manifest: Buffer.alloc(32, 2), index: 0, content: Buffer.from("x") };
    const receipt = { receipt: Buffer.from("x") };
    const pair = { writer: "ng/tcu", to: "gh/tcu" };
    const good = await forge(world, pair, { records: [{ piece }] });
    expect(await bring(good)).toMatchObject({ pieces: 1, files: 0, filesLeft: 1 });
    for (const made of [{ records: [{ piece }, receipt] }, { records: [{ piece }], end: { pieces: 2 } }, { records: [{ piece }], end: { pieces: 0 } }]) {
      await expect(bring(await forge(world, pair, made))).rejects.toMatchObject({ code: "CARRY_INVALID" });
    }
  }); // prettier-ignore
});
