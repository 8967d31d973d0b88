import { cpSync, existsSync, rmSync } from "node:fs";
import { basename, join } from "node:path";

import type { NatsConnection } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { consumerOf, outSubject, renderDirectChannel } from "../../schemas/index.ts";
import { loadAgencySigner, rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { dialHub } from "../kit/hub-insider.ts";
import {
  type Captured,
  type Effects,
  effectsOf,
  otherSpellings,
  type Replay,
  replayAll,
  type Route,
  sentAgain,
  sentBy,
  sentFor,
  spellAll,
  startCapture,
  stored,
} from "../kit/replays.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

/** Messages that are captured; `ATUMPAN_REPLAYS=10000` for the whole campaign. */
const captures = Number(process.env["ATUMPAN_REPLAYS"] ?? 48);
const minutes = Math.ceil(1 + captures / 400);
/** The rest of them are sent by hand: no gateway sends so many in a test's time. */
const ofGateways = 4;
const names = ["ng/fiu", "gh/fiu", "gh/tcu", "gh/moc", "ecowas/centre"] as const;
const readers = ["gh/fiu", "gh/tcu", "gh/moc"] as const;

let world: World;
let ng: RawAgency;
let insider: NatsConnection;
let captured: readonly Captured[];
let replays: readonly Replay[];
let before: Readonly<Record<string, Effects>>;
let routes: readonly Route[];
const gateways = new Map<string, Gateway>();

function gateway(agency: string): Gateway {
  const found = gateways.get(agency);
  if (found === undefined) throw new Error(`${agency} does not run`);
  return found;
}

async function start(agency: string): Promise<void> {
  gateways.set(agency, await world.gateway(agency));
}

function effects(): Readonly<Record<string, Effects>> {
  return Object.fromEntries(names.map((agency) => [agency, effectsOf(gateway(agency))]));
}

/** Waits until every receipt that is on its way has come: nothing new for a second and a half. */
async function settled(): Promise<void> {
  let seen = "";
  let since = performance.now();
  await until("nothing moves any more", () => {
    const now = JSON.stringify(effects());
    if (now !== seen) since = performance.now();
    seen = now;
    return performance.now() - since > 1_500;
  });
}

async function sendAll(): Promise<void> {
  const ids: (readonly [string, string])[] = [];
  for (let at = 0; at < ofGateways; at += 1) {
    for (const [agency, name] of [["ng/fiu", "fiu-request"], ["ecowas/centre", "red-flag"]] as const) {
      const { id } = await gateway(agency).exchange.submit(example(name), `first ${at}`);
      ids.push([agency, id]);
    }
  } // prettier-ignore
  for (let left = captures - ids.length; left > 0; left -= 500) {
    const outcomes = await ng.sendAll(
      Array.from({ length: Math.min(left, 500) }, () => forge(ng.signer)),
    );
    expect(outcomes.every(({ kind }) => kind === "accepted")).toBe(true);
  }
  await until("all is accepted", () =>
    ids.every(([agency, id]) => gateway(agency).exchange.find(id)?.state !== "QUEUED"),
  );
  await until("all is read", () => gateway("gh/tcu").exchange.status().inbox === captures - ofGateways); // prettier-ignore
  await settled();
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"], recs: ["ecowas", "eccas"] });
  insider = await dialHub(world, "hub");
  captured = await startCapture(insider);
  ng = await rawAgency(world, "ng/tcu");
  for (const agency of names) await start(agency);
  await sendAll();
  const all = [...captured];
  expect(all).toHaveLength(captures);
  const signers = new Map(
    all.map(({ originator }) => [originator, loadAgencySigner(world, originator)]),
  );
  replays = spellAll(all, (originator, slip) =>
    signers.get(originator)!.sign("atumpan-slip", slip),
  );
  const elsewhere = [
    "eccas.drugs.h0.bulletin.red_flag",
    "ecowas.firearms.h1.alert.incident",
    renderDirectChannel("a".repeat(32)),
    all.find(({ channel }) => channel.startsWith("direct."))?.channel ?? "",
  ];
  routes = [sentAgain, sentBy("gh/moc"), sentFor(elsewhere), stored(elsewhere)];
  before = effects();
}, minutes * 60_000);

afterAll(async () => {
  await ng?.close();
  await insider?.close();
  await world?.stop();
});

/** Deletes a reader's durable, if it has one there: the next is given everything from the first on. */
async function forget(stream: string, agency: string): Promise<void> {
  const name = consumerOf(agency);
  const { jetStream } = world.desk;
  if ((await jetStream.consumers(stream)).includes(name))
    await jetStream.deleteConsumer(stream, name);
}

/** Replays everything, each by the next of the routes, and holds that nobody sees any of it. */
async function expectNoEffect(turn: number): Promise<void> {
  const { accepted } = world.broker.status();
  const shifted = [...routes.slice(turn), ...routes.slice(0, turn)];
  await replayAll({ world, link: insider, readers }, replays, shifted);
  expect(world.broker.status().accepted).toBe(accepted);
  expect(effects()).toEqual(before);
}

describe(`T-7 ${captures} captured messages, each in ${otherSpellings.length + 1} spellings`, () => {
  it("are what was sent: feeds and mail, by hand and by gateways, and other spellings differ", () => {
    expect(new Set(captured.map(({ originator }) => originator))).toEqual(
      new Set(["ng/tcu", "ng/fiu", "ecowas/centre"]),
    );
    const spelt = new Map(replays.map((one) => [`${one.spelling} ${Buffer.from(one.bytes).toString("base64")}`, one])); // prettier-ignore
    expect(replays).toHaveLength(captures * 7);
    const plain = new Set(captured.map(({ bytes }) => Buffer.from(bytes).toString("base64")));
    for (const spelling of otherSpellings) {
      const changed = [...spelt.values()].filter(
        (one) => one.spelling === spelling && !plain.has(Buffer.from(one.bytes).toString("base64")),
      );
      expect(changed.length, spelling).toBeGreaterThan(captures / 4);
    }
  });

  it(
    "sent again by their senders, all of them, are refused or the same",
    async () => {
      const { repeated, refused } = world.broker.status();
      const marks = await world.desk.marks();
      await replayAll({ world, link: insider, readers }, replays, [sentAgain]);
      const now = world.broker.status();
      expect(now.repeated - repeated + now.refused - refused).toBe(replays.length);
      expect(now.repeated - repeated).toBeGreaterThanOrEqual(captures);
      expect(await world.desk.marks()).toEqual(marks);
      expect(effects()).toEqual(before);
    },
    minutes * 60_000,
  );

  it(
    "sent by another agency over its own link are refused, every one",
    async () => {
      const thief = await rawAgency(world, "gh/moc");
      const { refused, repeated } = world.broker.status();
      const marks = await world.desk.marks();
      for (const [at, { channel, bytes }] of replays.entries()) {
        thief.link.publish(outSubject(channel), bytes);
        if (at % 500 === 499) await thief.link.flush();
      }
      await until("all were judged", () => world.broker.status().refused === refused + replays.length); // prettier-ignore
      expect(world.broker.status().repeated).toBe(repeated);
      expect(await world.desk.marks()).toEqual(marks);
      expect(effects()).toEqual(before);
      await thief.close();
    },
    minutes * 60_000,
  );

  it(
    "come again through a lying hub, to their readers and to others, and have no effect but a place in quarantine",
    async () => {
      const quarantined = (): readonly number[] =>
        readers.map((agency) => gateway(agency).exchange.status().quarantined);
      const first = quarantined();
      await expectNoEffect(0);
      // so they did arrive: nobody was deaf
      expect(quarantined().every((count, at) => count > (first[at] ?? 0))).toBe(true);
    },
    minutes * 60_000,
  );

  it(
    "come again after the hub's broker began anew and forgot what everybody had read, and have no effect",
    async () => {
      await world.stopBroker();
      for (const agency of readers) {
        for (const stream of ["FEED_ECOWAS", "DIRECT"]) await forget(stream, agency);
      }
      await world.startBroker();
      await expectNoEffect(1);
    },
    minutes * 60_000,
  );

  it(
    "come again after every gateway began anew, and have no effect",
    async () => {
      for (const agency of names) await world.stopGateway(agency);
      for (const agency of names) await start(agency);
      await expectNoEffect(2);
    },
    minutes * 60_000,
  );

  it(
    "and the receipts for them come again, to those they were for and to others, and no ladder grows",
    async () => {
      for (const { data } of await world.desk.read("RECEIPTS")) {
        for (const agency of names) insider.publish(`receipt.${agency.replace("/", ".")}`, data);
      }
      await insider.flush();
      for (const agency of names) await world.desk.taken("RECEIPTS", agency);
      expect(effects()).toEqual(before);
    },
    minutes * 60_000,
  );
});

describe("T-7 a gateway's store that was restored from an older copy", () => {
  const copies = new Map<string, string>();

  function storeFiles(agency: string): readonly string[] {
    return ["store.db", "store.db-wal", "store.db-shm"]
      .map((name) => join(world.layout.gateway(agency), name))
      .filter((file) => existsSync(file));
  }

  async function copy(agency: string): Promise<void> {
    await world.stopGateway(agency);
    const folder = join(world.home, "copies", agency);
    copies.set(agency, folder);
    for (const file of storeFiles(agency)) cpSync(file, join(folder, basename(file)));
    await start(agency);
  }

  async function restore(agency: string): Promise<void> {
    await world.stopGateway(agency);
    for (const file of storeFiles(agency)) rmSync(file, { force: true });
    cpSync(copies.get(agency) ?? "", world.layout.gateway(agency), { recursive: true });
    await start(agency);
  }

  it("makes no reader read anything twice, whether sender or reader was restored", async () => {
    await copy("ecowas/centre");
    await copy("gh/tcu");
    const sender = (): Gateway["exchange"] => gateway("ecowas/centre").exchange;
    const later: string[] = [];
    for (let at = 0; at < 3; at += 1) {
      later.push((await sender().submit(example("red-flag"), `later ${at}`)).id);
    }
    const isRead = (id: string): boolean => gateway("gh/tcu").exchange.find(id) !== undefined;
    await until("they are read", () => later.every(isRead));
    await settled();
    const read = effects();
    await restore("ecowas/centre");
    await restore("gh/tcu");
    await expectReadOnce(read);
    // it takes nothing before it has caught up, and uses no number a second time
    await until("it has caught up", () => sender().status().catchingUp === undefined);
    const { id } = await sender().submit(example("red-flag"), "after the loss");
    await until("it is read", () => gateway("gh/tcu").exchange.find(id)?.state === "VERIFIED");
    const shifted = [...routes.slice(3), ...routes.slice(0, 3)];
    await replayAll({ world, link: insider, readers }, replays, shifted);
    await expectReadOnce(read);
  }, minutes * 60_000); // prettier-ignore

  /** Every reader has each message once, and nobody one that was not for him. */
  async function expectReadOnce(read: Readonly<Record<string, Effects>>): Promise<void> {
    for (const agency of readers) await world.desk.taken("FEED_ECOWAS", agency).catch(() => 0);
    const now = effects();
    const fresh = new Set(now["ecowas/centre"]?.sent.map((line) => `ecowas/centre ${line.split(" ")[0]}`)); // prettier-ignore
    for (const agency of names) {
      const list = now[agency]?.read ?? [];
      expect(new Set(list).size).toBe(list.length);
      const known = new Set(read[agency]?.read);
      expect(list.filter((one) => !known.has(one) && !fresh.has(one))).toEqual([]);
    }
  }
});
