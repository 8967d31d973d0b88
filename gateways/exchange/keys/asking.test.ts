import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { verifyRegister } from "../../../certs/trust/index.ts";
import {
  bodyCodecs,
  decodeMessage,
  decodeParts,
  decodePublication,
  joinParts,
  parseEnvelope,
} from "../../../schemas/index.ts";
import { renderUuid, sameBytes } from "../../../schemas/ground/index.ts";
import {
  alert,
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
import { until } from "../../../test/kit/server.ts";
import { deriveContentKey } from "../../crypto/index.ts";
import { submit } from "../submit.ts";
import { makeTakePublications } from "../take-publications.ts";
import { answerKeyRequests } from "./answer.ts";
import { askForKeys } from "./ask.ts";
import { makeKeyTender } from "./tend.ts";

const minute = 60_000;
const day = 86_400_000;
let world: GatewayWorld;
let sender: MadeOffice;
let member: MadeOffice;
let late: MadeOffice;
let full: WorldParts;
let seen: number[];

const isLateFeed = ({ agency, action, scope }: WorldParts["mandates"][number]): boolean =>
  agency === "sn/tcu" && action === "READ" && scope === "ecowas";

/** Puts a register in force in every office: with the late reader's mandate for the feed, or without it. */
function publishRegister(isAdmitted: boolean): void {
  const change = (parts: WorldParts): WorldParts => ({
    ...parts,
    mandates: isAdmitted ? full.mandates : full.mandates.filter((one) => !isLateFeed(one)),
  });
  const view = verifyRegister(world.publish(change), world.anchors);
  for (const office of [sender, member, late]) Object.assign(office, { register: () => view });
}

beforeEach(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "sn/tcu"], { now: 1_780_272_000_000 });
  world.publish((parts) => {
    full = parts;
    return parts;
  });
  sender = makeOffice(world, "ng/tcu");
  member = makeOffice(world, "gh/tcu");
  late = makeOffice(world, "sn/tcu");
  publishRegister(false);
  seen = [];
});
afterEach(() => {
  for (const office of [sender, member, late]) office.close();
});

function moveAll(ms: number): void {
  for (const office of [sender, member, late]) office.clock.move(ms);
}

async function take(office: MadeOffice, ...handed: readonly Handed[]): Promise<void> {
  await makeTakePublications(office, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  })(handed);
}

function stateOf({ store }: MadeOffice): readonly [codes: readonly unknown[], inbox: number] {
  const lying = store.messages.list({ box: "in", state: "QUARANTINED", limit: 200 });
  return [lying.map(({ code }) => code), store.messages.count("in", "VERIFIED")];
}

/** The newest message about keys from one office to another. */
function newest(from: MadeOffice, to: MadeOffice, type: string): Handed {
  const handed = handedKeys(from, to.agency, type).at(-1);
  if (handed === undefined) throw new Error(`no ${type}`);
  return handed;
}

function bodyOf(office: MadeOffice, handed: Handed): Uint8Array {
  const { envelope } = decodeMessage(decodePublication(handed.bytes).message);
  const { parts } = office.store.messages.find(parseEnvelope(envelope).id)!;
  return joinParts(decodeParts(parts!).parts).body;
}

/** Lets a reader ask for what it waits for, and the sender answer. */
async function askAndAnswer(reader: MadeOffice): Promise<boolean> {
  moveAll(6 * minute);
  expect(await askForKeys(reader)).toBe(true);
  await take(sender, newest(reader, sender, "key.request"));
  return await answerKeyRequests(sender, (epoch) => void seen.push(epoch));
}

describe("a reader who is admitted later", () => {
  it("asks for the keys of what came to it, gets those messages' own, and reads them", async () => {
    const old = [...(await send(sender, alert, "a")), ...(await send(sender, alert, "b"))];
    publishRegister(true);
    await take(late, ...old);
    expect(stateOf(late)).toEqual([["AUDIENCE_KEY_AWAITED", "AUDIENCE_KEY_AWAITED"], 0]);
    expect(await askForKeys(late)).toBe(false);
    expect(await askAndAnswer(late)).toBe(true);
    await take(late, newest(sender, late, "key.message"));
    expect(stateOf(late)).toEqual([[], 2]);
    expect(handedKeys(sender, "sn/tcu")).toEqual([]);
  });

  it("gets with one message's key nothing that opens another, nor the audience key", async () => {
    const [first] = (await send(sender, alert, "a")) as [Handed];
    const [second] = (await send(sender, alert, "b")) as [Handed];
    publishRegister(true);
    await take(late, first);
    await askAndAnswer(late);
    const answer = newest(sender, late, "key.message");
    await take(late, answer, second);
    expect(stateOf(late)).toEqual([["AUDIENCE_KEY_AWAITED"], 1]);
    const { messageKeys } = bodyCodecs["key.message"].decode(bodyOf(sender, answer));
    expect(messageKeys).toHaveLength(1);
    const [{ key, messageId }] = messageKeys as [(typeof messageKeys)[number]];
    const [own] = sender.store.audienceKeys.usedSince(0);
    const message = { originator: "ng/tcu", id: messageId, type: "alert.incident" };
    expect(sameBytes(key, deriveContentKey(own!.key, message))).toBe(true);
    expect(sameBytes(key, own!.key)).toBe(false);
  });

  it.each<readonly [string, () => Promise<readonly Handed[]>]>([
    ["the register does not admit", () => send(sender, alert, "a")],
    [
      "the sender keeps it from",
      async () => {
        const kept = await send(sender, { ...alert, inner: { excludedRecipients: ["sn/tcu"] } }, "a");
        publishRegister(true);
        return kept;
      },
    ],
  ])("whom %s gets no answer, and the refusal is counted", async (_, sealed) => {
    const handed = await sealed();
    const { id } = parseEnvelope(decodeMessage(decodePublication(handed[0]!.bytes).message).envelope);
    const asking = { type: "key.request", crimes: ["drugs"], recipients: ["ng/tcu"], handling: "H2", body: { messageIds: [renderUuid(id)], registerEpoch: 1 } };
    await submit(late, asking, "ask");
    await take(sender, newest(late, sender, "key.request"));
    expect(await answerKeyRequests(sender, (epoch) => void seen.push(epoch))).toBe(false);
    expect(handedKeys(sender, "sn/tcu", "key.message")).toEqual([]);
    expect(sender.store.settings.get("keysRefused")).toBe("1");
    expect(sender.store.keyWaits.requests(10)).toEqual([]);
  }); // prettier-ignore

  it("asks for nothing that is not a sealed feed message of him whom it asks", async () => {
    const ids = [renderUuid(Buffer.from("019aa6bca00070008000000000000001", "hex"))];
    await submit(sender, { ...alert, type: "bulletin.red_flag", body: { title: { text: "x", lang: "en" }, indicators: [{ code: "SEAL_MISMATCH" }], evidenceLevel: "PROBABLE" } }, "open");
    ids.push(renderUuid(sender.store.messages.list({ box: "out", limit: 1 })[0]!.id));
    await send(sender, alert, "a");
    const share = sender.store.messages.get(sender.store.outbox.get(sender.store.outbox.waiting(1)[0]!)!.message)!;
    ids.push(renderUuid(share.id));
    publishRegister(true);
    await submit(late, { type: "key.request", crimes: ["drugs"], recipients: ["ng/tcu"], body: { messageIds: ids, registerEpoch: 1 } }, "ask");
    await take(sender, newest(late, sender, "key.request"));
    expect(await answerKeyRequests(sender, (epoch) => void seen.push(epoch))).toBe(false);
    expect(sender.store.settings.get("keysRefused")).toBe("3");
  }); // prettier-ignore
});

describe("a sender whose register is older than the reader's", () => {
  beforeEach(async () => {
    const old = await send(sender, alert, "a");
    const { register } = sender;
    publishRegister(true);
    await take(late, ...old);
    Object.assign(sender, { register });
    moveAll(6 * minute);
    await askForKeys(late);
    // the request itself is proved by the newer one, or would wait in quarantine as well
    const newer = late.register();
    Object.assign(sender, { register: () => newer });
    await take(sender, newest(late, sender, "key.request"));
    Object.assign(sender, { register });
  });

  it("fetches it before he answers", async () => {
    expect(await answerKeyRequests(sender, (epoch) => void seen.push(epoch))).toBe(false);
    const { epoch } = late.register();
    expect([seen, sender.store.settings.get("keysRefused")]).toEqual([[epoch], undefined]);
    const newer = late.register();
    Object.assign(sender, { register: () => newer });
    expect(await answerKeyRequests(sender, (one) => void seen.push(one))).toBe(true);
    await take(late, newest(sender, late, "key.message"));
    expect(stateOf(late)).toEqual([[], 1]);
  });

  it("waits for it no longer than an hour", async () => {
    moveAll(60 * minute);
    expect(await answerKeyRequests(sender, (epoch) => void seen.push(epoch))).toBe(false);
    expect([seen, sender.store.settings.get("keysRefused")]).toEqual([[], "1"]);
  });
});

describe("a share that was lost", () => {
  it("is sent again to a member who asks, and a second one changes nothing", async () => {
    const handed = await send(sender, alert, "a");
    await take(member, ...handed);
    expect(await askAndAnswer(member)).toBe(true);
    const shares = handedKeys(sender, "gh/tcu");
    expect(shares).toHaveLength(2);
    expect(handedKeys(sender, "gh/tcu", "key.message")).toEqual([]);
    await take(member, shares[1]!);
    expect(stateOf(member)).toEqual([[], 1]);
    await take(member, ...shares);
    expect(stateOf(member)).toEqual([[], 1]);
    await take(member, ...(await send(sender, alert, "b")));
    expect(stateOf(member)).toEqual([[], 2]);
  });

  it("of a key that has ended is answered with the messages' own keys", async () => {
    const handed = await send(sender, alert, "a");
    moveAll(2 * day);
    await take(member, ...handed);
    await askAndAnswer(member);
    await take(member, newest(sender, member, "key.message"));
    expect(stateOf(member)).toEqual([[], 1]);
  });
});

describe("asking", () => {
  it("is for each message once a day, less often the longer nobody answers, and never after it came", async () => {
    await take(member, ...(await send(sender, alert, "a")));
    moveAll(5 * minute);
    expect(await askForKeys(member)).toBe(true);
    expect(await askForKeys(member)).toBe(false);
    moveAll(day - 1);
    expect(await askForKeys(member)).toBe(false);
    moveAll(1);
    expect(await askForKeys(member)).toBe(true);
    moveAll(day - 1);
    expect(await askForKeys(member)).toBe(false);
    moveAll(day);
    expect(await askForKeys(member)).toBe(true);
    await take(member, handedKeys(sender, "gh/tcu")[0]!);
    moveAll(10 * day);
    expect(await askForKeys(member)).toBe(false);
  });

  it("names up to 64 messages in one request; the others follow", async () => {
    const handed: Handed[] = [];
    for (let i = 0; i < 70; i += 1) handed.push(...(await send(sender, alert, `k${i}`)));
    await take(member, ...handed);
    moveAll(6 * minute);
    expect(await askForKeys(member)).toBe(true);
    expect(await askForKeys(member)).toBe(true);
    expect(await askForKeys(member)).toBe(false);
    const counts = handedKeys(member, "ng/tcu", "key.request").map(
      (one) => bodyCodecs["key.request"].decode(bodyOf(member, one)).messageIds.length,
    );
    expect(counts).toEqual([64, 6]);
  });

  it("of one who may not be written to is put off", async () => {
    await take(member, ...(await send(sender, alert, "a")));
    const mute = (parts: WorldParts): WorldParts => ({
      ...parts,
      mandates: full.mandates.filter(({ agency, scope }) => agency !== "gh/tcu" || scope !== "direct"),
    });
    const view = verifyRegister(world.publish(mute), world.anchors);
    Object.assign(member, { register: () => view });
    moveAll(6 * minute);
    expect(await askForKeys(member)).toBe(false);
    expect(member.store.keyWaits.due(member.clock.now(), 10)).toEqual([]);
  }); // prettier-ignore

  it("again the same day for what was given already gives nothing more", async () => {
    await take(member, ...(await send(sender, alert, "a")));
    await askAndAnswer(member);
    const [wait] = member.store.keyWaits.due(Number.MAX_SAFE_INTEGER, 1);
    await member.store.write(() => member.store.keyWaits.asked(wait!, 0));
    expect(await askAndAnswer(member)).toBe(false);
    expect(handedKeys(sender, "gh/tcu")).toHaveLength(2);
  });

  it("keys of messages that nobody waits for are not kept", async () => {
    await send(sender, alert, "a");
    const messageId = "019aa6bc-a000-7000-8000-0000000000a1";
    const body = { messageKeys: [{ messageId, key: Buffer.alloc(32, 1).toString("base64url") }] };
    const plan = { type: "key.message", crimes: ["drugs"], recipients: ["gh/tcu"], handling: "H2", body };
    await submit(sender, plan, "unasked");
    await take(member, newest(sender, member, "key.message"));
    const id = Buffer.from(messageId.replaceAll("-", ""), "hex");
    expect(member.store.heldKeys.ofMessage("ng/tcu", id)).toBeUndefined();
  }); // prettier-ignore
});

describe("tending", () => {
  it("answers at once, asks after a while, and wakes the sender when there is something new", async () => {
    await take(member, ...(await send(sender, alert, "a")));
    let woken = 0;
    const wake = (): void => void (woken += 1);
    const settle = async (): Promise<void> => {
      for (let i = 0; i < 50; i += 1) await new Promise((resolve) => void setTimeout(resolve, 2));
    };
    const tender = makeKeyTender(member, { wake, sawEpoch: () => undefined });
    moveAll(6 * minute);
    await until("it asks", async () => {
      tender.tick();
      await settle();
      return woken > 0;
    });
    await settle();
    expect([woken, handedKeys(member, "ng/tcu", "key.request").length]).toEqual([1, 1]);
    await take(sender, newest(member, sender, "key.request"));
    const other = makeKeyTender(sender, { wake, sawEpoch: () => undefined });
    other.tick();
    await until("it answers", () => woken > 1);
    expect([woken, handedKeys(sender, "gh/tcu").length]).toEqual([2, 2]);
  });
});
