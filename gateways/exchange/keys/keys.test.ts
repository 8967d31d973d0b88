import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { verifyRegister } from "../../../certs/trust/index.ts";
import { bodyCodecs, decodeMessage, decodeParts, joinParts } from "../../../schemas/index.ts";
import { Fault, renderUuid } from "../../../schemas/ground/index.ts";
import {
  alert,
  bulletin,
  type Handed,
  handedKeys,
  type MadeOffice,
  makeOffice,
  send,
} from "../../../test/kit/gateway-office.ts";
import {
  type GatewayWorld,
  makeGatewayWorld,
  type WorldParts,
} from "../../../test/kit/gateway-world.ts";
import { makeExchange } from "../make-exchange.ts";
import { submit } from "../submit.ts";
import { makeTakePublications } from "../take-publications.ts";
import { makeWatchers } from "../watchers.ts";
import { eraseKeys } from "./tend.ts";
import { renewKeys } from "./renew.ts";

const hour = 3_600_000;
const now = 1_780_272_000_000;
const names = ["ng/tcu", "gh/tcu", "sn/tcu", "ci/tcu"];
let world: GatewayWorld;
let sender: MadeOffice;
let reader: MadeOffice;
let open: MadeOffice[];

function officeOf(agency: string): MadeOffice {
  const office = makeOffice(world, agency);
  open.push(office);
  return office;
}

/** The next register in all open offices. */
function publishRegister(change: (parts: WorldParts) => WorldParts): void {
  const view = verifyRegister(world.publish(change), world.anchors);
  for (const office of open) Object.assign(office, { register: () => view });
}

beforeAll(async () => {
  world = await makeGatewayWorld(names, { now });
});
beforeEach(() => {
  open = [];
  sender = officeOf("ng/tcu");
  reader = officeOf("gh/tcu");
});
afterEach(() => {
  for (const office of open) office.close();
  world.publish((parts) => ({
    ...parts,
    mandates: original.mandates,
    agencies: original.agencies,
  }));
});

let original: WorldParts;
beforeAll(() => {
  world.publish((parts) => {
    original = parts;
    return parts;
  });
});

async function take(office: MadeOffice, ...handed: readonly Handed[]): Promise<void> {
  await makeTakePublications(office, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  })(handed);
}

/** Codes of what lies in quarantine, and how much is in the inbox. */
function stateOf({ store }: MadeOffice): readonly [codes: readonly unknown[], inbox: number] {
  const lying = store.messages.list({ box: "in", state: "QUARANTINED", limit: 200 });
  return [lying.map(({ code }) => code), store.messages.count("in", "VERIFIED")];
}

function typesWaiting({ store }: MadeOffice): readonly string[] {
  return store.outbox.waiting(1000).map((seq) => {
    const { message } = store.outbox.get(seq)!;
    return store.messages.get(message)!.type;
  });
}

function keyNames({ store }: MadeOffice): readonly string[] {
  return store.audienceKeys.usedSince(0).map(({ name }) => name);
}

const without = (agency: string) => (parts: WorldParts): WorldParts => ({
  ...parts,
  mandates: parts.mandates.filter((one) => one.agency !== agency || one.action !== "READ" || one.scope === "direct"),
}); // prettier-ignore

describe("the first message to an audience", () => {
  it("takes one share for each member with it, ahead of itself; the next takes none", async () => {
    await send(sender, alert, "a");
    expect(typesWaiting(sender)).toEqual([...Array(3).fill("key.share"), "alert.incident"]);
    await send(sender, { ...alert, crimes: ["arms"] }, "b");
    expect(typesWaiting(sender).filter((type) => type === "key.share")).toHaveLength(3);
    expect(keyNames(sender)).toHaveLength(1);
    const shares = names.slice(1).map((agency) => handedKeys(sender, agency).length);
    expect(shares).toEqual([1, 1, 1]);
  });

  it("tells a member the key and nothing of the other members", async () => {
    await send(sender, alert, "a");
    await take(reader, ...handedKeys(sender, "gh/tcu"));
    const stored = reader.store.messages.get(1)!;
    const body = bodyCodecs["key.share"].decode(joinParts(decodeParts(stored.parts!).parts).body);
    const { key, keyName, usableFrom, usableUntil, ...rest } = body;
    expect(rest).toEqual({ keyUse: "AUDIENCE", registerEpoch: world.view.epoch, recs: [], crimes: [], messageTypes: [] });
    expect(usableUntil - usableFrom).toBe(24 * hour);
    const [own] = sender.store.audienceKeys.usedSince(0);
    expect([keyName, Buffer.from(key).equals(own!.key)]).toEqual([own!.name, true]);
    expect(Buffer.from(stored.parts!).includes("sn/tcu")).toBe(false);
  }); // prettier-ignore

  it("forty at once to one audience share one key", async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => submit(sender, alert, `k${i}`)));
    expect(keyNames(sender)).toHaveLength(1);
    expect(typesWaiting(sender).filter((type) => type === "key.share")).toHaveLength(3);
    expect(sender.keysInMaking.size).toBe(0);
  });

  it("leaves neither key nor share when it could not be stored, and the next try works", async () => {
    const { store } = sender;
    const broken = { ...store, write: () => Promise.reject(new Fault("STORE_WRITE_FAILED", "full")) };
    await expect(submit({ ...sender, store: broken }, alert, "a")).rejects.toMatchObject({
      code: "STORE_WRITE_FAILED",
    });
    expect([keyNames(sender), typesWaiting(sender), sender.keysInMaking.size]).toEqual([[], [], 0]);
    const failing = { ...store, answers: { ...store.answers, add: () => { throw new Fault("STORE_WRITE_FAILED", "torn"); } } };
    await expect(submit({ ...sender, store: failing }, alert, "a")).rejects.toMatchObject({
      code: "STORE_WRITE_FAILED",
    });
    expect([keyNames(sender), typesWaiting(sender)]).toEqual([[], []]);
    await submit(sender, alert, "a");
    expect(typesWaiting(sender)).toHaveLength(4);
  }); // prettier-ignore

  it("leaves a reader out who may not be told a key, and is refused when nobody may", async () => {
    const untold = (agencies: readonly string[]) => (parts: WorldParts): WorldParts => ({
      ...parts,
      mandates: parts.mandates.map((one) =>
        agencies.includes(one.agency) && one.scope === "direct" ? { ...one, types: ["alert.*"] } : one,
      ),
    });
    publishRegister(untold(["sn/tcu"]));
    const exchange = makeExchange(sender, { watchers: makeWatchers(sender.store, sender.log), wake: () => undefined, link: () => ({ isUp: false }) });
    expect((await exchange.validate(alert)).audience).toEqual(["gh/tcu", "ci/tcu"]);
    expect(keyNames(sender)).toEqual([]);
    expect((await exchange.submit(alert, "a")).audience).toEqual(["gh/tcu", "ci/tcu"]);
    // while the key lasts nobody has to be told anything; the next one is refused
    expect((await exchange.validate({ ...alert, handling: "H1" })).valid).toBe(true);
    sender.clock.move(25 * hour);
    publishRegister(untold(["ng/tcu"]));
    const validation = await exchange.validate({ ...alert, handling: "H1" });
    expect(validation.problems.map(({ code }) => code)).toEqual(["MANDATE_MISSING"]);
    publishRegister(untold(["sn/tcu", "gh/tcu", "ci/tcu"]));
    await expect(exchange.submit({ ...alert, inner: { excludedRecipients: ["zz/none"] } }, "c")).rejects.toMatchObject({ code: "MANDATE_MISSING" });
  }); // prettier-ignore
});

describe("a key that comes late", () => {
  it("delays a message and loses none: what waited for it opens when it comes", async () => {
    await take(reader, ...(await send(sender, alert, "a")));
    await take(reader, ...(await send(sender, { ...alert, crimes: ["drugs", "arms"] }, "b")));
    expect(stateOf(reader)).toEqual([Array(3).fill("AUDIENCE_KEY_AWAITED"), 0]);
    await take(reader, ...handedKeys(sender, "gh/tcu"));
    expect(stateOf(reader)).toEqual([[], 2]);
    expect(reader.store.chains.changedSince(0)).toHaveLength(3);
  });

  it("that comes while its message is judged opens it all the same", async () => {
    const handed = await send(sender, alert, "a");
    await Promise.all([take(reader, ...handed), take(reader, ...handedKeys(sender, "gh/tcu"))]);
    expect(stateOf(reader)).toEqual([[], 1]);
  });

  it("of another sender opens nothing", async () => {
    const other = officeOf("ci/tcu");
    await take(reader, ...(await send(sender, alert, "a")));
    await send(other, alert, "a");
    await take(reader, ...handedKeys(other, "gh/tcu"));
    expect(stateOf(reader)).toEqual([["AUDIENCE_KEY_AWAITED"], 0]);
  });

  it("that was wrong leaves the message closed, for what it is", async () => {
    const handed = await send(sender, alert, "a");
    await take(reader, ...handed);
    const [{ name } = { name: "" }] = sender.store.audienceKeys.usedSince(0);
    const key = Buffer.alloc(32, 1);
    const times = { cameAt: now, keepUntil: now + hour };
    await reader.store.write(() => reader.store.heldKeys.hold({ originator: "ng/tcu", name, key, ...times }));
    await take(reader, ...handedKeys(sender, "gh/tcu"));
    // the name was taken: the first key of a name stands
    expect(Buffer.from(reader.store.heldKeys.find("ng/tcu", name)!).equals(key)).toBe(true);
    await take(reader, ...handed);
    expect(stateOf(reader)).toEqual([["AUDIENCE_KEY_AWAITED"], 0]);
    await take(reader, { ...handed[0]!, quarantined: 1 } as Handed);
    expect(stateOf(reader)).toEqual([["BODY_CANNOT_BE_OPENED"], 0]);
  }); // prettier-ignore
});

describe("what gateways tell each other about keys", () => {
  it("stands in no list and no count, is told to nobody, and has its ladder and receipts", async () => {
    const told: string[] = [];
    const watchers = makeWatchers(reader.store, reader.log);
    watchers.watch(({ type }) => told.push(type));
    Object.assign(reader, { changed: (seqs: readonly number[]) => watchers.tell(seqs) });
    await send(sender, alert, "a");
    expect(sender.store.outbox.countWaiting()).toBe(1);
    const sent = sender.store.messages.list({ box: "out", limit: 10 });
    expect(sent.map(({ type }) => type)).toEqual(["alert.incident"]);
    expect(sender.store.messages.count("out", "QUEUED")).toBe(1);
    await take(reader, ...handedKeys(sender, "gh/tcu"));
    expect(reader.store.messages.list({ box: "in", limit: 10 })).toEqual([]);
    expect(stateOf(reader)).toEqual([[], 0]);
    expect(told).toEqual([]);
    expect(reader.store.chains.changedSince(0)).toHaveLength(1);
    const share = sender.store.messages.get(1)!;
    expect(sender.store.ladder.countOpen(share.seq)).toBe(1);
    expect(renderUuid(share.id)).toHaveLength(36);
  });

  it("what only claims to be of that kind and is not proved is shown", async () => {
    const [handed] = handedKeys(sender, "gh/tcu");
    expect(handed).toBeUndefined();
    await send(sender, alert, "a");
    const [share] = handedKeys(sender, "gh/tcu");
    await take(reader, { subject: "direct.elsewhere", bytes: share!.bytes });
    expect(stateOf(reader)[0]).toHaveLength(1);
    const [lying] = reader.store.messages.list({ box: "in", limit: 1 });
    const stored = reader.store.messages.get(lying!.seq)!;
    await reader.store.write(() =>
      reader.store.messages.add({ ...stored, type: "key.share", digest: Buffer.alloc(32), id: Buffer.alloc(16) }),
    );
    expect(stateOf(reader)[0]).toHaveLength(2);
  }); // prettier-ignore
});

describe("an audience", () => {
  it("that changes has another key, and who left cannot open what follows", async () => {
    const left = officeOf("sn/tcu");
    const first = await send(sender, alert, "a");
    for (const office of [reader, left]) await take(office, ...handedKeys(sender, office.agency));
    publishRegister(without("sn/tcu"));
    const second = await send(sender, alert, "b");
    expect(keyNames(sender)).toHaveLength(2);
    expect([handedKeys(sender, "sn/tcu"), handedKeys(sender, "gh/tcu")].map(({ length }) => length)).toEqual([1, 2]);
    await take(reader, ...handedKeys(sender, "gh/tcu"), ...first, ...second);
    expect(stateOf(reader)).toEqual([[], 2]);
    await take(left, ...handedKeys(sender, "sn/tcu"));
    Object.assign(left, { register: () => world.view });
    await take(left, ...first, ...second);
    expect(stateOf(left)).toEqual([["AUDIENCE_KEY_AWAITED"], 1]);
  }); // prettier-ignore

  it("leaves a member out that has no sealing certificate any more, and takes another key", async () => {
    await send(sender, alert, "a");
    publishRegister((parts) => ({
      ...parts,
      agencies: new Map([...parts.agencies].map(([state, all]) => [
        state,
        all.map((one) => one.agency === "sn/tcu" ? { ...one, certificates: one.certificates.filter(({ kind }) => kind !== "SEALING") } : one),
      ])),
    }));
    const { audience } = await submit(sender, alert, "b");
    expect(audience).toEqual(["gh/tcu", "ci/tcu"]);
    expect(keyNames(sender)).toHaveLength(2);
  }); // prettier-ignore

  it("that is empty gets nothing", async () => {
    publishRegister((parts) => names.slice(1).reduce((changed, agency) => without(agency)(changed), parts));
    await expect(submit(sender, alert, "a")).rejects.toMatchObject({ code: "SEAL_NO_RECIPIENTS" });
    expect([keyNames(sender), typesWaiting(sender)]).toEqual([[], []]);
  }); // prettier-ignore

  it("of an open message needs no key", async () => {
    await send(sender, bulletin, "a");
    expect([keyNames(sender), typesWaiting(sender)]).toEqual([[], ["bulletin.red_flag"]]);
  });
});

describe("a key", () => {
  it("seals for a day and not a moment longer", async () => {
    await send(sender, alert, "a");
    sender.clock.move(24 * hour - 1);
    await send(sender, alert, "b");
    expect(keyNames(sender)).toHaveLength(1);
    sender.clock.move(1);
    await send(sender, alert, "c");
    expect(keyNames(sender)).toHaveLength(2);
  });

  it("is followed by the next, hours before it ends, while its audience is written to", async () => {
    await send(sender, alert, "a");
    sender.clock.move(19 * hour);
    expect(await renewKeys(sender)).toBe(false);
    sender.clock.move(2 * hour);
    expect(await renewKeys(sender)).toBe(true);
    expect(await renewKeys(sender)).toBe(false);
    expect(handedKeys(sender, "gh/tcu")).toHaveLength(2);
    await send(sender, alert, "b");
    sender.clock.move(4 * hour);
    await send(sender, alert, "c");
    expect(keyNames(sender)).toHaveLength(2);
    expect(handedKeys(sender, "gh/tcu")).toHaveLength(2);
    // nobody writes any more: after two days nothing is renewed
    sender.clock.move(72 * hour);
    expect(await renewKeys(sender)).toBe(false);
  });

  it("of the audience that a new register makes is there before it is needed", async () => {
    await send(sender, alert, "a");
    publishRegister(without("sn/tcu"));
    expect(await renewKeys(sender)).toBe(true);
    expect([handedKeys(sender, "sn/tcu"), handedKeys(sender, "gh/tcu")].map(({ length }) => length)).toEqual([1, 2]);
    await send(sender, alert, "b");
    expect(keyNames(sender)).toHaveLength(2);
  }); // prettier-ignore

  it("opens what was sealed with it after it ended, and is erased when nothing more can come", async () => {
    const handed = await send(sender, alert, "a");
    await take(reader, ...handedKeys(sender, "gh/tcu"));
    reader.clock.move(6 * 24 * hour);
    await eraseKeys(reader);
    await take(reader, ...handed);
    expect(stateOf(reader)).toEqual([[], 1]);
    reader.clock.move(26 * 24 * hour);
    await eraseKeys(reader);
    expect(reader.store.heldKeys.find("ng/tcu", keyNames(sender)[0]!)).toBeUndefined();
  });

  it("of ours stays as long as a message sealed with it lives", async () => {
    const [{ bytes }] = (await send(sender, { ...alert, expiresAt: "2026-06-20T00:00:00Z" }, "a")) as [Handed];
    expect(bytes.length).toBeGreaterThan(0);
    sender.clock.move(18 * 24 * hour);
    await eraseKeys(sender);
    expect(keyNames(sender)).toHaveLength(1);
    sender.clock.move(2 * 24 * hour);
    await eraseKeys(sender);
    expect(keyNames(sender)).toEqual([]);
  }); // prettier-ignore

  it("of a sender who makes very many drives out that sender's oldest, and nobody else's", async () => {
    const { heldKeys, write } = reader.store;
    const hold = (originator: string, i: number): boolean =>
      heldKeys.hold({ originator, name: `k${i}`, key: Buffer.alloc(32, 1), cameAt: now + i, keepUntil: now + hour });
    await write(() => {
      hold("ci/tcu", 0);
      for (let i = 0; i < 1030; i += 1) hold("ng/tcu", i);
    });
    expect([5, 6, 1029].map((i) => heldKeys.find("ng/tcu", `k${i}`) !== undefined)).toEqual([false, true, true]);
    expect(heldKeys.find("ci/tcu", "k0")).toBeDefined();
  }); // prettier-ignore

  it("is nowhere in what the message says to the hub", async () => {
    const [{ bytes }] = (await send(sender, alert, "a")) as [Handed];
    const [own] = sender.store.audienceKeys.usedSince(0);
    expect(Buffer.from(bytes).includes(Buffer.from(own!.key))).toBe(false);
    const { raw } = sender.store.messages.get(4)!;
    expect(decodeMessage(raw).sealed).toBeDefined();
  });
});
