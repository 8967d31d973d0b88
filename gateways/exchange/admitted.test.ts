import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { verifyRegister } from "../../certs/trust/index.ts";
import {
  type Admission,
  type AdmissionQuestion,
  decodeEnvelope,
  decodeMessage,
  decodePublication,
  decodeSignedReceipt,
  parseAdmissionQuestion,
} from "../../schemas/index.ts";
import { type Bytes, sha256 } from "../../schemas/ground/index.ts";
import {
  alert,
  type Handed,
  type MadeOffice,
  makeOffice,
  publish,
  request,
  signReceipt,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { rejudge } from "./rejudge.ts";
import { makeTakePublications } from "./take-publications.ts";

const now = 1_780_272_000_000;
const minute = 60_000;
const hub = "ecowas/hub";

let world: GatewayWorld & { view: GatewayWorld["view"] };
let sender: MadeOffice;
let fiu: MadeOffice;
let reader: MadeOffice;
let asked: AdmissionQuestion[];
/** What the hub answers; undefined is no answer. */
let answer: (question: AdmissionQuestion) => Bytes | undefined;

beforeEach(async () => {
  world = { ...(await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"], { now })) };
  sender = makeOffice(world, "ng/tcu");
  fiu = makeOffice(world, "ng/fiu");
  reader = makeOffice(world, "gh/tcu");
  asked = [];
  answer = () => undefined;
});

afterEach(() => {
  for (const office of [sender, fiu, reader]) office.close();
});

async function take(...arrivals: readonly Handed[]): Promise<void> {
  await makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    askAdmission: (question) => {
      const parsed = parseAdmissionQuestion(question);
      asked.push(parsed);
      return Promise.resolve(answer(parsed));
    },
    held: () => undefined,
  })(arrivals);
}

function states(): readonly string[] {
  return reader.store.messages
    .list({ box: "in", limit: 100 })
    .map(({ state, code }) => code ?? state);
}

function sayTaken(
  at: number,
  change: Partial<Admission> = {},
  by: { issuer?: string; issuedAt?: number } = {},
): typeof answer {
  const { issuer = hub, issuedAt = reader.clock.now() } = by;
  return (question) =>
    signReceipt(world, issuer, {
      recipient: "gh/tcu",
      issuedAt,
      admission: { ...question, admittedAt: at, ...change },
    });
}

/** Time goes on to `at`, when the sender's certificate stands on a list. */
async function revoke(at: number, since?: number): Promise<void> {
  const when = since === undefined ? { at } : { at, since };
  const bytes = await world.revoke("ng/tcu", "SIGNING", when);
  world.view = verifyRegister(bytes, world.anchors, world.view);
  reader.clock.move(at + minute - reader.clock.now());
}

describe("a message whose signer's certificate was revoked since", () => {
  it("stays in the inbox when it lay there, and is no second one when it comes again", async () => {
    const [handed] = await publish(sender, alert, "a");
    await take(handed!);
    await revoke(now + minute);
    await take(handed!);
    expect(states()).toEqual(["VERIFIED"]);
    expect(asked).toEqual([]);
  });

  it("is good when the hub took it before, though it is read after", async () => {
    const [handed] = await publish(sender, alert, "a");
    await revoke(now + minute);
    answer = sayTaken(now + 500);
    await take(handed!);
    expect(states()).toEqual(["VERIFIED"]);
    const message = decodeMessage(decodePublication(handed!.bytes).message);
    const digest = sha256(message.envelope);
    const [channel = ""] = asked.map((one) => one.channel);
    expect(reader.store.admissions.admittedAt(digest, channel)).toBe(now + 500);
  });

  it.each([
    ["just before", -1, "VERIFIED"],
    ["at the moment of", 0, "CERT_REVOKED"],
    ["after", 1, "CERT_REVOKED"],
  ] as const)("that the hub took %s the revocation is judged so", async (_name, ms, state) => {
    const [handed] = await publish(sender, alert, "a");
    await revoke(now + minute);
    answer = sayTaken(now + minute + ms);
    await take(handed!);
    expect(states()).toEqual([state]);
  });

  it("is refused from when its key is feared to be in other hands, where that is earlier", async () => {
    const [handed] = await publish(sender, alert, "a");
    await revoke(now + 10 * minute, now - minute);
    answer = sayTaken(now + 500);
    await take(handed!);
    expect(states()).toEqual(["CERT_REVOKED"]);
  });

  it("is refused when the hub has no such message, however early it says it was made", async () => {
    const [backdated] = await publish(sender, alert, "a");
    const { envelope } = decodeMessage(decodePublication(backdated!.bytes).message);
    await revoke(now + 10 * minute);
    expect(decodeEnvelope(envelope).createdAt).toBeLessThan(now + 10 * minute);
    answer = () => signReceipt(world, hub, { recipient: "gh/tcu", issuedAt: reader.clock.now() });
    await take(backdated!);
    expect(states()).toEqual(["CERT_REVOKED"]);
  });

  it("waits while nobody answers, and is sorted when the hub does", async () => {
    const [handed] = await publish(sender, alert, "a");
    await revoke(now + minute);
    await take(handed!);
    expect(states()).toEqual(["ADMISSION_AWAITED"]);
    answer = sayTaken(now + 500);
    await rejudge(reader, ["ADMISSION_AWAITED"], (lying) => takeLying(lying));
    expect(states()).toEqual(["VERIFIED"]);
  });

  it.each([
    ["another agency signed", () => sayTaken(now + 500, {}, { issuer: "ng/fiu" })],
    ["is on another message", () => sayTaken(now + 500, { envelopeDigest: new Uint8Array(32) })],
    ["is on another sender", () => sayTaken(now + 500, { originator: "ng/fiu" })],
    ["is on another channel", () => sayTaken(now + 500, { channel: "ecowas.arms.h0.alert.incident" })],
    ["is earlier than any hub takes a message of that date", () => sayTaken(now - 120_001)],
    ["is of later than it was signed", () => sayTaken(now + 500, {}, { issuedAt: now + 499 })],
    ["is for another reader", () => (question: AdmissionQuestion) =>
      signReceipt(world, hub, { recipient: "gh/fiu", admission: { ...question, admittedAt: now + 500 } })],
    ["is no receipt", () => () => new Uint8Array([1, 2, 3])],
    ["was changed after it was signed", () => (question: AdmissionQuestion) => {
      const good = sayTaken(now + 500)(question) ?? new Uint8Array();
      const { receipt } = decodeSignedReceipt(good);
      const at = Buffer.from(good).indexOf(Buffer.from(receipt)) + receipt.length - 1;
      return Uint8Array.from(good, (byte, index) => (index === at ? byte ^ 1 : byte));
    }],
  ] as const)("is not let in by a word that %s", async (_name, make) => {
    const [handed] = await publish(sender, alert, "a");
    await revoke(now + minute);
    answer = make();
    await take(handed!);
    expect(states()).toEqual(["ADMISSION_AWAITED"]);
  }); // prettier-ignore

  it("is judged by the word that was kept, without asking again", async () => {
    const [handed] = await publish(sender, alert, "a");
    await revoke(now + minute);
    answer = sayTaken(now + 500);
    await take(handed!);
    const [{ seq } = { seq: 0 }] = reader.store.messages.list({ box: "in", limit: 1 });
    await reader.store.write(() => reader.store.messages.remove(seq));
    answer = () => undefined;
    await take(handed!);
    expect(states()).toEqual(["VERIFIED"]);
    expect(asked).toHaveLength(1);
  });

  it("of another agency of the same state is not touched", async () => {
    const gh = makeOffice(world, "gh/fiu");
    const [handed] = await publish(fiu, request, "a");
    await revoke(now + minute);
    gh.clock.move(2 * minute);
    const takeThere = makeTakePublications(gh, {
      refreshRegister: () => Promise.resolve(false),
      held: () => undefined,
    });
    await takeThere([handed!]);
    expect(gh.store.messages.count("in", "VERIFIED")).toBe(1);
    gh.close();
  });
});

async function takeLying(
  lying: Parameters<ReturnType<typeof makeTakePublications>>[0],
): Promise<void> {
  await makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    askAdmission: (question) => Promise.resolve(answer(parseAdmissionQuestion(question))),
    held: () => undefined,
  })(lying);
}
