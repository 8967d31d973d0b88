import { describe, expect, it } from "vitest";

import { limits, parseReceipt, receiptSubject } from "../../schemas/index.ts";
import { fixtureHub, makeRegion, mandate } from "../../test/kit/hub-region.ts";
import { makeBench, makePublication } from "../../test/kit/hub-messages.ts";
import { takeIn, type TakenIn } from "../../test/kit/take-in.ts";

const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
  ],
  mandates: [mandate("ng/tcu", ["PUBLISH", "ecowas"])],
});
const made = makePublication(region, "ng/tcu");

async function sentOn(channel: string): Promise<TakenIn> {
  const subject = `in.ng.tcu.msg.${channel}`;
  return await takeIn({ subject, data: made.bytes }, makeBench(region), region.signer(fixtureHub));
}

function receiptOf({ stored }: TakenIn): ReturnType<typeof parseReceipt>["receipt"] {
  const told = stored.find(({ subject }) => subject === receiptSubject("ng/tcu"));
  return parseReceipt(told?.payload ?? new Uint8Array()).receipt;
}

describe("the intake", () => {
  it("stores what is admitted, then tells its sender, and ends once", async () => {
    const taken = await sentOn(made.channel);
    const subjects = taken.stored.map(({ subject }) => subject.split(".")[0]);
    expect(subjects).toEqual(["feed", "receipt"]);
    expect(receiptOf(taken).accepted).toMatchObject([{ channel: made.channel }]);
    expect(taken.ends).toBe(1);
  });

  it("what is beyond its sender's quota leaves nothing behind, and is his to send again", async () => {
    const bench = { ...makeBench(region), quota: { take: () => false } };
    const message = { subject: `in.ng.tcu.msg.${made.channel}`, data: made.bytes };
    const taken = await takeIn(message, bench, region.signer(fixtureHub));
    expect(taken).toMatchObject({ stored: [], ends: 1 });
  });

  it("a publication of the largest size costs more of the quota than a small one", async () => {
    const taken: (number | undefined)[] = [];
    const quota = { take: (...[, amount]: [string, number?]) => taken.push(amount) > 0 };
    for (const size of [100, limits.maxPublicationBytes]) {
      const message = { subject: `in.ng.tcu.msg.${made.channel}`, data: new Uint8Array(size) };
      await takeIn(message, { ...makeBench(region), quota }, region.signer(fixtureHub));
    }
    expect(taken).toEqual([1, 64]);
  });

  it.each([
    ["longer than any", `${made.channel}.${"x".repeat(3000)}`],
    ["with a control character", made.channel.replace("ecowas", "eco\u0001was")],
    ["of nothing", "x"],
  ])(
    "a refusal on a subject %s is told in a receipt that its sender can read",
    async (_, channel) => {
      const taken = await sentOn(channel);
      expect(taken.stored[0]?.subject).toBe("quarantine.ng.tcu");
      expect(receiptOf(taken).refused).toMatchObject([
        { code: "SUBJECT_MISMATCH", channel: made.channel },
      ]);
      expect(taken.ends).toBe(1);
    },
  );

  it("whoever is refused too often pays for it, and for a large one as for so many small ones", async () => {
    const spent: number[] = [];
    const asked: (number | undefined)[] = [];
    const quota = { take: () => true, spend: (_: string, amount: number) => void spent.push(amount) };
    const refusals = { take: (...[, amount]: [string, number?]) => asked.push(amount) === 0 };
    for (const size of [100, limits.maxPublicationBytes]) {
      const message = { subject: `in.ng.tcu.msg.${made.channel}`, data: new Uint8Array(size) };
      const bench = { ...makeBench(region), quota };
      await takeIn(message, bench, { signer: region.signer(fixtureHub), refusals });
    }
    expect(asked).toEqual([1, 64]);
    expect(spent).toEqual([999, 64 * 999]);
  }); // prettier-ignore

  it("whoever is beyond his quota is told of by name, before the message ends, and nobody else is", async () => {
    const message = { subject: `in.ng.tcu.msg.${made.channel}`, data: made.bytes };
    const beyond: string[] = [];
    const onBeyond = (_: unknown, origin: string): void => void beyond.push(origin);
    const parts = { signer: region.signer(fixtureHub), onBeyond };
    await takeIn(message, makeBench(region), parts);
    expect(beyond).toEqual([]);
    await takeIn(message, { ...makeBench(region), quota: { take: () => false } }, parts);
    expect(beyond).toEqual(["ng/tcu"]);
  });
});
