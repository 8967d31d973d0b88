import { describe, expect, it } from "vitest";

import { encodeLogLeaf, makeLogSalt, commitToMessage, parseLogLeaf } from "../../schemas/index.ts";
import { type Bytes, parseUuid, sha256, utf8 } from "../../schemas/ground/index.ts";
import { leafHash, makeNoteSigner, parseProof, renderEntries, verifyProof } from "../log/index.ts";
import {
  madeLeaf,
  madeLeaves,
  type MadeLog,
  madeLogSigner,
  madeLogStart,
  makeLog,
  makeMemoryMirror,
  type MemoryMirror,
} from "../../test/kit/made-log.ts";
import { noteKey } from "../../test/kit/note-key.ts";
import {
  findEntries,
  followLog,
  type FollowRound,
  parseFollowedLog,
  renderFollowedLog,
} from "./index.ts";

const keys = [madeLogSigner.verifierKey];
const now = madeLogStart + 20_000_000;

async function look(source: MadeLog, mirror: MemoryMirror = makeMemoryMirror(), at = now): Promise<FollowRound> {
  return await followLog({ source, mirror, keys, now: at });
} // prettier-ignore

function told({ findings }: FollowRound): readonly (readonly [string, number | undefined])[] {
  return findings.map(({ kind, index }) => [kind, index] as const);
}

const ten = madeLeaves(10_000);
const changed = (at: number): Bytes => madeLeaf(at + 1, { commitment: sha256(utf8("other")) });

describe("T-19 one of ten thousand entries is wrong, and the log signed it", () => {
  it("each fault is named where it is, all of them at once", async () => {
    const leaves = ten
      .with(7_000, madeLeaf(7_001, { time: madeLogStart + 5_000_000 }))
      .toSpliced(6_000, 1)
      .toSpliced(5_000, 0, ten[4_999]!)
      .with(4_000, ten[4_001]!)
      .with(4_001, ten[4_000]!);
    const expected = [
      ["GAP", 4_000],
      ["ORDER", 4_001],
      ["REPEATED", 5_000],
      ["GAP", 6_001],
      ["BACKDATED", 7_000],
    ];
    expect(told(await look(makeLog(leaves)))).toEqual(expected);
  });

  it("as it should be: nothing is told, and all of it is kept", async () => {
    const mirror = makeMemoryMirror();
    expect(await look(makeLog(ten), mirror)).toEqual({ size: 10_000, added: 10_000, findings: [] });
    expect(mirror.held?.marks.get("FEED_ECOWAS i1")).toMatchObject({ last: 10_000, leftOut: [] });
  });

  // the same on fewer entries, one fault each
  const some = ten.slice(0, 800);
  const worse: readonly (readonly [string, readonly Bytes[], readonly (readonly [string, number])[]])[] = [
    ["left out", some.toSpliced(600, 1), [["GAP", 600]]],
    ["entered twice", some.toSpliced(600, 0, some[599]!), [["REPEATED", 600]]],
    ["in another's place", some.toSpliced(600, 2, some[601]!, some[600]!), [["GAP", 600], ["ORDER", 601]]],
    ["dated back", some.toSpliced(600, 1, madeLeaf(601, { time: madeLogStart + 400_000 })), [["BACKDATED", 600]]],
    ["dated ahead", some.toSpliced(600, 1, madeLeaf(601, { time: now + 600_000 })), [["AHEAD", 600]]],
    ["no leaf at all", some.toSpliced(600, 1, utf8("what is this")), [["FORM", 600], ["GAP", 601]]],
  ]; // prettier-ignore
  it.each(worse)("%s: it is named, and the rest is read", async (_, leaves, expected) => {
    const round = await look(makeLog(leaves));
    expect([told(round), round.size]).toEqual([expected, leaves.length]);
  });

  it.each([[100, "SPLIT"], [600, "SPLIT"]])("entry %i changed after it was kept: it is named, and both notes are kept", async (at, kind) => {
    const mirror = makeMemoryMirror();
    await look(makeLog(some.slice(0, 700)), mirror, madeLogStart + 700_000);
    const before = mirror.held;
    const round = await look(makeLog(some.with(at, changed(at))), mirror);
    expect(told(round)[0]).toEqual([kind, at]);
    expect([mirror.held, mirror.accused.length, mirror.accused[0]?.length]).toEqual([before, 1, 2]);
  }); // prettier-ignore

  it("changed where it is shown only: the entry does not fit its tile", async () => {
    const log = makeLog(some);
    const path = "tile/entries/002";
    log.files.set(path, renderEntries(some.slice(512, 768).with(88, changed(600))));
    expect(told(await look(log))).toEqual([["ALTERED", 600]]);
  });
});

describe("following a log", () => {
  it("goes on from where it was, over partial tiles and whole rows", async () => {
    const mirror = makeMemoryMirror();
    for (const size of [1, 2, 255, 256, 257, 511, 600]) {
      expect(
        (await look(makeLog(ten.slice(0, size)), mirror, madeLogStart + size * 1000)).findings,
      ).toEqual([]);
      expect(mirror.held?.size).toBe(size);
    }
    const state = parseFollowedLog(renderFollowedLog(mirror.held!));
    expect(renderFollowedLog(state)).toEqual(renderFollowedLog(mirror.held!));
  });

  it("mail between two shows its time and nothing else, else it is named", async () => {
    const { kind, time, sequence, commitment } = parseLogLeaf(madeLeaf(1, { time: madeLogStart }));
    const direct = {
      kind: "DIRECT",
      time,
      stream: "DIRECT",
      instance: "d1",
      sequence,
      commitment: commitment!,
    };
    expect([kind, told(await look(makeLog([encodeLogLeaf(direct)])))]).toEqual(["FEED", []]);
    const open = encodeLogLeaf({ ...direct, origin: "ng/tcu" });
    expect(told(await look(makeLog([open])))).toEqual([["FORM", 0]]);
  });

  it("an act of an agency that was left out is named; the hub's own journal has other lines between", async () => {
    const base = { kind: "ACT", time: madeLogStart, stream: "JOURNAL", commitment: sha256(utf8("line")) };
    const act = (sequence: number): Bytes =>
      encodeLogLeaf({ ...base, instance: "gh/fiu", origin: "gh/fiu", sequence, act: "RIGHTS_CHANGED" });
    const own = (sequence: number): Bytes => encodeLogLeaf({ ...base, instance: "a1", sequence, act: "LOG_READ" });
    const log = makeLog([act(1), own(2), act(2), own(7), act(4)]);
    expect(told(await look(log))).toEqual([["GAP", 4]]);
  }); // prettier-ignore

  it("what is entered long after it was taken is told, and is no fault", async () => {
    const mirror = makeMemoryMirror();
    await look(makeLog(ten.slice(0, 5)), mirror);
    expect(told(await look(makeLog(ten.slice(0, 6)), mirror, now + 1))).toEqual([["LATE", 5]]);
  });

  it("a message is found by whoever knows its salt, with a proof that needs no network", async () => {
    const envelope = utf8("envelope");
    const asked = { id: parseUuid("01890a5d-ac96-774b-bcce-b302099a8057"), envelopeDigest: sha256(envelope), channel: "ecowas.drugs.h1.alert.incident" };
    const salt = makeLogSalt(envelope);
    const leaf = madeLeaf(301, { commitment: commitToMessage(salt, asked) });
    const mirror = makeMemoryMirror();
    await look(makeLog(ten.slice(0, 512).with(300, leaf)), mirror);
    const [found, ...more] = findEntries(mirror, { ...asked, salt });
    expect([found?.index, found?.sequence, more]).toEqual([300, 301, []]);
    const proof = parseProof(found!.proof);
    const policy = { witnesses: [], groups: [], quorum: undefined };
    expect(verifyProof({ proof, leafHash: leafHash(leaf), keys, policy }).checkpoint.size).toBe(512);
    expect(findEntries(mirror, { ...asked, salt: makeLogSalt(utf8("x")) })).toEqual([]);
    expect(findEntries(mirror, { ...asked, salt, channel: "ecowas.drugs.h2.alert.incident" })).toEqual([]);
  }); // prettier-ignore

  it("a state that was edited is not gone on from", async () => {
    const mirror = makeMemoryMirror();
    await look(makeLog(ten.slice(0, 5)), mirror);
    const text = Buffer.from(renderFollowedLog(mirror.held!)).toString();
    for (const edited of [text.replace('"size":5', '"size":6'), text.replace(/"root":"../, '"root":"zz'), "{}", "x"]) {
      expect(() => parseFollowedLog(utf8(edited))).toThrow("the state of the mirror");
    }
  }); // prettier-ignore

  it("another's log, and a note that nobody signed, are not followed", async () => {
    const stranger = makeNoteSigner("atumpan/ecowas/hub", noteKey("ed25519"));
    const foreign = makeNoteSigner("atumpan/eac/hub", noteKey("ed25519"));
    for (const signer of [stranger, foreign]) {
      expect(told(await look(makeLog(ten.slice(0, 5), signer)))).toEqual([
        ["SIGNATURE", undefined],
      ]);
    }
  });
});
