import { rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeText } from "../../test/kit/attachment-files.ts";
import {
  type FileDesk,
  handIn,
  handOver,
  knownOf,
  makeMemoryHub,
  type MemoryHub,
  openFiles,
  readAll,
  sendWith,
  standOf,
} from "../../test/kit/file-world.ts";
import { makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import type { MessageSummary } from "../exchange/index.ts";
import { limits } from "../../schemas/index.ts";
import { parseUuid, renderHex, sha256 } from "../../schemas/ground/index.ts";

const now = Date.UTC(2026, 2, 9, 14, 5);
const minute = 60_000;
const text = makeText(200_000);
/** Seven chunks, and the list of them. */
const pieces = 8;
const none = { automaticBytes: 0 };
let world: GatewayWorld;
let hub: MemoryHub;
let [ng, gh]: FileDesk[] = [];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});

beforeEach(async () => {
  hub = makeMemoryHub();
  ng = await openFiles(makeOffice(world, "ng/tcu"), hub);
  gh = await openFiles(makeOffice(world, "gh/tcu"), hub, none);
});

afterEach(() => {
  ng!.office.close();
  gh!.office.close();
});

/** A message of ng/tcu with a file that is all at the hub, known to gh/tcu. */
async function sendOne(): Promise<string> {
  await handIn(ng!, text);
  const id = await sendWith(ng!, [text]);
  await ng!.reach("it is all at the hub", () => standOf(ng!, id) === "SENT");
  await handOver(ng!, gh!, id);
  await gh!.reach("it is known", () => standOf(gh!, id) === "THERE");
  return id;
}

const fetch = (id: string): Promise<unknown> => gh!.service.fetch(id, sha256(text));

describe("a hub that lost its files", () => {
  it("has them again as soon as the link comes up, each piece put once, and asked about by one piece alone", async () => {
    const id = await sendOne();
    expect(hub.puts).toHaveLength(pieces);
    hub.held.clear();
    hub.asked = 0;
    await ng!.tick(3);
    expect([hub.held.size, hub.asked]).toEqual([0, 0]);
    ng!.office.clock.move(minute);
    ng!.way.since = 2;
    await ng!.reach("all of it is there again", () => hub.held.size === pieces);
    expect(hub.puts).toHaveLength(2 * pieces);
    await fetch(id);
    await gh!.reach("the reader has it", () => standOf(gh!, id) === "HERE");
    expect(Buffer.from(await readAll(gh!, id, text)).equals(text)).toBe(true);
  });

  it("a link that comes and goes costs one question in a minute while nothing is lost", async () => {
    await sendOne();
    hub.asked = 0;
    for (let rise = 2; rise < 12; rise += 1) {
      ng!.way.since = rise;
      await ng!.tick();
    }
    expect(hub.asked).toBeLessThanOrEqual(1);
  });

  it("while no link comes anew is asked after ten minutes: a piece that a reader misses is put again, and no other", async () => {
    const id = await sendOne();
    const lost = hub.puts[3]!;
    hub.held.delete(lost);
    await fetch(id);
    await gh!.reach("the reader waits for it", () => hub.gets.length >= 3);
    expect(standOf(gh!, id)).toBe("FETCHING");
    ng!.office.clock.move(10 * minute);
    await ng!.reach("it is there again", () => hub.held.has(lost));
    expect(hub.puts.slice(pieces)).toEqual([lost]);
    await gh!.reach("the reader has it", () => standOf(gh!, id) === "HERE");
    expect(Buffer.from(await readAll(gh!, id, text)).equals(text)).toBe(true);
    // from the very byte on: but for what was under way at the break nothing came twice
    expect(hub.gets.length).toBeLessThanOrEqual(pieces + 8);
  });

  describe("of one piece, when all was asked about and is asked about again in six hours only", () => {
    let id = "";
    let lost = "";

    beforeEach(async () => {
      id = await sendOne();
      ng!.office.clock.move(10 * minute);
      const asked = hub.asked;
      await ng!.reach("all of it was asked about", () => hub.asked >= asked + pieces);
      await ng!.tick();
      lost = hub.puts[3]!;
      hub.held.delete(lost);
    });

    /** A reader's receipt for it comes: he holds it, or opened it. */
    const move = (more: object = {}): void => {
      const { storedAt } = ng!.office.store.messages.find(parseUuid(id))!;
      ng!.tell({ id, box: "out", state: "DELIVERED", storedAt, ...more } as MessageSummary);
    };

    it("a reader who comes to the message has it put again before he needs it, and costs one question", async () => {
      ng!.office.clock.move(11 * minute);
      const asked = hub.asked;
      move();
      move();
      await ng!.reach("it is there again", () => hub.held.has(lost));
      expect(hub.puts.slice(pieces)).toEqual([lost]);
      expect(hub.asked - asked).toBe(pieces);
      await fetch(id);
      await gh!.reach("the reader has it", () => standOf(gh!, id) === "HERE");
    });

    it("one who comes soon after a question asks none, nor does a message that went no further or is another's", async () => {
      const asked = hub.asked;
      move();
      await ng!.tick(3);
      ng!.office.clock.move(11 * minute);
      for (const more of [{ box: "in" }, { state: "REFUSED" }, { state: "QUEUED" }]) move(more);
      await ng!.tick(3);
      expect([hub.asked, hub.held.has(lost)]).toEqual([asked, false]);
    });
  });

  it("is not asked for ever for the file of a message that has ended; who asks once more is told the same", async () => {
    const id = await sendOne();
    hub.held.clear();
    await fetch(id);
    const { expiresAt } = gh!.office.store.messages.find(parseUuid(id))!;
    gh!.office.clock.move(expiresAt - gh!.office.clock.now());
    await gh!.reach("it is given up", () => standOf(gh!, id) === "REFUSED BLOB_MISSING");
    expect(() => gh!.service.open(id, sha256(text))).toThrow(expect.objectContaining({ code: "ATTACHMENT_NOT_HERE" }));
    const before = knownOf(gh!);
    gh!.office.clock.move(60 * minute);
    await gh!.tick(2);
    expect(knownOf(gh!)).toEqual(before);
    await fetch(id);
    expect(standOf(gh!, id)).toBe("FETCHING");
    await gh!.reach("it is given up again", () => standOf(gh!, id) === "REFUSED BLOB_MISSING");
    expect(gh!.files()).toEqual([]);
  }); // prettier-ignore

  it.each([["BLOB_ALLOWANCE_SPENT", 60], ["BLOB_STORE_FULL", 60], ["HUB_STREAM_WRITE_FAILED", 1]] as const)("that says %s is asked again after %i minutes, and nothing is called sent before", async (code, minutes) => {
    await handIn(ng!, text);
    const id = await sendWith(ng!, [text]);
    hub.refusal = code;
    const began = ng!.office.clock.now();
    const dueIn = (): number => {
      const { files } = knownOf(ng!) as { files: { uses: { at: number; storedAt?: number }[] }[] };
      expect(files[0]!.uses[0]!.storedAt).toBeUndefined();
      return files[0]!.uses[0]!.at - began;
    };
    await ng!.reach("it was refused", () => dueIn() >= minutes * minute);
    expect(standOf(ng!, id)).toBe("SENDING");
    hub.refusal = undefined;
    await ng!.tick(2);
    expect(hub.puts).toEqual([]);
    ng!.office.clock.move(minutes * minute);
    await ng!.reach("it is at the hub", () => standOf(ng!, id) === "SENT");
    expect(hub.puts).toHaveLength(pieces);
  }); // prettier-ignore
});

describe("a disk that lost a file", () => {
  it("has it again from the hub, the sender's own too", async () => {
    const id = await sendOne();
    await fetch(id);
    await gh!.reach("the reader has it", () => standOf(gh!, id) === "HERE");
    for (const desk of [ng!, gh!]) rmSync(join(desk.office.dir, "attachments"), { recursive: true });
    [ng, gh] = [await openFiles(ng!.office, hub), await openFiles(gh!.office, hub, none)];
    for (const desk of [ng, gh]) {
      const isHere = (): boolean => desk.files().length === 1 && desk.office.store.attachments.here().length === 1;
      await desk.reach("it is here again", isHere);
      expect(Buffer.from(await readAll(desk, id, text)).equals(text)).toBe(true);
    }
    expect(hub.puts).toHaveLength(pieces);
  }); // prettier-ignore

  it("fetches only what is missing of one that was cut or changed, and believes none of it unproved", async () => {
    const id = await sendOne();
    await fetch(id);
    await gh!.reach("the reader has it", () => standOf(gh!, id) === "HERE");
    const [file = ""] = gh!.files();
    truncateSync(join(gh!.office.dir, file), 5 * limits.blobChunkBytes + 17);
    hub.gets.length = 0;
    gh = await openFiles(gh!.office, hub, none);
    await gh.reach("it is here again", () => standOf(gh!, id) === "HERE");
    expect(hub.gets).toHaveLength(2);
    expect(hub.gets[0]).toMatch(/ 17$/);
    expect(Buffer.from(await readAll(gh, id, text)).equals(text)).toBe(true);
  });

  it("says of a file that it lost before the hub had it that it is not there", async () => {
    await handIn(ng!, text);
    ng!.way.isUp = false;
    const id = await sendWith(ng!, [text]);
    rmSync(join(ng!.office.dir, "attachments"), { recursive: true });
    ng = await openFiles(ng!.office, hub);
    await ng.reach("it is told", () => standOf(ng!, id) === "REFUSED BLOB_MISSING");
    expect(hub.held.size).toBe(0);
  });
});

describe("what is fetched", () => {
  it("without being asked for is as small as the operator says", async () => {
    const small = makeText(1_000, "small");
    gh = await openFiles(gh!.office, hub, { automaticBytes: 1_000 });
    const large = makeText(1_001, "large");
    for (const bytes of [small, large]) await handIn(ng!, bytes);
    const id = await sendWith(ng!, [small, large]);
    await handOver(ng!, gh, id);
    await ng!.reach("it is sent", () => standOf(ng!, id) === "SENT" && standOf(ng!, id, 1) === "SENT"); // prettier-ignore
    await gh.reach("the small one is here", () => standOf(gh!, id) === "HERE");
    expect(standOf(gh, id, 1)).toBe("THERE");
  });

  it("may be stopped; what came stays, and it goes on from there when it is asked for again", async () => {
    const id = await sendOne();
    const lost = hub.puts[4]!;
    hub.held.delete(lost);
    await fetch(id);
    await gh!.reach("some of it came", () => gh!.files().length === 1);
    await gh!.service.leave(id, sha256(text));
    expect(standOf(gh!, id)).toBe("THERE");
    ng!.office.clock.move(10 * minute);
    await ng!.reach("it is there again", () => hub.held.has(lost));
    hub.gets.length = 0;
    await gh!.tick(20);
    expect(hub.gets).toEqual([]);
    await fetch(id);
    await gh!.reach("it is here", () => standOf(gh!, id) === "HERE");
    expect(hub.gets.length).toBeLessThan(pieces);
    expect(new Set(hub.gets).size).toBe(hub.gets.length);
    expect(renderHex(sha256(await readAll(gh!, id, text)))).toBe(renderHex(sha256(text)));
  });

  it("and was refused is not asked for again with every start", async () => {
    const id = await sendOne();
    await gh!.office.store.write(() => {
      const { attachments } = gh!.office.store;
      const [ref] = attachments.refs();
      attachments.putFile({ ...attachments.file(ref!)!, state: "ATTACHMENT_UNSAFE" });
    });
    gh = await openFiles(gh!.office, hub, { automaticBytes: text.length });
    await gh.tick(3);
    expect(standOf(gh, id)).toBe("REFUSED ATTACHMENT_UNSAFE");
    expect(hub.gets).toEqual([]);
  });
});
