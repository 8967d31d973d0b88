import { beforeAll, beforeEach, describe, expect, it } from "vitest";

import {
  blobSubject,
  chunkMarkHeader,
  type Erasure,
  type Erasures,
  limits,
  renderChunkMark,
  storedSubject,
} from "../../schemas/index.ts";
import {
  Fault,
  parseUuid,
  renderBase64url,
  renderUuid,
  sha256,
  silentLog,
  utf8,
} from "../../schemas/ground/index.ts";
import { signReceipt } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import { type ErasedLine, type Eraser, startEraser } from "./eraser.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const hub = "ecowas/hub";
const id = parseUuid("01a1f7fd-ae40-7e27-8bc8-617fc88b99ee");
const digest = sha256(utf8("envelope"));
const feed = "ecowas.drugs.h1.alert.incident";
let world: GatewayWorld;
let clock: StillClock;
let eraser: Eraser;
let lines: ErasedLine[];
let stands: Map<
  string,
  {
    readonly sequence: number;
    readonly digest: Uint8Array;
    readonly origin: string;
    readonly mark?: string;
  }
>;
let isDown: boolean;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
});
beforeEach(() => {
  clock = makeStillClock(now);
  [lines, isDown] = [[], false];
  stands = new Map([
    [storedSubject(feed, "ng/tcu", renderUuid(id)), { sequence: 7, digest, origin: "ng/tcu" }],
  ]);
  eraser = startEraser({
    jetStream: {
      lastOn: async (_stream, subject) => {
        const found = stands.get(subject);
        if (found === undefined) return undefined;
        const headers = new Map([
          ["Atumpan-Digest", renderBase64url(found.digest)],
          ["Atumpan-Origin", found.origin],
          ...(found.mark === undefined ? [] : [[chunkMarkHeader, found.mark] as const]),
        ]);
        return { subject, sequence: found.sequence, headers };
      },
      erase: async (_stream, sequence) => {
        if (isDown) throw new Fault("HUB_UNREACHABLE", "down");
        for (const [subject, one] of stands) if (one.sequence === sequence) stands.delete(subject);
      },
    },
    hub,
    register: () => world.view,
    instances: new Map([["FEED_ECOWAS", "new"]]),
    clock,
    log: silentLog,
    journal: (line) => void lines.push(line),
  });
});

function order(
  by: string,
  change: {
    recipient?: string;
    issuedAt?: number;
    one?: Partial<Erasure>;
    more?: Partial<Erasures>;
  } = {},
): Uint8Array {
  const { recipient = hub, issuedAt = now, one = {}, more = {} } = change;
  const messages = [{ messageId: id, envelopeDigest: digest, channel: feed, ...one }];
  return signReceipt(world, by, {
    recipient,
    issuedAt,
    erasures: { messages, chunks: [], ...more },
  });
}

describe("the eraser of a hub", () => {
  it("takes out what its sender says, tells where it stood, and writes it down without content", async () => {
    const said = order("ng/tcu");
    expect((await eraser.order("ng/tcu", said)).erasures.messages).toMatchObject([{ stream: "FEED_ECOWAS", streamSequence: 7, erasedAt: now }]);
    expect([stands.size, lines]).toEqual([0, [{ kind: "PURGE", stream: "FEED_ECOWAS", agency: "ng/tcu", fingerprint: Buffer.from(sha256(said)).toString("hex"), count: 7 }]]);
  });

  it("says of what stands nowhere any more that it does not, and writes nothing down twice", async () => {
    await eraser.order("ng/tcu", order("ng/tcu"));
    const { erasures: { messages: [again] } } = await eraser.order("ng/tcu", order("ng/tcu"));
    expect([again!.streamSequence, again!.erasedAt, lines.length]).toEqual([undefined, now, 1]);
  });

  it("of direct mail the record never says who wrote it", async () => {
    const channel = "direct.abcdefghijklmnopqrstuvwx27";
    stands.set(storedSubject(channel, "ng/tcu", renderUuid(id)), { sequence: 9, digest, origin: "ng/tcu" });
    await eraser.order("ng/tcu", order("ng/tcu", { one: { channel } }));
    expect(lines).toMatchObject([{ kind: "PURGE", stream: "DIRECT", count: 9 }]);
    expect(lines[0]!.agency).toBeUndefined();
  });

  it.each([
    { what: "asked by another than signed it", by: "gh/tcu", make: () => order("ng/tcu"), code: "ORIGIN_MISMATCH" },
    { what: "for another hub", by: "ng/tcu", make: () => order("ng/tcu", { recipient: "sadc/hub" }), code: "RECEIPT_INVALID" },
    { what: "dated in the future", by: "ng/tcu", make: () => order("ng/tcu", { issuedAt: now + limits.maxAheadMs + 1 }), code: "RECEIPT_INVALID" },
    { what: "that is no order", by: "ng/tcu", make: () => utf8("no"), code: "RECEIPT_INVALID" },
    { what: "cut short", by: "ng/tcu", make: () => order("ng/tcu").subarray(0, 60), code: "RECEIPT_INVALID" },
  ])("refuses an order $what, and takes nothing out", async ({ by, make, code }) => {
    await expect(eraser.order(by, make())).rejects.toMatchObject({ code });
    expect([stands.size, lines.length]).toEqual([1, 0]);
  });

  it("leaves another's message under the same id, and one that is not exactly this", async () => {
    const { erasures: { messages: [other] } } = await eraser.order("gh/tcu", order("gh/tcu"));
    const { erasures: { messages: [changed] } } = await eraser.order("ng/tcu", order("ng/tcu", { one: { envelopeDigest: sha256(utf8("other")) } }));
    expect([other!.streamSequence, changed!.streamSequence, stands.size, lines.length]).toEqual([undefined, undefined, 1, 0]);
  });

  describe("of chunks of files", () => {
    const token = sha256(utf8("token"));
    const chunk = sha256(utf8("chunk"));
    const place = blobSubject(chunk);
    const chunkOrder = (by: string, shown: Uint8Array | undefined): Uint8Array => order(by, { more: { messages: [], chunks: [{ digest: chunk, token: shown }] } });
    beforeEach(() => void stands.set(place, { sequence: 12, digest, origin: "", mark: renderChunkMark(token) }));

    it("takes out one whose mark the token opens, and writes down how many and nobody's name", async () => {
      const said = chunkOrder("ng/tcu", token);
      expect(await eraser.order("ng/tcu", said)).toMatchObject({ erasures: { messages: [], chunks: [{ digest: chunk, erasedAt: now }] } });
      expect([stands.has(place), lines]).toEqual([false, [{ kind: "PURGE", stream: "BLOB", fingerprint: Buffer.from(sha256(said)).toString("hex"), count: 1 }]]);
      expect(await eraser.order("ng/tcu", said)).toMatchObject({ erasures: { messages: [], chunks: [{ digest: chunk, erasedAt: now }] } });
      expect(lines).toHaveLength(1);
    });

    it.each([
      { what: "who knows only its name, as every reader does", shown: undefined },
      { what: "who guesses", shown: sha256(utf8("guess")) },
      { what: "who shows the mark itself", shown: sha256(token) },
      { what: "who shows its name", shown: chunk },
    ])("leaves it to $what, and says so", async ({ shown }) => {
      expect(await eraser.order("gh/tcu", chunkOrder("gh/tcu", shown))).toMatchObject({ erasures: { messages: [], chunks: [{ digest: chunk }] } });
      expect([stands.has(place), lines]).toEqual([true, []]);
    });

    it("leaves one that was put without a mark", async () => {
      stands.set(place, { sequence: 12, digest, origin: "" });
      expect(await eraser.order("ng/tcu", chunkOrder("ng/tcu", token))).toMatchObject({ erasures: { messages: [], chunks: [{ digest: chunk }] } });
      expect(stands.has(place)).toBe(true);
    });
  });

  it("takes out what is past its time, once it can, and only from the stream that stands", async () => {
    const [line] = [{ stream: "FEED_ECOWAS", instance: "new", sequence: 7 }];
    isDown = true;
    eraser.expire([line, { ...line, instance: "old" }]);
    const look = async (): Promise<void> => {
      clock.move(5_000);
      await new Promise<void>((resolve) => void setImmediate(resolve));
    };
    await look();
    expect([stands.size, lines.length]).toEqual([1, 0]);
    isDown = false;
    await look();
    expect([stands.size, lines]).toEqual([0, [{ kind: "EXPIRED", stream: "FEED_ECOWAS", fingerprint: expect.any(String) as string, count: 1 }]]);
  });
}); // prettier-ignore
