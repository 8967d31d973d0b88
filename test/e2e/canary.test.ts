import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { deriveContentKey } from "../../gateways/crypto/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { makeLookupDesk } from "../../gateways/lookups/index.ts";
import { startQueryAnswerer } from "../../gateways/queries/index.ts";
import { openStore } from "../../gateways/store/index.ts";
import { systemChance } from "../../schemas/ground/index.ts";
import { decodeEnvelope, decodeMessage, decodePublication } from "../../schemas/index.ts";
import { rawAgency } from "../kit/agency.ts";
import { filesBelow, findText, spellingsOf } from "../kit/search.ts";
import type { StreamMessage } from "../kit/hub-desk.ts";
import { recastExample } from "../kit/recast.ts";
import { composeFor } from "../kit/sealed.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { makeWorldApis, type WorldApis } from "../kit/world-apis.ts";
import { startWorld, type World } from "../kit/world.ts";

/** Each stands in one place of a sealed message, and nowhere else in the world. */
const canaries = {
  narrative: "kanarienvogel quetzal im kuehlcontainer",
  caseRef: "CANARY-CASE-88417-XQ",
  person: "Zebulon Canary-Quartermaine",
  document: "CNRY9981X",
  h3: "canary: only for the eyes of the addressee",
  urgency: "canary reason for haste",
  account: "CNRY-IBAN-5550-1234-0001",
  question: "canary shell company with no matching trade",
  reply: "canary two reports are held",
  fileName: "canary-passport-of-quartermaine",
  fileText: "canary text inside the file that lies beside the alert",
  caption: "canary what the picture shows",
  plate: "CNRY 77-26",
} as const;

/** What an automatic answer said of what it found: drawn for it alone. */
let hitRef = "";
/** The only record that a check finds. */
const stolen = { plate: "GR 4471-26", plateCountry: "GH", make: "Toyota" };

/** Stands in an open bulletin: the hub may read it, and so must the search. */
const control = "kontrollvogel frozen fish with new seals";

let world: World;
let apis: WorldApis;
let direct: readonly StreamMessage[];
let files: readonly string[];

async function deliver(gateway: Gateway, submission: unknown, key: string): Promise<string> {
  const { id } = await gateway.exchange.submit(submission, key);
  await until("it is delivered", () => gateway.exchange.find(id)?.state === "DELIVERED");
  return id;
}

/** Hands in the file that lies beside the alert, as people do. */
async function upload(): Promise<object> {
  const bytes = Buffer.from(canaries.fileText);
  const wish = { size: bytes.length, mediaType: "text/plain", name: `${canaries.fileName}.txt` };
  const json = { "content-type": "application/json" };
  const begun = await apis.call("ng/tcu", "/v1/attachments", { method: "POST", headers: json, body: JSON.stringify(wish) });
  const partial = { "content-type": "application/partial-upload", "upload-offset": "0" };
  const done = await apis.call("ng/tcu", begun.headers.get("location") ?? "", { method: "PATCH", headers: partial, body: Uint8Array.from(bytes) });
  const { attachment } = (await done.json()) as { readonly attachment: object };
  return { role: "REPORT", caption: { text: canaries.caption, lang: "en" }, ...attachment };
} // prettier-ignore

/** The file came to a reader, so that the hub held all of it; its name stays with whoever sent it. */
async function untilFetched(id: string): Promise<void> {
  let file: string | undefined;
  await until("the file is there", async () => {
    const answer = await apis.call("gh/tcu", `/v1/messages/${id}/attachments`);
    const { items = [] } = (await answer.json()) as { readonly items?: readonly { readonly state: string; readonly digest: string }[] };
    file = items.find(({ state }) => state === "HERE")?.digest;
    return file !== undefined;
  });
  const got = await apis.call("gh/tcu", `/v1/messages/${id}/attachments/${file}`);
  expect([got.headers.get("content-disposition"), await got.text()]).toEqual([expect.not.stringContaining(canaries.fileName), canaries.fileText]);
} // prettier-ignore

/** A check that the other side's gateway answers by itself: one thing it finds, and one that nobody has. */
async function check(asker: Gateway, owner: Gateway): Promise<void> {
  const place = { now: world.clock.now(), rec: "ecowas" };
  const record = recastExample("record.stolen_vehicle", { sender: owner.agency, readers: [] }, place);
  await deliver(owner, { ...record, status: "ACTUAL", body: { ...(record["body"] as object), vehicle: stolen, registrarCountry: "GH" } }, "record");
  const { exchange, office } = owner;
  const { store, clock, log } = office;
  const lookups = makeLookupDesk({ agency: owner.agency, store, clock, log, link: () => exchange.status() });
  const policy = { automatic: true };
  const answerer = startQueryAnswerer({ agency: owner.agency, store, exchange, lookups, policy, note: () => undefined, clock, chance: systemChance, log });
  const querySubjects = [stolen.plate, canaries.plate].map((identifier, at) => ({ ref: `q${at}`, kind: "VEHICLE", plain: { identifier, issuerCountry: "GH" } }));
  const query = recastExample("query.check", { sender: asker.agency, readers: [owner.agency] }, place);
  await deliver(asker, { ...query, status: "ACTUAL", body: { ...(query["body"] as object), querySubjects, recordKinds: ["STOLEN_VEHICLE"] } }, "check");
  const answers = (): readonly string[] => asker.exchange.list({ box: "in", filters: { type: ["query.result"] }, limit: 5 }).items.map(({ id }) => id);
  await until("it is answered", () => answers().length > 0);
  answerer.stop();
  const body = asker.exchange.find(answers()[0] ?? "")?.body as { readonly queryAnswers: readonly { readonly answer: string; readonly hits: readonly { readonly hitRef: string }[] }[] };
  expect(body.queryAnswers.map(({ answer }) => answer)).toEqual(["HIT", "NO_HIT"]);
  hitRef = body.queryAnswers[0]?.hits[0]?.hitRef ?? "";
} // prettier-ignore

function alert(): Record<string, unknown> {
  const usual = example("lagos-alert");
  const body = usual["body"] as Record<string, unknown>;
  const [person] = body["persons"] as Record<string, unknown>[];
  return {
    ...usual,
    urgency: "FLASH",
    inner: {
      caseRef: canaries.caseRef,
      urgencyReason: { text: canaries.urgency, lang: "en" },
      h3Text: { text: canaries.h3, lang: "en" },
    },
    body: {
      ...body,
      persons: [
        {
          ...person,
          names: [{ full: canaries.person, kind: "LEGAL" }],
          documents: [{ type: "PASSPORT", number: canaries.document, issuerCountry: "NG" }],
        },
      ],
      narrative: { text: canaries.narrative, lang: "en" },
    },
  };
}

function request(): Record<string, unknown> {
  const usual = example("fiu-request");
  const body = usual["body"] as Record<string, unknown>;
  return {
    ...usual,
    body: {
      ...body,
      caseDescription: { text: canaries.question, lang: "en" },
      subjects: [{ account: { institution: "Example Bank", number: canaries.account } }],
    },
  };
}

function reply(inReplyTo: string): Record<string, unknown> {
  const usual = example("fiu-reply", { inReplyTo });
  const body = usual["body"] as Record<string, unknown>;
  const text = { text: canaries.reply, lang: "en" };
  return { ...usual, body: { ...body, answers: [{ question: "STR_HELD", outcome: "HIT", text }] } };
}

function bulletin(): Record<string, unknown> {
  const usual = example("red-flag");
  const body = usual["body"] as Record<string, unknown>;
  return { ...usual, body: { ...body, title: { text: control, lang: "en" } } };
}

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  const all = new Map<string, Gateway>();
  for (const { agency } of world.plan.agencies) all.set(agency, await world.gateway(agency));
  const at = (agency: string): Gateway => all.get(agency)!;
  apis = makeWorldApis(world);
  // what fetches files of others runs beside the reader's own face
  await apis.call("gh/tcu", "/v1/status");
  const usual = alert();
  const body = { ...(usual["body"] as object), attachments: [await upload()] };
  // a person's own file goes with what he sends himself
  const headers = { "content-type": "application/json", "idempotency-key": "alert" };
  const sent = await apis.call("ng/tcu", "/v1/messages", { method: "POST", headers, body: JSON.stringify({ ...usual, body }) }); // prettier-ignore
  const { id } = (await sent.json()) as { readonly id: string };
  await until("it is delivered", () => at("ng/tcu").exchange.find(id)?.state === "DELIVERED");
  await untilFetched(id);
  await apis.stop();
  await deliver(at("ng/tcu"), bulletin(), "bulletin");
  const asked = await deliver(at("ng/fiu"), request(), "request");
  await deliver(at("gh/fiu"), reply(asked), "reply");
  await check(at("ng/tcu"), at("gh/tcu"));
  // a refused one too: the hub keeps it in quarantine, and it is as closed there
  await world.stopGateway("ng/tcu");
  const raw = await rawAgency(world, "ng/tcu");
  const made = await composeFor(world, raw, alert());
  const spoilt = Buffer.from(made.bytes);
  spoilt[spoilt.length - 20] = (spoilt[spoilt.length - 20] ?? 0) ^ 1;
  expect((await raw.send({ ...made, bytes: spoilt })).kind).toBe("refused");
  await raw.close();
  direct = await world.desk.read("DIRECT");
  for (const { agency } of world.plan.agencies) await world.stopGateway(agency);
  await world.stopBroker();
  await world.server.stop();
  files = filesBelow([world.layout.hub, world.layout.logs]);
});

afterAll(async () => {
  await apis?.stop();
  await world?.stop();
});

describe("the hub", () => {
  it("has files of every kind to be searched: streams, quarantine, audit record, logs, keys, register", () => {
    const names = files.map((file) => file.slice(world.home.length));
    for (const piece of [
      "streams/FEED_ECOWAS/",
      "streams/DIRECT/",
      "streams/QUARANTINE/",
      "streams/RECEIPTS/",
      "audit.jsonl",
      "nats-server.log",
      "broker.log",
      "hub-keys.json",
      "register-held.bin",
    ]) {
      // prettier-ignore
      expect(names.filter((name) => name.includes(piece))).not.toEqual([]);
    }
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeGreaterThan(50_000);
  });

  it("holds an open text in plain sight, so the search finds what is there", () => {
    const found = findText(files, control);
    expect(found.some((place) => place.includes("FEED_ECOWAS"))).toBe(true);
  });

  it("would be found out in any spelling, wherever in a base64 text it stood", () => {
    const hides = (bytes: Uint8Array): boolean =>
      spellingsOf(control).some((one) => Buffer.from(bytes).includes(one.bytes));
    for (const before of ["", "x", "xx", "xxx", "xxxx"]) {
      const text = Buffer.from(`${before}${control}y`);
      expect(hides(Buffer.from(text.toString("base64")))).toBe(true);
      expect(hides(Buffer.from(text.toString("base64url")))).toBe(true);
      expect(hides(Buffer.from(text.toString("hex")))).toBe(true);
    }
    expect(hides(Buffer.from(control, "utf16le"))).toBe(true);
    expect(hides(Buffer.from(control.slice(1)))).toBe(false);
  });

  it.each(Object.entries(canaries))(
    "holds no byte of the %s of a sealed message",
    (_where, text) => {
      expect(findText(files, text)).toEqual([]);
    },
  );

  it("holds no byte of what a gateway answers by itself, nor of the record that it found", () => {
    expect(hitRef).toMatch(/^H-[0-9A-F]{16}$/);
    const asker = filesBelow([world.layout.gateway("ng/tcu")]);
    for (const word of [hitRef, stolen.plate])
      expect([findText(files, word), findText(asker, word).length > 0]).toEqual([[], true]);
  });

  it("is not told either that one financial intelligence unit asked another, nor about what", () => {
    // a question, an answer, a check, what a machine answered, and the keys of the alert and the record for their readers
    expect(direct).toHaveLength(7);
    for (const { subject, data } of direct) {
      const { originator, ...envelope } = envelopeOf(data);
      const others = world.plan.agencies.flatMap(({ agency }) =>
        agency === originator ? [] : agency,
      );
      const words = [
        "fiu.request",
        "fiu.reply",
        "query.check",
        "query.result",
        "key.share",
        "AML_CFT_ANALYSIS",
        ...others,
      ];
      const found = words.flatMap((word) =>
        spellingsOf(word).filter(({ bytes }) => Buffer.from(data).includes(bytes)),
      );
      expect(found).toEqual([]);
      expect(subject).toMatch(/^direct\.[a-z2-7]{26}\.[0-9a-f]{16}\.[0-9a-f-]{36}$/);
      expect(envelope).toMatchObject({ scope: "DIRECT", crimes: [], recs: [] });
      expect(envelope.type).toBeUndefined();
      expect(envelope.threadId ?? envelope.inReplyTo).toBeUndefined();
    }
    const stored = filesBelow([join(world.layout.hub, "store")]).filter((file) =>
      file.includes("/DIRECT/"),
    );
    expect(stored.length).toBeGreaterThan(0);
    for (const word of ["fiu.request", "fiu.reply", "query.check", "query.result"])
      expect(findText(stored, word)).toEqual([]);
  });

  it("holds no byte of the key that an alert was sealed with, nor of any message's own", () => {
    const store = openStore(join(world.layout.gateway("ng/tcu"), "store.db"));
    const [own] = store.audienceKeys.usedSince(0);
    const sent = store.messages.list({ box: "out", wish: { codes: [["type", ["alert.incident"]]] }, limit: 10 });
    store.close();
    const key = own!.key;
    const message = { originator: "ng/tcu", id: sent[0]!.id, type: "alert.incident" };
    for (const secret of [key, deriveContentKey(key, message)].map((bytes) => Buffer.from(bytes))) {
      const spelt = [secret, ...(["hex", "base64url", "base64"] as const).map((as) => Buffer.from(secret.toString(as).slice(0, 40)))];
      const holders = files.filter((file) => spelt.some((one) => readFileSync(file).includes(one)));
      expect(holders).toEqual([]);
    }
  }); // prettier-ignore

  it("its readers hold what it does not: the same search finds the texts in their stores", () => {
    const stores = filesBelow([world.layout.gateway("gh/tcu"), world.layout.gateway("gh/fiu")]);
    for (const text of [
      canaries.narrative,
      canaries.person,
      canaries.account,
      canaries.h3,
      canaries.caption,
      canaries.plate,
    ]) {
      expect(findText(stores, text)).not.toEqual([]);
    }
  });
});

function envelopeOf(data: Uint8Array): ReturnType<typeof decodeEnvelope> {
  return decodeEnvelope(decodeMessage(decodePublication(data).message).envelope);
}
