import { describe, expect, it } from "vitest";

import { limits } from "../../schemas/index.ts";
import { sha256, systemClock, utf8 } from "../../schemas/ground/index.ts";
import { makeKeyPair, makeSigner, makeSigningKey } from "../../certs/keys/index.ts";
import { lastUse, mailboxOf, type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
// prettier-ignore
import { fixtureHub, fixtureNow, makeRegion, mandate, releaseRule } from "../../test/kit/hub-region.ts";
import { makeBench, makePublication, type PublicationChange } from "../../test/kit/hub-messages.ts";
import { makeQuota } from "./quota.ts";
import { arrivalSteps, contentSteps, judge } from "./steps.ts";
import type { Bench, Verdict } from "./verdict.ts";

const day = 86_400_000;
const publishers = ["ng/tcu", "ng/old", "ng/early", "ng/foreign", "ng/revoked", "gh/tcu"];
const region = await makeRegion({
  recs: ["ecowas"],
  agencies: [
    { agency: fixtureHub, kind: "HUB" },
    { agency: "ng/tcu", kind: "TCU" },
    { agency: "ng/old", kind: "TCU", flaw: "expired" },
    { agency: "ng/early", kind: "TCU", flaw: "early" },
    { agency: "ng/foreign", kind: "TCU", flaw: "foreign" },
    { agency: "ng/revoked", kind: "TCU", flaw: "revoked" },
    { agency: "ng/suspended", kind: "TCU", suspendedFrom: fixtureNow - day },
    { agency: "ng/fiu", kind: "FIU" },
    { agency: "gh/tcu", kind: "TCU" },
    { agency: "gh/fiu", kind: "FIU" },
  ],
  mandates: [
    ...publishers.map((agency) => mandate(agency, ["PUBLISH", "ecowas"])),
    mandate("ng/suspended", ["PUBLISH", "ecowas"]),
    mandate("ng/fiu", ["PUBLISH", "direct"], { types: ["fiu.*"] }),
    mandate("ng/fiu", ["PUBLISH", "ecowas"], { types: ["fiu.*"] }),
    mandate("gh/fiu", ["READ", "direct"], { types: ["fiu.*"] }),
  ],
  release: (authority) => [releaseRule(authority === "ng" ? { kinds: ["TCU", "FIU"] } : {})],
});

const recipients = [{ header: { alg: "ECDH-ES+A256KW" }, encrypted_key: "AAAA" }];
const sealed = { iv: "AAAA", ciphertext: "AAAA", tag: "AAAA" };
const enc = Buffer.from('{"enc":"A256GCM"}').toString("base64url");
const jwe = utf8(JSON.stringify({ protected: enc, recipients, ...sealed }));

/** A feed body as a gateway seals it, its header changed. */
function feedJwe(change: object = {}): Uint8Array {
  const header = { alg: "dir", enc: "A256GCM", kid: "0".repeat(32), ...change };
  const protectedHeader = Buffer.from(JSON.stringify(header)).toString("base64url");
  return utf8(`${protectedHeader}..${"A".repeat(16)}.AAAA.${"A".repeat(22)}`);
}

function judged(
  sender: string,
  change: PublicationChange = {},
  bench: Partial<Bench> = {},
): Verdict {
  return judge(makePublication(region, sender, change).arrived, makeBench(region, bench));
}

function codeOf(verdict: Verdict): string {
  return verdict.kind === "refused" || verdict.kind === "later"
    ? `${verdict.kind} ${verdict.fault.code}`
    : verdict.kind;
}

const directOutside = { scope: "DIRECT", form: "SEALED", urgency: "NORMAL", action: undefined, languages: [], expiresAt: fixtureNow + limits.maxLifetimeMs }; // prettier-ignore
function directChange(agency: string): PublicationChange {
  const [key] = region.view.mailboxKeys;
  if (key === undefined) throw new TypeError("the fixture has a mailbox key");
  return {
    body: jwe,
    envelope: {
      type: undefined,
      typeVersion: undefined,
      recs: [],
      crimes: [],
      mailboxes: [mailboxOf(key, agency)],
      ...directOutside,
      bodyDigest: sha256(jwe),
    },
  };
}

describe("judge", () => {
  it("a good publication is admitted, with its digest", () => {
    const verdict = judged("ng/tcu");
    expect(verdict).toMatchObject({ kind: "admitted" });
  });

  it("the steps stand in their order", () => {
    expect([...arrivalSteps, ...contentSteps].map(({ name }) => name)).toEqual([
      "size",
      "quota",
      "staleness",
      "place",
      "origin",
      "known",
      "body digest",
      "signature",
      "slip",
      "mandate",
      "relay",
      "freshness",
      "form",
      "body",
    ]);
  });

  const stranger = makeSigner({
    signer: "ng/tcu",
    key: makeSigningKey(makeKeyPair("P-256")),
    thumbprint: sha256(utf8("nobody's")),
  });
  const truthful = region.signer("ng/tcu");
  /** The right certificate's header over another key's signature. */
  const forged = makeSigner({
    signer: "ng/tcu",
    key: makeSigningKey(makeKeyPair("P-256")),
    thumbprint: region.leaf("ng/tcu", "SIGNING").leaf.thumbprint,
  });

  it.each<[string, string, { sender?: string } & PublicationChange]>([
    [
      "another channel than its envelope's",
      "SUBJECT_MISMATCH",
      { channel: "ecowas.arms.h0.bulletin.red_flag" },
    ],
    [
      "another channel than its slip's",
      "SUBJECT_MISMATCH",
      { slip: { channel: "ecowas.arms.h0.bulletin.red_flag" } },
    ],
    ["a community the hub does not serve", "SUBJECT_MISMATCH", { envelope: { recs: ["sadc"] } }],
    ["another agency's account", "ORIGIN_MISMATCH", { origin: "gh/tcu" }],
    ["a slip in another agency's name", "ORIGIN_MISMATCH", { slip: { origin: "gh/tcu" } }],
    [
      "a signature in another agency's name",
      "ORIGIN_MISMATCH",
      { signer: region.signer("gh/tcu") },
    ],
    [
      "another body",
      "BODY_DIGEST_MISMATCH",
      { message: (usual) => ({ ...usual, open: utf8("other") }) },
    ],
    [
      "a body in another form",
      "BODY_DIGEST_MISMATCH",
      { message: ({ open, ...rest }) => ({ ...rest, sealed: open }) },
    ],
    ["other parts", "BODY_ROOT_MISMATCH", { envelope: { bodyRoot: sha256(utf8("other")) } }],
    ["a forged signature", "ENVELOPE_SIGNATURE_INVALID", { signer: forged, slipSigner: truthful }],
    [
      "no signature",
      "ENVELOPE_SIGNATURE_MISSING",
      { message: (usual) => ({ ...usual, signatures: [] }) },
    ],
    [
      "one good signature and one of another's key",
      "SIGNATURE_MALFORMED",
      {
        message: (usual) => ({
          ...usual,
          signatures: [...usual.signatures, forged.sign("atumpan-envelope", usual.envelope)],
        }),
      },
    ],
    [
      "five signatures",
      "SCHEMA_INVALID",
      {
        message: (usual) => ({
          ...usual,
          signatures: Array.from({ length: 5 }, () => usual.signatures[0] ?? ""),
        }),
      },
    ],
    [
      "one good signature twice",
      "SCHEMA_INVALID",
      {
        message: (usual) => ({ ...usual, signatures: [...usual.signatures, ...usual.signatures] }),
      },
    ],
    ["an unregistered certificate", "CERT_UNKNOWN", { signer: stranger }],
    ["an expired certificate", "CERT_EXPIRED", { sender: "ng/old" }],
    ["a certificate of the future", "CERT_NOT_YET_VALID", { sender: "ng/early" }],
    ["a certificate by another state's CA", "CERT_PATH_INVALID", { sender: "ng/foreign" }],
    ["a revoked certificate", "CERT_REVOKED", { sender: "ng/revoked" }],
    ["a forged slip", "SLIP_SIGNATURE_INVALID", { slipSigner: forged }],
    [
      "a slip of another message",
      "SLIP_INVALID",
      { slip: { envelopeDigest: sha256(utf8("other")) } },
    ],
    ["a handling beyond the mandate", "MANDATE_MISSING", { envelope: { handling: "H3" } }],
    ["no mandate at all", "MANDATE_MISSING", { sender: "gh/fiu" }],
    ["a suspended agency", "MANDATE_SUSPENDED", { sender: "ng/suspended" }],
    [
      "a message past its end",
      "ENVELOPE_EXPIRED",
      { envelope: { createdAt: fixtureNow - 2 * day, expiresAt: fixtureNow - 1 } },
    ],
    [
      "a message from the future",
      "ENVELOPE_FROM_FUTURE",
      { envelope: { createdAt: fixtureNow + limits.maxAheadMs + 1 } },
    ],
    ["an unknown type", "SCHEMA_UNKNOWN_TYPE", { envelope: { type: "alert.nothing" } }],
    ["a sealed type sent open", "BODY_MUST_BE_SEALED", { envelope: { type: "alert.incident" } }],
    ["an open type sent sealed", "BODY_MUST_BE_OPEN", { body: jwe, envelope: { form: "SEALED" } }],
    [
      "a direct type in a feed",
      "ENVELOPE_INVALID",
      { sender: "ng/fiu", envelope: { type: "fiu.request" } },
    ],
    [
      "a body its schema does not allow",
      "SCHEMA_INVALID",
      { envelope: { type: "maritime.incident" } },
    ],
    [
      "a sealed body that is no JWE",
      "SCHEMA_INVALID",
      { body: utf8("{}"), envelope: { type: "alert.incident", form: "SEALED" } },
    ],
    [
      "a sealed feed body that names its readers",
      "SCHEMA_INVALID",
      { body: jwe, envelope: { type: "alert.incident", form: "SEALED" } },
    ],
    [
      "a sealed feed body whose key is carried",
      "SCHEMA_INVALID",
      { body: feedJwe({ alg: "A256KW" }), envelope: { type: "alert.incident", form: "SEALED" } },
    ],
    [
      "a sealed feed body with a key of no name of ours",
      "SCHEMA_INVALID",
      {
        body: feedJwe({ kid: "audience of ng" }),
        envelope: { type: "alert.incident", form: "SEALED" },
      },
    ],
    [
      "a sealed feed body that is compressed",
      "SCHEMA_INVALID",
      { body: feedJwe({ zip: "DEF" }), envelope: { type: "alert.incident", form: "SEALED" } },
    ],
  ])("%s is refused as %s", (_what, code, { sender = "ng/tcu", ...change }) => {
    const found = codeOf(judged(sender, change));
    // The maritime body decodes as far as it can; what is missing has its own code.
    expect(found.replace("SCHEMA_FIELD_MISSING", "SCHEMA_INVALID")).toBe(`refused ${code}`);
  });

  it("a message expires in the very millisecond it says", () => {
    const change = { envelope: { expiresAt: fixtureNow + 1 } };
    expect(judged("ng/tcu", change).kind).toBe("admitted");
    expect(
      codeOf(judged("ng/tcu", { envelope: { createdAt: fixtureNow - 1, expiresAt: fixtureNow } })),
    ).toBe("refused ENVELOPE_EXPIRED");
  });

  it("parts that were cut out after signing are refused", () => {
    const change: PublicationChange = { parts: (usual) => usual.slice(0, -1) };
    const verdict = judged("ng/tcu", change);
    expect(codeOf(verdict)).toBe("refused BODY_ROOT_MISMATCH");
  });

  it("a withheld part leaves the body short of what its schema asks", () => {
    const change: PublicationChange = {
      parts: (usual) =>
        usual.map(({ number, value, salt }, i) => {
          if (i !== 1 || value === undefined || salt === undefined) return { number, value, salt };
          return { number, hash: sha256(Buffer.concat([salt, value])) };
        }),
    };
    expect(codeOf(judged("ng/tcu", change))).toBe("refused SCHEMA_FIELD_MISSING");
  });

  it("what is too large is refused before it is read", () => {
    const { arrived } = makePublication(region, "ng/tcu");
    const bytes = new Uint8Array(limits.maxPublicationBytes + 1);
    expect(codeOf(judge({ ...arrived, bytes }, makeBench(region)))).toBe("refused CODEC_TOO_LARGE");
    expect(codeOf(judge({ ...arrived, bytes: utf8("junk") }, makeBench(region)))).toBe(
      "refused CODEC_MALFORMED",
    );
  });

  it("whoever is over his quota waits and is not refused", () => {
    const quota = makeQuota({ ...systemClock, elapsed: () => 0 }, { perSecond: 1, burst: 1 });
    expect(judged("ng/tcu", {}, { quota }).kind).toBe("admitted");
    expect(codeOf(judged("ng/tcu", {}, { quota }))).toBe("later QUOTA_EXCEEDED");
    expect(judged("gh/tcu", {}, { quota }).kind).toBe("admitted");
  });

  it("a register past its last use judges nobody", () => {
    const now = lastUse(region.view);
    expect(codeOf(judged("ng/tcu", {}, { now }))).toBe("later REGISTER_STALE");
  });

  it("a failure of our own holds the message back", () => {
    const broken = new Error("a defect");
    const view: RegisterView = { ...region.view, mandates: () => { throw broken; } }; // prettier-ignore
    const verdict = judged("ng/tcu", {}, { register: view, mailboxes: new Map() });
    expect(codeOf(verdict)).toBe("later INTERNAL");
    expect(verdict.kind === "later" && verdict.fault.cause).toBe(broken);
  });
});

describe("judge, for what it knows", () => {
  const made = makePublication(region, "ng/tcu", { envelope: { expiresAt: fixtureNow + 1 } });
  const noted = {
    originator: "ng/tcu",
    id: made.envelope.id,
    digest: sha256(made.message.envelope),
    channel: made.channel,
    expiresAt: made.envelope.expiresAt,
  };
  const place = { stream: "FEED_ECOWAS", instance: "one", sequence: 7 };

  it("the same message on the same channel gets its receipt again, even when it has expired since", () => {
    const bench = makeBench(region, { now: made.envelope.expiresAt + 1 });
    bench.known.stored(noted, place);
    expect(judge(made.arrived, bench)).toMatchObject({ kind: "again", place });
  });

  it("a message that is being stored is not stored twice", () => {
    const bench = makeBench(region);
    bench.known.storing(noted);
    expect(judge(made.arrived, bench).kind).toBe("storing");
    bench.known.release(noted);
    expect(judge(made.arrived, bench).kind).toBe("admitted");
  });

  it("a message whose stream was made anew is admitted again", () => {
    const bench = makeBench(region);
    bench.known.stored(noted, { ...place, instance: "the one before" });
    expect(judge(made.arrived, bench).kind).toBe("admitted");
  });

  it("other content under a taken id is refused, of its own originator only", () => {
    const bench = makeBench(region);
    bench.known.stored({ ...noted, digest: sha256(utf8("other")) }, place);
    expect(codeOf(judge(made.arrived, bench))).toBe("refused ENVELOPE_ID_REUSED");
    const other = makePublication(region, "gh/tcu", { envelope: { id: made.envelope.id } });
    expect(judge(other.arrived, bench).kind).toBe("admitted");
  });
});

describe("judge, on what frames what was signed", () => {
  it("nothing can be put beside it", () => {
    const { arrived } = makePublication(region, "ng/tcu");
    const bytes = Buffer.concat([arrived.bytes, Buffer.from("7a0100", "hex")]);
    expect(codeOf(judge({ ...arrived, bytes }, makeBench(region)))).toBe("refused CODEC_MALFORMED");
  });
});

describe("judge, while the readers' filters are made anew", () => {
  it("everything waits from the moment a dated line counts otherwise, and nothing before it", () => {
    const made = makePublication(region, "ng/tcu");
    const until = fixtureNow + 1;
    expect(judge(made.arrived, makeBench(region, { until })).kind).toBe("admitted");
    expect(judge(made.arrived, makeBench(region, { until, now: until }))).toMatchObject({
      kind: "later",
      fault: { code: "REGISTER_STALE" },
    });
  });
});

describe("judge, for direct messages", () => {
  it("a feed of a community called direct is none, and no way round the mailboxes", () => {
    const envelope = { recs: ["direct"] };
    const channel = "direct.drugs.h0.bulletin.red_flag";
    const slip = { channel };
    expect(codeOf(judged("ng/fiu", { envelope, slip, channel }))).toBe("refused SUBJECT_INVALID");
  });

  it("a feed message sealed with an audience key is admitted", () => {
    const body = feedJwe();
    const envelope = { type: "alert.incident", form: "SEALED" };
    expect(codeOf(judged("ng/tcu", { body, envelope }))).toBe("admitted");
  });

  it.each<readonly [string, string, (text: string) => string]>([
    ["in the form of feeds", "SCHEMA_INVALID", () => Buffer.from(feedJwe()).toString()],
    ["whose members only look like texts", "SCHEMA_INVALID", (text) => text.replace('"iv":"AAAA"', '"iv":{"length":{"toString":1}}')],
    ["to nobody", "SEAL_NO_RECIPIENTS", (text) => text.replace(/\[.*\]/, "[]")],
    ["to nine", "SEAL_TOO_MANY_RECIPIENTS", (text) => text.replace(/\[(.*)\]/, (_, one: string) => `[${Array.from({ length: 9 }, () => one).join(",")}]`)],
  ])("a direct message %s is refused as %s", (_what, code, change) => {
    const { envelope } = directChange("gh/fiu");
    const body = utf8(change(Buffer.from(jwe).toString()));
    const direct = { body, envelope: { ...envelope, bodyDigest: sha256(body) } };
    expect(codeOf(judged("ng/fiu", direct))).toBe(`refused ${code}`);
  }); // prettier-ignore

  it("one FIU's sealed message to another is admitted", () => {
    expect(judged("ng/fiu", directChange("gh/fiu")).kind).toBe("admitted");
  });

  it("a mailbox of someone who may not read, or of nobody, is refused", () => {
    expect(codeOf(judged("ng/fiu", directChange("gh/tcu")))).toBe("refused MANDATE_MISSING");
    expect(codeOf(judged("ng/fiu", directChange("zz/nobody")))).toBe("refused MANDATE_MISSING");
  });

  it("a sender without a mandate for direct messages is refused", () => {
    expect(codeOf(judged("ng/tcu", directChange("gh/fiu")))).toBe("refused MANDATE_MISSING");
  });

  it("a recipient whom the sender's state does not release to is refused", () => {
    const release = (): readonly ReturnType<typeof releaseRule>[] => [
      releaseRule({ kinds: ["TCU"] }),
    ];
    const register = verifyRegister(region.next({ release }), region.anchors);
    expect(codeOf(judged("ng/fiu", directChange("gh/fiu"), { register }))).toBe("refused MANDATE_MISSING"); // prettier-ignore
  });

  it("T2: what its originator keeps between two is refused on a regional feed", () => {
    const change = { envelope: { releaseLevel: "BILATERAL" } };
    expect(codeOf(judged("ng/tcu", change))).toBe("refused RELEASE_LEVEL_EXCEEDED");
  });

  it("T2: what its originator keeps in the state is refused in another state's mailbox", () => {
    const { envelope, ...rest } = directChange("gh/fiu");
    const change = { ...rest, envelope: { ...envelope, releaseLevel: "NATIONAL" } };
    expect(codeOf(judged("ng/fiu", change))).toBe("refused RELEASE_LEVEL_EXCEEDED");
  });

  it("an open direct message is refused", () => {
    const { envelope } = directChange("gh/fiu");
    const change = { envelope: { ...envelope, form: "OPEN" } };
    expect(codeOf(judged("ng/fiu", change))).toBe("refused BODY_MUST_BE_SEALED");
  });
});
