import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { verifyRegister } from "../../../certs/trust/index.ts";
import { type Bytes, makeUuid, sha256, systemChance } from "../../../schemas/ground/index.ts";
import {
  channelsOf,
  checkFresh,
  decodeEnvelope,
  decodeMessage,
  decodeParts,
  decodePublication,
  decodeSlip,
  encodeEnvelope,
  encodeInnerHeader,
  encodeMessage,
  encodePublication,
  encodeSlip,
  type Envelope,
  type InnerHeader,
  joinParts,
  limits,
  makeParts,
  parseInnerHeader,
  partsRoot,
  redactParts,
  renderParts,
  type Slip,
  storedSubject,
} from "../../../schemas/index.ts";
import { renderUuid } from "../../../schemas/ground/index.ts";
import { believesAll } from "../../../test/kit/believes-all.ts";
import {
  alert,
  type Handed,
  type MadeOffice,
  makeOffice,
  publish,
  request,
  rewrap,
} from "../../../test/kit/gateway-office.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../../test/kit/gateway-world.ts";
import { type AudienceKey, sealBody, sealFeedBody, sealRecipients } from "../../crypto/index.ts";
import { findContentKey } from "../keys/content-key.ts";
import { verifyInside } from "./inside.ts";
import { verifyOutside, type VerifyPlace } from "./outside.ts";

const now = 1_780_272_000_000;
let world: GatewayWorld;
let sender: MadeOffice;
let fiu: MadeOffice;
let reader: MadeOffice;
let good: Handed;
let direct: Handed;

function placeOf(agency: string, change: Partial<VerifyPlace> = {}): VerifyPlace {
  const office = agency === "gh/tcu" ? reader : makeKeysOnly(agency);
  const findKey: VerifyPlace["findContentKey"] = (message, name) =>
    findContentKey(office.store, message, name);
  const own = { agency, keys: office.keys, findContentKey: findKey };
  return { ...own, register: world.view, now, ...change };
}

const offices = new Map<string, MadeOffice>();
function makeKeysOnly(agency: string): MadeOffice {
  const office = offices.get(agency) ?? makeOffice(world, agency);
  offices.set(agency, office);
  return office;
}

async function verify(handed: Handed, place: VerifyPlace = placeOf("gh/tcu")): Promise<string> {
  try {
    const { header } = await verifyInside(verifyOutside(handed, place), place);
    checkFresh(header, place.now);
    return "good";
  } catch (error) {
    if (error instanceof Error && "code" in error) return String(error.code);
    throw error;
  }
}

interface Forgery {
  readonly envelope?: Partial<Envelope>;
  readonly slip?: Partial<Slip>;
  readonly inner?: InnerHeader;
  readonly parts?: (parts: ReturnType<typeof makeParts>) => ReturnType<typeof makeParts>;
  readonly form?: "OPEN" | "SEALED";
  readonly sealedTo?: readonly string[];
  readonly sealedWith?: AudienceKey;
  readonly sealedAs?: string | undefined;
}

function formOf({ form = "SEALED" }: Forgery): "OPEN" | "SEALED" {
  return form;
}

/** The parts of a stored message, cut and salted anew, changed as the forgery says. */
function recut(agency: string, id: Bytes, forgery: Forgery): ReturnType<typeof makeParts> {
  const { store } = agency === "ng/fiu" ? fiu : sender;
  const stored = store.messages.find(id)?.parts ?? new Uint8Array();
  const { innerHeader, body } = joinParts(decodeParts(stored).parts);
  const inner = forgery.inner === undefined ? innerHeader : encodeInnerHeader(forgery.inner);
  const made = makeParts(inner, body, systemChance);
  return forgery.parts?.(made) ?? made;
}

async function carry(
  parts: ReturnType<typeof makeParts>,
  { originator, id, type }: Envelope,
  forgery: Forgery,
): Promise<Bytes> {
  if (formOf(forgery) === "OPEN") return renderParts(parts);
  const sealedAs = "sealedAs" in forgery ? forgery.sealedAs : type;
  const sealing = { parts: renderParts(parts), originator, id };
  const audienceKey = forgery.sealedWith ?? sender.store.audienceKeys.usedSince(0)[0];
  if (type !== undefined && forgery.sealedTo === undefined && audienceKey !== undefined) {
    return await sealFeedBody({ ...sealing, type: sealedAs ?? "", audienceKey });
  }
  const place = { register: world.view, now, believes: believesAll };
  const recipients = sealRecipients(place, forgery.sealedTo ?? ["gh/tcu", "gh/fiu"]);
  return await sealBody({ ...sealing, type: sealedAs, recipients });
}

/** A message like `base`, its content changed before the true sender signs it. */
async function resign(base: Handed, agency: string, forgery: Forgery): Promise<Handed> {
  const { signer } = world.agency(agency);
  const publication = decodePublication(base.bytes);
  const old = decodeEnvelope(decodeMessage(publication.message).envelope);
  const parts = recut(agency, old.id, forgery);
  const body = await carry(parts, old, forgery);
  const form = formOf(forgery);
  const proofs = { bodyRoot: partsRoot(parts), bodyDigest: sha256(body), form };
  const envelope = { ...old, ...proofs, ...forgery.envelope };
  const bytes = encodeEnvelope(envelope);
  const carried = form === "OPEN" ? { open: body } : { sealed: body };
  const signatures = [signer.sign("atumpan-envelope", bytes)];
  const [channel = ""] = channelsOf(envelope);
  const { id, originator } = envelope;
  const place = { channel, messageId: id, envelopeDigest: sha256(bytes) };
  const slip = encodeSlip({ ...decodeSlip(publication.slip), ...place, ...forgery.slip });
  const slipSignature = signer.sign("atumpan-slip", slip);
  const message = encodeMessage({ envelope: bytes, signatures, ...carried });
  return {
    subject: storedSubject(channel, originator, renderUuid(id)),
    bytes: encodePublication({ slip, slipSignature, message }),
  };
}

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/fiu", "gh/fiu"], { now });
  sender = makeOffice(world, "ng/tcu");
  fiu = makeOffice(world, "ng/fiu");
  reader = makeOffice(world, "gh/tcu");
  [good] = (await publish(sender, alert, "a")) as [Handed];
  [direct] = (await publish(fiu, request, "d")) as [Handed];
});

afterAll(() => {
  for (const office of [sender, fiu, reader, ...offices.values()]) office.close();
});

describe("a publication", () => {
  it("that nobody changed is proved, from a feed and in a mailbox", async () => {
    expect(await verify(good)).toBe("good");
    expect(await verify(direct, placeOf("gh/fiu"))).toBe("good");
    expect(await verify(await resign(good, "ng/tcu", {}))).toBe("good");
  });

  it("larger than may be, or no publication, is refused", async () => {
    expect(await verify({ ...good, bytes: new Uint8Array(300_000) })).toBe("CODEC_TOO_LARGE");
    expect(await verify({ ...good, bytes: new Uint8Array([255, 1]) })).toBe("CODEC_MALFORMED");
  });

  it("with anything beside what was signed is refused, wherever the hub puts it", async () => {
    const beside = Buffer.from("7a0100", "hex");
    const bytes = Buffer.concat([good.bytes, beside]);
    expect(await verify({ ...good, bytes })).toBe("CODEC_MALFORMED");
    const publication = decodePublication(good.bytes);
    const message = decodeMessage(publication.message);
    const inner = Buffer.concat([publication.message, beside]);
    expect(
      await verify({ ...good, bytes: encodePublication({ ...publication, message: inner }) }),
    ).toBe("CODEC_MALFORMED");
    const [signature = ""] = message.signatures;
    for (const [signatures, code] of [
      [[signature, signature], "SCHEMA_INVALID"],
      [[signature, "not one"], "SIGNATURE_MALFORMED"],
    ] as const) {
      const changed = rewrap(publication, { ...message, signatures });
      expect(await verify({ ...good, bytes: changed })).toBe(code);
    }
  });

  it("on another subject than its envelope asks for is refused", async () => {
    const subject = good.subject.replace(".drugs.", ".arms.");
    expect(await verify({ ...good, subject })).toBe("SUBJECT_MISMATCH");
  });

  it("whose envelope was changed after signing is refused", async () => {
    const publication = decodePublication(good.bytes);
    const message = decodeMessage(publication.message);
    const envelope = encodeEnvelope({ ...decodeEnvelope(message.envelope), urgency: "FLASH" });
    expect(await verify({ ...good, bytes: rewrap(publication, { ...message, envelope }) })).toBe(
      "ENVELOPE_SIGNATURE_INVALID",
    );
    expect(
      await verify({ ...good, bytes: rewrap(publication, { ...message, signatures: [] }) }),
    ).toBe("ENVELOPE_SIGNATURE_MISSING");
    const foreign = [world.agency("gh/tcu").signer.sign("atumpan-envelope", message.envelope)];
    expect(
      await verify({ ...good, bytes: rewrap(publication, { ...message, signatures: foreign }) }),
    ).toBe("ORIGIN_MISMATCH");
    const slipAsEnvelope = [world.agency("ng/tcu").signer.sign("atumpan-slip", message.envelope)];
    expect(
      await verify({
        ...good,
        bytes: rewrap(publication, { ...message, signatures: slipAsEnvelope }),
      }),
    ).toBe("SIGNATURE_MALFORMED");
  });

  it("whose slip was changed, or is for another message, sender or channel, is refused", async () => {
    const publication = decodePublication(good.bytes);
    const slip = encodeSlip({ ...decodeSlip(publication.slip), series: 9 });
    expect(await verify({ ...good, bytes: encodePublication({ ...publication, slip }) })).toBe(
      "SLIP_SIGNATURE_INVALID",
    );
    const id = makeUuid(now, systemChance);
    expect(await verify(await resign(good, "ng/tcu", { slip: { messageId: id } }))).toBe(
      "SLIP_INVALID",
    );
    const channel = "ecowas.arms.h0.alert.incident";
    expect(await verify(await resign(good, "ng/tcu", { slip: { channel } }))).toBe("SLIP_INVALID");
    const second = decodePublication(
      (await publish(makeKeysOnly("gh/tcu"), alert, "other"))[0]!.bytes,
    );
    const swapped = encodePublication({ ...second, message: publication.message });
    expect(await verify({ ...good, bytes: swapped })).toBe("SLIP_INVALID");
  });

  it("of an agency, key or mandate that the register does not have is refused", async () => {
    const unknown = await makeGatewayWorld(["gh/tcu"], { now });
    expect(await verify(good, placeOf("gh/tcu", { register: unknown.view }))).toBe(
      "AGENCY_UNKNOWN",
    );
    const renewed = await makeGatewayWorld(["ng/tcu", "gh/tcu"], { now });
    expect(await verify(good, placeOf("gh/tcu", { register: renewed.view }))).toBe("CERT_UNKNOWN");
    const without = (agency: string, action: string): VerifyPlace => {
      const bytes = world.publish((parts) => ({
        ...parts,
        mandates: parts.mandates.filter((one) => one.agency !== agency || one.action !== action),
      }));
      world.publish((parts) => ({
        ...parts,
        mandates: [
          ...world.view.mandates(agency, action === "READ" ? "READ" : "PUBLISH", "ecowas"),
          ...parts.mandates,
        ],
      }));
      return placeOf("gh/tcu", { register: verifyRegister(bytes, world.anchors) });
    };
    expect(await verify(good, without("ng/tcu", "PUBLISH"))).toBe("MANDATE_MISSING");
    expect(await verify(good, without("gh/tcu", "READ"))).toBe("MANDATE_MISSING");
  });

  it("past its time, or of the future, is refused", async () => {
    const times = { createdAt: now - 2000, expiresAt: now - 1000 };
    expect(await verify(await resign(good, "ng/tcu", { envelope: times }))).toBe(
      "ENVELOPE_EXPIRED",
    );
    const ahead = { createdAt: now + 121_000, expiresAt: now + 900_000 };
    expect(await verify(await resign(good, "ng/tcu", { envelope: ahead }))).toBe(
      "ENVELOPE_FROM_FUTURE",
    );
  });

  it("whose body is not the one signed, or in another form, is refused", async () => {
    const publication = decodePublication(good.bytes);
    const message = decodeMessage(publication.message);
    const sealed: Bytes = Buffer.concat([message.sealed ?? new Uint8Array(), Buffer.from(" ")]);
    expect(await verify({ ...good, bytes: rewrap(publication, { ...message, sealed }) })).toBe(
      "BODY_DIGEST_MISMATCH",
    );
    const both = { ...message, open: new Uint8Array([1]) };
    expect(await verify({ ...good, bytes: rewrap(publication, both) })).toBe("BODY_MUST_BE_SEALED");
    expect(
      await verify({ ...good, bytes: rewrap(publication, { ...message, sealed: undefined }) }),
    ).toBe("BODY_MUST_BE_SEALED");
    const open = await resign(good, "ng/tcu", { form: "OPEN" });
    expect(await verify(open)).toBe("BODY_MUST_BE_SEALED");
    const openPublication = decodePublication(open.bytes);
    const openMessage = decodeMessage(openPublication.message);
    expect(
      await verify({
        ...open,
        bytes: rewrap(openPublication, {
          ...openMessage,
          open: undefined,
          sealed: openMessage.open,
        }),
      }),
    ).toBe("BODY_MUST_BE_OPEN");
  });

  it("sealed to others, or for another message, cannot be opened", async () => {
    expect(await verify(await resign(good, "ng/tcu", { sealedTo: ["gh/fiu"] }))).toBe(
      "BODY_CANNOT_BE_OPENED",
    );
    expect(await verify(await resign(good, "ng/tcu", { sealedAs: "bulletin.red_flag" }))).toBe(
      "BODY_CANNOT_BE_OPENED",
    );
    const { name } = sender.store.audienceKeys.usedSince(0)[0]!;
    const other = { name, key: Buffer.alloc(32, 7) };
    expect(await verify(await resign(good, "ng/tcu", { sealedWith: other }))).toBe(
      "BODY_CANNOT_BE_OPENED",
    );
  });

  it("sealed with a key that has not come is told apart from one that cannot be opened", async () => {
    const other = { name: "0".repeat(32), key: Buffer.alloc(32, 7) };
    expect(await verify(await resign(good, "ng/tcu", { sealedWith: other }))).toBe(
      "AUDIENCE_KEY_AWAITED",
    );
  });

  it("whose parts are not the ones signed, or withheld, is refused", async () => {
    const root = { bodyRoot: sha256(new Uint8Array([1])) };
    expect(await verify(await resign(good, "ng/tcu", { envelope: root }))).toBe(
      "BODY_ROOT_MISMATCH",
    );
    const redacted = await resign(good, "ng/tcu", {
      parts: (parts) => redactParts(parts, new Set([0])),
    });
    expect(await verify(redacted)).toBe("BODY_PARTS_INVALID");
  });

  it("whose fields break the schema or a rule is refused", async () => {
    const less = await resign(good, "ng/tcu", { parts: (parts) => parts.slice(0, 2) });
    expect(await verify(less)).toBe("SCHEMA_FIELD_MISSING");
    expect(await verify(await resign(good, "ng/tcu", { envelope: { urgency: "FLASH" } }))).toBe(
      "SCHEMA_INVALID",
    );
  });

  it("that says its type or crimes twice is refused", async () => {
    const inner = { ...parseInnerHeader({}), type: "alert.incident" };
    expect(await verify(await resign(good, "ng/tcu", { inner }))).toBe("ENVELOPE_INVALID");
  });

  it("that says inside what a feed says outside, or no action, is refused", async () => {
    for (const said of [{ urgency: "NORMAL" }, { action: "NEW" }, { languages: ["en"] }, { validFrom: now }, { expiresAt: now + 1 }]) {
      const inner = { ...parseInnerHeader({}), ...said };
      expect([said, await verify(await resign(good, "ng/tcu", { inner }))]).toEqual([said, "ENVELOPE_INVALID"]);
    }
    const silent = await resign(good, "ng/tcu", { envelope: { action: undefined } });
    expect(await verify(silent)).toBe("ENVELOPE_INVALID");
  }); // prettier-ignore
});

describe("a direct publication", () => {
  const innerOf = (change: Partial<InnerHeader>): InnerHeader => ({
    ...parseInnerHeader({ caseRef: "F-7" }),
    type: "fiu.request",
    typeVersion: 1,
    crimes: ["ml"],
    recipients: ["gh/fiu"],
    urgency: "NORMAL",
    action: "NEW",
    expiresAt: now + 3_600_000,
    ...change,
  });
  const at = (): VerifyPlace => placeOf("gh/fiu");

  it("is proved as it was made, and refused in another's mailbox", async () => {
    expect(await verify(await resign(direct, "ng/fiu", { inner: innerOf({}) }), at())).toBe("good");
    expect(await verify(direct, placeOf("gh/tcu"))).not.toBe("good");
  });

  it("without type or crimes, or for other recipients than its mailboxes, is refused", async () => {
    for (const change of [
      { type: undefined },
      { crimes: [] },
      { recipients: [] },
      { recipients: ["gh/tcu"] },
    ]) {
      const forged = await resign(direct, "ng/fiu", { inner: innerOf(change) });
      expect(await verify(forged, at())).toBe("ENVELOPE_INVALID");
    }
  });

  it("is judged by the urgency inside, and refused when it says none, or no action or end", async () => {
    const verifyWith = async (change: object): Promise<string> => await verify(await resign(direct, "ng/fiu", { inner: innerOf(change) }), at());
    expect(await verifyWith({ urgency: "FLASH" })).toBe("SCHEMA_INVALID");
    for (const name of ["urgency", "action", "expiresAt"]) {
      expect([name, await verifyWith({ [name]: undefined })]).toEqual([name, "ENVELOPE_INVALID"]);
    }
  }); // prettier-ignore

  it("that ends inside after its end outside, before it began, or begins after its end is refused", async () => {
    const last = now + limits.maxLifetimeMs;
    const verifyWith = async (change: Partial<InnerHeader>): Promise<string> => await verify(await resign(direct, "ng/fiu", { inner: innerOf(change) }), at());
    expect(await verifyWith({ expiresAt: last })).toBe("good");
    expect(await verifyWith({ expiresAt: last + 1 })).toBe("ENVELOPE_INVALID");
    expect(await verifyWith({ expiresAt: now })).toBe("ENVELOPE_INVALID");
    expect(await verifyWith({ expiresAt: last, validFrom: last - 1 })).toBe("good");
    expect(await verifyWith({ expiresAt: last, validFrom: last })).toBe("ENVELOPE_INVALID");
  }); // prettier-ignore

  it("whose end inside has come is refused as past its time", async () => {
    const forged = await resign(direct, "ng/fiu", { inner: innerOf({ expiresAt: now + 9 }) });
    expect(await verify(forged, { ...at(), now: now + 8 })).toBe("good");
    expect(await verify(forged, { ...at(), now: now + 9 })).toBe("ENVELOPE_EXPIRED");
  });

  it("that bears outside what differs by type is refused, each of it", async () => {
    const id = makeUuid(now, systemChance);
    for (const envelope of [{ urgency: "ROUTINE" }, { expiresAt: now + 3_600_000 }, { validFrom: now }, { action: "NEW" }, { languages: ["fr"] }, { typeVersion: 1 }, { threadId: id }]) {
      const forged = await resign(direct, "ng/fiu", { envelope });
      expect([envelope, await verify(forged, at())]).toEqual([envelope, "ENVELOPE_INVALID"]);
    }
  }); // prettier-ignore

  it("of a type its sender may not send, known only once it is open, is refused", async () => {
    const forged = await resign(direct, "ng/fiu", { inner: innerOf({ type: "alert.incident" }) });
    expect(await verify(forged, at())).toBe("MANDATE_MISSING");
  });

  it("of a type that travels as a feed, or that nobody knows, is refused", async () => {
    const world2 = world.publish((parts) => ({
      ...parts,
      mandates: parts.mandates.map((one) => ({ ...one, types: ["*"] })),
    }));
    const register = verifyRegister(world2, world.anchors);
    const feed = await resign(direct, "ng/fiu", { inner: innerOf({ type: "bulletin.red_flag" }) });
    expect(await verify(feed, { ...at(), register })).toBe("ENVELOPE_INVALID");
    const strange = await resign(direct, "ng/fiu", { inner: innerOf({ type: "fiu.newer" }) });
    expect(await verify(strange, { ...at(), register })).toBe("SCHEMA_UNKNOWN_TYPE");
  });
});
