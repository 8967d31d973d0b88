import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { exampleInstant, exampleOf, shiftInstants } from "../../schemas/examples/index.ts";
import { parseUuid, renderBase64url, sha256, utf8 } from "../../schemas/ground/index.ts";
import { renderInstant } from "../../schemas/index.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";
import { makeExchange, makeWatchers } from "../exchange/index.ts";
import { makeExportDesk } from "../exports/index.ts";
import { makeLookupDesk } from "../lookups/index.ts";
import { makeOnwardDesk } from "../onward/index.ts"; // prettier-ignore

const now = 1_780_272_000_000;
const hour = 3_600_000;
const words = { text: "For the desk of crew Zebra alone.", lang: "en" };
const secret = "Brass lantern";
const number = "A7471923";
let world: AuditWorld;
let last = 0;

type Json = Readonly<Record<string, unknown>>;

function made(type: Parameters<typeof exampleOf>[0], change: Json): Json {
  const { originator: _from, recipients: _to, inner: _inner, ...rest } = shiftInstants(structuredClone(exampleOf(type)), now - exampleInstant) as Json; // prettier-ignore
  return { ...rest, status: "ACTUAL", ...change };
}

/** A stolen passport of ng/tcu; H3 with its words unless said otherwise. */
async function receive(change: Json = {}, more: Json = {}): Promise<string> {
  const { seriesLast: _last, count: _count, relatedIds: _ids, ...body } = made("record.stolen_document", {})["body"] as Json; // prettier-ignore
  const document = { type: "PASSPORT", number, issuerCountry: "NG" };
  const circumstances = { text: secret, lang: "en" };
  return await world.receive(made("record.stolen_document", {
    recs: ["ecowas"], handling: "H3", inner: { h3Text: words }, body: { ...body, status: "STOLEN", document, circumstances, ...more }, ...change,
  })); // prettier-ignore
}

async function changeHandling(id: string, body: Json): Promise<void> {
  const said = { targetIds: [id], direction: "TIGHTER", effectiveAt: renderInstant(world.reader.clock.now()), handlingReason: "LEAK" }; // prettier-ignore
  await world.receive(made("handling.change", { recipients: ["gh/tcu"], crimes: ["drugs"], inner: {}, body: { ...said, ...body } })); // prettier-ignore
}

const headers = { "atumpan-purpose": "BORDER_CONTROL", "content-type": "application/json" };
const get = (path: string, as = "ama"): Promise<AuditAnswer> => world.ask(path, as, { headers });
const read = async (id: string, as = "ama"): Promise<unknown> => {
  const { status, json, text } = await get(`/v1/messages/${id}`, as);
  expect(text.includes(secret)).toBe(status === 200);
  return json["code"] ?? status;
};
const post = (path: string, body: Json, as = "ama"): Promise<AuditAnswer> =>
  world.ask(path, as, { method: "POST", headers, body: JSON.stringify(body) });
const wordsOf = async (id: string): Promise<Json> => (await get(`/v1/messages/${id}/words`)).json;
const accept = async (id: string, as = "ama"): Promise<AuditAnswer> =>
  await post(`/v1/messages/${id}/accept`, { digest: (await wordsOf(id))["digest"] }, as);

function acceptances(): unknown {
  const table = world.reader.store.wordsOfUse;
  return [...seen].map(([id, digest]) => table.accepted({ id: parseUuid(id), originator: "ng/tcu", digest })?.by); // prettier-ignore
}
const seen = new Map<string, Uint8Array>();

/** The one row of H3 of a file for us alone, and what it says is withheld. */
async function exported(): Promise<readonly unknown[]> {
  const wish = { format: "ndjson", fields: ["id", "body"], to: { agency: "gh/tcu" }, filter: { handling: "H3" } };
  const asked = await world.ask("/v1/exports", "esi", { method: "POST", headers, body: JSON.stringify(wish) });
  const path = `/v1/exports/${String(asked.json["id"])}`;
  await post(`${path}/decision`, { agrees: true }, "abla");
  const file = await world.ask(`${path}/content`, "esi", { headers });
  const { given } = (await world.ask(path, "esi", { headers })).json;
  return [JSON.parse(file.text), (given as Json)["withheld"]];
} // prettier-ignore

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    types: ["record.*", "handling.*"],
    handlingUpTo: "H3",
    services: (reader) => {
      const { agency, store, clock, log } = reader;
      const link = (): { linkUp: boolean } => ({ linkUp: true });
      const onward = makeOnwardDesk(reader);
      const duties = { watchers: makeWatchers(store, log), wake: () => undefined, link: () => undefined };
      const exports = makeExportDesk({ ...reader, exchange: makeExchange(reader, duties), onward, isKnown: () => true });
      return { lookups: makeLookupDesk({ agency, store, clock, log, link }), onward, exports };
    },
  });
  const { callers } = world;
  for (const name of ["ama", "kofi"]) callers.set(name, makeCaller(name, { handlingUpTo: "H3" }));
  callers.set("low", makeCaller("low"));
  callers.set("esi", makeCaller("esi", { handlingUpTo: "H3", roles: new Set(["analyst"]) }));
  callers.set("abla", makeCaller("abla", { roles: new Set(["approver"]), provedAt: now }));
  callers.set("admin", makeCaller("admin", { handlingUpTo: "H3", roles: new Set(["administrator"]) }));
  callers.set("machine", makeCaller("m", { id: "machine:m", kind: "machine", roles: new Set(["integrator"]), handlingUpTo: "H3" }));
}); // prettier-ignore
afterAll(() => world.close());

describe("a message of handling H3", () => {
  let id: string;
  beforeAll(async () => {
    id = await receive();
    last = world.audit.list({ limit: 1 })[0]?.position ?? 0;
  });

  it("shows its words and what lists show, and of its content nothing", async () => {
    const { status, json, text } = await get(`/v1/messages/${id}/words`);
    expect([status, json]).toMatchObject([200, { id, originator: "ng/tcu", needed: true, words }]);
    for (const hidden of [secret, number]) expect(text).not.toContain(hidden);
    expect((await get(`/v1/messages/${id}/words`, "low")).json["code"]).toBe("NOT_FOUND");
    expect((await get(`/v1/messages/${id}/words`, "admin")).json["code"]).toBe("ROLE_MISSING");
  });

  it("is read by nobody before a person accepted them: no person, no machine, no owner of the token", async () => {
    for (const as of ["ama", "machine"]) expect(await read(id, as)).toBe("WORDS_NOT_ACCEPTED");
    expect((await world.ask(`/v1/messages/${id}`)).json["code"]).toBe("WORDS_NOT_ACCEPTED");
    // nobody opened it: nobody is told that somebody did
    expect(world.reader.store.opened.untold(9, { before: now + hour, limit: 9 })).toEqual([]);
    const refused = world.audit.list({ object: id, limit: 9 }).map(({ who, outcome }) => [who, outcome]);
    expect(refused).toContainEqual(["machine:m", "WORDS_NOT_ACCEPTED"]);
  }); // prettier-ignore

  it("is found by no question to its content, and looked up as something to ask about", async () => {
    const found = await post("/v1/messages:search", { q: secret, count: "true" });
    expect(found.json).toMatchObject({ items: [], count: { messages: 0 } });
    expect((await post("/v1/messages:search", { q: secret, order: "due" })).json["items"]).toEqual([]);
    expect((await post("/v1/filters:test", { q: secret })).json["messages"]).toBe(0);
    expect((await get("/v1/messages?handling=H3")).json["items"]).toMatchObject([{ id }]);
    const { json } = await post("/v1/lookups", { subjects: [{ kind: "DOCUMENT", identifier: number }] });
    expect(json["answers"]).toMatchObject([{ answer: "CALL_US", hits: [] }]);
  }); // prettier-ignore

  it("is marked in lists, and an export says that its words of use withhold it", async () => {
    expect((await get("/v1/messages?handling=H3")).json["items"]).toMatchObject([{ id, wordsWait: true }]);
    expect((await get("/v1/messages?handling=H3&order=due")).json["items"]).toMatchObject([{ id, wordsWait: true }]);
    expect((await get("/v1/messages?handling=H3&fields=id,wordsWait")).json["items"]).toEqual([{ id, wordsWait: true }]);
    expect(await exported()).toEqual([{ id, withheld: "WORDS" }, { WORDS: 1 }]);
  }); // prettier-ignore

  it("is accepted by a person alone, who names the words that were shown", async () => {
    const { digest } = await wordsOf(id);
    seen.set(id, Buffer.from(String(digest), "base64url"));
    const path = `/v1/messages/${id}/accept`;
    const other = renderBase64url(sha256(utf8("other words")));
    const codes = [
      await post(path, { digest }, "machine"),
      await post(path, { digest }, "admin"),
      await post(path, { digest }, "low"),
      await post(path, { digest: other }),
      await post(path, { digest: "short" }),
      await post(path, {}),
    ].map(({ json }) => json["code"]);
    expect(codes).toEqual(["ROLE_MISSING", "ROLE_MISSING", "NOT_FOUND", "PRECONDITION_FAILED", "REQUEST_INVALID", "REQUEST_INVALID"]);
    expect(acceptances()).toEqual([undefined]);
    expect(await read(id)).toBe("WORDS_NOT_ACCEPTED");
  }); // prettier-ignore

  it("is read by all who may once one accepted them, found, and told to who follows; the record names him", async () => {
    const { next } = (await get("/v1/changes?from=now")).json;
    const { status, json } = await accept(id);
    expect([status, json]).toMatchObject([200, { needed: false, words, accepted: { by: "person:ama", at: renderInstant(now) } }]);
    for (const as of ["ama", "kofi", "machine"]) expect(await read(id, as)).toBe(200);
    expect(await read(id, "low")).toBe("NOT_FOUND");
    const found = await post("/v1/messages:search", { q: secret, count: "true" });
    expect(found.json).toMatchObject({ items: [{ id }], count: { messages: 1 } });
    const hit = await post("/v1/lookups", { subjects: [{ kind: "DOCUMENT", identifier: number }] });
    expect(hit.json["answers"]).toMatchObject([{ answer: "HIT", hits: [{ record: id }] }]);
    const changes = await get(`/v1/changes?cursor=${String(next)}`, "machine");
    expect(changes.json["items"]).toMatchObject([{ kind: "moved", id, box: "in", state: "VERIFIED" }]);
    const said = world.audit.list({ act: "WORDS_ACCEPTED", limit: 9 }).filter(({ outcome }) => outcome === "OK");
    expect(said).toMatchObject([{ who: "person:ama", object: id, outcome: "OK" }]);
    expect(await exported()).toEqual([{ id, withheld: "HANDLING" }, { HANDLING: 1 }]);
    expect((await get("/v1/messages?handling=H3")).text).not.toContain("wordsWait");
  }); // prettier-ignore

  it("is accepted once: who comes later changes nothing", async () => {
    world.reader.clock.move(1_000);
    expect((await accept(id, "kofi")).json["accepted"]).toEqual({ by: "person:ama", at: renderInstant(now) }); // prettier-ignore
    expect(acceptances()).toEqual(["person:ama"]);
    expect(world.audit.list({ object: id, limit: 99 }).every(({ position }) => position > last)).toBe(true); // prettier-ignore
  });

  it("whose words its owner changes is closed until the new ones are accepted", async () => {
    const { digest } = await wordsOf(id);
    const restriction = { text: "For the prosecutor alone.", lang: "en" };
    await changeHandling(id, { restriction, newHandling: "H3" });
    expect(await read(id)).toBe("WORDS_NOT_ACCEPTED");
    expect((await post("/v1/messages:search", { q: secret })).json["items"]).toEqual([]);
    expect((await post(`/v1/messages/${id}/accept`, { digest })).json["code"]).toBe("PRECONDITION_FAILED");
    expect(await wordsOf(id)).toMatchObject({ needed: true, words: restriction });
    await accept(id, "kofi");
    expect(await read(id, "machine")).toBe(200);
    expect((await post("/v1/messages:search", { q: secret })).json["items"]).toMatchObject([{ id }]);
  }); // prettier-ignore

  it("that replaces another is accepted for itself", async () => {
    const next = await receive({ supersedes: id });
    expect(await read(next)).toBe("WORDS_NOT_ACCEPTED");
    await accept(next);
    expect(await read(next)).toBe(200);
  });
});

describe("a message that others handle otherwise", () => {
  it("has no words, and nobody accepts any", async () => {
    const id = await receive({ handling: "H1", inner: {} });
    expect(await read(id)).toBe(200);
    const { needed, words: none } = await wordsOf(id);
    expect([needed, none]).toEqual([false, undefined]);
    const digest = renderBase64url(sha256(utf8("")));
    expect((await post(`/v1/messages/${id}/accept`, { digest })).json["code"]).toBe("NOT_FOUND");
  });

  it("is closed once its owner makes it H3, and open again on the day he lets go", async () => {
    const id = await receive({ handling: "H1", inner: {} });
    expect(await read(id)).toBe(200);
    await changeHandling(id, { newHandling: "H3", restriction: words });
    expect(await read(id)).toBe("WORDS_NOT_ACCEPTED");
    const find = async (): Promise<boolean> => {
      const { items } = (await post("/v1/messages:search", { q: secret })).json;
      return (items as readonly Json[]).some((one) => one["id"] === id);
    };
    expect(await find()).toBe(false);
    const effectiveAt = renderInstant(world.reader.clock.now() + hour);
    await changeHandling(id, { direction: "LOOSER", newHandling: "H1", effectiveAt });
    expect([await read(id), await find()]).toEqual(["WORDS_NOT_ACCEPTED", false]);
    world.reader.clock.move(2 * hour);
    expect([await read(id), await find()]).toEqual([200, true]);
  });
});
