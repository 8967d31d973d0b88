import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { endorseSealingKey, makeSigningKey } from "../../certs/keys/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { makeUuid, silentLog, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { believesAll } from "../../test/kit/believes-all.ts";
import {
  alert,
  type Handed,
  type MadeOffice,
  makeOffice,
  publish,
  request,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  issueSealing,
  type MadeSealing,
  publishSealing,
  sealingLine,
} from "../../test/kit/sealing-change.ts";
import {
  makeOpeningKey,
  openBody,
  type OpeningKey,
  sealBody,
  sealRecipients,
} from "../crypto/index.ts";
import { makeExchange } from "./make-exchange.ts";
import type { Office } from "./office.ts";
import { makePinDesk } from "./pins.ts";
import { rejudge, startCodes } from "./rejudge.ts";
import { makeTakePublications } from "./take-publications.ts";
import { makeWatchers } from "./watchers.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
const fiu = "gh/fiu";

let world: GatewayWorld;
let old: MadeSealing;
let next: MadeSealing;
/** The reader's agency before, during and after the change of its key, and after one nobody vouched for. */
let before: RegisterView;
let during: RegisterView;
let after: RegisterView;
let unvouched: RegisterView;
let ciChanged: RegisterView;

const made: MadeOffice[] = [];

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/fiu", "ng/tcu", "gh/fiu", "gh/tcu", "ci/tcu"], { now });
  old = await issueSealing(world, fiu);
  next = await issueSealing(world, fiu, now + day);
  const ci = await issueSealing(world, "ci/tcu", now + day);
  const endorsement = endorseSealingKey(
    { key: makeSigningKey(old.privateKey), thumbprint: old.leaf.thumbprint },
    { agency: fiu, thumbprint: next.leaf.thumbprint },
  );
  before = publishSealing(world, fiu, [sealingLine(old)]);
  during = publishSealing(world, fiu, [sealingLine(old), sealingLine(next, [endorsement])]);
  after = publishSealing(world, fiu, [sealingLine(next, [endorsement])]);
  unvouched = publishSealing(world, fiu, [sealingLine(next)]);
  ciChanged = publishSealing(world, "ci/tcu", [sealingLine(ci)]);
});

afterEach(() => {
  for (const office of made.splice(0)) office.close();
});

/** An office whose register a test sets, and whose keys it chooses. */
interface SetOffice extends MadeOffice {
  view: RegisterView;
}

function officeOf(agency: string, keys?: readonly OpeningKey[]): SetOffice {
  const office = makeOffice(world, agency);
  made.push(office);
  const { store, clock } = office;
  const set: SetOffice = {
    ...office,
    view: before,
    keys: keys ?? office.keys,
    register: () => set.view,
    pins: makePinDesk({
      agency,
      keys: () => set.keys,
      store,
      register: () => set.view,
      clock,
      log: silentLog,
    }),
  };
  set.pins.under(before);
  return set;
}

function opening({ certificate, key }: MadeSealing): OpeningKey {
  return makeOpeningKey(certificate, key);
}

function taker(office: Office): ReturnType<typeof makeTakePublications> {
  return makeTakePublications(office, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  });
}

/** What stands in the inbox: how many were opened, and the codes of those that were not. */
function inbox({ store }: Office): readonly [number, ...(string | undefined)[]] {
  const quarantined = store.messages.list({ box: "in", state: "QUARANTINED", limit: 100 });
  return [store.messages.count("in", "VERIFIED"), ...quarantined.map(({ code }) => code)];
}

let sender: SetOffice;
let sealedToOld: readonly Handed[];

beforeEach(async () => {
  sender = officeOf("ng/fiu");
  sealedToOld = await publish(sender, request, "to the old key");
});

describe("a sealing key is renewed", () => {
  it("what was sealed to the old key opens after it, and senders use the new one", async () => {
    const reader = officeOf(fiu, [opening(next), opening(old)]);
    sender.clock.move(day);
    reader.clock.move(day);
    [sender.view, reader.view] = [during, during];
    const sealedToNew = await publish(sender, request, "to the new key");
    await taker(reader)([...sealedToOld, ...sealedToNew]);
    expect(inbox(reader)).toEqual([2]);

    const onlyNew = officeOf(fiu, [opening(next)]);
    onlyNew.clock.move(day);
    onlyNew.view = during;
    await taker(onlyNew)([...sealedToOld, ...sealedToNew]);
    expect(inbox(onlyNew)).toEqual([1, "BODY_CANNOT_BE_OPENED"]);
  });

  it("when the old certificate is gone from the register, what was sealed to it still opens", async () => {
    const reader = officeOf(fiu, [opening(next), opening(old)]);
    reader.clock.move(day);
    reader.view = after;
    await taker(reader)(sealedToOld);
    expect(inbox(reader)).toEqual([1]);
  });

  it("a start that brings the old key opens what waited for it", async () => {
    const reader = officeOf(fiu, [opening(next)]);
    reader.clock.move(day);
    reader.view = during;
    await taker(reader)(sealedToOld);
    expect(inbox(reader)).toEqual([0, "BODY_CANNOT_BE_OPENED"]);
    const started = { ...reader, keys: [opening(next), opening(old)] };
    await rejudge(started, startCodes, taker(started));
    expect(inbox(reader)).toEqual([1]);
  });

  it("what was sealed to a certificate that has expired since opens", async () => {
    const place = { register: before, now, believes: believesAll };
    const [recipient] = sealRecipients(place, [fiu]);
    expect(recipient?.certificate.notAfter).toBeLessThan(now + 91 * day);
    const parts = utf8("parts in the clear");
    const message = { originator: "ng/fiu", id: makeUuid(now, systemChance) };
    const sealed = await sealBody({ ...message, parts, recipients: [recipient!] });
    const keys = [opening(next), opening(old)];
    expect(Buffer.from(await openBody({ ...message, sealed, keys })).equals(parts)).toBe(true);
    expect(() => sealRecipients({ ...place, now: now + 91 * day }, [fiu])).toThrow(
      expect.objectContaining({ code: "SEAL_KEY_MISSING" }),
    );
  });
});

describe("a sealing key that nobody vouches for", () => {
  it("stops direct mail to its agency with a code and what to do; nothing is stored", async () => {
    sender.clock.move(day);
    sender.view = unvouched;
    const exchange = makeExchange(sender, {
      watchers: makeWatchers(sender.store, silentLog),
      wake: () => undefined,
      link: () => ({ isUp: false }),
    });
    expect(await exchange.validate(request)).toMatchObject({
      valid: false,
      problems: [{ code: "SEAL_KEY_UNCONFIRMED" }],
    });
    const count = sender.store.messages.list({ box: "out", limit: 100 }).length;
    await expect(exchange.submit(request, "again")).rejects.toMatchObject({
      code: "SEAL_KEY_UNCONFIRMED",
    });
    expect(sender.store.messages.list({ box: "out", limit: 100 })).toHaveLength(count);
    const [{ fingerprint } = { fingerprint: "" }] = exchange.sealingKeys(false);
    expect(exchange.status().sealingKeys).toEqual({ changed: 0, unconfirmed: 1 });
    await exchange.decideSealingKey({ agency: fiu, fingerprint, state: "CONFIRMED", by: "A" });
    expect(await exchange.submit(request, "again")).toMatchObject({ created: true });
    expect(exchange.status().sealingKeys).toEqual({ changed: 0, unconfirmed: 0 });
  });

  it("leaves its agency out of a feed, and the preview shows exactly who is sealed to", async () => {
    const office = officeOf("ng/tcu");
    const exchange = makeExchange(office, {
      watchers: makeWatchers(office.store, silentLog),
      wake: () => undefined,
      link: () => ({ isUp: false }),
    });
    const all = await exchange.submit(alert, "before");
    expect([...all.audience].toSorted()).toEqual(["ci/tcu", "gh/tcu"]);
    office.clock.move(day);
    office.view = ciChanged;
    const preview = await exchange.validate(alert);
    const { audience } = await exchange.submit(alert, "after");
    expect([preview.audience, audience]).toEqual([["gh/tcu"], ["gh/tcu"]]);
  });
});
