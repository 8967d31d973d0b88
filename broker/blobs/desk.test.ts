import { setImmediate as turn } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";

import {
  type BlobAnswer,
  chunkMarkHeader,
  decodeBlobAnswer,
  encodeBlobList,
  encodeBlobRange,
  limits,
  renderChunkMark,
} from "../../schemas/index.ts";
import {
  type Bytes,
  makeSeededChance,
  parseUtf8,
  renderHex,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";
import { fixtureHub, makeRegion } from "../../test/kit/hub-region.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { hubLimits, type Link, type Msg } from "../nats/index.ts";
import { type BlobDesk, startBlobDesk } from "./desk.ts";
import { makeGate } from "./gate.ts";

const now = Date.now();
const { view } = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "gh/fiu", kind: "FIU", suspendedFrom: now - 1 },
    { agency: "gh/tcu", kind: "TCU", suspendedFrom: now + 60_000 },
  ],
  mandates: [],
});
const bytesPerAgencyDay = 1_000;

/** The server's side of the hub's connection: one stream in memory, that answers what it is told to. */
class MemoryServer {
  readonly stored = new Map<string, Bytes>();
  /** The marks that chunks were published with. */
  readonly marks: (string | undefined)[] = [];
  /** What the stream says of the next publication, in place of storing it. */
  refusal: object | undefined;
  /** Questions wait while this is there. */
  pause: Promise<unknown> | undefined;
  asked = 0;
  /** Where those who ask want their answers. */
  reply = "_INBOX.x";
  readonly #listeners = new Map<string, (error: null, message: Msg) => void>();
  readonly link: Link = {
    subscribe: (subject: string, options: { callback: (error: null, message: Msg) => void }) => {
      this.#listeners.set(subject, options.callback);
      return { unsubscribe: () => this.#listeners.delete(subject) };
    },
    publish: (subject: string, data: Bytes, { reply, headers }: { reply: string; headers?: { get(name: string): string } }) => {
      this.marks.push(headers?.get(chunkMarkHeader));
      const answer = this.refusal ?? { stream: "BLOB", seq: this.stored.size + 1 };
      if (this.refusal === undefined) this.stored.set(subject, data);
      this.#hand(`${reply.slice(0, reply.lastIndexOf("."))}.*`, reply, utf8(JSON.stringify(answer)));
    },
    request: async (subject: string, question: Bytes) => {
      this.asked += 1;
      await this.pause;
      const body = JSON.parse(parseUtf8(question)) as Record<string, string>;
      const name = body["subjects_filter"] ?? body["last_by_subj"] ?? "";
      const held = this.stored.get(name);
      if (subject.includes("STREAM.INFO")) return asMessage({ state: { subjects: held && { [name]: 1 } } });
      if (held === undefined) return asMessage({ error: { err_code: 10037 } });
      return asMessage({ message: { subject: name, seq: 1, data: Buffer.from(held).toString("base64") } });
    },
    status: async function* () {},
    isClosed: () => false,
  } as unknown as Link; // prettier-ignore

  #hand(pattern: string, subject: string, data: Bytes): void {
    this.#listeners.get(pattern)?.(null, { subject, data } as unknown as Msg);
  }

  /** Asks as the server hands it over; undefined when nobody listens there. */
  ask(
    agency: string,
    act: string,
    asked: Bytes | { readonly data: Bytes; readonly mark: string },
  ): Promise<BlobAnswer> {
    const { data, mark } = asked instanceof Uint8Array ? { data: asked, mark: undefined } : asked;
    const { promise, resolve } = Promise.withResolvers<BlobAnswer>();
    const respond = (bytes: Bytes): void => resolve(decodeBlobAnswer(bytes));
    const subject = `in.${agency.replace("/", ".")}.blob.${act}`;
    const headers = mark === undefined ? undefined : new Map([[chunkMarkHeader, mark]]);
    const message = { subject, data, headers, reply: this.reply, respond } as unknown as Msg;
    this.#listeners.get(`in.*.*.blob.${act}`)?.(null, message);
    return promise;
  }
}

function asMessage(json: unknown): { data: Bytes; json: () => unknown } {
  return { data: utf8(JSON.stringify(json)), json: () => json };
}

let server: MemoryServer;
let clock: ReturnType<typeof makeStillClock>;
let desk: BlobDesk;

beforeEach(() => {
  server = new MemoryServer();
  clock = makeStillClock(now);
  desk = startBlobDesk({
    link: server.link,
    inbox: "_INBOX_HUB_BLOBS",
    clock,
    chance: makeSeededChance("desk"),
    register: () => view,
    bytesPerAgencyDay,
  });
});

const chunkOf = (size: number, name = "x"): Bytes => utf8(name.repeat(size).slice(0, size));
const put = (chunk: Bytes, agency = "ng/tcu"): Promise<BlobAnswer> => server.ask(agency, "put", chunk); // prettier-ignore

describe("the desk for chunks", () => {
  it("stores, lists and hands out", async () => {
    const chunk = utf8("a chunk");
    const digest = sha256(chunk);
    expect(renderHex((await put(chunk)).stored!)).toBe(renderHex(digest));
    expect([...server.stored.keys()]).toEqual([`blob.${renderHex(digest)}`]);
    const other = sha256(utf8("another"));
    const digests = [other, other, digest, other, other, other, other, other, digest];
    const { held } = await server.ask("ng/tcu", "held", encodeBlobList({ digests }));
    expect([...held!]).toEqual([0b100, 0b1]);
    const question = encodeBlobRange({ digest, offset: 2, maxBytes: 3 });
    const { size, piece } = await server.ask("ng/tcu", "get", question);
    expect([size, parseUtf8(piece!)]).toEqual([7, "chu"]);
    expect(desk.counts).toEqual({ stored: 1, repeated: 0, listed: 1, handedOut: 1, refused: 0 });
  });

  it("keeps the mark that comes with a chunk, and takes nothing for a mark that is none", async () => {
    const mark = renderChunkMark(sha256(utf8("token")));
    expect(
      (await server.ask("ng/tcu", "put", { data: utf8("marked"), mark })).refused,
    ).toBeUndefined();
    expect((await server.ask("ng/tcu", "put", utf8("bare"))).refused).toBeUndefined();
    for (const wrong of ["x", `${mark}A`, `${mark.slice(1)}=`, "é".repeat(43)]) {
      expect(
        (await server.ask("ng/tcu", "put", { data: utf8(`other ${wrong}`), mark: wrong })).refused,
      ).toBe("REQUEST_INVALID");
    }
    expect([server.marks, server.stored.size]).toEqual([[mark, undefined], 2]);
  });

  it.each([
    ["gh/fiu", "MANDATE_SUSPENDED"],
    ["sn/tcu", "AGENCY_UNKNOWN"],
    [fixtureHub, "AGENCY_UNKNOWN"],
    ["gh/tcu", undefined],
  ])("%s is told %s", async (agency, refused) => {
    expect((await put(utf8("x"), agency)).refused).toBe(refused);
    expect(server.stored.size).toBe(refused === undefined ? 1 : 0);
  });

  it("an agency suspended from a moment on is refused from that moment on", async () => {
    expect((await put(utf8("x"), "gh/tcu")).refused).toBeUndefined();
    clock.move(60_000);
    expect((await put(utf8("x"), "gh/tcu")).refused).toBe("MANDATE_SUSPENDED");
  });

  it("an allowance is each agency's own, and fills again through the day", async () => {
    expect((await put(chunkOf(900))).refused).toBeUndefined();
    expect((await put(chunkOf(101, "y"))).refused).toBe("BLOB_ALLOWANCE_SPENT");
    expect((await put(chunkOf(100, "y"))).refused).toBeUndefined();
    expect((await put(chunkOf(500, "z"), "gh/tcu")).refused).toBeUndefined();
    clock.move(43_200_000);
    expect((await put(chunkOf(501, "w"))).refused).toBe("BLOB_ALLOWANCE_SPENT");
    expect((await put(chunkOf(499, "w"))).refused).toBeUndefined();
  });

  it("a stream without room is told as such, and costs no allowance", async () => {
    server.refusal = { error: { err_code: 10077 } };
    for (let time = 0; time < 5; time += 1) {
      expect((await put(chunkOf(900))).refused).toBe("BLOB_STORE_FULL");
    }
    server.refusal = undefined;
    expect((await put(chunkOf(900))).refused).toBeUndefined();
  });

  it("what the stream did not say it has is not stored, and costs no allowance", async () => {
    for (const refusal of [{ error: { err_code: 10023 } }, {}, { stream: "BLOB" }]) {
      server.refusal = refusal;
      expect((await put(chunkOf(900))).refused).toBe("HUB_STREAM_WRITE_FAILED");
    }
    server.refusal = undefined;
    expect((await put(chunkOf(900))).refused).toBeUndefined();
  });

  it("so many questions of one agency are under way, so many of all, and no more are held", async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    server.pause = promise;
    const answers = Array.from({ length: limits.maxBlobsUnderWay }, (_, at) => put(utf8(`${at}`)));
    expect((await put(utf8("one more"))).refused).toBe("QUOTA_EXCEEDED");
    expect(server.asked).toBe(limits.maxBlobsUnderWay);
    const other = put(utf8("of another"), "gh/tcu");
    resolve(undefined);
    expect((await Promise.all([...answers, other])).map(({ refused }) => refused)).toEqual(
      Array.from({ length: limits.maxBlobsUnderWay + 1 }, () => undefined),
    );
    expect((await put(utf8("one more"))).refused).toBeUndefined();
  });

  it("who asks for no answer is not heard, and who asks nonsense is told so", async () => {
    server.reply = "";
    void put(utf8("x"));
    await turn();
    expect([server.asked, server.stored.size]).toEqual([0, 0]);
    server.reply = "_INBOX.x";
    for (const [act, data] of [["put", ""], ["held", ""], ["held", "zzz"], ["get", ""], ["get", "zzz"]] as const) {
      expect((await server.ask("ng/tcu", act, utf8(data))).refused).toBe("REQUEST_INVALID");
    } // prettier-ignore
    // only somebody in the hub's own account can send this
    expect((await server.ask("NG/TCU", "put", utf8("x"))).refused).toBe("REQUEST_INVALID");
    expect(server.stored.size).toBe(0);
  });
});

describe("makeGate", () => {
  it("lets in so many of one and so many of all, and each place is given back once", () => {
    const gate = makeGate(2, 3);
    const [first, second] = [gate.enter("a"), gate.enter("a")];
    expect(gate.enter("a")).toBeUndefined();
    expect(gate.enter("b")).toBeDefined();
    expect(gate.enter("b")).toBeUndefined();
    first?.();
    first?.();
    expect(gate.enter("b")).toBeDefined();
    expect(gate.enter("a")).toBeUndefined();
    second?.();
    expect(gate.enter("a")).toBeDefined();
    expect(hubLimits.maxBlobsUnderWay).toBeGreaterThanOrEqual(limits.maxBlobsUnderWay * 4);
  });
});
