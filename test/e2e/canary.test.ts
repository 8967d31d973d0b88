import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { deriveContentKey } from "../../gateways/crypto/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { openStore } from "../../gateways/store/index.ts";
import { decodeEnvelope, decodeMessage, decodePublication } from "../../schemas/index.ts";
import { rawAgency } from "../kit/agency.ts";
import { filesBelow, findText, spellingsOf } from "../kit/search.ts";
import type { StreamMessage } from "../kit/hub-desk.ts";
import { composeFor } from "../kit/sealed.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
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
} as const;

/** Stands in an open bulletin: the hub may read it, and so must the search. */
const control = "kontrollvogel frozen fish with new seals";

let world: World;
let direct: readonly StreamMessage[];
let files: readonly string[];

async function deliver(gateway: Gateway, submission: unknown, key: string): Promise<string> {
  const { id } = await gateway.exchange.submit(submission, key);
  await until("it is delivered", () => gateway.exchange.find(id)?.state === "DELIVERED");
  return id;
}

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
  await deliver(at("ng/tcu"), alert(), "alert");
  await deliver(at("ng/tcu"), bulletin(), "bulletin");
  const asked = await deliver(at("ng/fiu"), request(), "request");
  await deliver(at("gh/fiu"), reply(asked), "reply");
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

  it("is not told either that one financial intelligence unit asked another, nor about what", () => {
    // a question, an answer, and the key of the alert for each of its two readers
    expect(direct).toHaveLength(4);
    for (const { subject, data } of direct) {
      const { originator, ...envelope } = envelopeOf(data);
      const others = world.plan.agencies.flatMap(({ agency }) =>
        agency === originator ? [] : agency,
      );
      const words = ["fiu.request", "fiu.reply", "key.share", "AML_CFT_ANALYSIS", ...others];
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
    for (const word of ["fiu.request", "fiu.reply"]) expect(findText(stored, word)).toEqual([]);
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
    for (const text of [canaries.narrative, canaries.person, canaries.account, canaries.h3]) {
      expect(findText(stores, text)).not.toEqual([]);
    }
  });
});

function envelopeOf(data: Uint8Array): ReturnType<typeof decodeEnvelope> {
  return decodeEnvelope(decodeMessage(decodePublication(data).message).envelope);
}
