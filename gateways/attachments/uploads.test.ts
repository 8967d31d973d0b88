import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeText } from "../../test/kit/attachment-files.ts";
import { type FileDesk, handIn, inRuns, knownOf, openFiles, sendWith, standOf } from "../../test/kit/file-world.ts"; // prettier-ignore
import { makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { sha256 } from "../../schemas/ground/index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const hours = 3_600;
const large = 50 * 1024 * 1024;
let world: GatewayWorld;
let desk: FileDesk;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

beforeEach(async () => {
  desk = await openFiles(makeOffice(world, "ng/tcu"), undefined);
});

afterEach(() => desk.office.close());

const begin = (who: string, size = large): Promise<{ readonly id: string }> =>
  desk.service.uploads.begin(who, { size, mediaType: "text/plain" });

/** Nothing is kept of what is refused. */
async function refused(act: Promise<unknown>, code: string): Promise<void> {
  const before = [knownOf(desk), desk.files()];
  await expect(act).rejects.toMatchObject({ code });
  expect([knownOf(desk), desk.files()]).toEqual(before);
}

describe("an upload that is taken away", () => {
  it("takes its file with it as long as no message names it: what is sent then only speaks of it", async () => {
    const [text, before] = [makeText(4_000), [knownOf(desk), desk.files()]];
    const { id } = await handIn(desk, text);
    await desk.service.uploads.drop("owner", id);
    expect([knownOf(desk), desk.files()]).toEqual(before);
    expect(standOf(desk, await sendWith(desk, [text]))).toBe("REFERENCE");
  });

  it("leaves the file to the message that names it, and to the same bytes brought once more", async () => {
    const text = makeText(4_000);
    const [{ id }, { id: again }] = [await handIn(desk, text), await handIn(desk, text)];
    const files = desk.files();
    await desk.service.uploads.drop("owner", id);
    expect(desk.files()).toEqual(files);
    const sent = await sendWith(desk, [text]);
    await desk.service.uploads.drop("owner", again);
    expect(desk.files()).toEqual(files);
    expect(standOf(desk, sent)).not.toBe("REFERENCE");
  });
});

describe("allowances", () => {
  it("a caller has so many bytes here that no message names, and no more; another has his own", async () => {
    for (let file = 0; file < 4; file += 1) await begin("bello");
    await refused(begin("bello", 1), "ATTACHMENT_ALLOWANCE_SPENT");
    await begin("mensah");
  });

  it("a caller has so many uploads, however small", async () => {
    for (let file = 0; file < 64; file += 1) await begin("bello", 1);
    await refused(begin("bello", 1), "ATTACHMENT_ALLOWANCE_SPENT");
    await begin("mensah", 1);
  });

  it("all callers together have so many bytes", async () => {
    for (let who = 0; who < 20; who += 1) await begin(`caller ${who}`);
    await refused(begin("the last", 24 * 1024 * 1024 + 1), "ATTACHMENT_ALLOWANCE_SPENT");
    await begin("the last", 24 * 1024 * 1024);
  });

  it("what is taken away, or is named by a message, costs nothing any more", async () => {
    const text = makeText(4_000);
    const { id } = await begin("owner");
    for (let file = 0; file < 3; file += 1) await begin("owner");
    await refused(begin("owner", text.length), "ATTACHMENT_ALLOWANCE_SPENT");
    await desk.service.uploads.drop("owner", id);
    await begin("owner", large - text.length);
    await handIn(desk, text);
    await refused(begin("owner", text.length), "ATTACHMENT_ALLOWANCE_SPENT");
    await sendWith(desk, [text]);
    await begin("owner", text.length);
  });

  it("a file of no byte, or of one more than may be, and one of a type that is not carried are refused", async () => {
    await refused(begin("bello", 0), "REQUEST_TOO_LARGE");
    await refused(begin("bello", large + 1), "REQUEST_TOO_LARGE");
    await refused(desk.service.uploads.begin("bello", { size: 9, mediaType: "video/mp4" }), "ATTACHMENT_TYPE_REFUSED"); // prettier-ignore
  });
});

describe("what nobody goes on with", () => {
  it("ends 72 hours after its last byte, with its row and its bytes, and not before", async () => {
    const { id } = await begin("bello", 9_000);
    await desk.tick();
    desk.office.clock.move(71 * hours * 1_000);
    const source = inRuns(makeText(5_000));
    await desk.service.uploads.append("bello", id, { offset: 0, source });
    desk.office.clock.move(71 * hours * 1_000);
    await desk.service.uploads.expire();
    expect(desk.service.uploads.find("bello", id)).toMatchObject({ offset: 5_000 });
    expect(desk.files()).toHaveLength(1);
    desk.office.clock.move(hours * 1_000);
    await desk.service.uploads.expire();
    expect(desk.files()).toEqual([]);
    await refused(desk.service.uploads.append("bello", id, { offset: 5_000, source: inRuns(makeText(1)) }), "NOT_FOUND"); // prettier-ignore
  });

  it("ends when it is whole and no message names it; what one names stays as long as the message", async () => {
    const [named, alone] = [makeText(4_000, "named"), makeText(4_000, "alone")];
    await handIn(desk, named);
    await handIn(desk, alone);
    const id = await sendWith(desk, [named]);
    desk.office.clock.move(73 * hours * 1_000);
    await desk.service.uploads.expire();
    expect(desk.files()).toHaveLength(1);
    expect(standOf(desk, id)).toBe("SENDING");
  });

  it("is taken away with the last message that named it", async () => {
    const { office } = desk;
    const ref = sha256(Buffer.from("ref"));
    const one = { ref, digest: ref, size: 1, mediaType: "text/plain", key: ref, manifest: ref };
    await office.store.write(() => {
      office.store.attachments.putFile({ ...one, who: "", name: "", state: "KNOWN", nextAt: 0, tries: 0, madeAt: now });
      office.store.attachments.putUse({ ref, message: Buffer.alloc(16, 9), box: "in", rank: 1 });
    });
    await desk.service.uploads.expire();
    expect(office.store.attachments.refs()).toHaveLength(1);
    office.clock.move(72 * hours * 1_000);
    await desk.service.uploads.expire();
    expect(office.store.attachments.refs()).toEqual([]);
    expect(office.store.attachments.uses(ref)).toEqual([]);
  }); // prettier-ignore
});

describe("going on", () => {
  const text = makeText(30_000);
  const wish = { size: text.length, mediaType: "text/plain", sha256: sha256(text), resume: true };

  it("the same bytes, begun again by the same caller, go on where they stood; nobody else's do", async () => {
    const { uploads } = desk.service;
    const { id } = await uploads.begin("bello", wish);
    await uploads.append("bello", id, { offset: 0, source: inRuns(text.subarray(0, 12_345)) });
    expect(await uploads.begin("bello", wish)).toMatchObject({ id, offset: 12_345 });
    const others = [
      ["mensah", wish],
      ["bello", { ...wish, size: 30_001 }],
      ["bello", { ...wish, sha256: sha256(Buffer.from("x")) }],
      ["bello", { ...wish, mediaType: "text/csv" }],
      ["bello", { ...wish, resume: false }],
    ] as const;
    for (const [who, other] of others) {
      expect(await uploads.begin(who, other)).toMatchObject({ offset: 0 });
    }
    const source = inRuns(text.subarray(12_345));
    expect(await uploads.append("bello", id, { offset: 12_345, source })).toMatchObject({ state: "DONE" });
    // what ended is begun anew
    expect(await uploads.begin("bello", wish)).toMatchObject({ offset: 0 });
    await refused(uploads.begin("bello", { ...wish, sha256: undefined }), "REQUEST_INVALID");
  }); // prettier-ignore

  it.each([["half of it", 5_000], ["none of it", undefined]])("after a start that finds %s on the disk, goes on from there", async (_, left) => {
    const { id } = await desk.service.uploads.begin("bello", wish);
    await desk.service.uploads.append("bello", id, { offset: 0, source: inRuns(text.subarray(0, 12_345)) });
    const part = join(desk.office.dir, "attachments", "uploads", `${id}.part`);
    if (left === undefined) rmSync(part);
    else truncateSync(part, left);
    const { uploads } = (await openFiles(desk.office, undefined)).service;
    const offset = left ?? 0;
    await expect.poll(() => uploads.find("bello", id).offset, { timeout: 20_000 }).toBe(offset);
    const done = await uploads.append("bello", id, { offset, source: inRuns(text.subarray(offset)) });
    expect(done).toMatchObject({ state: "DONE", file: { size: text.length } });
  }); // prettier-ignore
});
