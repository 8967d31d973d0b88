import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import { parseLogBatch, parseLogLeaf, receiptSubject, storedSubject } from "../../schemas/index.ts";
import { type Bytes, type Clock, renderUuid, systemClock } from "../../schemas/ground/index.ts";
import { tamper } from "../chaos/tamper-bytes.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { makeDice, pick } from "../kit/dice.ts";
import { forge } from "../kit/forge.ts";
import { editRegister, readRegister, replaceRegister } from "../kit/register-edit.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const members = ["ng/tcu", "gh/tcu", "ecowas/centre"] as const;

let world: World;
let raw: RawAgency;
let gateways: readonly Gateway[];

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async ({ layout }) => {
      for (const agency of members) {
        const file = join(layout.gateway(agency), "gateway.json");
        const config = JSON.parse(readFileSync(file, "utf8")) as object;
        writeFileSync(file, JSON.stringify({ ...config, monitor: "on" }));
      }
      await Promise.resolve();
    },
  });
  // what they do every ten seconds they do in each
  const clock: Clock = { ...world.clock, elapsed: () => systemClock.elapsed() * 10 };
  gateways = await Promise.all(members.map((agency) => world.gateway(agency, clock)));
  raw = await rawAgency(world, "ng/moc");
});

afterAll(async () => {
  await raw?.close();
  await world?.stop();
});

interface ApiMessage {
  readonly message?: { readonly data: string };
}

async function readStream(stream: string): Promise<readonly Bytes[]> {
  const { link, jetStream } = world.desk;
  const { lastSequence = 0 } = (await jetStream.stream(stream)) ?? {};
  const asked = Array.from({ length: lastSequence }, async (_, i) => {
    const answer = await link.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq: i + 1 }));
    const { message } = answer.json<ApiMessage>();
    return message === undefined ? [] : [Buffer.from(message.data, "base64")];
  });
  return (await Promise.all(asked)).flat();
} // prettier-ignore

function linesSaying(text: string): number {
  const log = readFileSync(join(world.layout.logs, "gateways.log"), "utf8");
  return log.split("\n").filter((line) => line.includes(text)).length;
}

describe("T-5 a register that changes", () => {
  async function leafEpochs(): Promise<readonly number[]> {
    const leaves = (await readStream("LOG")).flatMap((data) => parseLogBatch(data).leaves);
    return leaves.map(parseLogLeaf).filter(({ kind }) => kind === "REGISTER").map(({ sequence }) => sequence);
  } // prettier-ignore

  it("is seen by every member within a minute: an entry of the log, and the register itself", async () => {
    const { epoch } = world.register();
    await world.publish({ region: (now) => ({ ...now, mandates: now.mandates.slice(0, -1) }) });
    await until("it is in the log", async () => (await leafEpochs()).includes(epoch + 1), 60);
    await until("every member has it", () => gateways.every((one) => one.register().epoch === epoch + 1), 60); // prettier-ignore
    const size = world.broker.status().log?.size ?? 0;
    const hasRead = (one: Gateway): boolean =>
      (one.office.store.logWatch.of(world.plan.hub)?.size ?? 0) >= size;
    await until("every member's monitor has read it", () => gateways.every(hasRead));
    expect(gateways.flatMap((one) => one.log.alarms().map(({ code }) => code))).toEqual([]);
  });

  it("without the signatures it needs is seen by nobody: no entry, and no member judges by it", async () => {
    const { layout, offices, clock } = world;
    const before = readRegister(layout.register);
    const { epoch } = world.register();
    const sizes = await leafEpochs();
    const next = editRegister(before, { region: (now) => ({ ...now, mandates: [] }) }, { offices, now: clock.now() }); // prettier-ignore
    const text = Buffer.from(next).toString("latin1");
    const unsigned = text.replaceAll(/"sig":"(?<first>[0-9a-f])/g, (_, first: string) => `"sig":"${first === "0" ? "1" : "0"}`); // prettier-ignore
    expect(unsigned).not.toBe(text);
    replaceRegister(layout.register, Buffer.from(unsigned, "latin1"));
    await world.broker.refresh();
    expect(world.audit().map(({ event }) => event)).toContain("register refused");
    replaceRegister(layout.register, before);
    expect([world.broker.status().epoch, await leafEpochs()]).toEqual([epoch, sizes]);
    expect(gateways.map((one) => one.register().epoch)).toEqual(members.map(() => epoch));
  });
});

describe("T-3 somebody in the broker, over the real path,", () => {
  it("changes 300 messages between the stream and its readers: each lies in every reader's quarantine, and none is taken", async () => {
    const dice = makeDice("between");
    const good = Array.from({ length: 4 }, () => forge(raw.signer).bytes);
    const count = 300;
    for (let i = 0; i < count; i += 1) {
      const { bytes, channel, id } = forge(raw.signer);
      const changed = tamper(bytes, pick(dice, good), { dice, isPublication: true });
      const subject = storedSubject(channel, raw.agency, renderUuid(id));
      await world.desk.link.request(subject, changed);
    }
    const [, gh] = gateways;
    await until("all came", () => (gh?.exchange.status().quarantined ?? 0) >= count);
    expect(gh?.exchange.status()).toMatchObject({ inbox: 0, quarantined: count });
    // as it was signed, and by the same way, it is taken
    const { bytes, channel, id } = forge(raw.signer);
    await world.desk.link.request(storedSubject(channel, raw.agency, renderUuid(id)), bytes);
    await until("the good one is there", () => gh?.exchange.status().inbox === 1);
    // and what the hub never took stands in no log of it, which is told as well
    await until("it is missed in the log", () => gh!.log.alarms().some(({ code }) => code === "LOG_PROOF_MISSING"));
  });

  it("changes 100 receipts: each is a line in the log, and the message is not further than it was", async () => {
    const dice = makeDice("receipts between");
    const [ng] = gateways;
    const { id } = await ng!.exchange.submit(example("red-flag"), "between");
    const rungs = (): number => ng!.exchange.find(id)?.ladder.length ?? 0;
    await until("the hub and both readers have it", () => rungs() === members.length);
    const before = linesSaying("a receipt was not proved");
    const genuine = await readStream("RECEIPTS");
    const count = 100;
    for (let i = 0; i < count; i += 1) {
      const changed = tamper(pick(dice, genuine), pick(dice, genuine), { dice });
      await world.desk.link.request(receiptSubject("ng/tcu"), changed);
    }
    await until("each is told of", () => linesSaying("a receipt was not proved") >= before + count);
    expect(rungs()).toBe(members.length);
  });
}); // prettier-ignore
