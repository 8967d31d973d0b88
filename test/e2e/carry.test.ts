import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { renewLists } from "../../deploy/local/region.ts";
import { makeCarryDesk } from "../../gateways/carry/index.ts";
import { saveFile } from "../../gateways/cli/save-file.ts";
import { readSpooled } from "../../gateways/carry/spool.ts";
import { loadGateway } from "../../gateways/config.ts";
import { type Gateway, startGateway } from "../../gateways/gateway.ts";
import { silentLog, systemChance } from "../../schemas/ground/index.ts";
import { alert, bulletin } from "../kit/gateway-office.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const hour = 3_600_000;
const days = 3;
const [ng, gh, sn] = ["ng/tcu", "gh/tcu", "sn/tcu"] as const;
let world: World;
let stick: string;
/** Gateways that reach no hub. */
const alone = new Map<string, Gateway>();
let keys = 0;

beforeAll(async () => {
  stick = mkdtempSync(join(tmpdir(), "stick-"));
  world = await startWorld({ states: ["ng", "gh", "sn"], agoMs: days * 23 * hour });
});

afterAll(async () => {
  for (const gateway of alone.values()) await gateway.stop();
  await world?.stop();
  rmSync(stick, { recursive: true, force: true });
});

/** Starts a gateway whose hub's address leads nowhere. */
async function startAlone(agency: string): Promise<Gateway> {
  const { options } = loadGateway(world.layout.gateway(agency));
  const ground = { clock: world.clock, chance: systemChance, log: silentLog };
  const gateway = await startGateway({ ...options, hubUrls: ["tls://127.0.0.1:1"], ...ground });
  alone.set(agency, gateway);
  return gateway;
}

async function stopAlone(agency: string): Promise<void> {
  await alone.get(agency)?.stop();
  alone.delete(agency);
}

async function say({ exchange }: Gateway, submission: unknown): Promise<string> {
  keys += 1;
  return (await exchange.submit(submission, `carry-${keys}`)).id;
}

function deskOf(gateway: Gateway): ReturnType<typeof makeCarryDesk> {
  const dir = world.layout.gateway(gateway.agency);
  return makeCarryDesk({ office: gateway.office, parts: gateway.carry, dir });
}

/** Writes a file for another gateway onto the stick. */
async function write(from: Gateway, to: string): Promise<string> {
  const writing = await deskOf(from).write(to);
  const path = join(stick, `${randomBytes(4).toString("hex")}.atc`);
  await saveFile(path, writing.bytes);
  return path;
}

/** Brings a file from the stick to a gateway, and gives what became of it. */
async function bring(to: Gateway, path: string): Promise<Record<string, unknown>> {
  const desk = deskOf(to);
  const id = await desk.begin(readSpooled(path), "TAKE");
  await until("the file was read", () => desk.progress(id)?.state !== "RUNNING");
  const end = desk.progress(id);
  return end?.state === "TAKEN" ? { ...end.result } : { ...end };
}

function inbox({ exchange }: Gateway): readonly string[] {
  const { items } = exchange.list({ box: "in", limit: 200 });
  return items.map(({ id, state }) => `${id} ${state}`).toSorted();
}

function rungs({ exchange }: Gateway, id: string): readonly string[] {
  return (exchange.find(id)?.ladder ?? []).map(({ kind, by }) => `${kind} ${by}`).toSorted();
}

function checkChains({ office }: Gateway): void {
  const { chains } = office.store;
  expect(chains.countBroken()).toBe(0);
  expect(chains.changedSince(0).flatMap(({ missing }) => missing)).toEqual([]);
}

describe("two gateways that reach no hub for three days", () => {
  const sent: { readonly from: string; readonly id: string; readonly file: string }[] = [];

  it("exchange what they have to say by stick, proved as ever, with receipts", async () => {
    const lagos = await startAlone(ng);
    const accra = await startAlone(gh);
    for (let day = 0; day < days; day += 1) {
      world.shift(23 * hour);
      const ours = [await say(lagos, alert), await say(lagos, bulletin)];
      const there = await write(lagos, gh);
      expect(await bring(accra, there)).toMatchObject({ writer: ng, quarantined: 0 });
      const theirs = [await say(accra, alert)];
      const back = await write(accra, ng);
      expect(await bring(lagos, back)).toMatchObject({ writer: gh, quarantined: 0 });
      for (const id of ours) {
        expect(accra.exchange.find(id)).toMatchObject({ state: "VERIFIED", carried: [{ agency: ng }] });
        expect(rungs(lagos, id)).toEqual([`DELIVERED ${gh}`]);
      }
      for (const id of theirs) expect(lagos.exchange.find(id)?.state).toBe("VERIFIED");
      sent.push(...ours.map((id) => ({ from: ng, id, file: there })));
      sent.push(...theirs.map((id) => ({ from: gh, id, file: back })));
    }
    expect(inbox(accra).length).toBe(6);
    expect(inbox(lagos).length).toBe(3);
    checkChains(accra);
    checkChains(lagos);
  }); // prettier-ignore

  it("take an old stick again, or another's, without any change", async () => {
    const [lagos, accra] = [alone.get(ng)!, alone.get(gh)!];
    const before = inbox(accra);
    for (const { from, file } of sent) {
      if (from === ng) expect(await bring(accra, file)).toMatchObject({ added: 0, quarantined: 0 });
      expect(await bring(from === ng ? lagos : accra, file)).toMatchObject({
        state: "REFUSED",
        fault: { code: "CARRY_NOT_FOR_US" },
      });
    }
    expect(inbox(accra)).toEqual(before);
    expect(readdirSync(join(world.layout.gateway(gh), "carry"))).toEqual([]);
  });

  it("say nothing on the stick to who has no key: neither who wrote, nor for whom, nor what", () => {
    for (const file of readdirSync(stick)) {
      const text = readFileSync(join(stick, file)).toString("latin1");
      for (const word of [ng, gh, "Two hundred kilos", "alert", "ecowas", "drugs"]) {
        expect(text.includes(word)).toBe(false);
        expect(text.includes(Buffer.from(word).toString("base64url").slice(0, -2))).toBe(false);
      }
    }
  });

  it("get the register, with lists and certificates in it, from one that has a link", async () => {
    await renewLists(world.layout, world.offices, world.clock.now());
    const { epoch } = world.register();
    await world.broker.refresh();
    const dakar = await world.gateway(sn);
    await until("Dakar has the register", () => dakar.register().epoch === epoch);
    const lagos = alone.get(ng)!;
    expect(lagos.register().epoch).toBeLessThan(epoch);
    const file = await write(dakar, ng);
    const looked = deskOf(lagos);
    const id = await looked.begin(readSpooled(file), "CHECK");
    await until("it was looked at", () => looked.progress(id)?.state !== "RUNNING");
    expect(looked.progress(id)).toMatchObject({ state: "CHECKED", result: { registerEpoch: epoch } });
    expect(lagos.register().epoch).toBeLessThan(epoch);
    expect(await bring(lagos, file)).toMatchObject({ isNewRegister: true, registerEpoch: epoch });
    expect(lagos.register().epoch).toBe(epoch);
    // and hand it on
    const on = await write(lagos, gh);
    expect(await bring(alone.get(gh)!, on)).toMatchObject({ isNewRegister: true, added: 0 });
    expect(alone.get(gh)!.register().epoch).toBe(epoch);
    expect(await bring(alone.get(gh)!, on)).toMatchObject({ isNewRegister: false });
  }); // prettier-ignore

  it("have one copy of each when the link is back, every chain whole and every ladder complete", async () => {
    for (const agency of [ng, gh]) await stopAlone(agency);
    const linked = { [ng]: await world.gateway(ng), [gh]: await world.gateway(gh) };
    for (const { agency } of world.plan.agencies) await world.gateway(agency);
    const isDone = ({ from, id }: (typeof sent)[number]): boolean => {
      const { state, ladder = [] } = linked[from as typeof ng].exchange.find(id) ?? {};
      return state === "DELIVERED" && ladder.some(({ kind }) => kind === "ACCEPTED");
    };
    await until("all is accepted and delivered", () => sent.every(isDone));
    for (const { from, id } of sent) {
      const to = from === ng ? gh : ng;
      const read = linked[to].exchange.find(id);
      expect(read?.carried?.map(({ agency }) => agency)).toEqual([from]);
      await until("the hub handed it over as well", () => linked[to].exchange.find(id)?.carried?.[0]?.hubAt !== undefined);
      expect(rungs(linked[from as typeof ng], id).filter((rung) => rung.endsWith(to))).toEqual([`DELIVERED ${to}`]);
    }
    expect(inbox(linked[gh]).length).toBe(6);
    expect(inbox(linked[ng]).length).toBe(3);
    expect(new Set(inbox(linked[gh])).size).toBe(6);
    for (const gateway of Object.values(linked)) checkChains(gateway);
    checkChains(await world.gateway(sn));
    expect(linked[ng].exchange.status()).toMatchObject({ waiting: 0, quarantined: 0 });
  }, 180_000); // prettier-ignore
});
