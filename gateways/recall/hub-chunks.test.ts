import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { type Bytes, makeUuid, renderHex, sha256, utf8 } from "../../schemas/ground/index.ts";
import { type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { chunkToken } from "../exchange/index.ts";
import { chunksToErase, noteChunksGone, takeBackFiles } from "./hub-chunks.ts";

const now = 1_780_272_000_000;
const [first, second] = [sha256(utf8("first file")), sha256(utf8("second file"))];
let world: GatewayWorld;
let office: MadeOffice;
let lines: string[];
let one: Bytes;
let other: Bytes;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu"], { now });
});
beforeEach(async () => {
  office = makeOffice(world, "ng/tcu");
  lines = [];
  [one, other] = [makeUuid(now, office.chance), makeUuid(now, office.chance)];
  const { attachments } = office.store;
  await office.store.write(() => {
    for (const ref of [first, second]) {
      const said = { size: 10, mediaType: "text/plain", key: new Uint8Array(32), who: "a", name: "" };
      attachments.putFile({ ...said, ref, digest: sha256(ref), manifest: manifestOf(ref), state: "HERE", nextAt: 0, tries: 0, madeAt: now });
      attachments.putUse({ ref, message: one, box: "out", rank: 1, nextAt: now + 1, storedAt: now });
    }
    attachments.putUse({ ref: first, message: other, box: "out", rank: 1, nextAt: now + 1, storedAt: now });
  });
}); // prettier-ignore
afterEach(() => office.close());

function manifestOf(ref: Bytes): Bytes {
  return sha256(utf8(`manifest of ${renderHex(ref)}`));
}

function asked(): readonly string[] {
  return chunksToErase(office).map(({ digest }) => renderHex(digest));
}

function hubSays(goneAt: number | undefined): Promise<void> {
  const said = chunksToErase(office).map(({ digest }) => ({ digest, erasedAt: goneAt }));
  const record = (act: string, _object: string, outcome?: string): void => void lines.push(`${act} ${outcome ?? ""}`);
  return office.store.write(() => noteChunksGone({ ...office, record }, said));
} // prettier-ignore

describe("pieces of files at the hub", () => {
  it("go with the last message that needs them, and not before", async () => {
    await office.store.write(() => takeBackFiles(office, one));
    expect(asked()).toEqual([renderHex(manifestOf(second))]);
    await office.store.write(() => takeBackFiles(office, other));
    expect(new Set(asked())).toEqual(new Set([first, second].map((ref) => renderHex(manifestOf(ref)))));
    expect(office.store.attachments.due(now + 10, 9)).toEqual([]);
  });

  it("of one file go alone where only that is taken back", async () => {
    await office.store.write(() => takeBackFiles(office, one, [sha256(second)]));
    expect(asked()).toEqual([renderHex(manifestOf(second))]);
    expect(office.store.attachments.due(now + 10, 9).map(({ ref }) => renderHex(ref))).toEqual([renderHex(first), renderHex(first)]);
  });

  it("are asked about with a token that nobody can make of their names", async () => {
    await office.store.write(() => takeBackFiles(office, one));
    const [chunk] = chunksToErase(office);
    const stranger = makeOffice(world, "ng/tcu");
    expect(chunk!.token).toEqual(chunkToken(office.store, chunk!.digest));
    expect(chunk!.token).not.toEqual(chunkToken(stranger.store, chunk!.digest));
    stranger.close();
  });

  it("are asked about twice, since one may have been on its way, and told once", async () => {
    await office.store.write(() => takeBackFiles(office, one));
    await hubSays(now);
    expect([asked(), office.store.erasures.chunkCounts(one)]).toEqual([[], { asked: 1, gone: 1, at: now }]);
    office.clock.move(10 * 60_000);
    expect(asked()).toHaveLength(1);
    await hubSays(now + 1);
    office.clock.move(30 * 86_400_000);
    expect([asked(), lines]).toEqual([[], ["HUB_ERASED FILES"]]);
  });

  it("that somebody else put first stay, are asked about no more, and are not called gone", async () => {
    await office.store.write(() => takeBackFiles(office, one));
    await hubSays(undefined);
    expect([asked(), office.store.erasures.chunkCounts(one), lines]).toEqual([[], { asked: 1, gone: 0, at: 0 }, []]);
  });
}); // prettier-ignore
