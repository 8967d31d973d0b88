import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { Gateway } from "../../gateways/gateway.ts";
import {
  decodeMessage,
  decodePublication,
  encodePublication,
  encodeReceipt,
  encodeSignedReceipt,
  encodeSlip,
  outReceiptSubject,
  parseEnvelope,
  renderDirectChannel,
} from "../../schemas/index.ts";
import { type Bytes, renderHex, sha256, systemChance } from "../../schemas/ground/index.ts";
import { loadAgencySigner, type Outcome, rawAgency, type RawAgency } from "../kit/agency.ts";
import { forge, type Forged } from "../kit/forge.ts";
import { readTree } from "../kit/read-tree.ts";
import { until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const canary = "kingfisher over the weir at seven";
const hour = 3_600_000;

let world: World;
let ng: Gateway;
let sn: Gateway;
/** The national gateway of Ghana in the hands of somebody else: all of its keys, and no rule kept. */
let hostile: RawAgency;
let sent = 0;

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  ng = await world.gateway("ng/tcu");
  sn = await world.gateway("sn/tcu");
  hostile = await rawAgency(world, "gh/tcu");
}, 120_000);

afterAll(async () => {
  await hostile?.close();
  await world?.stop();
});

/** Nigeria asks others something that holds the canary. */
async function ask(recipients: readonly string[]): Promise<string> {
  const { crimes, handling, inner, body } = exampleNow("request.information", world.clock.now());
  const { inReplyTo: _, ...rest } = inner as Record<string, unknown>;
  const caseRef = canary;
  sent += 1;
  const submission = { type: "request.information", crimes, handling, recipients, inner: { ...rest, caseRef }, body };
  const { id } = await ng.exchange.submit(JSON.parse(JSON.stringify(submission)), `hostile ${sent}`);
  await until("the hub has it", () => ng.exchange.find(id)?.state !== "QUEUED");
  return id;
} // prettier-ignore

function rungs(id: string): readonly string[] {
  return (ng.exchange.find(id)?.ladder ?? []).map(({ kind, by }) => `${kind} ${by}`).toSorted();
}

function codeOf(outcome: Outcome): string {
  return outcome.kind === "refused" ? outcome.line.code : "ACCEPTED";
}

function inboxes(): readonly number[] {
  return [ng, sn].map(({ exchange }) => exchange.status().inbox);
}

/** Ghana's broken chains, as Senegal sees them. */
function missing(): readonly number[] {
  return sn.office.store.chains.changedSince(0).flatMap((one) => one.missing);
}

/** Some mailbox of Senegal's, as Nigeria addresses it. */
function snMailbox(): string {
  const [item] = ng.exchange.list({ box: "out", limit: 50 }).items.filter(({ id }) => rungs(id).includes("DELIVERED sn/tcu"));
  const raw = ng.exchange.original(item?.id ?? "");
  if (raw === undefined) throw new Error("nothing was sent there");
  return parseEnvelope(decodeMessage(raw).envelope).mailboxes[0] ?? "";
} // prettier-ignore

/** The publication of a message that is addressed to the hostile gateway. */
async function steal(id: string): Promise<Bytes> {
  const found = (await hostile.pull("DIRECT")).map(({ data }) => data).find((data) => {
    const { envelope } = decodeMessage(decodePublication(data).message);
    return Buffer.from(parseEnvelope(envelope).id).toString("hex") === id.replaceAll("-", "");
  });
  if (found === undefined) throw new Error("it was not addressed to it");
  return found;
} // prettier-ignore

describe("T-2 a national gateway that is somebody else's", () => {
  it("drops what is sent to it: the sender sees that it never said it has it", async () => {
    const [id, other] = [await ask(["gh/tcu"]), await ask(["sn/tcu"])];
    await steal(id);
    await until("the other is delivered", () => ng.exchange.find(other)?.state === "DELIVERED");
    expect(rungs(id)).toEqual(["ACCEPTED au/hub-one"]);
    expect(ng.exchange.find(id)?.state).toBe("ACCEPTED");
  });

  it("drops what its own officer sent: every reader sees which number is missing", async () => {
    const [series, first] = [5_000_000, forge(hostile.signer, { slip: { series: 5_000_000 } })];
    const third = forge(hostile.signer, { slip: { series, sequence: 3, previous: sha256(new Uint8Array(2)) } });
    for (const made of [first, third]) expect(codeOf(await hostile.send(made))).toBe("ACCEPTED");
    await until("it is missed", () => missing().length > 0);
    expect(missing()).toEqual([2]);
  }); // prettier-ignore

  it("delays: when it was written and when the hub took it stand beside each other, signed by each", async () => {
    const before = Date.now();
    const made = forge(hostile.signer, { now: before - 5 * hour, envelope: { expiresAt: before + hour } });
    expect(codeOf(await hostile.send(made))).toBe("ACCEPTED");
    await until("it is read", () => sn.exchange.list({ box: "in", limit: 50 }).items.some(({ createdAt }) => createdAt === before - 5 * hour));
    const late = sn.exchange.list({ box: "in", limit: 50 }).items.find(({ createdAt }) => createdAt === before - 5 * hour);
    expect(late!.storedAt - late!.createdAt).toBeGreaterThanOrEqual(5 * hour);
    // and cannot put off the time until which it counts
    const expired = forge(hostile.signer, { now: before - 5 * hour, envelope: { expiresAt: before - hour } });
    expect(codeOf(await hostile.send(expired))).toBe("ENVELOPE_EXPIRED");
  }); // prettier-ignore

  it("reorders: the order that was signed is the one that is kept, and what comes before is missed until it is there", async () => {
    const series = 6_000_000;
    const [one, two, three] = [1, 2, 3].reduce<readonly Forged[]>((made, sequence) => {
      const before = made.at(-1);
      const previous = before === undefined ? {} : { previous: sha256(decodePublication(before.bytes).slip) };
      return [...made, forge(hostile.signer, { slip: { series, sequence, ...previous } })];
    }, []);
    const open = missing().length;
    for (const made of [one!, three!]) expect(codeOf(await hostile.send(made))).toBe("ACCEPTED");
    await until("the second is missed", () => missing().length === open + 1);
    expect(codeOf(await hostile.send(two!))).toBe("ACCEPTED");
    await until("nothing more is missed", () => missing().length === open);
    expect(sn.office.store.chains.countBroken()).toBe(0);
  }); // prettier-ignore

  it("replays what it was sent: to nobody, and not as its own", async () => {
    const id = await ask(["gh/tcu"]);
    const stolen = await steal(id);
    const before = inboxes();
    const { channel } = parseChannel(stolen);
    const { mailboxes } = parseEnvelope(decodeMessage(decodePublication(stolen).message).envelope);
    expect(mailboxes).toHaveLength(1);
    const own = loadAgencySigner(world, "gh/tcu");
    const slip = encodeSlip({ version: 1, origin: "gh/tcu", channel, series: 7_000_000, sequence: 1, messageId: parseEnvelope(decodeMessage(decodePublication(stolen).message).envelope).id, envelopeDigest: sha256(decodeMessage(decodePublication(stolen).message).envelope), voided: [] });
    const asItsOwn = encodePublication({ ...decodePublication(stolen), slip, slipSignature: own.sign("atumpan-slip", slip) });
    for (const bytes of [stolen, asItsOwn]) {
      const outcome = await hostile.send({ bytes, channel });
      expect(outcome.kind).toBe("refused");
    }
    expect(inboxes()).toEqual(before);
    expect(rungs(id)).toEqual(["ACCEPTED au/hub-one"]);
  }); // prettier-ignore

  it("swaps a file beside a message: a piece stands under the digest of its bytes, and under no other", async () => {
    const piece = systemChance.bytes(2_000);
    const digest = await ng.office.blobs!.putBlob(piece);
    const subject = `blob.${renderHex(digest)}`;
    hostile.link.publish(subject, systemChance.bytes(2_000));
    await hostile.link.flush();
    await until("the server said no", () => hostile.denials.some((one) => one.subject === subject));
    const { bytes } = await sn.office.blobs!.getBlob({ digest, offset: 0, maxBytes: 65_536 });
    expect(renderHex(sha256(bytes))).toBe(renderHex(digest));
  });

  it("forges receipts: of a reader, of the hub and of itself for what it was not sent", async () => {
    const id = await ask(["sn/tcu"]);
    // the hub's word and the reader's come by themselves, either of them first
    await until("both have said so", () => rungs(id).length === 2);
    const before = rungs(id);
    expect(before).toEqual(["ACCEPTED au/hub-one", "DELIVERED sn/tcu"]);
    const unread = await ask(["gh/tcu"]);
    const { channel } = parseChannel(await steal(unread));
    const lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };
    const whole = { version: 1, issuedAt: world.clock.now(), recipient: "ng/tcu", ...lines };
    const refused = [{ publicationDigest: sha256(new Uint8Array()), code: "CERT_REVOKED" }];
    const held = [
      { channel, series: 1, sequence: 1, slipDigest: sha256(new Uint8Array()), missing: [] },
    ];
    const forged = [
      { ...whole, issuer: "sn/tcu", held },
      { ...whole, issuer: "au/hub-one", refused },
      { ...whole, issuer: "gh/tcu", held },
    ].map((one) => encodeReceipt(one));
    for (const receipt of forged) {
      const signature = hostile.signer.sign("atumpan-receipt", receipt);
      hostile.link.publish(
        outReceiptSubject("ng/tcu"),
        encodeSignedReceipt({ receipt, signature }),
      );
    }
    await hostile.link.flush();
    // what comes after has been judged when it is answered
    expect(codeOf(await hostile.send(forge(hostile.signer)))).toBe("ACCEPTED");
    await until("later words are heard", () => sn.exchange.status().inbox > 0);
    expect(rungs(id)).toEqual(before);
    expect(rungs(unread)).toEqual(["ACCEPTED au/hub-one"]);
  });

  it("adds a recipient to what it was sent: the envelope says to whom, and it is not its to sign", async () => {
    const id = await ask(["gh/tcu"]);
    const stolen = decodePublication(await steal(id));
    const message = decodeMessage(stolen.message);
    const envelope = parseEnvelope(message.envelope);
    const before = inboxes();
    const made = forge(hostile.signer, { envelope: { ...envelope, mailboxes: [snMailbox()] } });
    const outcome = await hostile.send(made);
    expect(outcome.kind).toBe("refused");
    expect(inboxes()).toEqual(before);
  }); // prettier-ignore

  it("reads what others tell each other: nothing of it reaches it, and nothing it holds has the words", async () => {
    const id = await ask(["sn/tcu"]);
    await until("it is there", () => ng.exchange.find(id)?.state === "DELIVERED");
    const all = [...(await hostile.pull("DIRECT")), ...(await hostile.pull("FEED_ECOWAS"))];
    expect(all.some(({ data }) => Buffer.from(data).includes(canary))).toBe(false);
    const files = [...readTree(world.layout.hub)];
    expect(files.length).toBeGreaterThan(5);
    expect(files.filter(({ bytes }) => bytes.includes(canary)).map(({ name }) => name)).toEqual([]);
    // the search finds what is there
    expect(JSON.stringify(sn.exchange.find(id)?.inner)).toContain(canary);
  }); // prettier-ignore
});

function parseChannel(publication: Bytes): { readonly channel: string } {
  const [mailbox = ""] = parseEnvelope(decodeMessage(decodePublication(publication).message).envelope).mailboxes;
  return { channel: renderDirectChannel(mailbox) };
} // prettier-ignore
