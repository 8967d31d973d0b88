import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeKeyPair, makeSigner, makeSigningKey, type Signer } from "../../certs/keys/index.ts";
import { mailboxOf, previewAudience } from "../../certs/trust/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import {
  consumerOf,
  decodeMessage,
  decodePublication,
  decodeSlip,
  encodeEnvelope,
  encodeMessage,
  encodePublication,
  encodeReceipt,
  encodeSignedReceipt,
  type Receipt,
  receiptSubject,
  storedSubject,
} from "../../schemas/index.ts";
import { type Bytes, parseUtf8, renderUuid, sha256, utf8 } from "../../schemas/ground/index.ts";
import { rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge } from "../kit/forge.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
let ng: Gateway;
let gh: Gateway;
let sn: Gateway;

const from = Date.UTC(2025, 0, 29);
const denySenegal = {
  effect: "DENY", originators: [], authorities: ["sn"], kinds: [], agencies: [], types: [], crimes: [], askedAssurances: [], from,
}; // prettier-ignore
let keys = 0;
let firstKey = "";

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  [ng, gh, sn] = [
    await world.gateway("ng/tcu"),
    await world.gateway("gh/tcu"),
    await world.gateway("sn/tcu"),
  ];
  for (const agency of ["ecowas/centre", "ng/moc", "gh/moc", "sn/moc"]) await world.gateway(agency);
});

afterAll(async () => {
  await world?.stop();
});

async function submit(gateway: Gateway, submission: unknown): Promise<string> {
  keys += 1;
  return (await gateway.exchange.submit(submission, `key ${keys}`)).id;
}

async function delivered(gateway: Gateway, id: string): Promise<void> {
  await until("it is delivered", () => gateway.exchange.find(id)?.state === "DELIVERED");
}

/** The name of the audience key that a message in the feed is sealed with. */
async function keyNameOf(id: string): Promise<string> {
  const stored = (await world.desk.read("FEED_ECOWAS")).find(({ subject }) => subject.endsWith(id));
  const { sealed } = decodeMessage(decodePublication(stored!.data).message);
  const [header = ""] = parseUtf8(sealed!).split(".");
  return (JSON.parse(Buffer.from(header, "base64url").toString()) as { kid: string }).kid;
}

/** How many messages came to an agency by name; until a person sends one, all of them are keys. */
async function countMail(agency: string): Promise<number> {
  const boxes = world.register().mailboxKeys.map((key) => mailboxOf(key, agency));
  const stored = await world.desk.read("DIRECT");
  return stored.filter(({ subject }) => boxes.some((box) => subject.startsWith(`direct.${box}.`))).length;
} // prettier-ignore

/** Puts the release policy of ng in force everywhere. */
async function publishRelease(
  rules: (now: readonly (typeof denySenegal)[]) => readonly object[],
): Promise<void> {
  await world.publish({
    states: { ng: (now) => ({ ...now, release: rules(now.release as never) as never }) },
  });
  const { epoch } = world.register();
  // the hub's next receipt tells an agency of the epoch, and it fetches the register
  for (const gateway of [ng, sn]) {
    await submit(gateway, example("red-flag"));
    await until("it has the register", () => gateway.register().epoch === epoch);
  }
}

describe("a reader whom the originator's release policy does not admit", () => {
  it("was read to before", async () => {
    const id = await submit(ng, example("lagos-alert"));
    await delivered(ng, id);
    expect(sn.exchange.find(id)?.state).toBe("VERIFIED");
    firstKey = await keyNameOf(id);
    expect([await countMail("sn/tcu"), await countMail("gh/tcu")]).toEqual([1, 1]);
  });

  it("gets nothing more, sealed or open, while the others do; and no key is sealed to it", async () => {
    await publishRelease((now) => [...now, denySenegal]);
    const { inbox, quarantined } = sn.exchange.status();
    expect(sn.exchange.list({ box: "in", limit: 10 }).items).toHaveLength(1);
    const audience = (await ng.exchange.validate(example("lagos-alert"))).audience;
    expect(audience).toEqual(expect.arrayContaining(["gh/tcu", "ecowas/centre"]));
    expect(audience.filter((agency) => agency.startsWith("sn/"))).toEqual([]);
    const ids = [await submit(ng, example("lagos-alert")), await submit(ng, example("red-flag"))];
    for (const id of ids) await delivered(ng, id);
    expect(ids.map((id) => gh.exchange.find(id)?.state)).toEqual(["VERIFIED", "VERIFIED"]);
    expect(await keyNameOf(ids[0]!)).not.toBe(firstKey);
    expect([await countMail("sn/tcu"), await countMail("gh/tcu")]).toEqual([1, 2]);
    // what is sn/tcu's still comes, so its silence is not deafness
    const other = await submit(gh, example("red-flag"));
    await until("sn/tcu has gh/tcu's", () => sn.exchange.find(other) !== undefined);
    expect(sn.exchange.status()).toMatchObject({ inbox: inbox + 1, quarantined });
    expect(ids.map((id) => sn.exchange.find(id))).toEqual([undefined, undefined]);
  });

  it("shows in the preview with the reason, and cannot be written to directly", async () => {
    const header = {
      originator: "ng/tcu",
      type: "alert.incident",
      recs: ["ecowas"],
      crimes: ["drugs"],
      handling: "H1",
    };
    const preview = previewAudience(ng.register(), header, Date.now());
    const of = (agency: string): unknown => preview.find((one) => one.agency === agency)?.decision;
    expect(of("sn/tcu")).toMatchObject({ allow: false, reason: "NOT_RELEASED" });
    expect(of("gh/tcu")).toMatchObject({ allow: true });
    const fiu = await world.gateway("ng/fiu");
    const { problems } = await fiu.exchange.validate(
      example("fiu-request", { recipients: ["sn/fiu"] }),
    );
    expect(problems).toMatchObject([{ path: "/recipients/0", code: "MANDATE_MISSING" }]);
    expect(problems[0]?.message).toContain("NOT_RELEASED");
  });
});

describe("a hub that lies", () => {
  let raw: RawAgency;

  /** Makes a reader's consumer match everything in the feed, whatever the register says. */
  async function openWide(agency: string): Promise<void> {
    const name = consumerOf(agency);
    const put = await world.desk.link.request(`$JS.API.CONSUMER.INFO.FEED_ECOWAS.${name}`);
    const { config } = put.json<{ config: Record<string, unknown> }>();
    const { filter_subject: _one, filter_subjects: _many, ...rest } = config;
    await world.desk.jetStream.putConsumer("FEED_ECOWAS", { ...rest, filter_subject: "feed.>" });
  }

  /** Writes into a stream as only the hub can. */
  async function plant(subject: string, data: Bytes): Promise<void> {
    const answer = await world.desk.link.request(subject, data);
    expect(answer.json()).toMatchObject({ seq: expect.any(Number) as number });
  }

  /** What the newest message in quarantine was put there for. */
  function newestCode(gateway: Gateway): string | undefined {
    const { items } = gateway.exchange.list({ box: "in", state: "QUARANTINED", limit: 1 });
    return items[0]?.code;
  }

  async function expectQuarantined(
    gateway: Gateway,
    code: string,
    act: () => Promise<unknown>,
  ): Promise<void> {
    const { inbox, quarantined } = gateway.exchange.status();
    await act();
    await until(`${code} in quarantine`, () => gateway.exchange.status().quarantined > quarantined);
    expect(newestCode(gateway)).toBe(code);
    expect(gateway.exchange.status()).toMatchObject({ inbox, quarantined: quarantined + 1 });
  }

  beforeAll(async () => {
    await openWide("sn/tcu");
    await world.stopGateway("ng/tcu");
    raw = await rawAgency(world, "ng/tcu");
  });

  afterAll(async () => {
    await raw?.close();
  });

  it("and hands a message to a reader who may not have it meets his gateway, which keeps it apart", async () => {
    await expectQuarantined(sn, "MANDATE_MISSING", () => raw.send(forge(raw.signer)));
  });

  it("cannot put words into an agency's mouth", async () => {
    const made = forge(raw.signer);
    const id = renderUuid(made.id);
    const publication = decodePublication(made.bytes);
    const message = decodeMessage(publication.message);
    const subject = storedSubject(made.channel, "ng/tcu", id);
    const altered = { ...message, open: utf8("other words") };
    await expectQuarantined(gh, "BODY_DIGEST_MISMATCH", () =>
      plant(subject, encodePublication({ ...publication, message: encodeMessage(altered) })),
    );
    const next = forge(raw.signer);
    const genuine = decodePublication(next.bytes);
    const own = decodeMessage(genuine.message);
    const envelope = encodeEnvelope({ ...next.envelope, urgency: "FLASH" });
    const raised = { ...own, envelope };
    await expectQuarantined(gh, "ENVELOPE_SIGNATURE_INVALID", () =>
      plant(
        storedSubject(next.channel, "ng/tcu", renderUuid(next.id)),
        encodePublication({ ...genuine, message: encodeMessage(raised) }),
      ),
    );
  });

  it("cannot pass a message off as one about something else", async () => {
    const made = forge(raw.signer);
    const subject = storedSubject(
      "ecowas.arms.h0.bulletin.red_flag",
      "ng/tcu",
      renderUuid(made.id),
    );
    await expectQuarantined(gh, "SUBJECT_MISMATCH", () => plant(subject, made.bytes));
  });

  it("cannot show an old message again as a new one", async () => {
    const made = forge(raw.signer);
    const { inbox } = gh.exchange.status();
    await raw.send(made);
    await until("it is read", () => gh.exchange.status().inbox === inbox + 1);
    const subject = storedSubject(made.channel, "ng/tcu", renderUuid(made.id).replace(/^./, "1"));
    await expectQuarantined(gh, "SUBJECT_MISMATCH", () => plant(subject, made.bytes));
  });

  it("cannot say in a reader's name that he holds a message", async () => {
    // ng/tcu's gateway is stopped, so it holds nothing of this
    const id = await submit(gh, example("red-flag"));
    const heldBy = (one: string): readonly string[] =>
      (gh.exchange.find(one)?.ladder ?? [])
        .filter(({ kind }) => kind === "DELIVERED")
        .map(({ by }) => by);
    await until("sn/tcu holds it", () => heldBy(id).includes("sn/tcu"));
    const stored = (await world.desk.read("FEED_ECOWAS")).find(({ subject }) =>
      subject.endsWith(id),
    );
    const slip = decodePublication(stored!.data).slip;
    const { channel, series, sequence } = decodeSlip(slip);
    const line = { channel, series, sequence, slipDigest: sha256(slip), missing: [] };
    for (const signer of [
      impostor("ng/tcu", signingThumbprint("ng/tcu")),
      impostor("ng/tcu", signingThumbprint(world.plan.hub)),
    ]) {
      await plant(receiptSubject("gh/tcu"), signHeld(signer, [line]));
    }
    await plant(receiptSubject("gh/tcu"), utf8("not a receipt"));
    const next = await submit(gh, example("red-flag"));
    await until("receipts are still read", () => heldBy(next).includes("sn/tcu"));
    expect(heldBy(id)).not.toContain("ng/tcu");
    // the hub's word comes by itself, and may be later than a reader's
    await until("the hub's word is there", () => gh.exchange.find(id)?.state !== "QUEUED");
    expect(gh.exchange.find(id)?.state).toBe("ACCEPTED");
    // the very same words in ng/tcu's own hand do count
    await plant(receiptSubject("gh/tcu"), signHeld(raw.signer, [line]));
    await until("its own word counts", () => heldBy(id).includes("ng/tcu"));
  });

  function signHeld(signer: Signer, held: Receipt["held"]): Bytes {
    const lines = { accepted: [], refused: [], heads: [], opened: [], held };
    const who = { issuer: "ng/tcu", recipient: "gh/tcu" };
    const receipt = encodeReceipt({ version: 1, issuedAt: Date.now(), ...who, ...lines });
    return encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
  }

  function impostor(name: string, thumbprint: Bytes): Signer {
    return makeSigner({ signer: name, key: makeSigningKey(makeKeyPair("P-256")), thumbprint });
  }

  function signingThumbprint(agency: string): Bytes {
    const certificates = world.register().agency(agency)?.certificates ?? [];
    return certificates.find(({ kind }) => kind === "SIGNING")!.thumbprint;
  }
});
