import { globSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { showPreview } from "../../gateways/exchange/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import type { RecallDesk } from "../../gateways/recall/index.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import { decodeMessage, type RelayAgreement } from "../../schemas/index.ts";
import { parseUuid, silentLog, systemChance, toFault } from "../../schemas/ground/index.ts";
import { readIfThere } from "../kit/read-tree.ts";
import { relayAgreement, relayCast, startRelayRegion, withRelays } from "../kit/relay-region.ts";
import { until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";
import type { TwoHubs } from "../kit/two-hubs.ts";

const { west, south, relay } = relayCast;
const day = 86_400_000;
/** What takes back before it came on: `ATUMPAN_LONG=1`. */
const isLong = process.env["ATUMPAN_LONG"] === "1";

let region: TwoHubs;
let gateways: Readonly<Record<string, Gateway>> = {};
let open: Readonly<Record<string, OpenServices>> = {};
let keys = 0;

function gateway(agency: string): Gateway {
  const found = gateways[agency];
  if (found === undefined) throw new Error(`${agency} is not started`);
  return found;
}

function desk(agency: string): RecallDesk {
  const found = open[agency]?.services.recalls;
  if (found === undefined) throw new Error(`${agency} has no recalls`);
  return found;
}

async function start(agency: string): Promise<void> {
  const started = await region.world.gateway(agency);
  gateways = { ...gateways, [agency]: started };
  const { clock, layout } = region.world;
  const ground = { dir: layout.gateway(agency), clock, chance: systemChance, log: silentLog };
  open = { ...open, [agency]: makeServices({ gateway: started, ...ground }) };
}

async function stop(agency: string): Promise<void> {
  await open[agency]?.stop();
  await region.world.stopGateway(agency);
  const { [agency]: _gateway, ...others } = gateways;
  const { [agency]: _open, ...rest } = open;
  [gateways, open] = [others, rest];
}

async function agree(differs: Partial<RelayAgreement> = {}): Promise<void> {
  const agreement = relayAgreement(region, { types: ["request.*", "data.*"], ...differs });
  await region.world.publish(withRelays([agreement]));
  const { epoch } = region.world.register();
  await region.second.broker.refresh();
  for (const one of Object.values(gateways)) {
    await until("everybody has the register", () => one.register().epoch === epoch);
  }
}

function mail(more: object = {}): Record<string, unknown> {
  const type = "request.information";
  const { body, ...own } = exampleNow(type, region.world.clock.now()) as { readonly body: object };
  return { type, recipients: [south], ...own, body: { ...body, ...more } };
}

async function submit(submission: unknown): Promise<string> {
  keys += 1;
  const { id } = await gateway(west).exchange.submit(submission, `relay-back-${keys}`);
  return id;
}

function rungs(id: string): readonly string[] {
  const ladder = gateway(west).exchange.find(id)?.ladder ?? [];
  return ladder.map(({ kind, by }) => `${kind} ${by}`);
}

/** Sealed as both hubs and all stores have it. */
function sealedOf(agency: string, id: string): Buffer {
  const raw = gateway(agency).office.store.messages.find(parseUuid(id))?.raw ?? new Uint8Array();
  const { ciphertext } = JSON.parse(Buffer.from(decodeMessage(raw).sealed ?? []).toString("utf8")) as { ciphertext: string };
  return Buffer.from(ciphertext.slice(0, 120));
} // prettier-ignore

/** Whether a hub's streams on the disk hold these octets. */
function holds(hub: "first" | "second", bytes: Buffer): boolean {
  const { home } = region.world.layout;
  const second = join(home, "second");
  const files = globSync(join(home, "**", "*.blk"));
  const own = files.filter((file) => file.startsWith(second) === (hub === "second"));
  return own.some((file) => readIfThere(file)?.includes(bytes) === true);
}

function beyond(id: string): readonly Record<string, unknown>[] {
  return desk(west).show(id)["beyond"] as readonly Record<string, unknown>[];
}

beforeAll(async () => {
  region = await startRelayRegion();
  for (const agency of [west, south, relay]) await start(agency);
  await agree();
  await until("the relay reaches both hubs", () => {
    const { hubs } = gateway(relay).exchange.status();
    return hubs.length === 2 && hubs.every(({ isUp }) => isUp);
  });
});

afterAll(async () => {
  for (const one of Object.values(open)) await one.stop();
  await region?.stop();
});

describe("T36 files beside mail that a relay takes on", () => {
  it("are refused at the sender, in the preview too, and nothing is stored", async () => {
    const digest = Buffer.alloc(32, 7).toString("base64url");
    const named = { digest, role: "REPORT", mediaType: "image/png", size: 9 };
    const { office } = gateway(west);
    const before = office.store.outbox.last();
    const files = mail({ attachments: [{ ...named, key: digest, manifest: digest }] });
    const codeOf = (error: unknown): string => toFault(error, "INTERNAL").code;
    expect(await showPreview(office, files).then(() => "shown", codeOf)).toBe("RELAY_FILES");
    expect(await submit(files).catch(codeOf)).toBe("RELAY_FILES");
    expect(office.store.outbox.last()).toBe(before);
    // what is only spoken of goes
    expect(await showPreview(office, mail({ attachments: [named] })).then(() => "shown", codeOf)).toBe("shown");
  }); // prettier-ignore
});

describe("T7 mail that a relay took on is taken back", () => {
  it("at its reader and at both hubs, and the other hub's own word of it stands at the sender", async () => {
    const id = await submit(mail());
    await until("it is delivered", () => gateway(west).exchange.find(id)?.state === "DELIVERED");
    const sealed = sealedOf(west, id);
    expect([holds("first", sealed), holds("second", sealed)]).toEqual([true, true]);
    const deadline = region.world.clock.now() + day;
    await desk(west).start({ ids: [id], scope: "MESSAGE", reason: "UNLAWFUL", deadline }, "back");
    await until(
      () => `it is complete: ${JSON.stringify(desk(west).list())} ${JSON.stringify(beyond(id))}`,
      () => desk(west).list()[0]?.["state"] === "COMPLETE" && beyond(id)[0]?.["at"] !== undefined,
    );
    expect(beyond(id)).toMatchObject([{ hub: region.second.hub, relay, stream: "DIRECT" }]);
    expect(beyond(id)[0]?.["sequence"]).toBeGreaterThan(0);
    await until("neither hub holds it", () => !holds("first", sealed) && !holds("second", sealed));
    // the answers of who took it back come over the relay too
    await until("nothing waits at the relay", () => gateway(relay).office.store.relayedMails.waiting().length === 0);
    const [order] = gateway(west).office.store.recalls.of(parseUuid(id), west);
    await until("the order is done", () => gateway(west).office.store.recalls.of(parseUuid(id), west).every(({ state }) => state === "DONE"));
    expect(order?.kind).toBe("PURGE");
  }); // prettier-ignore

  it.runIf(isLong)("before it came on: it never comes to the other hub, which says so", async () => {
    await stop(relay);
    const id = await submit(mail());
    await until("its hub has it", () => rungs(id).includes(`ACCEPTED ${region.first}`));
    const sealed = sealedOf(west, id);
    const deadline = region.world.clock.now() + day;
    const { inbox } = gateway(south).exchange.status();
    await desk(west).start({ ids: [id], scope: "MESSAGE", reason: "UNLAWFUL", deadline }, "early");
    await until("the first holds nothing of it", () => !holds("first", sealed));
    await start(relay);
    await until("the other hub has answered", () => beyond(id)[0]?.["at"] !== undefined);
    expect(beyond(id)[0]?.["sequence"]).toBeUndefined();
    expect(holds("second", sealed)).toBe(false);
    expect(gateway(south).exchange.status().inbox).toBeLessThanOrEqual(inbox + 1);
    expect(gateway(south).exchange.find(id)).toBeUndefined();
  }); // prettier-ignore
});

describe("T36 an agreement ends while mail lies at the other hub", () => {
  it("its reader has it, its sender is told so, and nothing new goes", async () => {
    await stop(south);
    const id = await submit(mail());
    const item = (): string | undefined => {
      const { store } = gateway(relay).office;
      const digest = gateway(west).office.store.messages.find(parseUuid(id))?.digest;
      const [publication] = gateway(west).office.store.outbox.byMessage(
        gateway(west).office.store.messages.find(parseUuid(id))?.seq ?? 0,
      );
      return store.relayedMails.find(digest ?? new Uint8Array(), publication?.channel ?? "")?.state;
    };
    await until("the other hub has it", () => item() === "ACCEPTED");
    await agree({ until: region.world.clock.now() });
    expect(await submit(mail()).catch((error: unknown) => toFault(error, "INTERNAL").code)).toBe("RELAY_NOT_AGREED");
    await start(south);
    await until("its sender is told", () => gateway(west).exchange.find(id)?.state === "DELIVERED");
    await until("the whole ladder stands", () => rungs(id).length === 3);
    expect(rungs(id).toSorted()).toEqual([`ACCEPTED ${region.first}`, `DELIVERED ${south}`, `TAKEN_ON ${relay}`]);
    expect(gateway(south).exchange.find(id)).toMatchObject({ box: "in", state: "VERIFIED" });
  }); // prettier-ignore
});
