import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { verifyRegister } from "../../certs/trust/index.ts";
import {
  type AdmissionQuestion,
  decodeMessage,
  decodePublication,
  parseAdmissionQuestion,
} from "../../schemas/index.ts";
import { type Bytes, sha256 } from "../../schemas/ground/index.ts";
import {
  alert,
  bulletin,
  type Handed,
  handedKeys,
  type MadeOffice,
  makeOffice,
  publish,
  send,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { openStore } from "../store/index.ts";
import { makeRecheck } from "./recheck.ts";
import { passingCodes, rejudge } from "./rejudge.ts";
import { makeTakePublications } from "./take-publications.ts";

const now = 1_780_272_000_000;
const minute = 60_000;

let world: GatewayWorld & { view: GatewayWorld["view"] };
let sender: MadeOffice;
let reader: MadeOffice;
let asked: AdmissionQuestion[];
/** What the hub answers; undefined is no answer. */
let answer: (question: AdmissionQuestion) => Bytes | undefined;

const ask = (question: Bytes): Promise<Bytes | undefined> => {
  const parsed = parseAdmissionQuestion(question);
  asked.push(parsed);
  return Promise.resolve(answer(parsed));
};
const take: ReturnType<typeof makeTakePublications> = (arrivals) =>
  makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    askAdmission: ask,
    held: () => undefined,
  })(arrivals);

beforeEach(async () => {
  world = { ...(await makeGatewayWorld(["ng/tcu", "gh/tcu", "sn/tcu"], { now })) };
  sender = makeOffice(world, "ng/tcu");
  reader = makeOffice(world, "gh/tcu");
  asked = [];
  answer = () => undefined;
});

afterEach(() => {
  for (const office of [sender, reader]) office.close();
});

async function look(): Promise<void> {
  await makeRecheck(reader, { ask, take }).look();
}

function states(): readonly string[] {
  return reader.store.messages
    .list({ box: "in", limit: 100 })
    .map(({ state, code }) => code ?? state);
}

const saysTaken = (at: number) => (question: AdmissionQuestion): Bytes =>
  signReceipt(world, "ecowas/hub", {
    recipient: "gh/tcu",
    issuedAt: reader.clock.now(),
    admission: { ...question, admittedAt: at },
  }); // prettier-ignore
const saysNone = (): Bytes =>
  signReceipt(world, "ecowas/hub", { recipient: "gh/tcu", issuedAt: reader.clock.now() });

/** The reader's register says from `at` on that the sender's signing key is in other hands. */
async function revoke(at: number, since?: number): Promise<void> {
  const bytes = await world.revoke("ng/tcu", "SIGNING", since === undefined ? { at } : { at, since });
  world.view = verifyRegister(bytes, world.anchors, world.view);
  reader.clock.move(Math.max(0, at + minute - reader.clock.now()));
} // prettier-ignore

function digestOf({ bytes }: Handed): Bytes {
  return sha256(decodeMessage(decodePublication(bytes).message).envelope);
}

describe("a message that was proved before its signer's revocation was known", () => {
  it.each([
    ["before the revocation stays", -1, "VERIFIED"],
    ["at the moment of it is taken back", 0, "CERT_REVOKED"],
    ["after it is taken back", 1, "CERT_REVOKED"],
  ] as const)("that the hub took %s", async (_name, ms, state) => {
    const [handed] = await publish(sender, bulletin, "a");
    await take([handed!]);
    await revoke(now + minute);
    expect(states()).toEqual(["VERIFIED"]);
    answer = saysTaken(now + minute + ms);
    await look();
    expect(states()).toEqual([state]);
  });

  it("is taken back when the hub has no such message, and told of once", async () => {
    await take(await publish(sender, bulletin, "a"));
    const [held] = reader.store.messages.list({ box: "in", limit: 1 });
    await revoke(now + minute);
    answer = saysNone;
    reader.moved.length = 0;
    await look();
    await look();
    expect([states(), reader.moved, asked.length]).toEqual([["CERT_REVOKED"], [held!.seq], 1]);
    expect(reader.store.messages.get(held!.seq)?.id).toEqual(held!.id);
    expect(reader.store.messages.get(held!.seq)?.parts).toBeUndefined();
  });

  it("keeps the word it stays by", async () => {
    const [handed] = await publish(sender, bulletin, "a");
    await take([handed!]);
    await revoke(now + minute);
    answer = saysTaken(now + 500);
    await look();
    const [{ channel } = { channel: "" }] = asked;
    expect(reader.store.admissions.admittedAt(digestOf(handed!), channel)).toBe(now + 500);
  });

  it("waits in quarantine while nobody answers, and goes back when the hub does", async () => {
    await take(await publish(sender, alert, "a"));
    await revoke(now + minute);
    await look();
    expect(states()).toEqual(["ADMISSION_AWAITED"]);
    await rejudge(reader, passingCodes, take);
    expect(states()).toEqual(["ADMISSION_AWAITED"]);
    answer = saysTaken(now + 500);
    await look();
    expect(states()).toEqual(["VERIFIED"]);
    expect(reader.store.messages.list({ box: "in", limit: 2 })).toHaveLength(1);
  });

  it("waits, and is refused for good when the hub has no such message", async () => {
    await take(await publish(sender, bulletin, "a"));
    await revoke(now + minute);
    await look();
    answer = saysNone;
    await look();
    expect(states()).toEqual(["CERT_REVOKED"]);
  });

  it("costs a hub that is away one question, however many there are", async () => {
    for (let i = 0; i < 40; i += 1) await take(await publish(sender, bulletin, `m${i}`));
    await revoke(now + minute);
    await look();
    expect([asked.length, reader.store.messages.count("in", "VERIFIED")]).toEqual([1, 0]);
    answer = saysTaken(now + 1);
    await look();
    expect(reader.store.messages.count("in", "VERIFIED")).toBe(40);
  });

  it("is not asked about when it was stored long before", async () => {
    await take(await publish(sender, bulletin, "a"));
    await revoke(now + 11 * minute);
    answer = saysNone;
    await look();
    expect([states(), asked]).toEqual([["VERIFIED"], []]);
  });

  it("is checked again when the moment is moved back", async () => {
    await take(await publish(sender, bulletin, "a"));
    const { certificate } = world
      .agency("ng/tcu")
      .certificates.find(({ kind }) => kind === "SIGNING")!;
    const noted = { agency: "ng/tcu", thumbprint: sha256(certificate), since: now + 20 * minute };
    await reader.store.write(() => {
      reader.store.rechecks.note(noted, { storedAt: now + 10 * minute, seq: 0 });
      reader.store.rechecks.reach(noted, undefined);
    });
    answer = saysTaken(now + 2 * minute);
    await look();
    expect([states(), asked]).toEqual([["VERIFIED"], []]);
    await revoke(now + minute);
    await look();
    expect(states()).toEqual(["CERT_REVOKED"]);
  });

  it("of another agency is not touched", async () => {
    const other = makeOffice(world, "sn/tcu");
    await take(await publish(other, bulletin, "a"));
    await revoke(now + minute);
    answer = saysNone;
    await look();
    expect([states(), asked]).toEqual([["VERIFIED"], []]);
    other.close();
  });

  it("is no second one in quarantine when it comes again, and comes back when it is proved then", async () => {
    const [handed] = await publish(sender, bulletin, "a");
    await take([handed!]);
    await revoke(now + minute);
    await look();
    await take([handed!]);
    expect(states()).toEqual(["ADMISSION_AWAITED"]);
    answer = saysTaken(now + 1);
    await take([handed!]);
    expect(states()).toEqual(["VERIFIED"]);
    await look();
    expect(states()).toEqual(["VERIFIED"]);
  });

  it("does not come back when its sender used its id for another message meanwhile", async () => {
    await take(await publish(sender, bulletin, "a"));
    const [held] = reader.store.messages.list({ box: "in", limit: 1 });
    const stored = reader.store.messages.get(held!.seq)!;
    await revoke(now + minute);
    await look();
    await reader.store.write(() => {
      reader.store.messages.add({ ...stored, digest: new Uint8Array(32) });
    });
    answer = saysTaken(now + 1);
    await look();
    expect(states().toSorted()).toEqual(["ENVELOPE_ID_REUSED", "VERIFIED"]);
  });

  it("is taken back though the gateway stopped in the middle", async () => {
    for (let i = 0; i < 70; i += 1) await take(await publish(sender, bulletin, `m${i}`));
    await revoke(now + minute);
    let left = 50;
    answer = () => {
      left -= 1;
      if (left < 0) throw new Error("the power is gone");
      return saysNone();
    };
    await look();
    expect(reader.store.messages.count("in", "QUARANTINED")).toBe(32);
    reader.store.close();
    Object.assign(reader, { store: openStore(`${reader.dir}/store.db`) });
    answer = saysNone;
    asked = [];
    await look();
    expect([reader.store.messages.count("in", "VERIFIED"), asked.length]).toEqual([0, 38]);
  });

  it("is judged by the newer register when that came while it was judged", async () => {
    const [handed] = await publish(sender, bulletin, "a");
    const before = world.view;
    await revoke(now + minute);
    const after = world.view;
    let looks = 0;
    // the first looks of judging see the register before
    Object.assign(reader, { register: () => ((looks += 1), looks > 2 ? after : before) });
    answer = saysNone;
    await take([handed!]);
    expect(states()).toEqual(["CERT_REVOKED"]);
  });
});

describe("a key that came with a message that is taken back", () => {
  const names = (): number => handedKeys(sender, "gh/tcu").length;

  it("opens nothing any more, and opens again when the message is given back", async () => {
    const first = await send(sender, alert, "a");
    expect(names()).toBe(1);
    await take(handedKeys(sender, "gh/tcu"));
    await take(first);
    const second = await send(sender, alert, "b");
    await revoke(now + minute);
    await look();
    // the alert and the message that brought its key
    expect(states().toSorted()).toEqual(["ADMISSION_AWAITED", "ADMISSION_AWAITED"]);
    answer = saysTaken(now + 1);
    await take(second);
    expect(states()).toContain("AUDIENCE_KEY_AWAITED");
    await look();
    expect(states()).toEqual(["VERIFIED", "VERIFIED"]);
  });
});
