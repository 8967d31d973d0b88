import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { endorseSealingKey, makeSigningKey } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import type { Endorsement } from "../../schemas/index.ts";
import { Fault, type Log, renderHex, silentLog } from "../../schemas/ground/index.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { makeStillClock, type StillClock } from "../../test/kit/memory-exchange.ts";
import {
  issueSealing,
  type MadeSealing,
  publishSealing,
  sealingLine,
} from "../../test/kit/sealing-change.ts";
import { findSealRecipient, makeOpeningKey, sealRecipients } from "../crypto/index.ts";
import { openStore, type Store } from "../store/index.ts";
import type { SealingKeyEntry } from "./exchange.ts";
import { makePinDesk, type PinDesk } from "./pins.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const agency = "gh/fiu";

let world: GatewayWorld;
let first: MadeSealing;
let next: MadeSealing;
let third: MadeSealing;
/** Registers in order: the agency as it was met, then with what came after. */
let met: RegisterView;

let dir: string;
let store: Store;
let clock: StillClock;
let register: RegisterView;
let desk: PinDesk;
/** Whose gateway it is, and the sealing keys that lie there. */
let self: string;
let held: readonly MadeSealing[];
let logged: { event: string; agency?: string | undefined; code?: string | undefined }[];

beforeAll(async () => {
  world = await makeGatewayWorld(["gh/fiu", "ng/fiu", "ng/tcu"], { now });
  first = await issueSealing(world, agency);
  next = await issueSealing(world, agency, now + day);
  third = await issueSealing(world, agency, now + 2 * day);
  met = publishSealing(world, agency, [sealingLine(first)]);
});

function makeLog(): Log {
  const note: Log["info"] = (event, fields = {}) =>
    void logged.push({ event, agency: fields.agency, code: fields.code });
  return { ...silentLog, info: note, warn: note, error: note };
}

function makeDesk(): PinDesk {
  const place = { store, register: () => register, clock, log: makeLog() };
  return makePinDesk({ agency: self, keys: () => held.map(opening), ...place });
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "pins-"));
  store = openStore(join(dir, "store.db"));
  clock = makeStillClock(now);
  register = met;
  logged = [];
  self = "ng/tcu";
  held = [];
  desk = makeDesk();
  desk.under(register);
});

afterEach(() => {
  store.close();
  rmSync(dir, { recursive: true });
});

function opening({ certificate, key }: MadeSealing): ReturnType<typeof makeOpeningKey> {
  return makeOpeningKey(certificate, key);
}

function by(previous: MadeSealing, of: MadeSealing): Endorsement {
  const { thumbprint } = previous.leaf;
  const key = makeSigningKey(previous.privateKey);
  return endorseSealingKey({ key, thumbprint }, { agency, thumbprint: of.leaf.thumbprint });
}

/** The next register, some days later; what is pinned is on the disk when it resolves. */
async function publish(
  days: number,
  ...lines: Parameters<typeof publishSealing>[2]
): Promise<void> {
  clock.move(days * day);
  register = publishSealing(world, agency, lines);
  desk.under(register);
  await store.write(() => undefined);
}

/** The key of the agency that a body would be sealed to now; the code of the refusal when to none. */
function sealedTo(of = agency): string {
  const place = { register, now: clock.now(), believes: desk.under(register) };
  const found = findSealRecipient(place, of);
  try {
    const [sealed] = sealRecipients(place, [of]);
    expect(found).toEqual(sealed);
  } catch (error) {
    expect(found).toBeUndefined();
    return error instanceof Fault ? error.code : String(error);
  }
  return renderHex(found!.certificate.thumbprint);
}

function fingerprint({ leaf }: MadeSealing): string {
  return renderHex(leaf.thumbprint);
}

function entryOf(key: MadeSealing): SealingKeyEntry | undefined {
  return desk.list(true).find((one) => one.fingerprint === fingerprint(key));
}

const person = { agency, by: "A. Mensah" } as const;

describe("an agency met for the first time", () => {
  it("is taken as registered, and that is written down", async () => {
    await store.write(() => undefined);
    expect(sealedTo()).toBe(fingerprint(first));
    expect(entryOf(first)).toMatchObject({ state: "FIRST", since: now, isListed: true });
    expect(store.sealingPins.all().map((one) => one.agency)).toEqual(
      expect.arrayContaining([agency, "ng/fiu", "ng/tcu"]),
    );
    expect(desk.list(false)).toEqual([]);
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 0 });
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "sealing keys met for the first time" }),
    );
  });

  it("with several keys at once, all of them are taken as registered", async () => {
    store.close();
    rmSync(dir, { recursive: true });
    dir = mkdtempSync(join(tmpdir(), "pins-"));
    store = openStore(join(dir, "store.db"));
    desk = makeDesk();
    await publish(1, sealingLine(first), sealingLine(next));
    expect([entryOf(first)?.state, entryOf(next)?.state]).toEqual(["FIRST", "FIRST"]);
  });
});

describe("a new key that the earlier one vouches for", () => {
  beforeEach(async () => {
    await publish(1, sealingLine(first), sealingLine(next, [by(first, next)]));
  });

  it("is sealed to at once, and shows as changed until somebody confirms it", async () => {
    expect(sealedTo()).toBe(fingerprint(next));
    expect(desk.counts()).toEqual({ changed: 1, unconfirmed: 0 });
    expect(desk.list(false)).toMatchObject([
      { agency, state: "ENDORSED", fingerprint: fingerprint(next), isBelieved: true },
    ]);
    expect(logged).toContainEqual({ event: "sealing key changed", agency, code: undefined });
    clock.move(5_000);
    await desk.decide({ ...person, fingerprint: fingerprint(next), state: "CONFIRMED" });
    expect(desk.list(false)).toEqual([]);
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 0 });
    expect(entryOf(next)).toMatchObject({
      state: "CONFIRMED",
      by: "A. Mensah",
      since: now + day,
      at: now + day + 5_000,
    });
  });

  it("a person's word that is tried says what it would change, and is written nowhere", () => {
    const word = { ...person, fingerprint: fingerprint(next), state: "REFUSED" } as const;
    const tried = desk.try(word);
    expect([tried.before.state, tried.before.isBelieved]).toEqual(["ENDORSED", true]);
    expect(tried.after).toMatchObject({ state: "REFUSED", isBelieved: false, by: "A. Mensah" });
    expect([entryOf(next), sealedTo()]).toMatchObject([{ state: "ENDORSED" }, fingerprint(next)]);
    expect(makeDesk().list(false)).toMatchObject([{ state: "ENDORSED" }]);
    const other = { ...word, fingerprint: fingerprint(third) };
    expect(() => desk.try(other)).toThrow(expect.objectContaining({ code: "NOT_FOUND" }));
  });

  it("vouches for the one after it, without anybody having confirmed it", async () => {
    await publish(
      1,
      sealingLine(first),
      sealingLine(next, [by(first, next)]),
      sealingLine(third, [by(next, third)]),
    );
    expect(sealedTo()).toBe(fingerprint(third));
    expect(desk.counts()).toEqual({ changed: 2, unconfirmed: 0 });
  });

  it("and the one after it may be met at once, in whatever order the register names them", async () => {
    store.close();
    store = openStore(join(dir, "other.db"));
    register = met;
    desk = makeDesk();
    desk.under(met);
    await publish(
      1,
      sealingLine(third, [by(next, third)]),
      sealingLine(next, [by(first, next)]),
      sealingLine(first),
    );
    expect([entryOf(next)?.state, entryOf(third)?.state]).toEqual(["ENDORSED", "ENDORSED"]);
  });

  it("that a person refused is not sealed to, and vouches for nothing any more", async () => {
    await desk.decide({ ...person, fingerprint: fingerprint(next), state: "REFUSED" });
    expect(sealedTo()).toBe(fingerprint(first));
    await publish(
      1,
      sealingLine(first),
      sealingLine(next, [by(first, next)]),
      sealingLine(third, [by(next, third)]),
    );
    expect(entryOf(third)?.state).toBe("UNENDORSED");
    expect(sealedTo()).toBe(fingerprint(first));
  });
});

describe("a change that was vouched for and that nobody confirms", () => {
  beforeEach(async () => {
    await publish(1, sealingLine(first), sealingLine(next, [by(first, next)]));
  });

  it("is shown for fourteen days, and sealed to afterwards as before", () => {
    clock.move(14 * day - 1);
    expect(desk.counts()).toEqual({ changed: 1, unconfirmed: 0 });
    clock.move(1);
    expect([desk.counts(), desk.list(false)]).toEqual([{ changed: 0, unconfirmed: 0 }, []]);
    expect(entryOf(next)).toMatchObject({ state: "ENDORSED", isBelieved: true });
  });

  it("is counted apart from what needs a person, which no number of days puts away", async () => {
    await publish(1, sealingLine(next, [by(first, next)]), sealingLine(third));
    expect(desk.counts()).toEqual({ changed: 1, unconfirmed: 1 });
    clock.move(400 * day);
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 1 });
    expect(desk.list(false)).toMatchObject([{ state: "UNENDORSED" }]);
  });
});

describe("a new key of our own", () => {
  beforeEach(() => {
    self = agency;
    held = [first];
    desk = makeDesk();
    desk.under(register);
    logged = [];
  });

  it("that our key before vouches for is not shown to us as changed", async () => {
    await publish(1, sealingLine(first), sealingLine(next, [by(first, next)]));
    expect([desk.counts(), desk.list(false)]).toEqual([{ changed: 0, unconfirmed: 0 }, []]);
    expect(logged).toEqual([]);
    expect(sealedTo()).toBe(fingerprint(next));
  });

  it("that lies here needs nobody's word, from the moment it lies here", async () => {
    await publish(1, sealingLine(next));
    expect([desk.counts().unconfirmed, sealedTo()]).toEqual([1, "SEAL_KEY_UNCONFIRMED"]);
    held = [first, next];
    expect([desk.counts().unconfirmed, desk.list(false)]).toEqual([0, []]);
    expect(sealedTo()).toBe(fingerprint(next));
  });

  it("that does not lie here and that nobody vouches for is another's in our name: it needs a person", async () => {
    await publish(1, sealingLine(first), sealingLine(next));
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 1 });
    expect(logged).toContainEqual({
      event: "sealing key not believed",
      agency,
      code: "SEAL_KEY_UNCONFIRMED",
    });
    expect(sealedTo()).toBe(fingerprint(first));
  });

  it("that a person refused is not sealed to, though it lies here", async () => {
    held = [first, next];
    await publish(1, sealingLine(first), sealingLine(next));
    expect(sealedTo()).toBe(fingerprint(next));
    await desk.decide({ ...person, fingerprint: fingerprint(next), state: "REFUSED" });
    expect(sealedTo()).toBe(fingerprint(first));
  });

  it("of another agency is held by nobody but that agency, whatever lies here", async () => {
    self = "ng/tcu";
    held = [first, next];
    desk = makeDesk();
    desk.under(register);
    await publish(1, sealingLine(first), sealingLine(next));
    expect(desk.counts().unconfirmed).toBe(1);
  });
});

describe("a new key that nobody vouches for", () => {
  beforeEach(async () => {
    await publish(1, sealingLine(first), sealingLine(next));
  });

  it("is not sealed to: the older one is used while it holds", () => {
    expect(sealedTo()).toBe(fingerprint(first));
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 1 });
    expect(desk.list(false)).toMatchObject([{ state: "UNENDORSED", isBelieved: false }]);
    expect(logged).toContainEqual({
      event: "sealing key not believed",
      agency,
      code: "SEAL_KEY_UNCONFIRMED",
    });
  });

  it("leaves its agency without a key once the older one is gone, with a code and what to do", async () => {
    await publish(1, sealingLine(next));
    expect(sealedTo()).toBe("SEAL_KEY_UNCONFIRMED");
    const place = { register, now: clock.now(), believes: desk.under(register) };
    expect(() => sealRecipients(place, [agency])).toThrow(/gh\/fiu.*another way.*keys list/);
    expect(sealedTo("ng/fiu")).toMatch(/^[0-9a-f]{64}$/);
  });

  it("is sealed to from the moment a person confirms it, and not before that is on the disk", async () => {
    const word = { ...person, fingerprint: fingerprint(next), state: "CONFIRMED" } as const;
    const deciding = desk.decide(word);
    expect(sealedTo()).toBe(fingerprint(first));
    await deciding;
    expect(sealedTo()).toBe(fingerprint(next));
    await desk.decide({ ...word, state: "REFUSED", by: "B. Owusu" });
    expect(sealedTo()).toBe(fingerprint(first));
    // who said what before is kept
    expect(
      store.sealingPins
        .all()
        .flatMap(({ by: who, state }) => (who === undefined ? [] : [[who, state]])),
    ).toEqual([
      ["A. Mensah", "CONFIRMED"],
      ["B. Owusu", "REFUSED"],
    ]);
  });

  it("is judged again when an endorsement comes later", async () => {
    await publish(1, sealingLine(first), sealingLine(next, [by(first, next)]));
    expect(sealedTo()).toBe(fingerprint(next));
    expect(desk.counts()).toEqual({ changed: 1, unconfirmed: 0 });
  });

  it("once confirmed, it vouches for what waited for its word", async () => {
    await publish(1, sealingLine(first), sealingLine(next), sealingLine(third, [by(next, third)]));
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 2 });
    await desk.decide({ ...person, fingerprint: fingerprint(next), state: "CONFIRMED" });
    expect(sealedTo()).toBe(fingerprint(third));
  });

  it("is counted for as long as the register names it", async () => {
    await publish(1, sealingLine(first));
    expect(desk.counts()).toEqual({ changed: 0, unconfirmed: 0 });
    expect(entryOf(next)).toMatchObject({ isListed: false, state: "UNENDORSED" });
  });
});

describe("what is remembered", () => {
  it("survives a restart: a key met before is not met for the first time", async () => {
    await publish(1, sealingLine(first), sealingLine(next, [by(first, next)]), sealingLine(third));
    const { fingerprint: refused } = await desk.decide({
      ...person,
      fingerprint: fingerprint(next),
      state: "REFUSED",
    });
    const before = desk.list(true);
    store.close();
    store = openStore(join(dir, "store.db"));
    desk = makeDesk();
    expect(desk.list(true)).toEqual(before);
    expect([refused, sealedTo()]).toEqual([fingerprint(next), fingerprint(first)]);
    await publish(1, sealingLine(third));
    expect(sealedTo()).toBe("SEAL_KEY_UNCONFIRMED");
  });

  it("an agency whose keys were all taken away is not met for the first time when it comes back", async () => {
    await publish(1);
    expect(sealedTo()).toBe("SEAL_KEY_MISSING");
    await publish(1, sealingLine(next));
    expect(sealedTo()).toBe("SEAL_KEY_UNCONFIRMED");
  });

  it("what could not be written is not remembered, and judged again when it is asked for", async () => {
    await store.write(() => undefined);
    let broken = true;
    const flaky: PinDesk = makePinDesk({
      agency: self,
      keys: () => [],
      store: {
        sealingPins: store.sealingPins,
        write: (act) =>
          broken ? Promise.reject(new Fault("STORE_WRITE_FAILED", "full")) : store.write(act),
      },
      register: () => register,
      clock,
      log: makeLog(),
    });
    register = publishSealing(world, agency, [sealingLine(first), sealingLine(next)]);
    expect(flaky.counts()).toEqual({ changed: 0, unconfirmed: 1 });
    await new Promise<void>((resolve) => void setImmediate(resolve));
    expect(logged).toContainEqual(
      expect.objectContaining({ event: "sealing keys not kept", code: "STORE_WRITE_FAILED" }),
    );
    const word = { ...person, fingerprint: fingerprint(next), state: "CONFIRMED" } as const;
    await expect(flaky.decide(word)).rejects.toMatchObject({ code: "STORE_WRITE_FAILED" });
    expect(flaky.counts()).toEqual({ changed: 0, unconfirmed: 1 });
    broken = false;
    await new Promise<void>((resolve) => void setImmediate(resolve));
    expect(flaky.counts()).toEqual({ changed: 0, unconfirmed: 1 });
    await store.write(() => undefined);
    expect(store.sealingPins.all().at(-1)).toMatchObject({ state: "UNENDORSED" });
  });

  it("a word on a key that was never met, or is another agency's, is refused", async () => {
    const word = { ...person, state: "CONFIRMED" } as const;
    for (const wrong of [
      { ...word, fingerprint: "0".repeat(64) },
      { ...word, fingerprint: fingerprint(first), agency: "ng/fiu" },
      { ...word, fingerprint: fingerprint(first), agency: "zz/fiu" },
    ]) {
      await expect(desk.decide(wrong)).rejects.toMatchObject({ code: "NOT_FOUND" });
    }
  });

  it("a certificate that cannot be read is passed over, and keeps none of the others waiting", async () => {
    const bad = sealingLine({ certificate: Buffer.from("no certificate") });
    await publish(1, sealingLine(first), bad, sealingLine(next, [by(first, next)]));
    expect(sealedTo()).toBe(fingerprint(next));
    expect(desk.list(true).filter((one) => one.agency === agency)).toHaveLength(2);
  });
});
