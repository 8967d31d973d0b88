import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { exampleOf, shiftInstants, exampleInstant } from "../../schemas/examples/index.ts";
import { encodeBody, parseBody } from "../../schemas/index.ts";
import { type AuditWorld, makeAuditWorld, makeCaller } from "../../test/kit/audit-world.ts";
import { findMatches, type LookupDesk, makeLookupDesk } from "../lookups/index.ts";
import { findKeys } from "../lookups/keys.ts";
import { submit } from "../exchange/submit.ts";

const now = 1_780_272_000_000;
const hourMs = 3_600_000;
let world: AuditWorld;
let desk: LookupDesk;
/** How the hub is reached. */
let link: { linkUp: boolean; lastContactAt?: number };

type Json = Record<string, unknown>;
type Change = (body: Json, message: Json) => void;

/** The example of a type, made for ng/tcu at this time, changed. */
function made(type: Parameters<typeof exampleOf>[0], change: Change = () => undefined): Json {
  const { originator: _from, recipients, ...rest } = shiftInstants(structuredClone(exampleOf(type)), now - exampleInstant) as Json; // prettier-ignore
  const message: Json = {
    ...rest,
    inner: {},
    ...(recipients === undefined ? { recs: ["ecowas"] } : { recipients: ["gh/tcu"] }),
  };
  change(message["body"] as Json, message);
  return message;
}

function passport(number: string, change: Change = () => undefined): Json {
  return made("record.stolen_document", (body, message) => {
    const { seriesLast: _last, count: _count, relatedIds: _ids, ...rest } = body;
    message["body"] = { ...rest, status: "STOLEN", document: { type: "PASSPORT", number, issuerCountry: "NG" } };
    change(message["body"] as Json, message);
  });
} // prettier-ignore

const forWhat = { "atumpan-purpose": "BORDER_CONTROL", "content-type": "application/json" };

async function ask(subjects: readonly Json[], as = "officer", more: Json = {}): ReturnType<AuditWorld["ask"]> {
  const body = JSON.stringify({ subjects, ...more });
  return await world.ask("/v1/lookups", as, { method: "POST", headers: forWhat, body });
} // prettier-ignore

interface Answered {
  readonly answer: string;
  readonly hits: readonly Json[];
}

async function one(subject: Json, as = "officer"): Promise<Answered> {
  const { status, json, text } = await ask([subject], as);
  if (status !== 200) throw new Error(text);
  return (json["answers"] as Answered[])[0]!;
}

const document = (identifier: string, more: Json = {}): Json => ({ kind: "DOCUMENT", identifier, ...more }); // prettier-ignore

beforeAll(async () => {
  link = { linkUp: true };
  world = await makeAuditWorld(now, {
    types: ["record.*", "notice.*", "data.*", "hit.*"],
    services: ({ agency, store, clock, log }) => {
      desk = makeLookupDesk({ agency, store, clock, log, link: () => link });
      return { lookups: desk };
    },
  });
  const { callers } = world;
  callers.set("officer", makeCaller("officer"));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set("admin", makeCaller("admin", { roles: new Set(["administrator"]) }));
  const machine = {
    id: "machine:m",
    kind: "machine",
    roles: new Set(["integrator"] as const),
  } as const;
  callers.set("machine", makeCaller("m", machine));
});
afterAll(() => {
  desk.stop();
  world.close();
});

describe("looking up", () => {
  it("a stolen passport is found however its number is written, as a lead that its owner confirms", async () => {
    const id = await world.receive(passport("A 0455-120"));
    for (const spelling of ["A0455120", "a 0455 120", "A-0455/120", "Ａ٠٤٥٥١٢٠"]) {
      const { answer, hits } = await one(document(spelling));
      expect(answer).toBe("HIT");
      expect(hits).toEqual([expect.objectContaining({ record: id, owner: "ng/tcu", recordKind: "STOLEN_DOCUMENT", matchBasis: "EXACT_ID", onFinding: "SEIZE", confirm: "CONFIRM_WITH_OWNER", correctedBy: [] })]);
    }
    expect((await one(document("A0455121"))).answer).toBe("NO_HIT");
    expect(await one(document("A0455120", { issuerCountry: "NG", documentType: "PASSPORT" }))).toMatchObject({ answer: "HIT" });
    expect(await one(document("A0455120", { issuerCountry: "GH" }))).toMatchObject({ answer: "NO_HIT", hits: [] });
    expect(await one(document("A0455120", { documentType: "NATIONAL_ID" }))).toMatchObject({ answer: "NO_HIT" });
    expect(await one({ kind: "VEHICLE", identifier: "A0455120" })).toMatchObject({ answer: "NO_HIT" });
  }); // prettier-ignore

  it("a number within a run of stolen blanks is found, its neighbours are not", async () => {
    await world.receive(made("record.stolen_document", (body) => {
      body["document"] = { ...(body["document"] as Json), issuerCountry: "NG" };
      delete body["relatedIds"];
    }));
    for (const [number, answer] of [["EXP0071000", "HIT"], ["EXP0071250", "HIT"], ["EXP0071499", "HIT"],
      ["EXP0071500", "NO_HIT"], ["EXP0070999", "NO_HIT"], ["EXP007125", "NO_HIT"], ["EXQ0071250", "NO_HIT"]]) {
      expect([number, (await one(document(String(number)))).answer]).toEqual([number, answer]);
    }
  }); // prettier-ignore

  it("vehicles are found by plate and chassis, firearms by serial number, telephones by theirs", async () => {
    await world.receive(made("record.stolen_vehicle"));
    await world.receive(made("record.firearm", (body) => { body["registrarCountry"] = "NG"; delete body["relatedIds"]; }));
    await world.receive(made("record.object", (body) => {
      body["registrarCountry"] = "NG";
      body["serials"] = ["35-209900-176148-1"];
      for (const name of ["relatedIds", "vessel", "aircraft"]) delete body[name];
    }));
    const basis = async (subject: Json): Promise<unknown> => (await one(subject)).hits[0]?.["matchBasis"];
    expect(await basis({ kind: "VEHICLE", identifier: "exa 552 la" })).toBe("PLATE");
    expect(await basis({ kind: "VEHICLE", identifier: "JTEBU3FJ30K055210" })).toBe("VIN");
    expect(await basis({ kind: "VEHICLE", identifier: "EXA552LA", issuerCountry: "BJ" })).toBeUndefined();
    expect(await basis({ kind: "FIREARM", identifier: "EXA557741" })).toBe("SERIAL");
    expect(await basis({ kind: "OBJECT", identifier: "352099001761481" })).toBe("SERIAL");
    expect(await basis({ kind: "ONLINE", identifier: "35 2099 0017 6148 1" })).toBe("SERIAL");
  }); // prettier-ignore

  it("a wanted person is found by name and birth in any order and script, and by no name alone", async () => {
    await world.receive(made("notice.wanted", (body, message) => {
      const person = body["person"] as Json;
      body["person"] = { ...person, names: [{ full: "Mussa Traoré Exemplo", kind: "LEGAL" }], birth: { year: 1979, month: 2, day: 14 }, documents: [] };
      delete body["vehicles"];
      message["inner"] = { urgencyReason: { text: "He travels today", lang: "en" }, reviewBy: new Date(now + 8760 * hourMs).toISOString() };
    }));
    const person = (name: string, birth: Json): Json => ({ kind: "PERSON", name, birth });
    const whole = { year: 1979, month: 2, day: 14 };
    expect((await one(person("EXEMPLO, Mussa Traore", whole))).hits[0]).toMatchObject({ recordKind: "WANTED", matchBasis: "NAME_DOB" });
    expect((await one(person("Mussa Traoré Exemplo", { year: 1979 }))).hits[0]).toMatchObject({ matchBasis: "FUZZY" });
    expect((await one(person("Mussa Traoré Exemplo", { ...whole, day: 15 }))).answer).toBe("NO_HIT");
    expect((await one(person("Exemplo", whole))).answer).toBe("NO_HIT");
    expect((await ask([{ kind: "PERSON", name: "Mussa Traoré Exemplo" }])).json["code"]).toBe("REQUEST_INVALID");
    const scraped = await ask([person("Mussa Traoré Exemplo", whole)], "machine");
    expect([scraped.status, scraped.json["code"]]).toEqual([403, "ROLE_MISSING"]);
  }); // prettier-ignore
});

describe("who is not sought", () => {
  it.each(["VICTIM", "WITNESS", "INFORMANT", "SMUGGLED_PERSON"])(
    "a %s in a record has nothing to be found by, whatever let the record through",
    (role) => {
      const { body } = exampleOf("record.person");
      const keys = (roles: readonly string[]): number => {
        const person = { ...(body["person"] as Json), roles };
        const read = parseBody("record.person", { ...body, person, vehicles: [] });
        return findKeys("record.person", encodeBody("record.person", read)).length;
      };
      expect(keys(["SUSPECT"])).toBeGreaterThan(0);
      expect(keys([role])).toBe(0);
      expect(keys(["SUSPECT", role])).toBe(0);
    },
  );

  it("an exercise is never found", async () => {
    await world.receive(passport("DRILL-1", (_, message) => void (message["status"] = "EXERCISE")));
    expect((await one(document("DRILL-1"))).answer).toBe("NO_HIT");
  });
});

describe("what its owner says since", () => {
  const cancel = (id: string): Json =>
    made("alert.cancel", (body, message) => {
      message["recs"] = ["ecowas"];
      message["body"] = { targetId: id, reason: "FOUND", recipientsMustPurge: true, purgeBy: body["purgeBy"] };
    }); // prettier-ignore
  const block = (id: string, act: string, blockId?: string): Json =>
    made("data.block", (body, message) => {
      message["body"] = { ...body, targetIds: [id], blockAct: act, ...(blockId === undefined ? {} : { blockId }) };
      delete (message["body"] as Json)["subjectRefs"];
    }); // prettier-ignore
  const purge = (id: string): Json =>
    made("data.purge", (body, message) => {
      message["body"] = { targetIds: [id], purgeScope: "MESSAGE", purgeReason: "RETENTION", deadline: body["deadline"] };
    }); // prettier-ignore

  it("a record that was withdrawn is found no more", async () => {
    const id = await world.receive(passport("WD-1"));
    expect((await one(document("WD-1"))).answer).toBe("HIT");
    await world.receive(cancel(id));
    expect((await one(document("WD-1"))).answer).toBe("NO_HIT");
  });

  it("nor one that is to be deleted, from the moment the order is here", async () => {
    const id = await world.receive(passport("PG-1"));
    await world.receive(purge(id));
    expect((await one(document("PG-1"))).answer).toBe("NO_HIT");
  });

  it("a record that is contested is not searched until it is let go again", async () => {
    const id = await world.receive(passport("BL-1"));
    const said = await world.receive(block(id, "BLOCKED"));
    expect((await one(document("BL-1"))).answer).toBe("NO_HIT");
    for (const { clock } of [world.sender, world.reader]) clock.move(1000);
    await world.receive(block(id, "LIFTED_CONFIRMED", said));
    expect((await one(document("BL-1"))).answer).toBe("HIT");
  });

  it("what somebody else says of it changes nothing", async () => {
    const id = await world.receive(passport("OT-1"));
    // our own word on another's record
    await submit(world.reader, { ...purge(id), recipients: ["ng/tcu"] }, "foreign purge");
    expect((await one(document("OT-1"))).answer).toBe("HIT");
  });

  it("one that was replaced is found in its new form only, one past its time not at all", async () => {
    const id = await world.receive(passport("RP-1"));
    const newer = await world.receive(passport("RP-1", (_, message) => void (message["supersedes"] = id)));
    expect((await one(document("RP-1"))).hits.map(({ record }) => record)).toEqual([newer]);
    const at = (time: number): number => findMatches(world.reader.store, { kind: "DOCUMENT", identifier: "RP-1" }, time).length;
    expect([at(now + hourMs), at(now + 1827 * 24 * hourMs)]).toEqual([1, 0]);
  }); // prettier-ignore
});

describe("who asks", () => {
  it("above the ceiling nothing is found, and it is answered as what is not there", async () => {
    await world.receive(passport("H1-1", (_, message) => void (message["handling"] = "H1")));
    expect((await one(document("H1-1"))).answer).toBe("HIT");
    expect(await one(document("H1-1"), "low")).toEqual({ ...(await one(document("NOBODY"), "low")), ref: "q1" });
  }); // prettier-ignore

  it("what may not be read for this purpose is not told, but that somebody must be asked is", async () => {
    await world.receive(passport("PU-1", (_, message) => void (message["inner"] = { purposes: ["FORENSIC"] })));
    expect(await one(document("PU-1"))).toMatchObject({ answer: "CALL_US", hits: [] });
  }); // prettier-ignore

  it("an administrator looks nothing up, nor does anybody without a purpose", async () => {
    expect((await ask([document("A0455120")], "admin")).json["code"]).toBe("ROLE_MISSING");
    const init = { method: "POST", headers: { "content-type": "application/json" }, body: "{}" };
    expect((await world.ask("/v1/lookups", "officer", init)).json["code"]).toBe("PURPOSE_MISSING");
  });

  it("each lookup stands in the audit record with its hits, and the owner of a hit is told", async () => {
    const id = await world.receive(passport("AU-1"));
    await ask([document("AU-1"), document("NOBODY")]);
    const [line] = world.audit.list({ who: "person:officer", limit: 1 });
    expect(line).toMatchObject({ act: "MESSAGE_SEARCHED", purpose: "BORDER_CONTROL", outcome: "OK", count: 1 });
    expect(JSON.stringify(line)).not.toContain("AU-1");
    const opened = world.reader.store.opened.since(0, 1000).map(({ message }) => world.reader.store.messages.summary(message)!);
    expect(opened.map(({ id: bytes }) => Buffer.from(bytes).toString("hex"))).toContain(id.replaceAll("-", ""));
  }); // prettier-ignore

  it.each([
    ["nothing", { subjects: [] }],
    ["more than twenty", { subjects: Array.from({ length: 21 }, () => document("A1")) }],
    ["a kind that is none", { subjects: [{ kind: "PET", identifier: "A1" }] }],
    ["a thing by a name", { subjects: [{ kind: "VEHICLE", name: "Mussa Exemplo" }] }],
    ["a person by a number", { subjects: [{ kind: "PERSON", identifier: "A1" }] }],
    ["an identifier beyond all length", { subjects: [document("A".repeat(301))] }],
    ["more than is asked for", { subjects: [document("A1")], everything: true }],
  ])("%s is refused", async (...[, body]) => {
    const init = { method: "POST", headers: forWhat, body: JSON.stringify(body) };
    const { status, json } = await world.ask("/v1/lookups", "officer", init);
    expect([status, json["code"]]).toEqual([400, "REQUEST_INVALID"]);
  });
});

describe("the notice to the owner", () => {
  it("is begun, and good once the officer has filled in what he alone knows", async () => {
    await world.receive(passport("HN-1"));
    const { hits } = await one(document("HN-1", { issuerCountry: "NG", documentType: "PASSPORT" }));
    const draft = hits[0]!["hitNotice"] as Json;
    const begun = await world.exchange.validate(draft);
    expect(begun.problems.map((problem) => problem.path).toSorted()).toEqual(["/body/actionTaken", "/body/confirmBy", "/body/context", "/body/place", "/inner/urgencyReason"]);
    const body = { ...(draft["body"] as Json), place: { country: "GH" }, context: "BORDER_POST", actionTaken: "WAITING", confirmBy: new Date(now + hourMs).toISOString() };
    const whole = await world.exchange.validate({ ...draft, body, inner: { ...(draft["inner"] as Json), urgencyReason: { text: "The traveller waits", lang: "en" } } });
    expect(whole.problems).toEqual([]);
    expect(whole.audience).toEqual(["ng/tcu"]);
  }); // prettier-ignore
});

describe("without a link (MIND mode)", () => {
  const at = async (hours: number): ReturnType<typeof ask> => {
    link = { linkUp: false, lastContactAt: time() - hours * hourMs };
    return await ask([document("A0455120")]);
  };

  const time = (): number => world.reader.clock.now();

  it("it answers, says how old it is, and marks what is older than three days", async () => {
    expect((await ask([document("A0455120")])).json).toMatchObject({ ageSeconds: 0, old: false });
    const fresh = (await at(71)).json;
    expect(fresh).toMatchObject({ ageSeconds: 71 * 3600, old: false, answers: [{ answer: "HIT" }] });
    expect(fresh["dataAsOf"]).toBe(new Date(time() - 71 * hourMs).toISOString());
    expect((await at(73)).json).toMatchObject({ old: true, answers: [{ answer: "HIT" }] });
  });

  it("what is older than the policy answers nothing at all", async () => {
    expect((await at(14 * 24)).status).toBe(200);
    const old = await at(14 * 24 + 1);
    expect([old.status, old.json["code"]]).toEqual([503, "LOOKUP_COPY_OLD"]);
    expect(old.text).not.toContain("ng/tcu");
  });

  it("a process that began without a link goes by what the one before it wrote down", async () => {
    const { store } = world.reader;
    link = { linkUp: false };
    const ahead = String(time() + hourMs);
    await store.write(() => store.settings.set("lookups.contact", ahead));
    // by a clock that stood wrong; the newest that came is believed instead
    expect((await ask([document("A0455120")])).json).toMatchObject({ ageSeconds: 0 });
    await store.write(() => store.settings.set("lookups.contact", String(time() - 80 * hourMs)));
    expect((await ask([document("A0455120")])).json).toMatchObject({ ageSeconds: 80 * 3600, old: true });
  });
}); // prettier-ignore
