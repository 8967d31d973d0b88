import { beforeAll, describe, expect, it } from "vitest";

import { forge, type Forgery } from "../../test/kit/forge.ts";
import { type GatewayWorld, makeGatewayWorld } from "../../test/kit/gateway-world.ts";
import {
  decodeMessage,
  decodePublication,
  encodeMessage,
  encodePublication,
  type Message,
} from "../../schemas/index.ts";
import { type Bytes, renderBase64url, sha256, utf8 } from "../../schemas/ground/index.ts";
import { answerRequest } from "./answer.ts";
import { checkMessageBytes, makeMessageAnswerer, type MessageAnswer } from "./answer-message.ts";
import { checkRegisterBytes, makeRegisterAnswerer, verifyRegisters } from "./answer-register.ts";

const now = 1_780_272_000_000;
const day = 86_400_000;
let world: GatewayWorld;
let bytes: Bytes;

beforeAll(async () => {
  world = await makeGatewayWorld(["ng/tcu", "gh/tcu", "ng/moc"], { now });
  bytes = made();
});

function made(forgery: Forgery = {}): Bytes {
  return forge(world.agency("ng/tcu").signer, { now, ...forgery }).bytes;
}

function check(given: Bytes, at = now): MessageAnswer {
  return checkMessageBytes(given, { register: world.view, at });
}

/** What does not hold, with its code. */
function refusals({ checks = {}, signatures = [] }: MessageAnswer): Record<string, string> {
  const all = [...Object.entries(checks), ...signatures.map((one, at) => [`signature ${at}`, one] as const)];
  return Object.fromEntries(all.flatMap(([name, one]) => (one.holds === false ? [[name, one.code]] : [])));
} // prettier-ignore

function message(given: Bytes): Message {
  return decodeMessage(decodePublication(given).message);
}

describe("a publication", () => {
  it("that nobody changed holds, and every question has its own answer", () => {
    const answer = check(bytes);
    expect(answer).toMatchObject({ ok: true, kind: "publication", originator: "ng/tcu", signatures: [{ holds: true }] });
    expect(answer.signed).toBe(renderBase64url(sha256(message(bytes).envelope)));
    const names = ["register", "algorithms", "publisher", "time", "slip", "digest", "root", "body"];
    expect(answer.checks).toEqual(Object.fromEntries(names.map((name) => [name, { holds: true }])));
    expect(answer).not.toHaveProperty("code");
  }); // prettier-ignore

  it("is judged as well without the slip around it", () => {
    const answer = check(encodeMessage(message(bytes)));
    expect(answer).toMatchObject({ ok: true, kind: "message" });
    expect(answer.checks?.["slip"]).toMatchObject({ holds: null });
    expect(answer.signed).toBe(check(bytes).signed);
  });

  it("is refused for the one thing that is wrong, and the others still hold", () => {
    const other = { message: (usual: Message) => ({ ...usual, open: utf8("other") }) };
    expect(refusals(check(made(other)))).toEqual({
      digest: "BODY_DIGEST_MISMATCH", root: "CODEC_MALFORMED", body: "CODEC_MALFORMED",
    });
    const root = { envelope: { bodyRoot: sha256(utf8("other")) } };
    expect(refusals(check(made(root)))).toEqual({ root: "BODY_ROOT_MISMATCH", body: "BODY_ROOT_MISMATCH" });
    expect(refusals(check(bytes, now + day))).toEqual({ time: "ENVELOPE_EXPIRED" });
    expect(refusals(check(made({ slip: { channel: "ecowas.arms.h0.bulletin.red_flag" } })))).toEqual({ slip: "SUBJECT_MISMATCH" });
    expect(refusals(check(made({ envelope: { recs: ["sadc"] } })))).toMatchObject({ publisher: "MANDATE_MISSING" });
    expect(refusals(check(made({ body: new Uint8Array() })))).toEqual({ body: "SCHEMA_FIELD_MISSING" });
    const sealed = { message: ({ open, ...rest }: Message) => ({ ...rest, sealed: open }) };
    expect(refusals(check(made(sealed)))).toMatchObject({ digest: "BODY_MUST_BE_OPEN" });
  }); // prettier-ignore

  it("says of each signature whether it holds", () => {
    const { signer } = world.agency("ng/tcu");
    const stranger = world.agency("gh/tcu").signer;
    const change = (usual: Message): Message => ({
      ...usual,
      signatures: [...usual.signatures, signer.sign("atumpan-envelope", usual.envelope), stranger.sign("atumpan-envelope", usual.envelope), signer.sign("atumpan-envelope", utf8("other"))],
    });
    const answer = check(made({ message: change }));
    expect(refusals(answer)).toEqual({ algorithms: "SIGNATURE_MALFORMED", "signature 2": "ORIGIN_MISMATCH", "signature 3": "ENVELOPE_SIGNATURE_INVALID" });
    expect(answer).toMatchObject({ ok: false, code: "ORIGIN_MISMATCH" });
    const none = check(made({ message: (usual) => ({ ...usual, signatures: [] }) }));
    expect(none).toMatchObject({ ok: false, code: "ENVELOPE_SIGNATURE_MISSING" });
    expect(refusals(check(made({ signedBy: stranger })))).toMatchObject({ "signature 0": "ORIGIN_MISMATCH", slip: "ORIGIN_MISMATCH" });
  }); // prettier-ignore

  it("that is sealed is judged by all but what only its readers see", () => {
    const body = utf8("{}");
    const change = ({ open: _open, ...rest }: Message): Message => ({ ...rest, sealed: body });
    const envelope = { form: "SEALED", bodyDigest: sha256(body), type: "alert.incident" };
    const answer = check(made({ message: change, envelope }));
    expect(answer.ok).toBe(true);
    expect(answer.checks).toMatchObject({ digest: { holds: true }, root: { holds: null }, body: { holds: null } });
  }); // prettier-ignore

  it("by a register that is out of date is refused", () => {
    expect(refusals(check(bytes, world.view.expiresAt))).toMatchObject({ register: "REGISTER_STALE" }); // prettier-ignore
  });

  it("with anything beside what was signed is refused whole, and so is what is no publication", () => {
    const beside = Buffer.concat([bytes, Buffer.from("7a0100", "hex")]);
    for (const wrong of [beside, utf8("nothing"), new Uint8Array(), new Uint8Array(300_000)]) {
      const { ok, code, checks } = check(wrong);
      expect([ok, checks]).toEqual([false, undefined]);
      expect(code).toMatch(/^(?:CODEC_|SCHEMA_)/);
    }
    const { slip, slipSignature } = decodePublication(bytes);
    const hollow = encodePublication({ slip, slipSignature, message: utf8("nothing") });
    expect(check(hollow)).toMatchObject({ ok: false, code: "CODEC_MALFORMED" });
  });
});

describe("a request about a message", () => {
  it("is judged at its own time when it says one", () => {
    const answer = makeMessageAnswerer({ register: world.view, at: now });
    const ask = (request: object): unknown => answerRequest(utf8(JSON.stringify(request)), answer);
    const text = Buffer.from(bytes).toString("base64");
    expect(ask({ id: 1, message: text })).toMatchObject({ id: 1, ok: true });
    expect(ask({ id: 2, message: text, at: "2026-06-02T00:00:00Z" })).toMatchObject({ ok: false, code: "ENVELOPE_EXPIRED" });
    expect(ask({ id: 3 })).toMatchObject({ id: 3, ok: false, code: "REQUEST_INVALID" });
    expect(ask({ id: 4, message: "AAAA" })).toMatchObject({ id: 4, ok: false, code: "CODEC_MALFORMED" });
  }); // prettier-ignore
});

describe("a register", () => {
  it("that its registrars signed says its epoch, its end and how many it knows", () => {
    const { view, anchors, register } = world;
    expect(checkRegisterBytes([register], { anchors, at: now })).toEqual({
      ok: true,
      epoch: view.epoch,
      root: 1,
      expiresAt: "2026-07-01T00:00:00.000Z",
      digest: renderBase64url(view.digest),
      authorities: ["ecowas", "ng", "gh"],
      agencies: 4,
      hubs: ["ecowas/hub"],
    });
  });

  it("that is past its time is refused, and still says what it holds", () => {
    const { view, anchors, register } = world;
    const answer = checkRegisterBytes([register], { anchors, at: view.expiresAt });
    expect(answer).toMatchObject({ ok: false, code: "REGISTER_STALE", epoch: view.epoch });
  });

  it("of another's making, changed, or older than the one before it is refused", async () => {
    const { anchors, register } = world;
    const place = { anchors, at: now };
    const other = await makeGatewayWorld(["ng/tcu"], { now });
    expect(checkRegisterBytes([other.register], place)).toMatchObject({ code: "REGISTER_SIGNATURE_INVALID" });
    expect(checkRegisterBytes([utf8("nothing")], place)).toMatchObject({ code: "REGISTER_INVALID" });
    expect(checkRegisterBytes([], place)).toMatchObject({ code: "REGISTER_INVALID" });
    const next = other.publish((parts) => parts);
    const theirs = { anchors: other.anchors, at: now };
    expect(checkRegisterBytes([other.register, next], theirs)).toMatchObject({ ok: true, epoch: 2 });
    expect(checkRegisterBytes([next, other.register], theirs)).toMatchObject({ code: "REGISTER_ROLLBACK" });
    expect(() => verifyRegisters([next, register], anchors)).toThrow();
  }); // prettier-ignore

  it("is judged by the anchors of the request before those of the command, and never by none", () => {
    const { anchors, register } = world;
    const text = (one: Bytes): string => Buffer.from(one).toString("base64");
    const ask = (answer: ReturnType<typeof makeRegisterAnswerer>, more: object = {}): unknown =>
      answerRequest(utf8(JSON.stringify({ id: 1, registers: [text(register)], ...more })), answer);
    expect(ask(makeRegisterAnswerer({ at: now }))).toMatchObject({ id: 1, code: "REQUEST_INVALID" });
    const root = text(anchors.root);
    expect(ask(makeRegisterAnswerer({ at: now }), { root })).toMatchObject({ ok: true });
    expect(ask(makeRegisterAnswerer({ at: now, anchors }))).toMatchObject({ ok: true });
    expect(ask(makeRegisterAnswerer({ at: now, anchors }), { root: "AAAA" })).toMatchObject({ code: "REGISTER_INVALID" });
  }); // prettier-ignore
});
