import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { parseCertificate } from "../../certs/shape/index.ts";
import { verifyRegister } from "../../certs/trust/index.ts";
import { isFault } from "../../schemas/ground/index.ts";
import { alert, bulletin, type MadeOffice, makeOffice } from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { aloneState, releaseHeld } from "./alone.ts";
import { findSealRecipient } from "../crypto/index.ts";
import { expireOverdue } from "./expire.ts";
import { placeOf } from "./place.ts";
import { submit } from "./submit.ts";

const now = 1_780_272_000_000;
const hour = 3_600_000;
const day = 24 * hour;

let world: GatewayWorld & { view: GatewayWorld["view"] };
let office: MadeOffice;
let number = 0;

beforeEach(async () => {
  world = { ...(await makeGatewayWorld(["ng/tcu", "ci/tcu", "gh/tcu"], { now, lifeMs: day })) };
  office = makeOffice(world, "ng/tcu");
});

afterEach(() => office.close());

function at(ms: number): void {
  office.clock.move(now + ms - office.clock.now());
}

async function hand(change: object, base: object = alert): Promise<string> {
  try {
    const { id } = await submit(office, { ...base, ...change }, `key ${(number += 1)}`);
    return id;
  } catch (error) {
    if (isFault(error)) return error.code;
    throw error;
  }
}

/** As if the hub had taken all that waits. */
function takeAll(): void {
  for (const seq of office.store.outbox.waiting(1_000)) {
    const { message, stream } = office.store.outbox.get(seq)!;
    office.store.outbox.accept(seq, { stream, instance: "one", sequence: seq });
    office.store.messages.setState(message, "ACCEPTED");
  }
}

/** Who would get something of what waits; keys for the others among it. */
function readersOfWaiting(): readonly string[] {
  const { outbox, messages } = office.store;
  return outbox.waiting(100).flatMap((seq) => messages.get(outbox.get(seq)!.message)!.audience);
}

function stateOf(id: string): string {
  const found = office.store.messages.find(Buffer.from(id.replaceAll("-", ""), "hex"));
  return found?.code ?? found?.state ?? "none";
}

/** A newer register comes: as it was, or with an agency's certificates revoked. */
async function renew(revoked?: string): Promise<void> {
  if (revoked !== undefined) {
    const bytes = await world.revoke(revoked, "SEALING", { at: office.clock.now() - hour });
    world.view = verifyRegister(bytes, world.anchors, world.view);
  }
  world.view = { ...world.view, expiresAt: office.clock.now() + day };
}

const past = 4 * day + hour;

describe("a gateway that is alone", () => {
  it("works in full for 72 hours, takes messages for known audiences for 14 days, and then none", () => {
    const modes = [0, 96 - 1, 96, 15 * 24 - 1, 15 * 24].map(
      (hours) => aloneState(world.view, "H1", now + hours * hour).mode,
    );
    expect(modes).toEqual(["FULL", "FULL", "DEGRADED", "DEGRADED", "READ_ONLY"]);
    for (const handling of ["H0", "H1"]) {
      expect(aloneState(world.view, handling, now + 72 * hour).mode).toBe("FULL");
    }
    for (const handling of ["H2", "H3"]) {
      expect(aloneState(world.view, handling, now + 72 * hour).mode).toBe("DEGRADED");
    }
  });

  it("sends at once what it takes in within 72 hours", async () => {
    at(72 * hour);
    const id = await hand({ handling: "H1" });
    expect(stateOf(id)).toBe("QUEUED");
    expect(office.store.outbox.held()).toEqual([]);
  });

  it("then holds what is for an audience it wrote to before, with the keys that go with it", async () => {
    await hand({ handling: "H1" });
    takeAll();
    at(past);
    const id = await hand({ handling: "H1" });
    expect(stateOf(id)).toBe("QUEUED");
    expect(office.store.outbox.held().length).toBeGreaterThan(0);
    expect(office.store.outbox.waiting(100)).toEqual([]);
    expect(office.store.outbox.countWaiting()).toBe(1);
    expect(await releaseHeld(office)).toBe(false);
  });

  it("and refuses what is for an audience it never wrote to", async () => {
    at(past);
    expect(await hand({ handling: "H1" })).toBe("REGISTER_STALE");
    expect(office.store.outbox.waiting(100)).toEqual([]);
  });

  it("takes nothing after 14 days, and still reads and searches", async () => {
    const id = await hand({ handling: "H1" });
    takeAll();
    at(15 * day);
    expect(await hand({ handling: "H1" })).toBe("REGISTER_STALE");
    expect(office.store.messages.list({ box: "out", limit: 10 })).toHaveLength(1);
    expect(stateOf(id)).toBe("ACCEPTED");
  });
});

/** The fixture issues its lists for a week: past that nothing more can be asked of them. */
const listsMs = 7 * day;

/** Newer lists come with a newer register: of every state, with one of its links revoked. */
async function renewLists(...revoked: readonly string[]): Promise<void> {
  const madeAt = office.clock.now() - hour;
  for (const agency of ["ng/tcu", "ci/tcu", "gh/tcu", "ecowas/hub"]) {
    const kind = revoked.includes(agency) ? "SEALING" : "LINK";
    world.view = verifyRegister(
      await world.revoke(agency, kind, { at: madeAt }),
      world.anchors,
      world.view,
    );
  }
  world.view = { ...world.view, expiresAt: office.clock.now() + day };
}

describe("a gateway that is alone for 14 days past its register's time", () => {
  it("takes messages for known audiences on each of them, lets none out, and takes none after", async () => {
    await hand({ handling: "H1" });
    takeAll();
    const taken: string[] = [];
    for (let hours = 4 * 24; hours < 15 * 24; hours += 24) {
      at(hours * hour);
      taken.push(await hand({ handling: "H1" }));
    }
    at(15 * day - 1);
    taken.push(await hand({ handling: "H1" }));
    expect(taken.map(stateOf)).toEqual(Array.from({ length: 12 }, () => "QUEUED"));
    expect(office.store.outbox.waiting(1_000)).toEqual([]);
    expect(await releaseHeld(office)).toBe(false);
    at(15 * day);
    expect(await hand({ handling: "H1" })).toBe("REGISTER_STALE");
    // nothing was lost of what was taken
    await renewLists();
    expect(await releaseHeld(office)).toBe(true);
    const sent = new Set(office.store.outbox.waiting(1_000).map((seq) => office.store.outbox.get(seq)!.message));
    expect(taken.every((id) => sent.has(office.store.messages.find(Buffer.from(id.replaceAll("-", ""), "hex"))!.seq))).toBe(true);
  }, 30_000); // prettier-ignore

  it("lets nothing go to a reader whose key was revoked meanwhile, though lists had ended when it was written", async () => {
    await hand({ handling: "H1" });
    takeAll();
    at(listsMs + day);
    const id = await hand({ handling: "H1" });
    expect(stateOf(id)).toBe("QUEUED");
    await renewLists("gh/tcu");
    await releaseHeld(office);
    expect(stateOf(id)).toBe("SEAL_KEY_MISSING");
    expect(readersOfWaiting()).not.toContain("gh/tcu");
  });

  it("takes none for an audience it never wrote to when lists have ended, either", async () => {
    at(listsMs + day);
    expect(await hand({ handling: "H1" })).toBe("REGISTER_STALE");
    expect(office.store.outbox.held()).toEqual([]);
  });

  it("sends nothing by lists that have ended, however long the register itself is in date", async () => {
    await hand({ handling: "H1" });
    takeAll();
    world.view = { ...world.view, expiresAt: now + 30 * day };
    at(listsMs + hour);
    expect(await hand({ handling: "H1" })).toMatch(/^SEAL_/);
  });

  it("seals to no certificate that has ended, whatever the register said while it was in date", async () => {
    await hand({ handling: "H1" });
    takeAll();
    const end = Math.max(...world.agency("gh/tcu").certificates.map(({ certificate }) => parseCertificate(certificate).notAfter));
    world.view = { ...world.view, expiresAt: end - 5 * day };
    const ended = { ...placeOf(office), listedAt: now };
    expect(findSealRecipient({ ...ended, now: end - 1000 }, "gh/tcu")).toBeDefined();
    expect(findSealRecipient({ ...ended, now: end }, "gh/tcu")).toBeUndefined();
  }); // prettier-ignore
});

describe("what was held, when the register is renewed", () => {
  it("goes out, the urgent first; what expired meanwhile says so", async () => {
    await hand({ handling: "H1" });
    await hand({}, bulletin);
    takeAll();
    at(past);
    const short = new Date(office.clock.now() + 2 * hour).toISOString();
    const routine = await hand({ handling: "H1" });
    const gone = await hand({ handling: "H1", expiresAt: short });
    const flash = await hand({
      handling: "H1",
      urgency: "FLASH",
      inner: { urgencyReason: { text: "Exercise.", lang: "en" } },
    });
    expect([routine, gone, flash].map(stateOf)).toEqual(["QUEUED", "QUEUED", "QUEUED"]);
    at(past + 3 * hour);
    await expireOverdue(office);
    expect(stateOf(gone)).toBe("EXPIRED");
    await renew();
    expect(await releaseHeld(office)).toBe(true);
    expect(await releaseHeld(office)).toBe(false);
    const order = office.store.outbox
      .waiting(100)
      .map((seq) => office.store.outbox.get(seq)!.message);
    const people = order
      .map((message) => office.store.messages.summary(message)!)
      .filter(({ type }) => !type.startsWith("key."))
      .map(({ urgency }) => urgency);
    expect(people).toEqual(["FLASH", people[1]]);
    expect(people[1]).not.toBe("FLASH");
  });

  it("is refused with the reason when one of its readers was revoked meanwhile", async () => {
    await hand({ handling: "H1" });
    takeAll();
    at(past);
    const id = await hand({ handling: "H1" });
    await renew("gh/tcu");
    await releaseHeld(office);
    expect(stateOf(id)).toBe("SEAL_KEY_MISSING");
    expect(office.store.outbox.held()).toEqual([]);
    expect(readersOfWaiting()).not.toContain("gh/tcu");
  });
});
