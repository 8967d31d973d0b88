import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { decodeMessage, encodeMessage } from "../../schemas/index.ts";
import type { CopyKind } from "../../schemas/copies/index.ts";
import { type Bytes, isFault, renderUuid, utf8 } from "../../schemas/ground/index.ts";
import {
  alert,
  type MadeOffice,
  makeOffice,
  publish,
  request,
  send,
} from "../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import { checkCopy, copyOf } from "./copies.ts";
import { submit } from "./submit.ts";
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
    const checked = checkCopy(stranger, copyOf(reader, id, { kind: "NOMINAL" }));
    expect(checked).toMatchObject({
      id,
      originator: "ng/tcu",
      type: "alert.incident",
      createdAt: world.now,
      inner: { caseRef: "A-1" },
      body: { kind: "drugs", place: { country: "NG" } },
    });
    const regional = checkCopy(stranger, copyOf(reader, id, { kind: "REGIONAL" }));
    expect(regional).toMatchObject({ id, body: { kind: "drugs" } });
    expect(regional).not.toHaveProperty("inner");
    expect(regional).not.toHaveProperty("body.narrative");
    expect(regional.withheld).toEqual(expect.arrayContaining(["inner", "narrative"]));
  });

  it("is made by the sender too, of what stands in its outbox", async () => {
    const id = await arrive();
    expect(checkCopy(stranger, copyOf(sender, id, { kind: "NOMINAL" })).withheld).toEqual([]);
  });

  it("of a message that is not here, or was never proved, is not made", async () => {
    const id = await arrive();
    expect(codeOf(() => copyOf(stranger, id, { kind: "COURT" }))).toBe("NOT_FOUND");
    expect(codeOf(() => copyOf(reader, "7", { kind: "COURT" }))).toBe("ID_INVALID");
    await makeTakePublications(reader, {
      refreshRegister: () => Promise.resolve(false),
      held: () => undefined,
    })(await send(sender, { ...alert, inner: { excludedRecipients: ["sn/tcu"] } }, "k2"));
    const [quarantined] = reader.store.messages.list({ box: "in", limit: 1 });
    expect(quarantined?.state).toBe("QUARANTINED");
    const hidden = renderUuid(quarantined!.id);
    expect(codeOf(() => copyOf(reader, hidden, { kind: "NOMINAL" }))).toBe("NOT_FOUND");
  });

  it("of a direct message hides nothing of what kind it is, or is not made", async () => {
    const fiu = makeOffice(world, "ng/fiu");
    await publish(fiu, request, "k");
    const [stored] = fiu.store.messages.list({ box: "out", limit: 1 });
    const id = renderUuid(stored!.id);
    expect(codeOf(() => copyOf(fiu, id, { kind: "REGIONAL" }))).toBe("COPY_NOT_POSSIBLE");
    expect(checkCopy(stranger, copyOf(fiu, id, { kind: "COURT" })).type).toBe("fiu.request");
    fiu.close();
  });
});

/** The reader's copy, for whom the case says; the code with which it is refused. */
async function refusalOf(
  inner: object,
  { kind = "NOMINAL", to }: { kind?: CopyKind; to?: string },
): Promise<string> {
  const unit = makeOffice(world, "ng/fiu");
  const other = makeOffice(world, "gh/fiu");
  await makeTakePublications(other, {
    refreshRegister: () => Promise.resolve(false),
    held: () => undefined,
  })(await publish(unit, { ...request, inner: { caseRef: "F-7", ...inner } }, "k"));
  const [{ id } = { id: new Uint8Array() }] = other.store.messages.list({ box: "in", limit: 1 });
  const codes = [unit, other].map((office) =>
    codeOf(() => checkCopy(stranger, copyOf(office, renderUuid(id), { kind, to }))),
  );
  for (const office of [unit, other]) office.close();
  // the sender's gateway and the reader's say the same
  expect(new Set(codes).size).toBe(1);
  return codes[0]!;
}

const fromSenegal = { protectedFrom: ["SN"] };

describe("a copy of what its sender keeps from somebody", () => {
  it.each(["NOMINAL", "COURT"] as const)("%s: is not made for an agency of that state", async (kind) => {
    expect(await refusalOf(fromSenegal, { kind, to: "sn/tcu" })).toBe("RULE_RECIPIENT_KEPT_FROM");
    expect(await refusalOf({ protectedFrom: ["ML"] }, { kind, to: "sn/tcu" })).toBe("no fault");
  }); // prettier-ignore

  it("is not made for the agency itself, but for its neighbour", async () => {
    const inner = { excludedRecipients: ["ng/tcu"] };
    expect(await refusalOf(inner, { to: "ng/tcu" })).toBe("RULE_RECIPIENT_KEPT_FROM");
    expect(await refusalOf(inner, { to: "ng/fiu" })).toBe("no fault");
  });

  it("is not made for nobody in particular, nor for one whose state nobody can say", async () => {
    expect(await refusalOf(fromSenegal, {})).toBe("COPY_NOT_POSSIBLE");
    expect(await refusalOf(fromSenegal, { to: "sn/court" })).toBe("AGENCY_UNKNOWN");
    expect(await refusalOf(fromSenegal, { to: "gh/court" })).toBe("AGENCY_UNKNOWN");
  });

  it("is made for others, whatever else they may read", async () => {
    expect(await refusalOf(fromSenegal, { to: "gh/tcu" })).toBe("no fault");
  });

  it("nothing is asked of what is kept from nobody; a name is looked up all the same", async () => {
    expect(await refusalOf({}, {})).toBe("no fault");
    expect(await refusalOf({}, { to: "sn/tcu" })).toBe("no fault");
    expect(await refusalOf({}, { to: "sn/court" })).toBe("AGENCY_UNKNOWN");
  });

  it("what stands in the thread of such a message is kept likewise", async () => {
    const unit = makeOffice(world, "ng/fiu");
    const threadId = "01890a5d-ac96-774b-bcce-b302099a8057";
    await publish(unit, { ...request, threadId, inner: fromSenegal }, "k1");
    const { id } = await submit(unit, { ...request, threadId: undefined, inReplyTo: threadId }, "k2"); // prettier-ignore
    for (const [to, code] of [["sn/tcu", "RULE_RECIPIENT_KEPT_FROM"], ["gh/tcu", "no fault"]] as const) {
      expect(codeOf(() => copyOf(unit, id, { kind: "COURT", to }))).toBe(code);
    } // prettier-ignore
    unit.close();
  });
});

describe("a copy is refused", () => {
  it("with another agency's signature, one over something else, what is none, or none", async () => {
    const copy = copyOf(reader, await arrive(), { kind: "COURT" });
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
    // one that fits does not make up for another beside it
    expect(signed(fits, own.sign("atumpan-envelope", utf8("other")))).toBe("SIGNATURE_MALFORMED");
    expect(signed(fits, fits)).toBe("SIGNATURE_MALFORMED");
  });

  it("by who holds the message too, when its signature is another than the one proved", async () => {
    const copy = copyOf(reader, await arrive(), { kind: "COURT" });
    const bad = world.agency("ng/tcu").signer.sign("atumpan-envelope", utf8("other"));
    expect(codeOf(() => checkCopy(reader, rewrap(copy, [bad])))).toBe("ENVELOPE_SIGNATURE_INVALID");
    expect(codeOf(() => checkCopy(reader, rewrap(copy, [])))).toBe("ENVELOPE_SIGNATURE_MISSING");
  });

  it("when the certificate has ended, but for who proved the message in its time", async () => {
    const copy = copyOf(reader, await arrive(), { kind: "COURT" });
    reader.clock.move(91 * day);
    stranger.clock.move(91 * day);
    expect(codeOf(() => checkCopy(stranger, copy))).toBe("CERT_EXPIRED");
    expect(checkCopy(reader, copy)).toMatchObject({ originator: "ng/tcu" });
  });

  it("when its bytes are no copy", () => {
    expect(codeOf(() => checkCopy(stranger, utf8("copy")))).toBe("CODEC_MALFORMED");
  });
});
