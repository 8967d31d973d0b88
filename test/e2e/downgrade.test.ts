import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { join } from "node:path";
import { connect as connectTls, type ConnectionOptions } from "node:tls";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type KeySigner, loadSigningKey, makeSigner } from "../../certs/keys/index.ts";
import { parseSignature, renderSignature } from "../../certs/trust/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { type AlgorithmRule, type Message, storedSubject } from "../../schemas/index.ts";
import {
  type Bytes,
  makeUuid,
  parseBase64url,
  parseUtf8,
  renderBase64url,
  renderUuid,
  sha256,
  systemChance,
  utf8,
} from "../../schemas/ground/index.ts";
import { makeAudienceKey, sealFeedBody } from "../../gateways/crypto/index.ts";
import { loadLinkPair, rawAgency, type RawAgency } from "../kit/agency.ts";
import { type Forgery, forge } from "../kit/forge.ts";
import { readRegister, type RegisterEdit, replaceRegister } from "../kit/register-edit.ts";
import { addSecondSuite, suiteLines } from "../kit/second-suite.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const from = Date.UTC(2025, 0, 29);
const day = 86_400_000;
/** Since when EdDSA signs nothing any more. */
const ended = Date.now() - 31 * day;
const typ = "atumpan-envelope";

let world: World;
let ng: RawAgency;
let gh: Gateway;
/** The register before anything stricter was asked. */
let weak: Bytes;
let es: KeySigner;
let ed: KeySigner;
let pq: KeySigner;
/** Of ES256, SubjectPublicKeyInfo. */
let publicKey: Bytes;
let signatureLines: readonly AlgorithmRule[] = [];

beforeAll(async () => {
  let states: RegisterEdit["states"];
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async (made) => void (states = await addSecondSuite(made)),
  });
  weak = readRegister(world.layout.register);
  const seal = { curve: "P-256", content: "A256GCM" } as const;
  const hybrid = suiteLines({ ...seal, required: ["ES256", "ML-DSA-65"] }, { from });
  const edwards: AlgorithmRule = { use: "SIGNATURE", name: "EdDSA", from, until: ended };
  signatureLines = [...hybrid, edwards];
  await world.publish({ states: states!, region: (now) => ({ ...now, algorithms: signatureLines }) });
  ng = await rawAgency(world, "ng/tcu");
  gh = await world.gateway("gh/tcu");
  const keys = join(world.layout.gateway("ng/tcu"), "keys");
  const { certificates = [] } = world.register().agency("ng/tcu") ?? {};
  const signing = certificates.filter(({ kind }) => kind === "SIGNING");
  const signer = "ng/tcu";
  const [mldsa, ed25519] = ["ml-dsa-65.key", "ed25519.key"].map((name) => loadSigningKey(join(keys, name)));
  const p256 = loadSigningKey(join(keys, "signing.key"));
  publicKey = p256.spki;
  es = makeSigner({ signer, key: p256, thumbprint: signing[0]!.thumbprint });
  ed = makeSigner({ signer, key: ed25519!, thumbprint: signing[1]!.thumbprint });
  pq = makeSigner({ signer, key: mldsa!, thumbprint: sha256(mldsa!.spki) });
}); // prettier-ignore

afterAll(async () => {
  await ng?.close();
  await world?.stop();
});

type Sign = (envelope: Bytes) => readonly string[];

function signed(sign: Sign): (message: Message) => Message {
  return (message) => ({ ...message, signatures: sign(message.envelope) });
}

async function codeOf(forgery: Forgery): Promise<string> {
  const outcome = await ng.send(forge(es, forgery));
  return outcome.kind === "refused" ? outcome.line.code : "ACCEPTED";
}

async function codeOfSigned(sign: Sign, change: Forgery = {}): Promise<string> {
  return await codeOf({ ...change, message: signed(sign) });
}

/** The signature under a header with one word changed. */
function reheaded(signature: string, before: string, after: string): string {
  const { encodedHeader, value } = parseSignature(signature);
  const json = Buffer.from(parseBase64url(encodedHeader)).toString("utf8");
  return renderSignature(renderBase64url(utf8(json.replace(before, after))), value);
}

/** What a checker that believes the header takes for good: HMAC with the public key, which everybody has. */
function keyed(bytes: Bytes): string {
  const [header = ""] = reheaded(es.sign(typ, bytes), "ES256", "HS256").split(".");
  const hmac = createHmac("sha256", publicKey).update(header).update(".").update(bytes);
  return renderSignature(header, hmac.digest());
}

const both: Sign = (bytes) => [es.sign(typ, bytes), pq.sign(typ, bytes)];

describe("T-15: a hub that requires ES256 and ML-DSA-65", () => {
  it("accepts both, in either order", async () => {
    expect(await codeOfSigned(both)).toBe("ACCEPTED");
    expect(await codeOfSigned((bytes) => both(bytes).toReversed())).toBe("ACCEPTED");
  });

  const required = "ENVELOPE_SIGNATURE_REQUIRED";
  const foreign = "SIGNATURE_ALGORITHM_NOT_PERMITTED";
  const rows: readonly (readonly [string, string, Sign])[] = [
    ["with ML-DSA-65 stripped", required, (bytes) => [es.sign(typ, bytes)]],
    ["with ES256 stripped", required, (bytes) => [pq.sign(typ, bytes)]],
    ["with none", "ENVELOPE_SIGNATURE_MISSING", () => []],
    ["with ES256 twice", "SIGNATURE_MALFORMED", (bytes) => [es.sign(typ, bytes), es.sign(typ, bytes)]],
    ["of an algorithm whose line has ended", foreign, (bytes) => [ed.sign(typ, bytes)]],
    ["of one whose line has ended beside the good ones", foreign, (bytes) => [...both(bytes), ed.sign(typ, bytes)]],
    ["over other bytes", "ENVELOPE_SIGNATURE_INVALID", () => both(utf8("other"))],
    ["of a slip", "SIGNATURE_MALFORMED", (bytes) => [es.sign("atumpan-slip", bytes), pq.sign(typ, bytes)]],
    ...["none", "HS256", "RS256", "PS256", "es256", "ES384", "ML-DSA-87", "ml-dsa-65"].map((name) =>
      [`that says ${name}`, foreign, (bytes: Bytes) => [reheaded(es.sign(typ, bytes), "ES256", name), pq.sign(typ, bytes)]] as const),
    ["whose ML-DSA-65 says ES256", "SIGNATURE_MALFORMED", (bytes) => [reheaded(pq.sign(typ, bytes), "ML-DSA-65", "ES256")]],
    ["keyed with the public key by HS256", foreign, (bytes) => [keyed(bytes), pq.sign(typ, bytes)]],
  ]; // prettier-ignore

  it.each(rows)("refuses an envelope %s", async (_what, code, sign) => {
    expect(await codeOfSigned(sign)).toBe(code);
  });

  it("refuses a header that names another's key, or another key of one's own", async () => {
    const { certificates = [] } = world.register().agency("gh/tcu") ?? {};
    const theirs = renderBase64url(certificates.find(({ kind }) => kind === "SIGNING")!.thumbprint);
    const trick = (after: string): Sign => (bytes) => {
      const signature = es.sign(typ, bytes);
      const own = renderBase64url(parseSignature(signature).thumbprint);
      return [reheaded(signature, own, after), pq.sign(typ, bytes)];
    }; // prettier-ignore
    expect(await codeOfSigned(trick(theirs))).toBe("CERT_UNKNOWN");
    expect(await codeOfSigned(trick(renderBase64url(pq.thumbprint)))).toBe("CERT_UNKNOWN");
    expect(await codeOfSigned(trick(renderBase64url(ed.thumbprint)))).toBe("SIGNATURE_KEY_NOT_PERMITTED"); // prettier-ignore
    const named: Sign = (bytes) => [reheaded(es.sign(typ, bytes), "ng/tcu", "gh/tcu"), pq.sign(typ, bytes)]; // prettier-ignore
    expect(await codeOfSigned(named)).toBe("ORIGIN_MISMATCH");
  });

  it("refuses an old date: what an ended algorithm signed counts by the hub's own time", async () => {
    const envelope = { createdAt: ended - 1000 };
    expect(await codeOfSigned((bytes) => [...both(bytes), ed.sign(typ, bytes)], { envelope })).toBe(foreign); // prettier-ignore
    expect(await codeOfSigned((bytes) => [ed.sign(typ, bytes)], { envelope })).toBe(foreign);
    expect(await codeOfSigned(both, { envelope })).toBe("ACCEPTED");
  });

  it("refuses a slip of an algorithm that is not required, or has ended", async () => {
    const outcome = await ng.send(forge(es, { signedBy: ed, message: signed(both) }));
    expect(outcome).toMatchObject({ kind: "refused", line: { code: foreign } });
  });

  it("refuses an envelope of another version of the protocol", async () => {
    for (const version of [0, 2]) {
      expect(await codeOfSigned(both, { envelope: { version } })).toMatch(/^(ENVELOPE_|SCHEMA_)/);
    }
  });

  it("refuses a body that is sealed with an encryption no line allows, or by another way", async () => {
    const audienceKey = makeAudienceKey(systemChance);
    const id = makeUuid(Date.now(), systemChance);
    const type = "alert.incident";
    const sealing = { parts: utf8("x"), originator: "ng/tcu", id, type, audienceKey };
    const sent = async (sealed: Bytes): Promise<string> => {
      const envelope = { id: makeUuid(Date.now(), systemChance), type, form: "SEALED", handling: "H1", bodyDigest: sha256(sealed) }; // prettier-ignore
      const close = ({ open: _open, ...rest }: Message): Message => ({ ...rest, sealed, signatures: both(rest.envelope) }); // prettier-ignore
      return await codeOf({ envelope, message: close });
    };
    const good = await sealFeedBody({ ...sealing, enc: "A256GCM" });
    expect(await sent(good)).toBe("ACCEPTED");
    const other = await sealFeedBody({ ...sealing, enc: "A256CBC-HS512" });
    expect(await sent(other)).toBe("SEAL_ALGORITHM_NOT_PERMITTED");
    const [header = "", ...rest] = parseUtf8(good).split(".");
    const json = Buffer.from(header, "base64url").toString("utf8");
    const changes = [['"A256GCM"', '"A128GCM"'], ['"dir"', '"RSA1_5"'], ['"dir"', '"none"'], ["{", '{"zip":"DEF",']] as const; // prettier-ignore
    for (const [before, after] of changes) {
      const changed = renderBase64url(utf8(json.replace(before, after)));
      expect(await sent(utf8([changed, ...rest].join(".")))).toBe("SCHEMA_INVALID");
    }
  });
});

describe("T-15: a reader whom the hub lies to", () => {
  /** Puts a publication into the feed as only the hub can. */
  async function smuggle(forgery: Forgery): Promise<string> {
    const made = forge(es, forgery);
    const subject = storedSubject(made.channel, "ng/tcu", renderUuid(made.id));
    const seen = gh.exchange.list({ box: "in", limit: 100 }).items.length;
    world.desk.link.publish(subject, made.bytes);
    await until("it is judged", () => gh.exchange.list({ box: "in", limit: 100 }).items.length > seen);
    const [newest] = gh.exchange.list({ box: "in", limit: 100 }).items;
    return newest?.code ?? newest?.state ?? "";
  } // prettier-ignore

  it("proves for himself that nothing was stripped, forged or of an ended algorithm", async () => {
    expect(await smuggle({ message: signed(both) })).toBe("VERIFIED");
    expect(await smuggle({ message: signed((bytes) => [es.sign(typ, bytes)]) })).toBe("ENVELOPE_SIGNATURE_REQUIRED"); // prettier-ignore
    expect(await smuggle({ message: signed((bytes) => [ed.sign(typ, bytes)]) })).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED"); // prettier-ignore
  });

  it("is not taken in by an old date, once thirty days have passed since the algorithm ended", async () => {
    const envelope = { createdAt: ended - day };
    const three: Sign = (bytes) => [...both(bytes), ed.sign(typ, bytes)];
    expect(await smuggle({ envelope, message: signed(three) })).toBe("SIGNATURE_ALGORITHM_NOT_PERMITTED"); // prettier-ignore
    expect(await smuggle({ envelope, message: signed(both) })).toBe("VERIFIED");
  });
});

describe("T-15: an older register with a weaker policy", () => {
  it("is refused by the hub, and nothing it allowed is accepted", async () => {
    const { epoch } = world.register();
    const current = readRegister(world.layout.register);
    replaceRegister(world.layout.register, weak);
    await world.broker.refresh();
    const told = world.audit().filter(({ event }) => event === "register refused");
    expect(told.at(-1)?.fields["code"]).toBe("REGISTER_ROLLBACK");
    expect(world.broker.status().epoch).toBe(epoch);
    expect(await codeOfSigned((bytes) => [es.sign(typ, bytes)])).toBe(
      "ENVELOPE_SIGNATURE_REQUIRED",
    );
    replaceRegister(world.layout.register, current);
    await world.broker.refresh();
    expect(gh.register().epoch).toBe(epoch);
  });
});

describe("T-15: the hub's door", () => {
  /** What a client gets to hear once it said CONNECT and PING: PONG, or that the connection ended. */
  async function hear(socket: Socket): Promise<string> {
    let heard = "";
    socket.on("data", (chunk: Buffer) => (heard += chunk.toString("latin1")));
    socket.on("error", () => undefined);
    socket.write(`CONNECT ${JSON.stringify({ verbose: false, tls_required: false, lang: "raw", version: "1" })}\r\nPING\r\n`); // prettier-ignore
    const timer = setTimeout(() => socket.destroy(), 5000);
    await Promise.race([once(socket, "close"), until("a pong", () => heard.includes("PONG"), 6).catch(() => undefined)]); // prettier-ignore
    clearTimeout(timer);
    socket.destroy();
    return heard.includes("PONG") ? "PONG" : "ended";
  }

  function port(): number {
    return Number(new URL(world.url).port);
  }

  async function knock(change: ConnectionOptions): Promise<string> {
    const pair = loadLinkPair(world, "gh/moc");
    const usual = { host: "127.0.0.1", port: port(), ca: world.rootsPem, ...pair };
    const checkServerIdentity = (): undefined => undefined;
    try {
      return await hear(connectTls({ ...usual, checkServerIdentity, ...change }));
    } catch (error) {
      // a cipher that the platform itself no longer has
      return String(error);
    }
  }

  it("opens to a client with TLS 1.3 and its certificate", async () => {
    expect(await knock({})).toBe("PONG");
  });

  it.each([
    ["TLS 1.2", { maxVersion: "TLSv1.2" }],
    ["TLS 1.2 with its best cipher", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" }],
    ["TLS 1.2 with a weak cipher", { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0" }],
    ["TLS 1.1", { minVersion: "TLSv1.1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" }],
    ["TLS 1.0", { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "ALL:@SECLEVEL=0" }],
    ["a cipher of TLS 1.3 with a short tag", { ciphers: "TLS_AES_128_CCM_8_SHA256" }],
    ["no certificate", { cert: undefined, key: undefined }],
  ] as const)("stays shut to %s", async (_what, change) => {
    expect(await knock(change)).not.toBe("PONG");
  }); // prettier-ignore

  it("stays shut to plain text", async () => {
    const socket = connectPlain({ host: "127.0.0.1", port: port() });
    await once(socket, "connect");
    expect(await hear(socket)).toBe("ended");
  });
});
