import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { beforeAll, describe, expect, it } from "vitest";

import {
  parseRegister,
  type RepositoryFiles,
  timestampPath,
  verifyRegister,
} from "../../certs/trust/index.ts";
import {
  type Bytes,
  Fault,
  makeSeededChance,
  sameBytes,
  silentLog,
} from "../../schemas/ground/index.ts";
import { decodeRegisterQuestion, limits } from "../../schemas/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { backOffMs, redialMs } from "./back-off.ts";
import type { HubConnection, Incoming } from "./connect.ts";
import type { Line } from "./pulse.ts";
import { startPull } from "./pull.ts";
import { makeHubSource, type RegisterSource } from "./register-source.ts";
import { fetchRegister, loadRegister, saveRegister } from "./register.ts";

const now = 1_780_272_000_000;

interface Sent {
  readonly subject: string;
  readonly text: string;
  readonly reply?: string | undefined;
}

type StillLine = { -readonly [Key in keyof Line]: Line[Key] };

/** Our side of a connection, with the hub's side in the test's hands. */
function makeConnection(): {
  connection: HubConnection & { isUp: boolean };
  line: StillLine;
  sent: Sent[];
  hand: (message: Partial<Incoming>) => void;
  inbox: { name: string };
} {
  const sent: Sent[] = [];
  const inbox = { name: "_INBOX_ng_tcu.x" };
  let listener: (message: Incoming) => void = () => undefined;
  const line: StillLine = {
    handed: 0,
    proven: 0,
    answeredAt: undefined,
    sendBytes: 16_384,
    receiveBytes: 16_384,
    quality: () => ({}),
  };
  const connection = {
    isUp: true,
    line,
    state: { since: now },
    servers: [],
    tick: () => undefined,
    publish: (subject: string, bytes: Bytes, reply?: string) => {
      if (!connection.isUp) return false;
      line.handed += bytes.length;
      sent.push({ subject, text: Buffer.from(bytes).toString("utf8"), reply });
      return true;
    },
    request: () => Promise.reject(new Fault("HUB_UNREACHABLE", "for this test")),
    listen: (onMessage: (message: Incoming) => void) => {
      listener = onMessage;
      return inbox;
    },
    reconnect: () => Promise.resolve(),
    pause: () => undefined,
    close: () => Promise.resolve(),
  };
  const hand = (message: Partial<Incoming>): void =>
    listener({ subject: "feed.x", bytes: new Uint8Array(), reply: "", ...message });
  return { connection, line, sent, hand, inbox };
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await turn();
}

describe("backOffMs", () => {
  it("waits double up to the most, each spread by a quarter", () => {
    const chance = makeSeededChance("back off");
    const terms = { firstMs: 5_000, mostMs: 60_000 };
    for (const [attempt, base] of [
      [0, 5_000],
      [1, 10_000],
      [3, 40_000],
      [9, 60_000],
      [999, 60_000],
    ] as const) {
      const wait = backOffMs(terms, attempt, chance);
      expect(wait).toBeGreaterThanOrEqual(base * 0.75);
      expect(wait).toBeLessThanOrEqual(base * 1.26);
    }
  });
});

describe("redialMs", () => {
  const waits = (before: Parameters<typeof redialMs>[0]): readonly number[] => {
    const chance = makeSeededChance("a hundred gateways");
    return Array.from({ length: 100 }, () => redialMs(before, chance)).toSorted((a, b) => a - b);
  };

  it("a hundred gateways that lose their hub in one instant come back over seconds", () => {
    const all = waits({ failed: 0, broken: 0 });
    expect(all.at(-1)).toBeLessThan(3_200);
    for (const [i, wait] of all.entries()) {
      // never more than a fifth of them within 300 ms
      expect((all[i + 20] ?? Infinity) - wait).toBeGreaterThan(300);
    }
  });

  it("a hub that does not answer is dialled ever more seldom, up to half a minute", () => {
    for (const [failed, least, most] of [[1, 370, 630], [4, 3_000, 5_000], [9, 15_000, 25_000]] as const) {
      const all = waits({ failed, broken: 3 });
      expect(all[0]).toBeGreaterThanOrEqual(least);
      expect(all.at(-1)).toBeLessThanOrEqual(most);
    }
  }); // prettier-ignore

  it("a link that comes and goes is tried again after seconds, never in a rush", () => {
    for (const broken of [1, 2, 5, 100]) {
      const all = waits({ failed: 0, broken });
      expect(all[0]).toBeGreaterThanOrEqual(750);
      expect(all.at(-1)).toBeLessThanOrEqual(5_000);
    }
  });
});

describe("startPull", () => {
  const ack = "$JS.ACK.FEED_ECOWAS.ng_tcu.1.2.3.4.5";
  function start(
    take: (batch: readonly Incoming[]) => Promise<void>,
    sharers = 1,
  ): {
    pull: ReturnType<typeof startPull>;
    clock: ReturnType<typeof makeStillClock>;
    link: ReturnType<typeof makeConnection>;
    asked: () => number;
    acked: () => number;
  } {
    const link = makeConnection();
    const clock = makeStillClock(now);
    const source = { stream: "FEED_ECOWAS", consumer: "ng_tcu" };
    const pull = startPull({
      source,
      connection: link.connection,
      clock,
      chance: makeSeededChance("p"),
      log: silentLog,
      sharers: () => sharers,
      take,
    });
    const count = (prefix: string): number =>
      link.sent.filter(({ subject }) => subject.startsWith(prefix)).length;
    return { pull, clock, link, asked: () => count("$JS.API."), acked: () => count("$JS.ACK.") };
  }

  it("asks its own consumer, and acknowledges only after the batch is kept", async () => {
    let keep: () => void = () => undefined;
    const { link, asked, acked } = start(() => new Promise((resolve) => (keep = resolve)));
    expect(link.sent[0]).toMatchObject({
      subject: "$JS.API.CONSUMER.MSG.NEXT.FEED_ECOWAS.ng_tcu",
      reply: "_INBOX_ng_tcu.x.1",
    });
    link.hand({ reply: ack });
    await settle();
    expect(acked()).toBe(0);
    keep();
    await settle();
    expect(acked()).toBe(1);
    expect(asked()).toBe(1);
  });

  it("what could not be kept is not acknowledged", async () => {
    const { link, acked, clock, pull } = start(() =>
      Promise.reject(new Fault("STORE_WRITE_FAILED", "full")),
    );
    link.hand({ reply: ack });
    await settle();
    clock.move(5_000);
    await settle();
    expect(acked()).toBe(0);
    await pull.stop();
  });

  it("a message whose acknowledgement would go elsewhere is not taken", async () => {
    let taken = 0;
    const { link } = start((batch) => {
      taken += batch.length;
      return Promise.resolve();
    });
    for (const reply of ["", "out.msg.x", "$JS.ACK.FEED_ECOWAS.gh_tcu.1.2.3.4.5"])
      link.hand({ reply });
    await settle();
    expect(taken).toBe(0);
  });

  it("an ended request is followed by the next at once; one that was refused only after a pause", () => {
    const { link, asked, clock, pull } = start(() => Promise.resolve());
    link.hand({ status: 408, left: 128 });
    expect(asked()).toBe(2);
    link.hand({ status: 503 });
    pull.tick();
    expect(asked()).toBe(2);
    clock.move(3_700);
    pull.tick();
    expect(asked()).toBe(2);
    clock.move(2_600);
    pull.tick();
    expect(asked()).toBe(3);
  });

  it("an answer that stays away is asked for again, and at once on a new connection", () => {
    const { asked, clock, pull } = start(() => Promise.resolve());
    clock.move(27_000);
    pull.tick();
    expect(asked()).toBe(1);
    clock.move(16_000);
    pull.tick();
    expect(asked()).toBe(2);
    pull.reset();
    pull.tick();
    expect(asked()).toBe(3);
  });

  it("what is asked for over a new connection is answered elsewhere than what was asked for before", () => {
    const { link, pull } = start(() => Promise.resolve());
    link.inbox.name = "_INBOX_ng_tcu.y";
    pull.reset();
    pull.tick();
    const replies = link.sent.map(({ reply }) => reply);
    expect(replies).toEqual(["_INBOX_ng_tcu.x.1", "_INBOX_ng_tcu.y.2"]);
  });

  it("not more bytes are asked for than the line brings in some seconds, whoever shares it", () => {
    const { link } = start(() => Promise.resolve(), 4);
    link.line.receiveBytes = 1024 * 1024;
    link.hand({ status: 408, left: 128 });
    const asks = link.sent.map(({ text }) => (JSON.parse(text) as { max_bytes: number }).max_bytes);
    expect(asks).toEqual([8 * 1024, 256 * 1024]);
  });

  it("what is larger than that is asked for alone, and then as before", async () => {
    const { link, asked } = start(() => Promise.resolve());
    const tooLarge = { status: 409, isTooLarge: true };
    link.hand({ ...tooLarge, left: 128, leftBytes: 16_384 });
    link.hand({ reply: ack });
    await settle();
    // some of what is asked for came: the next request has room for it
    link.hand({ ...tooLarge, left: 120, leftBytes: 10 });
    expect(asked()).toBe(4);
    const asks = link.sent.filter(({ subject }) => subject.startsWith("$JS.API."));
    const wishes = asks.map(
      ({ text }) => JSON.parse(text) as { batch: number; max_bytes?: number },
    );
    expect(wishes.map(({ batch, max_bytes: most }) => [batch, most])).toEqual([
      [128, 16_384],
      [1, undefined],
      [128, 16_384],
      [128, 16_384],
    ]);
  });

  it("a consumer that goes on refusing is asked ever more seldom", () => {
    const { link, asked, clock, pull } = start(() => Promise.resolve());
    let answered = 0;
    for (let second = 0; second < 600; second += 1) {
      if (asked() > answered) link.hand({ status: 503 });
      answered = asked();
      clock.move(1_000);
      pull.tick();
    }
    expect(asked()).toBeGreaterThan(5);
    expect(asked()).toBeLessThan(30);
  });

  it("more is asked for before the last batch is through", async () => {
    const { link, asked } = start(() => Promise.resolve());
    for (let i = 0; i < 70; i += 1) link.hand({ reply: ack });
    await settle();
    expect(asked()).toBe(2);
  });
});

describe("register", () => {
  let world: GatewayWorld;
  let newer: Bytes;
  beforeAll(async () => {
    world = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
    newer = world.publish((parts) => ({ ...parts, mandates: parts.mandates.slice(1) }));
  });

  /** A hub that answers as the broker does, from these files. */
  function serve(files: Bytes | RepositoryFiles): { source: RegisterSource; asked: string[] } {
    const asked: string[] = [];
    const held = files instanceof Map ? files : parseRegister(files as Bytes);
    const request = (_subject: string, question: Bytes): Promise<Bytes> => {
      const { path, offset } = decodeRegisterQuestion(question);
      asked.push(path);
      const content = held.get(path) ?? new Uint8Array();
      return Promise.resolve(content.subarray(offset, offset + limits.registerPieceBytes));
    };
    return { source: makeHubSource({ ...makeConnection().connection, request }), asked };
  }

  it("only what changed is fetched, and the whole is proved", async () => {
    const held = { bytes: world.register, view: world.view };
    const { source, asked } = serve(newer);
    const next = await fetchRegister(source, world.anchors, held);
    expect(next?.view.epoch).toBe(2);
    expect(sameBytes(next!.bytes, newer)).toBe(true);
    expect(asked.slice(0, 4)).toEqual([
      "metadata/2.root.json",
      timestampPath,
      "metadata/2.snapshot.json",
      "metadata/2.targets.json",
    ]);
    expect(asked).not.toContain("metadata/1.root.json");
    const again = serve(newer);
    expect(await fetchRegister(again.source, world.anchors, next!)).toBeUndefined();
    expect(again.asked).toEqual(["metadata/2.root.json", timestampPath]);
    expect(await fetchRegister(serve(world.register).source, world.anchors, next!)).toBeUndefined();
  });

  it("a register of other registrars, or with a changed part, is refused", async () => {
    const held = { bytes: world.register, view: world.view };
    const stranger = await makeGatewayWorld(["ng/tcu"], { now });
    const foreign = stranger.publish((parts) => parts);
    await expect(fetchRegister(serve(foreign).source, world.anchors, held)).rejects.toMatchObject({
      code: "REGISTER_SIGNATURE_INVALID",
    });
    for (const [path, content] of parseRegister(newer)) {
      const isOld = path === timestampPath || Buffer.from(world.register).includes(path);
      if (isOld) continue;
      const files = new Map(parseRegister(newer)).set(
        path,
        Buffer.concat([content, Buffer.from(" ")]),
      );
      await expect(fetchRegister(serve(files).source, world.anchors, held)).rejects.toMatchObject({
        code: "REGISTER_INVALID",
      });
      files.delete(path);
      await expect(fetchRegister(serve(files).source, world.anchors, held)).rejects.toMatchObject({
        code: "REGISTER_INVALID",
      });
    }
  });

  it("a file is gone on with where the line was cut, and begun anew when it is another", async () => {
    const file = Buffer.alloc(2.5 * limits.registerPieceBytes, "a register's file ");
    const offsets: number[] = [];
    let isCut = false;
    const request = (_subject: string, question: Bytes): Promise<Bytes> => {
      const { offset } = decodeRegisterQuestion(question);
      if (isCut) return Promise.reject(new Fault("HUB_UNREACHABLE", "for this test"));
      offsets.push(offset);
      isCut = offset > 0 && offsets.length === 2;
      return Promise.resolve(file.subarray(offset, offset + limits.registerPieceBytes));
    };
    const source = makeHubSource({ ...makeConnection().connection, request });
    const meta = { length: file.length, hashes: { sha256: "one" } };
    const needed = { path: "metadata/3.targets.json", maxBytes: 200_000, meta };
    await expect(source.ask(needed)).rejects.toMatchObject({ code: "HUB_UNREACHABLE" });
    isCut = false;
    expect(await source.ask(needed)).toEqual(file);
    const piece = limits.registerPieceBytes;
    expect(offsets).toEqual([0, piece, 2 * piece]);
    await source.ask({ ...needed, meta: { ...meta, hashes: { sha256: "two" } } });
    expect(offsets.slice(3)).toEqual([0, piece, 2 * piece]);
  });

  it("a hub that never ends a file is left", async () => {
    const endless = (): Promise<Bytes> =>
      Promise.resolve(new Uint8Array(limits.registerPieceBytes));
    const source = makeHubSource({ ...makeConnection().connection, request: endless });
    await expect(source.ask({ path: timestampPath, maxBytes: 100_000 })).rejects.toMatchObject({
      code: "REGISTER_INVALID",
    });
  });

  it("what was saved is loaded, and never an older one over a newer", () => {
    const dir = mkdtempSync(join(tmpdir(), "register-"));
    const path = join(dir, "register.bin");
    saveRegister(path, newer);
    expect(loadRegister(path, world.anchors).view.epoch).toBe(2);
    const held = verifyRegister(newer, world.anchors);
    writeFileSync(path, world.register);
    expect(() => loadRegister(path, world.anchors, held)).toThrow(
      expect.objectContaining({ code: "REGISTER_ROLLBACK" }),
    );
    expect(readFileSync(path)).toHaveLength(world.register.length);
    expect(() => loadRegister(join(dir, "none"), world.anchors)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
    rmSync(dir, { recursive: true });
  });
});
