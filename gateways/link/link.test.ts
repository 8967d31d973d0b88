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
  utf8,
} from "../../schemas/ground/index.ts";
import { decodeRegisterQuestion, limits } from "../../schemas/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeStillClock } from "../../test/kit/memory-exchange.ts";
import { backOffMs } from "./back-off.ts";
import type { HubConnection, Incoming } from "./connect.ts";
import { startPull } from "./pull.ts";
import { makeHubSource, type RegisterSource } from "./register-source.ts";
import { fetchRegister, loadRegister, saveRegister } from "./register.ts";
import { startSender } from "./send.ts";

const now = 1_780_272_000_000;

interface Sent {
  readonly subject: string;
  readonly text: string;
  readonly reply?: string | undefined;
}

/** Our side of a connection, with the hub's side in the test's hands. */
function makeConnection(): {
  connection: HubConnection & { isUp: boolean };
  sent: Sent[];
  hand: (message: Partial<Incoming>) => void;
} {
  const sent: Sent[] = [];
  let listener: (message: Incoming) => void = () => undefined;
  const connection = {
    isUp: true,
    publish: (subject: string, bytes: Bytes, reply?: string) => {
      if (!connection.isUp) return false;
      sent.push({ subject, text: Buffer.from(bytes).toString("utf8"), reply });
      return true;
    },
    request: () => Promise.reject(new Fault("HUB_UNREACHABLE", "for this test")),
    listen: (onMessage: (message: Incoming) => void) => {
      listener = onMessage;
      return "_INBOX_ng_tcu.x";
    },
    reconnect: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
  const hand = (message: Partial<Incoming>): void =>
    listener({ subject: "feed.x", bytes: new Uint8Array(), reply: "", ...message });
  return { connection, sent, hand };
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

describe("startSender", () => {
  function start(count: number): {
    waiting: number[];
    sender: ReturnType<typeof startSender>;
    clock: ReturnType<typeof makeStillClock>;
    link: ReturnType<typeof makeConnection>;
  } {
    const waiting = Array.from({ length: count }, (_, i) => i);
    const link = makeConnection();
    const clock = makeStillClock(now);
    const queue = {
      waiting: (limit: number) => waiting.slice(0, limit),
      load: (seq: number) => ({ subject: "out.msg.x", bytes: utf8(String(seq)) }),
    };
    const sender = startSender({
      queue,
      connection: link.connection,
      clock,
      chance: makeSeededChance("s"),
      log: silentLog,
    });
    return { waiting, sender, clock, link };
  }

  it("at most 256 are under way, and each receipt makes room for the next", async () => {
    const { waiting, sender, link } = start(300);
    sender.wake();
    sender.wake();
    await settle();
    expect(link.sent).toHaveLength(256);
    waiting.splice(0, 10);
    sender.wake();
    await settle();
    expect(link.sent.slice(256).map(({ text }) => text)).toEqual([
      "256",
      "257",
      "258",
      "259",
      "260",
      "261",
      "262",
      "263",
      "264",
      "265",
    ]);
  });

  it("without a receipt it goes again after a growing while, not before", async () => {
    const { sender, clock, link } = start(1);
    sender.wake();
    await settle();
    clock.move(3_000);
    sender.tick();
    expect(link.sent).toHaveLength(1);
    clock.move(4_000);
    sender.tick();
    expect(link.sent).toHaveLength(2);
    clock.move(7_000);
    sender.tick();
    expect(link.sent).toHaveLength(2);
    clock.move(6_000);
    sender.tick();
    expect(link.sent).toHaveLength(3);
  });

  it("after a new connection everything under way goes again at once", async () => {
    const { sender, link } = start(3);
    sender.wake();
    await settle();
    sender.reset();
    await settle();
    expect(link.sent.map(({ text }) => text)).toEqual(["0", "1", "2", "0", "1", "2"]);
  });

  it("while the link is down nothing is sent, and nothing is counted as sent", async () => {
    const { sender, link } = start(1);
    link.connection.isUp = false;
    sender.wake();
    await settle();
    link.connection.isUp = true;
    sender.tick();
    expect(link.sent).toHaveLength(1);
  });

  it("what the hub asked time for keeps no place from what comes after it", async () => {
    const { sender, link } = start(300);
    sender.wake();
    await settle();
    for (let seq = 0; seq < 256; seq += 1) sender.postpone(seq);
    sender.wake();
    await settle();
    expect(link.sent.map(({ text }) => text)).toEqual(
      Array.from({ length: 300 }, (_, i) => String(i)),
    );
  });

  it("what the hub asked time for is left alone longer; a stopped sender sends nothing", async () => {
    const { sender, clock, link } = start(1);
    sender.wake();
    await settle();
    sender.postpone(0);
    clock.move(7_000);
    sender.tick();
    expect(link.sent).toHaveLength(1);
    sender.stop();
    clock.move(90_000);
    sender.tick();
    expect(link.sent).toHaveLength(1);
  });
});

describe("startPull", () => {
  const ack = "$JS.ACK.FEED_ECOWAS.ng_tcu.1.2.3.4.5";
  function start(take: (batch: readonly Incoming[]) => Promise<void>): {
    pull: ReturnType<typeof startPull>;
    clock: ReturnType<typeof makeStillClock>;
    link: ReturnType<typeof makeConnection>;
    asked: () => number;
    acked: () => number;
  } {
    const link = makeConnection();
    const clock = makeStillClock(now);
    const source = { stream: "FEED_ECOWAS", consumer: "ng_tcu" };
    const pull = startPull({ source, connection: link.connection, clock, log: silentLog, take });
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
    clock.move(5_000);
    pull.tick();
    expect(asked()).toBe(3);
  });

  it("an answer that stays away is asked for again, and at once on a new connection", () => {
    const { asked, clock, pull } = start(() => Promise.resolve());
    clock.move(30_000);
    pull.tick();
    expect(asked()).toBe(1);
    clock.move(6_000);
    pull.tick();
    expect(asked()).toBe(2);
    pull.reset();
    pull.tick();
    expect(asked()).toBe(3);
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
