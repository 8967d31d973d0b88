import { headers } from "nats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import {
  consumerOf,
  inboxPrefixOf,
  encodeRegisterQuestion,
  intakeStreamOf,
  outHeadsSubject,
  outRegisterSubject,
  outSubject,
} from "../../schemas/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { forbiddenRequests, forbiddenSubscriptions, type Targets } from "../kit/attempts.ts";
import { forge } from "../kit/forge.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { changeHubLimits } from "../kit/hub-limits.ts";
import { startWorld, type World } from "../kit/world.ts";

/** One with hardly any right, and one who may read the very feed. */
const thieves = ["lr/moc", "sn/tcu"] as const;

let setBack: () => void;
let world: World;
let ng: RawAgency;
let gh: Gateway;
let fius: { readonly ng: Gateway; readonly gh: Gateway };
let thief: Record<string, RawAgency>;

beforeAll(async () => {
  // who tries so much at once is shut out by now; here it is asked what he would have of it if he were not
  setBack = changeHubLimits({ floodUnits: 1_000_000 });
  world = await startWorld();
  ng = await rawAgency(world, "ng/tcu");
  gh = await world.gateway("gh/tcu");
  fius = { ng: await world.gateway("ng/fiu"), gh: await world.gateway("gh/fiu") };
  thief = {};
  for (const agency of thieves) thief[agency] = await rawAgency(world, agency);
});

afterAll(async () => {
  for (const one of Object.values(thief ?? {})) await one.close();
  await ng?.close();
  await world?.stop();
  setBack?.();
});

function targetsFor(agency: string): Targets {
  const all = world.plan.agencies.map((one) => one.agency);
  const others = ["gh/tcu", "gh/fiu", "ng/tcu"].filter((one) => one !== agency);
  expect(all).toEqual(expect.arrayContaining([agency, ...others]));
  const streams = Object.keys(world.broker.status().streams);
  const kept = ["BLOB", "DIRECT", "FEED_ECOWAS", "QUARANTINE", "RECEIPTS"];
  expect(streams.toSorted()).toEqual([...kept, ...all.map(intakeStreamOf)].toSorted());
  return { own: consumerOf(agency), others: others.map(consumerOf), streams };
}

let sent = 0;

/** Traffic of every kind; resolves when those it is for hold it. */
async function flow(): Promise<void> {
  sent += 1;
  const feeds = gh.exchange.status().inbox;
  const mail = fius.gh.exchange.status().inbox;
  expect((await ng.send(forge(ng.signer))).kind).toBe("accepted");
  const { id } = await fius.ng.exchange.submit(example("fiu-request"), `flow ${sent}`);
  await until("gh/tcu holds the bulletin", () => gh.exchange.status().inbox === feeds + 1);
  await until("gh/fiu holds the request", () => fius.gh.exchange.status().inbox === mail + 1);
  await until("ng/fiu knows", () => fius.ng.exchange.find(id)?.state === "DELIVERED");
}

interface Ear {
  readonly heard: string[];
  stop(): void;
}

/** Listens on all of an agency's own replies. */
function listen({ agency, link }: RawAgency): Ear {
  const heard: string[] = [];
  const subscription = link.subscribe(`${inboxPrefixOf(agency)}.>`, {
    callback: (error, { subject, data }) => {
      heard.push(error === null ? `${subject} ${Buffer.from(data).toString("latin1")}` : "error");
    },
  });
  return { heard, stop: () => subscription.unsubscribe() };
}

/** Does something, and gives what the server denied because of it; waits for as many denials as are due. */
async function denialsOf(
  { link, denials }: RawAgency,
  due: number,
  act: () => void,
): Promise<readonly string[]> {
  const before = denials.length;
  act();
  await link.flush();
  await until(`${due} denials`, () => denials.length >= before + due);
  return denials.slice(before).map(({ subject }) => subject);
}

describe.each(thieves)("%s", (agency) => {
  it("may send none of the requests by which others' messages could be had, and gets no answer", async () => {
    const raw = thief[agency]!;
    const requests = forbiddenRequests(targetsFor(agency));
    expect(requests.length).toBeGreaterThan(300);
    const ear = listen(raw);
    const marks = await world.desk.marks();
    const payloads = ["", '+NXT {"batch":100}', '{"batch":100,"no_wait":true}', '{"seq":1}'];
    const denied = await denialsOf(raw, requests.length * payloads.length, () => {
      for (const payload of payloads) {
        for (const [i, subject] of requests.entries()) {
          raw.link.publish(subject, payload, { reply: `${inboxPrefixOf(agency)}.r${i}` });
        }
      }
    });
    expect(new Set(denied)).toEqual(new Set(requests));
    expect(denied.length).toBe(requests.length * payloads.length);
    expect(await world.desk.marks()).toEqual(marks);
    await flow();
    expect(ear.heard).toEqual([]);
    ear.stop();
  });

  it("may listen to nothing but its own replies, alone or in a queue group, while traffic flows", async () => {
    const raw = thief[agency]!;
    const subjects = forbiddenSubscriptions(targetsFor(agency));
    expect(subjects.length).toBeGreaterThan(60);
    const heard: string[] = [];
    const denied = await denialsOf(raw, subjects.length * 3, () => {
      for (const subject of subjects) {
        for (const queue of ["", "callout", "mine"]) {
          raw.link.subscribe(subject, {
            ...(queue === "" ? {} : { queue }),
            callback: (error, message) => {
              if (error === null) heard.push(message.subject);
            },
          });
        }
      }
    });
    expect(new Set(denied)).toEqual(new Set(subjects));
    await flow();
    await raw.link.flush();
    expect(heard).toEqual([]);
  });

  it("cannot send an answer that is its own to others, nor to where messages are kept", async () => {
    const raw = thief[agency]!;
    const victim = await rawAgency(world, "gh/moc");
    const ear = listen(victim);
    const own = listen(raw);
    await raw.pull("RECEIPTS");
    const { lastSequence: before } = (await world.desk.jetStream.stream("RECEIPTS"))!;
    const marks = await world.desk.marks();
    const receipt = "receipt.gh.moc";
    const targets = [
      `${inboxPrefixOf("gh/moc")}.mine`, "feed.ecowas.drugs.h0.bulletin.red_flag.ng.tcu.forged",
      "direct.aaaa.bbbb.forged", receipt, "in.gh.moc.heads", "$JS.API.STREAM.PURGE.FEED_ECOWAS",
      "$JS.API.STREAM.DELETE.FEED_ECOWAS", "_INBOX_HUB_DATA.x", "$SYS.REQ.SERVER.PING",
    ]; // prettier-ignore
    const next = `$JS.API.CONSUMER.MSG.NEXT.RECEIPTS.${consumerOf(agency)}`;
    const made = forge(raw.signer, { envelope: { handling: "H3" } });
    for (const reply of targets) {
      const question = encodeRegisterQuestion({ path: "metadata/timestamp.json", offset: 0 });
      raw.link.publish(outRegisterSubject("file"), question, { reply });
      for (const subject of [outHeadsSubject, next]) {
        raw.link.publish(subject, next === subject ? '{"batch":1,"no_wait":true}' : "", { reply });
      }
      raw.link.publish(outSubject(made.channel), made.bytes, { reply });
      raw.link.publish(`$JS.ACK.RECEIPTS.${consumerOf(agency)}.1.1.1.1.1`, "+NXT", { reply });
    }
    await raw.link.flush();
    // the refusals come back as receipts, each once: all of it was looked at
    await until("the refusals are there", async () => {
      const found = await world.desk.jetStream.stream("RECEIPTS");
      return (found?.lastSequence ?? 0) > before;
    });
    expect(await world.desk.marks()).toEqual(marks);
    await flow();
    expect(ear.heard).toEqual([]);
    // and asked as it should be, the hub does answer
    const heads = await raw.link.request(outHeadsSubject);
    expect(heads.data.length).toBeGreaterThan(100);
    own.stop();
    ear.stop();
    await victim.close();
  });

  it("cannot have its messages traced, kept, or rolled up through headers", async () => {
    const raw = thief[agency]!;
    const marks = await world.desk.marks();
    const ear = listen(raw);
    const made = forge(raw.signer, { envelope: { handling: "H3" } });
    const tricks = {
      "Nats-Trace-Dest": `${inboxPrefixOf(agency)}.trace`,
      "Nats-Rollup": "all",
      "Nats-Schedule": "@every 1s",
      "Nats-Schedule-Target": "feed.ecowas.x",
      "Nats-TTL": "1s",
      "Nats-Expected-Stream": "FEED_ECOWAS",
    };
    for (const [name, value] of Object.entries(tricks)) {
      const set = headers();
      set.set(name, value);
      raw.link.publish(outSubject(made.channel), made.bytes, { headers: set });
    }
    await raw.link.flush();
    await flow();
    const now = await world.desk.marks();
    expect(now["FEED_ECOWAS"]?.messages).toBe((marks["FEED_ECOWAS"]?.messages ?? 0) + 1);
    expect(ear.heard).toEqual([]);
    ear.stop();
  });

  it("reads from its own consumers exactly what it may", async () => {
    const raw = thief[agency]!;
    await flow();
    const feed = await raw.pull("FEED_ECOWAS");
    const mine = feed.filter(({ subject }) => subject.startsWith("feed.ecowas.drugs.h0.bulletin."));
    expect(mine.length).toBe(feed.length);
    expect(feed.length).toBeGreaterThan(0);
    expect((await world.desk.marks())["DIRECT"]?.messages).toBeGreaterThan(0);
    expect(await raw.pull("DIRECT")).toEqual([]);
  });
});

describe("what was tried", () => {
  it("is in the audit record, under the agency's name", async () => {
    const told = (agency: string): number =>
      world
        .audit()
        .filter(({ event, fields }) => event === "foreign subject" && fields["agency"] === agency)
        .length;
    await until("the record has it", () => thieves.every((agency) => told(agency) > 20));
    expect(told("gh/tcu") + told("ng/tcu")).toBe(0);
  });
});
