import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { decodeMessage, encodeMessage } from "../../schemas/index.ts";
import { type Bytes, isFault, renderUuid, utf8 } from "../../schemas/ground/index.ts";
import {
  alert,
  type MadeOffice,
  makeOffice,
  publish,
  request,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { checkCopy, copyOf } from "./copies.ts";
import { makeTakePublications } from "./take-publications.ts";

const day = 86_400_000;
let world: GatewayWorld;
let sender: MadeOffice;
let reader: MadeOffice;
let stranger: MadeOffice;

beforeAll(async () => {
  const names = ["ng/tcu", "gh/tcu", "sn/tcu", "ng/fiu", "gh/fiu"];
  world = await makeGatewayWorld(names, { now: 1_780_272_000_000 });
});
beforeEach(() => {
  sender = makeOffice(world, "ng/tcu");
  reader = makeOffice(world, "gh/tcu");
  stranger = makeOffice(world, "sn/tcu");
});
afterEach(() => {
  for (const office of [sender, reader, stranger]) office.close();
});

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
  return "no fault";
}

const full = { ...alert, inner: { caseRef: "A-1" } };

/** Sends the alert to the reader; its id. */
async function arrive(submission: unknown = full): Promise<string> {
  await makeTakePublications(reader, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  })(await publish(sender, submission, "k"));
  const [message] = reader.store.messages.list({ box: "in", limit: 1 });
  expect(message).toMatchObject({ state: "VERIFIED" });
  return renderUuid(message!.id);
}

function rewrap(copy: Bytes, signatures: readonly string[]): Bytes {
  return encodeMessage({ ...decodeMessage(copy), signatures });
}

describe("a copy", () => {
  it("made by a reader is proved by a stranger to be the signer's own words", async () => {
    const id = await arrive();
    const checked = checkCopy(stranger, copyOf(reader, id, "NOMINAL"));
    expect(checked).toMatchObject({
      id,
      originator: "ng/tcu",
      type: "alert.incident",
      createdAt: world.now,
      inner: { caseRef: "A-1" },
      body: { kind: "drugs", place: { country: "NG" } },
    });
    const regional = checkCopy(stranger, copyOf(reader, id, "REGIONAL"));
    expect(regional).toMatchObject({ id, body: { kind: "drugs" } });
    expect(regional).not.toHaveProperty("inner");
    expect(regional).not.toHaveProperty("body.narrative");
    expect(regional.withheld).toEqual(expect.arrayContaining(["inner", "narrative"]));
  });

  it("is made by the sender too, of what stands in its outbox", async () => {
    const id = await arrive();
    expect(checkCopy(stranger, copyOf(sender, id, "NOMINAL")).withheld).toEqual([]);
  });

  it("of a message that is not here, or was never proved, is not made", async () => {
    const id = await arrive();
    expect(codeOf(() => copyOf(stranger, id, "COURT"))).toBe("NOT_FOUND");
    expect(codeOf(() => copyOf(reader, "7", "COURT"))).toBe("ID_INVALID");
    Object.assign(reader, { keys: [] });
    await makeTakePublications(reader, {
      refreshRegister: () => Promise.resolve(false),
      held: () => undefined,
    })(await publish(sender, { ...full, crimes: ["arms"] }, "k2"));
    const [quarantined] = reader.store.messages.list({ box: "in", limit: 1 });
    expect(quarantined?.state).toBe("QUARANTINED");
    const hidden = renderUuid(quarantined!.id);
    expect(codeOf(() => copyOf(reader, hidden, "NOMINAL"))).toBe("NOT_FOUND");
  });

  it("of a direct message hides nothing of what kind it is, or is not made", async () => {
    const fiu = makeOffice(world, "ng/fiu");
    await publish(fiu, request, "k");
    const [stored] = fiu.store.messages.list({ box: "out", limit: 1 });
    const id = renderUuid(stored!.id);
    expect(codeOf(() => copyOf(fiu, id, "REGIONAL"))).toBe("COPY_NOT_POSSIBLE");
    expect(checkCopy(stranger, copyOf(fiu, id, "COURT")).type).toBe("fiu.request");
    fiu.close();
  });
});

describe("a copy is refused", () => {
  it("with another agency's signature, one over something else, what is none, or none", async () => {
    const copy = copyOf(reader, await arrive(), "COURT");
    const { envelope } = decodeMessage(copy);
    const other = world.agency("sn/tcu").signer;
    const own = world.agency("ng/tcu").signer;
    const fits = own.sign("atumpan-envelope", envelope);
    const signed = (...signatures: string[]): string =>
      codeOf(() => checkCopy(stranger, rewrap(copy, signatures)));
    expect(signed(other.sign("atumpan-envelope", envelope))).toBe("ORIGIN_MISMATCH");
    expect(signed(own.sign("atumpan-envelope", utf8("other")))).toBe("ENVELOPE_SIGNATURE_INVALID");
    expect(signed(own.sign("atumpan-slip", envelope))).toBe("SIGNATURE_MALFORMED");
    expect(signed()).toBe("ENVELOPE_SIGNATURE_MISSING");
    expect(signed("not a signature")).toBe("SIGNATURE_MALFORMED");
    expect(signed(fits)).toBe("no fault");
    // one that fits does not make up for one that does not
    expect(signed(fits, own.sign("atumpan-envelope", utf8("other")))).toBe(
      "ENVELOPE_SIGNATURE_INVALID",
    );
  });

  it("by who holds the message too, when its signature is another than the one proved", async () => {
    const copy = copyOf(reader, await arrive(), "COURT");
    const bad = world.agency("ng/tcu").signer.sign("atumpan-envelope", utf8("other"));
    expect(codeOf(() => checkCopy(reader, rewrap(copy, [bad])))).toBe("ENVELOPE_SIGNATURE_INVALID");
    expect(codeOf(() => checkCopy(reader, rewrap(copy, [])))).toBe("ENVELOPE_SIGNATURE_MISSING");
  });

  it("when the certificate has ended, but for who proved the message in its time", async () => {
    const copy = copyOf(reader, await arrive(), "COURT");
    reader.clock.move(91 * day);
    stranger.clock.move(91 * day);
    expect(codeOf(() => checkCopy(stranger, copy))).toBe("CERT_EXPIRED");
    expect(checkCopy(reader, copy)).toMatchObject({ originator: "ng/tcu" });
  });

  it("when its bytes are no copy", () => {
    expect(codeOf(() => checkCopy(stranger, utf8("copy")))).toBe("CODEC_MALFORMED");
  });
});
