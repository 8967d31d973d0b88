import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { directLength, paddedLength } from "../../gateways/crypto/pad.ts";
import { urgencyRank } from "../../gateways/release/index.ts";
import { openStore, type StoredMessage } from "../../gateways/store/index.ts";
import {
  decodeEnvelope,
  decodeMessage,
  decodePublication,
  decodeReceipt,
  decodeSignedReceipt,
  encodeReceipt,
  limits,
  type LogLeaf,
  parseLogBatch,
  parseLogLeaf,
  typeOptions,
} from "../../schemas/index.ts";
import { parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import { type Capture, startCapture } from "../kit/capture.ts";
import { bestShare, type Sample } from "../kit/classify.ts";
import { makeDice } from "../kit/dice.ts";
import { canaryOf, canaryStems, directKinds, drawDirect } from "../kit/direct-kinds.ts";
import { filesBelow, findText, spellingsOf } from "../kit/search.ts";
import { freePort, until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const [from, to] = ["ng/tcu", "gh/tcu"] as const;
const rounds = 20;
const chance = 1 / directKinds.length;

/** A message as the hub holds it, with its own notes beside it. */
interface Held {
  readonly id: string;
  readonly subject: string;
  readonly notes: string;
  readonly data: Uint8Array;
}

let world: World;
let capture: Capture;
let held: readonly Held[];
let leaves: readonly LogLeaf[];
let files: readonly string[];
/** What the hub's server told of itself while all of it was there, by the page's name. */
const told = new Map<string, string>();
const kinds = new Map<string, string>();
/** What the sender's and the reader's stores hold of each message. */
const written = new Map<string, StoredMessage>();
const read = new Map<string, StoredMessage>();
/** Bytes of each content before it was padded. */
const contents = new Map<string, number>();
/** Bytes of the receipts' lines that name a message, in the order in which they came. */
const lines = new Map<string, readonly number[]>();

interface ApiMessage {
  readonly message?: { readonly subject: string; readonly hdrs?: string; readonly data: string };
}

async function readStream(stream: string): Promise<readonly Held[]> {
  const { link, jetStream } = world.desk;
  const { lastSequence = 0 } = (await jetStream.stream(stream)) ?? {};
  const asked = Array.from({ length: lastSequence }, async (_, i) => {
    const answer = await link.request(`$JS.API.STREAM.MSG.GET.${stream}`, JSON.stringify({ seq: i + 1 }));
    const { message } = answer.json<ApiMessage>();
    if (message === undefined) return [];
    const { subject, hdrs = "", data } = message;
    const notes = Buffer.from(hdrs, "base64").toString("latin1");
    return [{ id: subject.split(".").at(-1) ?? "", subject, notes, data: Buffer.from(data, "base64") }];
  });
  return (await Promise.all(asked)).flat();
} // prettier-ignore

/** One after another, each round all kinds in another order; how each is handled is what one officer says of all, all else is the type's own. */
async function sendAll(): Promise<void> {
  const dice = makeDice("traffic");
  const { exchange } = await world.gateway(from);
  await world.gateway(to);
  const now = world.clock.now();
  for (let number = 0; number < rounds * directKinds.length; number += 1) {
    const round = Math.floor(number / directKinds.length);
    // a draw without the wish to keep an order: seven has no common divisor with ten
    const kind = directKinds[(number * 7 + round * 3 + round) % directKinds.length]!;
    const canary = canaryOf(number);
    const { urgency: _own, ...message } = drawDirect(kind, { dice, canary, now, from, to });
    const { id } = await exchange.submit({ ...message, handling: "H2" }, `traffic ${number}`);
    kinds.set(id, kind);
  }
  await until("all are delivered", () =>
    [...kinds.keys()].every((id) => exchange.find(id)?.state === "DELIVERED"),
  );
}

/** Into the feed, where what routes it is said by design. */
async function sendFeed(): Promise<void> {
  const { exchange } = await world.gateway(from);
  const { id } = await exchange.submit(example("red-flag", { crimes: ["wildlife"] }), "feed");
  await until("it is taken", () => exchange.find(id)?.state !== "QUEUED");
}

async function readReceipts(): Promise<void> {
  for (const { data } of await readStream("RECEIPTS")) {
    const receipt = decodeReceipt(decodeSignedReceipt(data).receipt);
    const none = { accepted: [], refused: [], held: [], heads: [], opened: [] };
    const named = [
      ...receipt.accepted.map((line) => ({ id: line.messageId, size: encodeReceipt({ ...receipt, ...none, accepted: [line] }).length })),
      ...receipt.opened.map((line) => ({ id: line.messageId, size: encodeReceipt({ ...receipt, ...none, opened: [line] }).length })),
    ]; // prettier-ignore
    for (const { id, size } of named) {
      const text = renderUuid(id);
      lines.set(text, [...(lines.get(text) ?? []), size]);
    }
  }
}

const pages = ["varz", "connz?auth=true&subs=detail", "jsz?accounts=true&streams=true&consumers=true&config=true", "subsz?subs=true", "accountz", "routez"]; // prettier-ignore

beforeAll(async () => {
  const monitorPort = await freePort();
  world = await startWorld({
    states: ["ng", "gh"],
    prepare: async ({ layout }) => {
      const config = JSON.parse(readFileSync(layout.brokerConfig, "utf8")) as { server: object };
      const server = { ...config.server, monitorPort };
      writeFileSync(layout.brokerConfig, JSON.stringify({ ...config, server }));
      await Promise.resolve();
    },
  });
  capture = await startCapture(Number(new URL(world.url).port));
  const file = join(world.layout.gateway(from), "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...config, hubs: [`tls://127.0.0.1:${capture.port}`] }));
  await sendAll();
  await sendFeed();
  held = await readStream("DIRECT");
  leaves = (await readStream("LOG")).flatMap(({ data }) =>
    parseLogBatch(data).leaves.map(parseLogLeaf),
  );
  await readReceipts();
  for (const page of pages) {
    told.set(page, await (await fetch(`http://127.0.0.1:${monitorPort}/${page}`)).text());
  }
  await world.stopGateway(from);
  await world.stopGateway(to);
  await world.stopBroker();
  await world.server.stop();
  for (const [agency, found] of [[from, written], [to, read]] as const) {
    const store = openStore(join(world.layout.gateway(agency), "store.db"));
    for (const id of kinds.keys()) found.set(id, store.messages.find(parseUuid(id))!);
    store.close();
  } // prettier-ignore
  for (const [id, { parts }] of written) contents.set(id, parts?.length ?? 0);
  files = filesBelow([world.layout.hub, world.layout.logs]);
});

afterAll(async () => {
  await capture?.stop();
  await world?.stop();
});

function sealedOf({ data }: Held): Uint8Array {
  return decodeMessage(decodePublication(data).message).sealed ?? new Uint8Array();
}

/** Everything that can be measured of what the hub holds of a message, and of what it carried about it. */
function measure(one: Held): Sample {
  const { slip, slipSignature, message } = decodePublication(one.data);
  const { envelope, signatures } = decodeMessage(message);
  const { urgency, createdAt, expiresAt, languages } = decodeEnvelope(envelope);
  const own = lines.get(one.id) ?? [];
  const sizes = [
    one.data.length, one.subject.length, one.notes.length, slip.length, slipSignature.length, envelope.length,
    (signatures[0] ?? "").length, sealedOf(one).length, own.length, own.reduce((sum, size) => sum + size, 0),
  ]; // prettier-ignore
  const words = [urgencyRank(urgency), expiresAt - createdAt, languages.length];
  return { kind: kinds.get(one.id) ?? "", measures: [...sizes, ...words] };
}

function shareByLength(lengthOf: (content: number) => number): number {
  const samples = held.map(({ id }) => ({
    kind: kinds.get(id) ?? "",
    measures: [lengthOf((contents.get(id) ?? 0) + 1)],
  }));
  return bestShare(samples);
}

/** What stood outside if each type's own urgency and end did. */
function measureOwn({ id }: Held): Sample {
  const { urgency = "", expiresAt = 0, createdAt = 0 } = written.get(id) ?? {};
  return { kind: kinds.get(id) ?? "", measures: [urgencyRank(urgency), expiresAt - createdAt] };
}

describe("T-8 what the hub can measure of direct messages", () => {
  it("of ten kinds from one agency to another, it tells which is which no better than by chance", () => {
    expect(held).toHaveLength(rounds * directKinds.length);
    // with their true lengths most would be told, and in finer steps still many: the guess is able to find out
    expect(shareByLength((content) => content)).toBeGreaterThan(0.4);
    expect(shareByLength(paddedLength)).toBeGreaterThan(chance + 0.05);
    // and by the urgency and end that each type has by itself
    expect(bestShare(held.map(measureOwn))).toBeGreaterThan(0.4);
    expect(bestShare(held.map(measure))).toBeLessThanOrEqual(chance + 0.05);
  });

  it("urgency and end are those of all outside, and inside each type's own, for its reader", () => {
    const outside = held.map(({ data }) => {
      const { urgency, createdAt, expiresAt } = decodeEnvelope(decodeMessage(decodePublication(data).message).envelope);
      return `${urgency} ${expiresAt - createdAt}`;
    });
    expect(new Set(outside)).toEqual(new Set([`NORMAL ${limits.maxLifetimeMs}`]));
    const wrong = [...kinds].filter(([id, kind]) => {
      const { urgency, createdAt = 0, expiresAt = 0 } = read.get(id) ?? {};
      const { urgency: usual, retentionDays = 0 } = typeOptions(kind) ?? {};
      return urgency !== usual || expiresAt - createdAt !== Math.min(retentionDays * 86_400_000, limits.maxLifetimeMs);
    });
    expect(wrong).toEqual([]);
  }); // prettier-ignore

  it("there are no more lengths than steps, and nearly all have the first", () => {
    const steps = new Set([...contents.values()].map((content) => directLength(content + 1)));
    const shown = Map.groupBy(held, (one) => sealedOf(one).length);
    expect(shown.size).toBeLessThanOrEqual(steps.size);
    expect(Math.max(...[...shown.values()].map((own) => own.length))).toBeGreaterThan(
      held.length * 0.95,
    );
  });

  it("outside the seal there are names, times and the words that mandates and clocks go by, and nothing else", () => {
    for (const { data, notes, subject } of held) {
      const { envelope } = decodeMessage(decodePublication(data).message);
      const said = Object.entries(decodeEnvelope(envelope)).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0));
      expect(said.map(([name]) => name).toSorted()).toEqual([
        "bodyDigest", "bodyRoot", "createdAt", "expiresAt", "form", "handling", "id", "mailboxes", "originator", "releaseLevel", "scope", "status", "urgency", "version",
      ]);
      const names = notes.split("\r\n").slice(1).flatMap((line) => line.split(":")[0] || []);
      expect(names.toSorted()).toEqual(["Atumpan-Admitted", "Atumpan-Channel", "Atumpan-Commitment", "Atumpan-Digest", "Atumpan-Expires", "Atumpan-Origin"]);
      expect(subject).toMatch(/^direct\.[a-z2-7]{26}\.[0-9a-f]{16}\.[0-9a-f-]{36}$/);
    }
  }); // prettier-ignore
});

const all = Array.from({ length: rounds * directKinds.length }, (_, number) => canaryOf(number));

describe("T-9 words of direct messages", () => {
  it("are in the reader's store, so the search finds them where they are", () => {
    const stores = filesBelow([world.layout.gateway(to)]);
    const { caseRef, word } = all[3]!;
    expect([findText(stores, caseRef).length > 0, findText(stores, word).length > 0]).toEqual([true, true]);
  }); // prettier-ignore

  it("case numbers, texts and names of 200 of them stand in no file of the hub, nor in any log", () => {
    const words = new Set(all.flatMap(({ caseRef, word, person }) => [caseRef, word, person]));
    expect(words.size).toBe(3 * all.length);
    expect([...words].filter((word) => !canaryStems.some((stem) => word.startsWith(stem)))).toEqual([]);
    expect(files.length).toBeGreaterThan(20);
    expect(canaryStems.flatMap((stem) => findText(files, stem))).toEqual([]);
  }); // prettier-ignore

  it("nor in what the server tells of its connections, streams, consumers and subjects", () => {
    expect([...told.values()].every((text) => text.length > 100)).toBe(true);
    const words = [...canaryStems, ...directKinds];
    for (const [page, text] of told) {
      expect([page, words.filter((one) => text.includes(one))]).toEqual([page, []]);
    }
  });

  it("nor on the wire, where not even an agency's name can be read", () => {
    const bytes = capture.bytes();
    expect(bytes.length).toBeGreaterThan(held.reduce((sum, { data }) => sum + data.length, 0));
    const words = [...canaryStems, from, to, "direct.", ...directKinds];
    const found = words.filter((one) => spellingsOf(one).some((as) => bytes.includes(as.bytes)));
    expect(found).toEqual([]);
  });

  it("neither the kind nor the thread nor who it is for stands in what is stored", () => {
    const thread = Buffer.from(parseUuid("019cd2a4-5f00-7000-8000-000000000001"));
    for (const { data, notes } of held) {
      const bytes = Buffer.concat([data, Buffer.from(notes)]);
      const found = [...directKinds, to].filter((one) => spellingsOf(one).some((as) => bytes.includes(as.bytes)));
      expect([found, bytes.includes(thread)]).toEqual([[], false]);
    }
  }); // prettier-ignore

  it("no file of the hub and no log names a kind or a crime; whose mailbox it is stands with the consumers and receipts alone", () => {
    // the register names crimes, in mandates and in what agencies are called
    const own = files.filter((file) => !file.endsWith("register-held.bin"));
    const named = [...directKinds, "drugs", "trafficking"].flatMap((word) => findText(own, word));
    expect(named).toEqual([]);
    const lists = ["streams/DIRECT/msgs/", "streams/LOG/", "/log/", "/log-seen", "nats-server.log"];
    const stored = files.filter((file) => lists.some((piece) => file.includes(piece)));
    expect(stored.length).toBeGreaterThan(10);
    expect(findText(stored, to)).toEqual([]);
  });

  it("a feed's leaf says its community, crime, handling, family, type and agency, and nothing else", () => {
    const [leaf = {}] = leaves.filter(({ kind }) => kind === "FEED");
    const said = Object.entries(leaf).filter(([, value]) => value !== undefined);
    expect(said.map(([name]) => name).toSorted()).toEqual(["commitment", "crime", "family", "handling", "instance", "kind", "origin", "rec", "sequence", "stream", "time", "type"]);
  }); // prettier-ignore

  it("the log's leaves say of a direct message when it came and where it stands, and not from whom", () => {
    const direct = leaves.filter(({ kind }) => kind === "DIRECT");
    expect(direct.length).toBe(held.length);
    for (const leaf of direct) {
      const said = Object.entries(leaf).filter(([, value]) => value !== undefined);
      expect(said.map(([name]) => name).toSorted()).toEqual(["commitment", "instance", "kind", "sequence", "stream", "time"]);
    }
  }); // prettier-ignore
});
