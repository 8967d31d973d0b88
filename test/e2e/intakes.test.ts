import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { anyIntakeSubject, intakeStreamOf, outSubject } from "../../schemas/index.ts";
import { utf8 } from "../../schemas/ground/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { changeHubLimits } from "../kit/hub-limits.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

/** A quarter of what it is in service, so that a flood is soon judged. */
const most = 1024;
const sent = most + 300;
let setBack: () => void;
let world: World;
let ng: RawAgency;
let gh: RawAgency;

beforeAll(async () => {
  setBack = changeHubLimits({ intakeMaxMessages: most });
  world = await startWorld({ states: ["ng", "gh"] });
  ng = await rawAgency(world, "ng/tcu");
  gh = await rawAgency(world, "gh/tcu");
});

afterAll(async () => {
  await ng?.close();
  await gh?.close();
  await world?.stop();
  setBack();
});

async function waiting(agency: string): Promise<number | undefined> {
  return (await world.desk.jetStream.stream(intakeStreamOf(agency)))?.messages;
}

async function flood({ link, signer }: RawAgency): Promise<void> {
  const { channel } = forge(signer);
  for (let at = 0; at < sent; at += 1) {
    link.publish(outSubject(channel), utf8(`of no shape ${at}`));
    if (at % 500 === 499) await link.flush();
  }
  await link.flush();
}

/** Good publications of an agency, sent and not waited for. */
async function sendGood({ link, signer }: RawAgency, count: number): Promise<void> {
  for (let at = 0; at < count; at += 1) {
    const { bytes, channel } = forge(signer);
    link.publish(outSubject(channel), bytes);
  }
  await link.flush();
}

async function last(stream: string): Promise<number> {
  return (await world.desk.jetStream.stream(stream))?.lastSequence ?? 0;
}

/** When the server stored a message, in its own words: they sort as times do. */
async function timeOf(stream: string, seq: number): Promise<string> {
  const subject = `$JS.API.STREAM.MSG.GET.${stream}`;
  const reply = await world.desk.link.request(subject, JSON.stringify({ seq }));
  const { message } = reply.json<{ message: { time: string } }>();
  // the server leaves zeros at the end of the fraction out
  const [whole = "", fraction = ""] = message.time.replace("Z", "").split(".");
  return `${whole}.${fraction.padEnd(9, "0")}`;
}

describe("the intakes", () => {
  it("are one for each agency that may link, and none besides", async () => {
    const { agencies, hub } = world.plan;
    const own = agencies.map(({ agency }) => agency).filter((agency) => agency !== hub);
    const found = await world.desk.jetStream.streamsOn(anyIntakeSubject);
    expect(found.toSorted()).toEqual(own.map(intakeStreamOf).toSorted());
  });

  it("one that is full refuses its own agency alone, and while nobody judges it grows no more", async () => {
    const before = await last("FEED_ECOWAS");
    await world.stopBroker();
    await flood(ng);
    await sendGood(gh, 5);
    await until("what came was counted", async () => (await waiting("gh/tcu")) === 5);
    await until("the flood is counted", async () => {
      const messages = await waiting("ng/tcu");
      return messages === most;
    });
    await flood(ng);
    expect(await waiting("ng/tcu")).toBe(most);
    await world.startBroker();
    await until("the others' are stored", async () => (await last("FEED_ECOWAS")) === before + 5);
  });

  it("of a flood that waits not half was judged before the one of somebody else that waits too", async () => {
    await until("the flood is over", async () => (await waiting("ng/tcu")) === 0);
    await world.stopBroker();
    const [feed, copies] = [await last("FEED_ECOWAS"), await last("QUARANTINE")];
    await flood(ng);
    await sendGood(gh, 1);
    await until("both wait", async () => (await waiting("ng/tcu")) === most && (await waiting("gh/tcu")) === 1);
    await world.startBroker();
    await until("all is judged", async () => (await waiting("ng/tcu")) === 0 && (await last("FEED_ECOWAS")) === feed + 1);
    // by the server's own word on when it stored each; of what is refused it keeps a copy
    const middle = copies + most / 2;
    expect(await timeOf("FEED_ECOWAS", feed + 1) < await timeOf("QUARANTINE", middle)).toBe(true);
  }); // prettier-ignore

  it("that are lost with the server's memory are there again, and take what is sent again", async () => {
    await gh.close();
    await ng.close();
    await world.server.kill();
    await world.server.start();
    await until("the broker is ready", () => world.broker.ready);
    await until("the desk is there", () => world.desk.isUp());
    gh = await rawAgency(world, "gh/tcu");
    ng = await rawAgency(world, "ng/tcu");
    expect(await waiting("gh/tcu")).toBe(0);
    expect((await gh.send(forge(gh.signer))).kind).toBe("accepted");
  });
});
