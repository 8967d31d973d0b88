import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { sha256, utf8 } from "../../schemas/ground/index.ts";
import {
  alert,
  handedKeys,
  type MadeOffice,
  makeOffice,
  publish,
  request,
  send,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { passingCodes, rejudge, startCodes } from "./rejudge.ts";
import { makeTakePublications } from "./take-publications.ts";

const day = 86_400_000;
let world: GatewayWorld;
let sender: MadeOffice;
let reader: MadeOffice;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"], {
    now: 1_780_272_000_000,
  });
});
beforeEach(() => {
  sender = makeOffice(world, "ng/tcu");
  reader = makeOffice(world, "gh/tcu");
});
afterEach(() => {
  sender.close();
  reader.close();
});

const take: ReturnType<typeof makeTakePublications> = (arrivals) =>
  makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  })(arrivals);

function codes(): readonly (string | undefined)[] {
  return reader.store.messages
    .list({ box: "in", state: "QUARANTINED", limit: 200 })
    .map(({ code }) => code);
}

function countInbox(): number {
  return reader.store.messages.count("in", "VERIFIED");
}

describe("rejudge", () => {
  it("what came before our new key was loaded is opened once it is", async () => {
    const { keys } = reader;
    Object.assign(reader, { keys: [] });
    await take(await send(sender, alert, "k"));
    await take(handedKeys(sender, "gh/tcu"));
    expect(codes()).toEqual(["BODY_CANNOT_BE_OPENED", "AUDIENCE_KEY_AWAITED"]);
    Object.assign(reader, { keys });
    await rejudge(reader, passingCodes, take);
    expect(countInbox()).toBe(0);
    await rejudge(reader, startCodes, take);
    expect([codes(), countInbox()]).toEqual([[], 1]);
  });

  it("what came while our clock was far ahead is judged by the clock put right", async () => {
    const [one] = await publish(sender, { ...alert, expiresAt: "2026-06-01T01:00:00Z" }, "k");
    reader.clock.move(day);
    await take([one!]);
    expect(codes()).toEqual(["ENVELOPE_EXPIRED"]);
    await rejudge(reader, passingCodes, take);
    expect(codes()).toEqual(["ENVELOPE_EXPIRED"]);
    reader.clock.move(-day);
    await rejudge(reader, passingCodes, take);
    expect([codes(), countInbox()]).toEqual([[], 1]);
  });

  describe("direct mail that ends inside its seal", () => {
    const end = Date.parse("2026-06-01T01:00:00Z");
    const lying = () => reader.store.messages.list({ box: "in", state: "QUARANTINED", limit: 1 })[0];
    const toJudge = (): number =>
      reader.store.messages.quarantined(passingCodes, { now: reader.clock.now(), before: 99, limit: 9 }).length;
    const write = async () => {
      [sender, reader].forEach((one) => one.close());
      [sender, reader] = [makeOffice(world, "ng/fiu"), makeOffice(world, "gh/fiu")];
      const [one] = await publish(sender, { ...request, urgency: "ROUTINE", expiresAt: "2026-06-01T01:00:00Z" }, "d");
      return one!;
    };

    it("and came too late is kept apart as any other, and opened by a clock put right alone", async () => {
      const one = await write();
      reader.clock.move(day);
      await take([one]);
      expect(lying()).toMatchObject({ code: "ENVELOPE_EXPIRED", urgency: "ROUTINE", expiresAt: end, type: "" });
      // else every tick would open it again, for as long as any message may live
      expect(toJudge()).toBe(0);
      reader.clock.move(-day);
      expect(toJudge()).toBe(1);
      await rejudge(reader, passingCodes, take);
      expect([codes(), countInbox()]).toEqual([[], 1]);
      const [held] = reader.store.messages.list({ box: "in", limit: 1 });
      expect(held).toMatchObject({ type: "fiu.request", urgency: "ROUTINE", expiresAt: end });
    });

    it("and ended while it lay there for another reason is not opened again and again", async () => {
      const one = await write();
      const view = reader.register();
      Object.assign(reader, { register: () => ({ ...view, expiresAt: 0 }) });
      await take([one]);
      // how urgent it is nobody here knows yet
      expect(lying()).toMatchObject({ code: "REGISTER_STALE", urgency: "" });
      Object.assign(reader, { register: () => view });
      reader.clock.move(day);
      expect(toJudge()).toBe(1);
      await rejudge(reader, passingCodes, take);
      expect(lying()).toMatchObject({ code: "ENVELOPE_EXPIRED", expiresAt: end });
      expect([toJudge(), countInbox()]).toEqual([0, 0]);
    });
  }); // prettier-ignore

  it("however much newer lies there that still fails, the oldest has its turn", async () => {
    const view = reader.register();
    Object.assign(reader, { register: () => ({ ...view, expiresAt: 0 }) });
    await take(await publish(sender, alert, "k"));
    const [lying] = reader.store.messages.list({ box: "in", limit: 1 });
    const stored = reader.store.messages.get(lying!.seq)!;
    await reader.store.write(() => {
      for (let i = 0; i < 250; i += 1) {
        const raw = utf8(`none ${i}`);
        const own = { id: Buffer.alloc(16, i), digest: sha256(raw), raw };
        reader.store.messages.add({ ...stored, ...own });
      }
    });
    Object.assign(reader, { register: () => view });
    await rejudge(reader, passingCodes, take);
    expect(countInbox()).toBe(1);
    expect(reader.store.messages.count("in", "QUARANTINED")).toBe(250);
  });
});
