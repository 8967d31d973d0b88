import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { makeKeyPair, makeSigner, makeSigningKey, type Signer } from "../../certs/keys/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { splitFields } from "../../schemas/codec/index.ts";
import {
  encodeAlertIncident,
  limits,
  parseBody,
  renderDirectChannel,
} from "../../schemas/index.ts";
import { type Bytes, makeUuid, sha256, systemChance, utf8 } from "../../schemas/ground/index.ts";
import { loadAgencySigner, type Outcome, rawAgency, type RawAgency } from "../kit/agency.ts";
import { bulletin, forge, type Forged, type Forgery } from "../kit/forge.ts";
import { type Quiet, startQuiet } from "../kit/quiet.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let ng: RawAgency;
let fiu: RawAgency;
let moc: RawAgency;
let readers: Gateway[];
let others: Gateway[];
let quiet: Quiet;

const hour = 3_600_000;

beforeAll(async () => {
  world = await startWorld({
    recs: ["ecowas", "eccas"],
    plan: (usual) => ({
      ...usual,
      mandates: usual.mandates.map((one) =>
        one.agency === "ng/tcu" && one.action === "PUBLISH"
          ? { ...one, crimes: ["drugs", "arms"] }
          : one,
      ),
    }),
  });
  ng = await rawAgency(world, "ng/tcu");
  fiu = await rawAgency(world, "ng/fiu");
  moc = await rawAgency(world, "ng/moc");
  readers = [];
  for (const agency of ["gh/tcu", "sn/tcu", "ecowas/centre", "gh/moc"]) {
    readers.push(await world.gateway(agency));
  }
  others = [await world.gateway("gh/fiu"), await world.gateway("eccas/centre")];
});

afterAll(async () => {
  await ng?.close();
  await fiu?.close();
  await moc?.close();
  await world?.stop();
});

beforeEach(async () => {
  quiet = await startQuiet(world, { sender: ng, readers, others });
});

/** Whatever a test did, nothing of it stands in a feed, in a mailbox or with a reader. */
afterEach(async () => {
  await quiet.expectNothing();
});

function codeOf(outcome: Outcome): string {
  return outcome.kind === "refused" ? outcome.line.code : "ACCEPTED";
}

async function sendForged(forgery: Forgery, signer: Signer = ng.signer): Promise<string> {
  return codeOf(await ng.send(forge(signer, forgery)));
}

/** What every direct message bears outside its seal. */
function directOutside() {
  const createdAt = Date.now();
  const expiresAt = createdAt + limits.maxLifetimeMs;
  return { createdAt, expiresAt, urgency: "NORMAL", action: undefined, languages: [] } as const;
}

/** A signer that says it is `name`, with another key. */
function impostor(name: string, thumbprint: Bytes): Signer {
  return makeSigner({ signer: name, key: makeSigningKey(makeKeyPair("P-256")), thumbprint });
}

function signingThumbprint(agency: string): Bytes {
  const named = world
    .register()
    .agency(agency)
    ?.certificates.find(({ kind }) => kind === "SIGNING");
  if (named === undefined) throw new Error(`${agency} has no signing certificate`);
  return named.thumbprint;
}

describe("another agency's subject", () => {
  it("cannot be published on, and the attempt is in the audit record", async () => {
    const subject = "in.gh.tcu.msg.ecowas.drugs.h0.bulletin.red_flag";
    const stolen = "feed.ecowas.drugs.h0.bulletin.red_flag.gh.tcu.x";
    const { bytes } = forge(loadAgencySigner(world, "gh/tcu"));
    for (const one of [subject, stolen]) ng.link.publish(one, bytes);
    await ng.link.flush();
    const tried = [subject, stolen].map((one) => ({ operation: "publish", subject: one }));
    await until("the server said no", () => ng.denials.length >= 2);
    expect(ng.denials.slice(-2)).toEqual(tried);
    await until("the audit record has both", () => {
      const told = world.audit().filter(({ event }) => event === "foreign subject");
      return tried.every((one) =>
        told.some(
          ({ fields }) => fields["subject"] === one.subject && fields["agency"] === "ng/tcu",
        ),
      );
    });
  });

  it("true words of another agency, sent on one's own account, are refused", async () => {
    const gh = loadAgencySigner(world, "gh/tcu");
    expect(codeOf(await ng.send(forge(gh)))).toBe("ORIGIN_MISMATCH");
    expect(await sendForged({ slip: { origin: "gh/tcu" } })).toBe("ORIGIN_MISMATCH");
  });
});

describe("what no mandate allows", () => {
  it.each([
    ["a crime", { crimes: ["tip"] }],
    ["a community served but not the sender's", { recs: ["eccas"] }],
    ["a handling code", { handling: "H3" }],
    ["a type", { type: "maritime.incident" }],
  ])("%s outside the mandate is refused", async (_what, envelope) => {
    expect(await sendForged({ envelope })).toBe("MANDATE_MISSING");
  });

  it("a community that the hub does not serve is refused", async () => {
    expect(await sendForged({ envelope: { recs: ["sadc"] } })).toBe("SUBJECT_MISMATCH");
  });

  it("a mailbox that is nobody's, and direct mail without a mandate, are refused", async () => {
    const direct = {
      scope: "DIRECT", type: undefined, typeVersion: undefined, recs: [], crimes: [],
      mailboxes: ["a".repeat(26)], releaseLevel: "BILATERAL", form: "SEALED", ...directOutside(),
    } as const; // prettier-ignore
    const message: Forgery["message"] = ({ open, ...rest }) => ({ ...rest, sealed: open });
    const made = forge(fiu.signer, { envelope: direct, message });
    expect(made.channel).toBe(renderDirectChannel("a".repeat(26)));
    expect(codeOf(await fiu.send(made))).toBe("MANDATE_MISSING");
    // a maritime centre has no right to direct mail at all
    expect(codeOf(await moc.send(forge(moc.signer, { envelope: direct, message })))).toBe(
      "MANDATE_MISSING",
    );
  });
});

describe("a wrong key", () => {
  it("another key under the right certificate is refused", async () => {
    const signedBy = impostor("ng/tcu", signingThumbprint("ng/tcu"));
    expect(await sendForged({ signedBy })).toBe("ENVELOPE_SIGNATURE_INVALID");
  });

  it("a certificate that the register does not name for the sender is refused", async () => {
    expect(await sendForged({ signedBy: impostor("ng/tcu", sha256(utf8("none"))) })).toBe(
      "CERT_UNKNOWN",
    );
    expect(await sendForged({ signedBy: impostor("ng/tcu", signingThumbprint("gh/tcu")) })).toBe(
      "CERT_UNKNOWN",
    );
  });

  it("another agency's own signature is refused", async () => {
    const signedBy = loadAgencySigner(world, "gh/tcu");
    expect(await sendForged({ signedBy })).toBe("ORIGIN_MISMATCH");
  });

  it("no signature at all is refused, and so is one over another kind of statement", async () => {
    const without: Forgery = { message: (message) => ({ ...message, signatures: [] }) };
    expect(await sendForged(without)).toBe("ENVELOPE_SIGNATURE_MISSING");
    const slipwise: Forgery = {
      message: (message) => ({
        ...message,
        signatures: [ng.signer.sign("atumpan-slip", message.envelope)],
      }),
    };
    expect(await sendForged(slipwise)).toBe("SIGNATURE_MALFORMED");
  });
});

describe("a size", () => {
  it("beyond what a publication, an envelope or a body may have is refused", async () => {
    const body = new Uint8Array(limits.maxPublicationBytes - 512);
    const large = forge(ng.signer, { message: (message) => ({ ...message, open: body }) });
    expect(large.bytes.length).toBeGreaterThan(limits.maxPublicationBytes);
    expect(codeOf(await ng.send(large))).toBe("CODEC_TOO_LARGE");
    const justBody = new Uint8Array(limits.maxBodyBytes + 1);
    expect(await sendForged({ message: (message) => ({ ...message, open: justBody }) })).toBe(
      "CODEC_TOO_LARGE",
    );
  });

  it("beyond what the server takes from an agency ends the connection", async () => {
    const told = await rawAgency(world, "lr/moc");
    const most = told.link.info?.max_payload ?? 0;
    expect(most).toBeLessThan(limits.maxPublicationBytes + 16 * 1024);
    expect(() => told.link.publish("out.msg.x", new Uint8Array(most + 1))).toThrow("payload");
    // a client that does not listen to what it is told
    Object.assign(told.link.info ?? {}, { max_payload: 1024 * 1024 });
    const closed = told.link.closed();
    told.link.publish("out.msg.x", new Uint8Array(most + 1));
    expect(String(await closed)).toContain("Maximum Payload");
    await told.close();
  });
});

describe("time", () => {
  it("a message past its time is refused", async () => {
    const now = Date.now();
    const envelope = { createdAt: now - 2 * hour, expiresAt: now - hour };
    expect(await sendForged({ envelope })).toBe("ENVELOPE_EXPIRED");
  });

  it("a message from further ahead than clocks may differ is refused", async () => {
    const ahead = Date.now() + limits.maxAheadMs + 60_000;
    const made = forge(ng.signer, { envelope: { createdAt: ahead, expiresAt: ahead + hour } });
    expect(codeOf(await ng.send(made))).toBe("ENVELOPE_FROM_FUTURE");
  });
});

describe("form and content", () => {
  const openMessage = (open: Bytes): Forgery => ({ message: (message) => ({ ...message, open }) });

  it("a type nobody knows is refused", async () => {
    expect(await sendForged({ envelope: { type: "bulletin.newer_kind" } })).toBe(
      "SCHEMA_UNKNOWN_TYPE",
    );
  });

  it("what must be sealed is refused when it travels open, in a feed and in a mailbox", async () => {
    expect(await sendForged({ envelope: { type: "alert.incident" } })).toBe("BODY_MUST_BE_SEALED");
    const direct = {
      scope: "DIRECT", type: undefined, typeVersion: undefined, recs: [], crimes: [],
      mailboxes: ["a".repeat(26)],
    } as const; // prettier-ignore
    const made = forge(fiu.signer, { envelope: direct });
    expect(codeOf(await fiu.send(made))).toBe("BODY_MUST_BE_SEALED");
  });

  it("direct mail that bears outside what differs by type is refused, each of it", async () => {
    const place = {
      scope: "DIRECT", type: undefined, typeVersion: undefined, recs: [], crimes: [],
      mailboxes: ["a".repeat(26)], releaseLevel: "BILATERAL", form: "SEALED",
    } as const; // prettier-ignore
    const message: Forgery["message"] = ({ open, ...rest }) => ({ ...rest, sealed: open });
    const usual = directOutside();
    const { createdAt, expiresAt } = usual;
    const reference = makeUuid(createdAt, systemChance);
    for (const told of [
      { urgency: "FLASH" }, { expiresAt: createdAt + 30 * 24 * hour }, { expiresAt: expiresAt - 1 }, { validFrom: createdAt }, { action: "NEW" },
      { languages: ["fr"] }, { typeVersion: 1 }, { type: "fiu.request" }, { threadId: reference }, { inReplyTo: reference }, { supersedes: reference },
    ]) {
      const made = forge(fiu.signer, { envelope: { ...place, ...usual, ...told }, message });
      expect([told, codeOf(await fiu.send(made))]).toEqual([told, "ENVELOPE_INVALID"]);
    }
    // without any of it the same is refused for what it is: nobody's
    const quietOne = forge(fiu.signer, { envelope: { ...place, ...usual }, message });
    expect(codeOf(await fiu.send(quietOne))).toBe("MANDATE_MISSING");
  }); // prettier-ignore

  it("a sealed body where it must be open, or that is no JWE, is refused", async () => {
    const seal: Forgery["message"] = ({ open, ...rest }) => ({ ...rest, sealed: open });
    expect(await sendForged({ envelope: { form: "SEALED" }, message: seal })).toBe(
      "BODY_MUST_BE_OPEN",
    );
    const envelope = { form: "SEALED", type: "alert.incident" };
    expect(await sendForged({ envelope, message: seal })).toBe("SCHEMA_INVALID");
  });

  it("data about a person is refused in the open: its types travel sealed, and open types have no place for it", async () => {
    const body = encodeAlertIncident(
      parseBody("alert.incident", {
        kind: "drugs",
        occurredFrom: "2026-11-20T22:15:00Z",
        place: { country: "NG" },
        persons: [
          { roles: ["SUSPECT"], names: [{ full: "Tunde Example", kind: "LEGAL" }], sex: "M" },
        ],
        narrative: { text: "Exercise.", lang: "en" },
        caseStatus: "UNDER_INVESTIGATION",
        caseRef: "EX-1",
      }),
    );
    expect(await sendForged({ body, envelope: { type: "alert.incident" } })).toBe(
      "BODY_MUST_BE_SEALED",
    );
    // the same bytes under a type that may travel open: its fields mean other things there
    expect(await sendForged({ body })).toBe("CODEC_MALFORMED");
    const { problems } = await readers[0]!.exchange.validate({
      type: "bulletin.red_flag",
      recs: ["ecowas"],
      crimes: ["drugs"],
      body: { title: { text: "x", lang: "en" }, indicators: [], persons: [{ sex: "M" }] },
    });
    expect(problems).toContainEqual(
      expect.objectContaining({ path: "/body/persons", code: "SCHEMA_FIELD_UNKNOWN" }),
    );
  });

  it("a field missing from an open body is refused", async () => {
    const [title] = splitFields(bulletin);
    expect(title?.number).toBe(1);
    const body = bulletin.subarray(title?.bytes.length);
    expect(await sendForged({ body })).toBe("SCHEMA_FIELD_MISSING");
  });

  it("a body or parts other than the ones signed are refused", async () => {
    expect(await sendForged(openMessage(utf8("other")))).toBe("BODY_DIGEST_MISMATCH");
    expect(await sendForged({ envelope: { bodyDigest: sha256(utf8("x")) } })).toBe(
      "BODY_DIGEST_MISMATCH",
    );
    expect(await sendForged({ envelope: { bodyRoot: sha256(utf8("x")) } })).toBe(
      "BODY_ROOT_MISMATCH",
    );
  });

  it("bytes that are no publication are refused", async () => {
    const channel = "ecowas.drugs.h0.bulletin.red_flag";
    for (const bytes of [utf8("hello"), new Uint8Array(), new Uint8Array(100).fill(255)]) {
      const code = codeOf(await ng.send({ bytes, channel }));
      expect(["CODEC_MALFORMED", "SCHEMA_FIELD_MISSING"]).toContain(code);
    }
  });
});

describe("slip and place", () => {
  it("on another channel than its own a publication is refused", async () => {
    const { bytes } = forge(ng.signer);
    const channel = "ecowas.arms.h0.bulletin.red_flag";
    expect(codeOf(await ng.send({ bytes, channel }))).toBe("SUBJECT_MISMATCH");
  });

  it("a slip for another message is refused", async () => {
    const messageId = makeUuid(Date.now(), systemChance);
    expect(await sendForged({ slip: { messageId } })).toBe("SLIP_INVALID");
    expect(await sendForged({ slip: { envelopeDigest: sha256(utf8("x")) } })).toBe("SLIP_INVALID");
  });
});

describe("one message", () => {
  const there = async (before: number): Promise<void> =>
    await until("the reader holds it", () =>
      readers.every(({ exchange }) => exchange.status().inbox > before),
    );

  /** Sends one good message and begins the watch anew with it in place. */
  async function establish(): Promise<Forged> {
    const before = readers[0]!.exchange.status().inbox;
    const made = forge(ng.signer);
    expect(codeOf(await ng.send(made))).toBe("ACCEPTED");
    await there(before);
    quiet = await startQuiet(world, { sender: ng, readers, others });
    return made;
  }

  it("sent twice is one message: the same receipt again, nothing more in feed or inbox", async () => {
    const made = await establish();
    const { lastSequence = 0 } = (await world.desk.marks())["FEED_ECOWAS"] ?? {};
    for (let again = 0; again < 3; again += 1) {
      const outcome = await ng.send(made);
      if (outcome.kind !== "accepted") throw new Error("it was refused");
      expect(outcome.line.streamSequence).toBe(lastSequence);
    }
  });

  it("with other content under its id is refused, on its channel and on any other", async () => {
    const { id } = await establish();
    expect(await sendForged({ envelope: { id, urgency: "FLASH" } })).toBe("ENVELOPE_ID_REUSED");
    expect(await sendForged({ envelope: { id, crimes: ["arms"] } })).toBe("ENVELOPE_ID_REUSED");
  });

  it("with other content under its id is refused after the broker was started anew", async () => {
    const { id } = await establish();
    await world.stopBroker();
    await world.startBroker();
    expect(await sendForged({ envelope: { id, crimes: ["arms"] } })).toBe("ENVELOPE_ID_REUSED");
    quiet = await startQuiet(world, { sender: ng, readers, others });
  });
});
