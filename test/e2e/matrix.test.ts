import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { planRegion } from "../../deploy/local/plan.ts";
import { accountOf, intakeStreamOf, outSubject } from "../../schemas/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { type Forged, forge } from "../kit/forge.ts";
import { openSystemDesk } from "../kit/hub-insider.ts";
import {
  connectActs,
  foreignReplies,
  headerActs,
  ownDoors,
  reservedReplies,
  statusLines,
  wireActs,
} from "../kit/matrix-acts.ts";
import {
  dialActor,
  type Ears,
  makeFill,
  makeMark,
  openEars,
  pictureOf,
  type Tried,
  tryRows,
} from "../kit/matrix-run.ts";
import { type Actor, actorOf, familyNames, isDeclared, makeRows } from "../kit/matrix-table.ts";
import type { RawNats } from "../kit/raw-nats.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const choice = { states: ["ng", "gh", "cm"], recs: ["ecowas", "eccas"] };
const plan = planRegion(0, choice);
/** Of either community, of every kind, with many rights and with few. */
const actors = ["ng/tcu", "gh/fiu", "cm/moc", "eccas/centre"].map((agency) =>
  actorOf(plan, agency),
);
const streams = [...["ng/tcu", "gh/fiu", "cm/moc"].map(intakeStreamOf), "FEED_ECOWAS", "FEED_ECCAS", "DIRECT", "RECEIPTS", "QUARANTINE", "BLOB"]; // prettier-ignore

let world: World;
let ears: Ears;
let ng: RawAgency;
/** The agencies' own ears: each on all of its own replies. */
const links = new Map<string, RawNats>();

beforeAll(async () => {
  world = await startWorld(choice);
  ears = await openEars(world);
  ng = await rawAgency(world, "ng/tcu");
  for (const { agency, inbox } of actors) {
    const link = await dialActor(world, agency);
    link.subscribe(`${inbox}.>`);
    await link.settle();
    links.set(agency, link);
  }
});

afterAll(async () => {
  for (const link of links.values()) await link.close();
  await ng?.close();
  await ears?.stop();
  await world?.stop();
});

function linkOf({ agency }: Actor): RawNats {
  const link = links.get(agency);
  if (link === undefined) throw new Error(`${agency} has no link`);
  return link;
}

/** Where a mark may be heard in the hub: as it was declared to come, and where the hub itself puts it then. */
function isDeclaredPlace(actor: Actor, subject: string): boolean {
  const { tokens } = actor;
  const isOwn = [`in.${tokens}.`, "_INBOX_HUB_"].some((prefix) => subject.startsWith(prefix));
  const isReading = subject.startsWith("$JS.") && isDeclared(actor, { act: "publish", subject });
  const isChunk = /^blob\.[0-9a-f]{64}$/.test(subject);
  return isOwn || isReading || isChunk || subject === `quarantine.${tokens}`;
}

describe.each(actors)("T-22 $agency", (actor) => {
  const others = actors.filter((one) => one !== actor);
  const rows = makeRows({ actor, others, streams });
  let tried: readonly Tried[];
  let before: unknown;

  beforeAll(async () => {
    before = await pictureOf(world, actor);
    tried = await tryRows(world, { link: linkOf(actor), actor }, rows);
    await ears.settle();
  });

  it("is tried with hundreds of subjects, of which some are declared", () => {
    expect(rows.length).toBeGreaterThan(1200);
    expect(rows.filter(({ allowed }) => allowed).length).toBeGreaterThan(20);
  });

  it.each(familyNames.flatMap((family) => [[family, "publish"], [family, "subscribe"]] as const))(
    "%s: may %s exactly what is declared",
    (family, act) => {
      const chosen = tried.filter(({ row }) => row.family === family && row.act === act);
      expect(chosen.length).toBeGreaterThan(0);
      const found = chosen.map(({ subject, outcome }) => `${outcome} ${subject}`);
      const declared = chosen.map(({ subject, row }) => `${row.allowed ? "allowed" : "refused"} ${subject}`);
      expect(found).toEqual(declared);
    },
  ); // prettier-ignore

  it("what was refused is heard nowhere, and what was allowed only where it is declared to come", () => {
    const marks = new Map(tried.flatMap(({ marks: all, row }) => all.map((mark) => [mark, row] as const))); // prettier-ignore
    const heard = ears.heard.filter(({ mark }) => marks.has(mark));
    expect(heard.filter(({ mark }) => marks.get(mark)?.allowed !== true)).toEqual([]);
    expect(
      heard.filter(({ place, subject }) => place !== "HUB" || !isDeclaredPlace(actor, subject)),
    ).toEqual([]);
    const missing = tried.filter(({ row, marks: all }) => row.allowed && row.act === "publish" && !all.every((mark) => heard.some((one) => one.mark === mark))); // prettier-ignore
    expect(missing.map(({ subject }) => subject)).toEqual([]);
    for (const other of others) {
      const text = linkOf(other).messages.map(({ payload, headers }) => payload + headers).join(" "); // prettier-ignore
      expect([...marks.keys()].filter((mark) => text.includes(mark))).toEqual([]);
    }
  });

  it("left streams, consumers and what others have read as they were", async () => {
    expect(await pictureOf(world, actor)).toEqual(before);
  });

  it("and the hub goes on", async () => {
    expect((await ng.send(forge(ng.signer))).kind).toBe("accepted");
    await until("the intake is empty", async () => (await world.desk.jetStream.stream(intakeStreamOf(actor.agency)))?.messages === 0); // prettier-ignore
  });
});

/** Publishes a whole publication with any header block. */
function publishForged(
  link: RawNats,
  made: Forged,
  { block, reply = "" }: { block: string; reply?: string },
): void {
  const subject = outSubject(made.channel) + (reply === "" ? "" : ` ${reply}`);
  const above = Buffer.byteLength(block);
  link.write(`HPUB ${subject} ${above} ${above + made.bytes.length}\r\n${block}`);
  link.write(made.bytes);
  link.write("\r\n");
}

async function feedCount(): Promise<number> {
  return (await world.desk.jetStream.stream("FEED_ECOWAS"))?.lastSequence ?? 0;
}

/** Sends a good publication and sees it stored: everything that came before it was dealt with by then. */
async function passOne(): Promise<void> {
  expect((await ng.send(forge(ng.signer))).kind).toBe("accepted");
}

describe("T-22 a header", () => {
  const [actor] = actors as [Actor];
  let n = 0;

  it.each([
    ...headerActs.map(([block, becomes]) => [`NATS/1.0\r\n${block}`, becomes] as const),
    ...statusLines.map((line) => [line, "once"] as const),
    ...statusLines.map((line) => [`${line}\r\nNats-Pending-Messages: x`, "once"] as const),
  ])("%j on a good publication: it is stored %s, and nothing else happens", async (block, becomes) => {
    n += 1;
    const mark = makeMark(actor);
    const before = await pictureOf(world, actor);
    const stored = await feedCount();
    const { refused } = world.broker.status();
    const filled = block.replace("<inbox>", actor.inbox).replaceAll("<n>", String(n));
    publishForged(linkOf(actor), forge(ng.signer), { block: `${filled}\r\nX-Mark: ${mark}\r\n\r\n` });
    await linkOf(actor).settle();
    await passOne();
    await ears.settle();
    expect((await feedCount()) - stored).toBe(becomes === "once" ? 2 : 1);
    expect(world.broker.status().refused).toBe(refused);
    const heard = ears.heard.filter((one) => one.mark === mark);
    expect(heard.filter(({ place, subject }) => place !== "HUB" || !isDeclaredPlace(actor, subject))).toEqual([]);
    expect(JSON.stringify(linkOf(actors[1]!).messages)).not.toContain(mark);
    expect(withoutCounts(await pictureOf(world, actor))).toEqual(withoutCounts(before));
  }); // prettier-ignore

  it("with lines of its own in it is a header still, and no command", async () => {
    const link = linkOf(actor);
    const stored = await feedCount();
    const mark = makeMark(actor);
    const lines = [`PUB feed.x 0`, `PUB in.gh.fiu.heads 0`, `SUB > 9`, `MSG _INBOX_gh_fiu.x 1 0`];
    for (const line of lines) {
      publishForged(link, forge(ng.signer), { block: `NATS/1.0\r\nX-Mark: ${mark}\r\n${line}\r\n\r\n${line}\r\n\r\n` });
    }
    await link.settle();
    expect(link.isClosed).toBe(false);
    await passOne();
    await ears.settle();
    expect((await feedCount()) - stored).toBe(1 + lines.length);
    const heard = ears.heard.filter((one) => one.mark === mark);
    expect(heard.length).toBeGreaterThan(0);
    expect(heard.filter(({ subject }) => !isDeclaredPlace(actor, subject))).toEqual([]);
  }); // prettier-ignore

  // An intake that answered would tell the last number under a subject of it: it must not, and another's is another stream.
  it("that expects something of another's place in the intake does not tell who writes to whom", async () => {
    const spy = await dialActor(world, "cm/moc");
    spy.subscribe("_INBOX_cm_moc.>");
    const subject = makeFill(world)("in.ng.fiu.direct.<gh/fiu>", spy);
    const block = `NATS/1.0\r\nNats-Expected-Last-Subject-Sequence: 999999999\r\nNats-Expected-Last-Subject-Sequence-Subject: ${subject}\r\n\r\n`;
    const fiu = await world.gateway("ng/fiu");
    const { id } = await fiu.exchange.submit(example("fiu-request"), "watched");
    while (fiu.exchange.find(id)?.state === "QUEUED") {
      spy.publish("out.msg.x", "", { reply: "_INBOX_cm_moc.probe", headers: block });
      await spy.settle();
    }
    await world.stopGateway("ng/fiu");
    const told = spy.messages.filter(({ payload }) => !payload.includes("sequence: 0"));
    await spy.close();
    expect(told).toEqual([]);
  }); // prettier-ignore
});

/** A picture without how much is kept: for attempts that are good messages as well. */
function withoutCounts(picture: unknown): unknown {
  return JSON.parse(JSON.stringify(picture, (key, value: unknown) => (key === "messages" || key === "last" ? undefined : value)));
} // prettier-ignore

describe("T-22 a reply", () => {
  const [actor] = actors as [Actor];
  const acts = (reply: string): void => {
    const link = linkOf(actor);
    const headers = "NATS/1.0\r\nX: y\r\n\r\n";
    for (const subject of ["out.heads", "out.register.snapshot", "out.msg.x"]) {
      link.publish(subject, "", { reply });
      link.publish(subject, "", { reply, headers });
    }
    for (const stream of actor.streams) {
      link.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${actor.consumer}`, '{"batch":2,"no_wait":true}', { reply });
      link.publish(`$JS.ACK.${stream}.${actor.consumer}.1.1.1.1.1`, '+NXT {"batch":2,"no_wait":true}', { reply });
    }
    publishForged(link, forge(ng.signer), { block: headers, reply });
  }; // prettier-ignore

  it.each(foreignReplies)("to %s brings nobody anything", async (reply) => {
    const [, victim] = actors as [Actor, Actor];
    const before = await pictureOf(world, actor);
    const receipts = (await world.desk.jetStream.stream("RECEIPTS"))?.config;
    const heard = linkOf(victim).messages.length;
    const stored = await feedCount();
    acts(reply);
    await linkOf(actor).settle();
    await passOne();
    await ears.settle();
    expect(linkOf(victim).messages.length).toBe(heard);
    expect((await feedCount()) - stored).toBe(reservedReplies.some((one) => reply.startsWith(one)) ? 1 : 2);
    expect(withoutCounts(await pictureOf(world, actor))).toEqual(withoutCounts(before));
    expect((await world.desk.jetStream.stream("RECEIPTS"))?.config).toEqual(receipts);
  }); // prettier-ignore

  it.each(ownDoors)("to one's own %s comes in as one's own, once, and does not go round", async (reply) => {
    const before = await pictureOf(world, actor);
    let count = 0;
    const origins = new Set<string>();
    const spy = world.desk.link.subscribe("in.>", {
      callback: (_error, { subject }) => {
        count += 1;
        origins.add(subject.split(".").slice(1, 3).join("/"));
      },
    });
    await world.desk.link.flush();
    acts(reply);
    await linkOf(actor).settle();
    await passOne();
    const seen = count;
    await passOne();
    spy.unsubscribe();
    expect([...origins]).toEqual([actor.agency]);
    expect(seen).toBeLessThan(60);
    expect(count - seen).toBeLessThan(10);
    expect(withoutCounts(await pictureOf(world, actor))).toEqual(withoutCounts(before));
  }); // prettier-ignore
});

describe("T-22 a client that says when it connects", () => {
  it.each(connectActs)("%s is who its certificate says, or nobody", async (_what, connect) => {
    const system = await openSystemDesk(world);
    const link = await dialActor(world, "gh/moc", connect).catch(() => undefined);
    if (link !== undefined) {
      const sessions = await system.control.sessions();
      const own = sessions.find(({ id }) => id === link.info["client_id"]);
      expect(own?.account).toBe(accountOf("gh/moc"));
      link.publish("feed.x", "");
      link.subscribe("_INBOX_gh_fiu.>");
      link.subscribe(">");
      await link.settle();
      expect(link.errors.map((text) => text.split(" to ")[0])).toEqual([
        "Permissions Violation for Publish", "Permissions Violation for Subscription", "Permissions Violation for Subscription",
      ]);
      await link.close();
    }
    await system.stop();
  }); // prettier-ignore
});

describe("T-22 on the wire", () => {
  it.each(wireActs)("%s does nothing, and disturbs nobody", async (_what, text) => {
    const [actor] = actors as [Actor];
    const link = await dialActor(world, "gh/moc");
    link.subscribe("_INBOX_gh_moc.>");
    await link.settle();
    const before = await pictureOf(world, actor);
    const stored = await feedCount();
    link.write(text);
    await Promise.race([link.settle(), link.closed]);
    await link.close();
    await passOne();
    expect((await feedCount()) - stored).toBe(1);
    expect(withoutCounts(await pictureOf(world, actor))).toEqual(withoutCounts(before));
    expect(linkOf(actor).isClosed).toBe(false);
  });
});
