import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { parseUuid, renderUuid, silentLog } from "../../schemas/ground/index.ts";
import { alert, bulletin } from "../../test/kit/gateway-office.ts";
import { makeCliWorld } from "../../test/kit/cli-world.ts";
import { exampleNow } from "../../test/kit/submissions.ts";
import {
  type AuditAnswer,
  type AuditWorld,
  makeAuditWorld,
  makeCaller,
} from "../../test/kit/audit-world.ts";
import { makeDraftDesk } from "../drafts/index.ts";
import { makeExchange, makeWatchers } from "../exchange/index.ts";

const now = 1_780_272_000_000;
let world: AuditWorld;
let keys = 0;

type Json = Readonly<Record<string, unknown>>;

beforeAll(async () => {
  world = await makeAuditWorld(now, {
    types: ["seizure.*"],
    services: (reader) => {
      const watchers = makeWatchers(reader.store, silentLog);
      const exchange = makeExchange(reader, { watchers, wake: () => undefined, link: () => undefined });
      return { drafts: makeDraftDesk({ store: reader.store, exchange, clock: reader.clock }) };
    },
  });
  const { callers } = world;
  for (const name of ["ama", "kofi"]) callers.set(name, makeCaller(name));
  callers.set("low", makeCaller("low", { handlingUpTo: "H0" }));
  callers.set("auditor", makeCaller("auditor", { roles: new Set(["auditor"]) }));
}); // prettier-ignore
afterAll(() => world.close());

const headers = { "atumpan-purpose": "INVESTIGATION", "content-type": "application/json" };
const redraft = (id: string, as = "ama"): Promise<AuditAnswer> =>
  world.ask(`/v1/messages/${id}/redraft`, as, { method: "POST", headers });
const read = async (draft: unknown, as = "ama"): Promise<Json> =>
  (await world.ask(`/v1/drafts/${String(draft)}`, as)).json;
const send = (draft: unknown, as = "ama"): Promise<AuditAnswer> =>
  world.ask(`/v1/drafts/${String(draft)}/submit`, as, { method: "POST", headers });
const change = (draft: unknown, message: Json): Promise<AuditAnswer> =>
  world.ask(`/v1/drafts/${String(draft)}`, "ama", { method: "PUT", headers: { ...headers, "if-match": "*" }, body: JSON.stringify({ message }) }); // prettier-ignore

async function hand(submission: object): Promise<string> {
  return (await world.exchange.submit(submission, `hand ${(keys += 1)}`)).id;
}

async function stop(submission: object): Promise<string> {
  const id = await hand(submission);
  await world.exchange.stop!(id);
  return id;
}

/** What of a message its writer said, as everybody may read it. */
function said(id: string): Json {
  const { inner, body, type, crimes, recs, handling, urgency, threadId } = world.exchange.find(id)!;
  return { inner, body, type, crimes, recs, handling, urgency, threadId };
}

const count = (): number =>
  world.reader.store.drafts.list("person:ama", 100).length +
  world.reader.store.messages.list({ box: "out", limit: 100 }).length;

describe("a message that was stopped or refused", () => {
  it("becomes a draft that says the same, and is sent as another message, once", async () => {
    const id = await stop({ ...alert, handling: "H1", urgency: "ROUTINE", inner: { caseRef: "GH-7", purposes: ["INVESTIGATION"] } });
    const made = await redraft(id);
    expect([made.status, made.json["missing"]]).toEqual([201, 0]);
    const { id: draft } = made.json;
    const sent = await send(draft);
    expect(sent.status).toBe(201);
    const { id: next } = sent.json as { readonly id: string };
    expect(next).not.toBe(id);
    expect(said(next)).toEqual(said(id));
    expect(world.exchange.find(id)?.state).toBe("STOPPED");
    expect((await redraft(id)).json["code"]).toBe("DRAFT_SENT");
    expect(world.audit.list({ act: "DRAFT_CHANGED", limit: 1 })[0]).toMatchObject({ who: "person:ama" });
  });

  it("is mended in it: asked for again it is as he left it, and another officer has his own", async () => {
    const id = await stop(bulletin);
    const [mine, his] = [(await redraft(id)).json["id"], (await redraft(id, "kofi")).json["id"]];
    expect(mine).not.toBe(his);
    const { message } = await read(mine);
    await change(mine, { ...(message as Json), crimes: ["arms"] });
    const again = await redraft(id);
    expect([again.status, again.json["id"]]).toEqual([200, mine]);
    expect(await read(mine)).toMatchObject({ message: { crimes: ["arms"] } });
    expect((await world.ask(`/v1/drafts/${String(mine)}`, "kofi")).status).toBe(404);
  });

  it("is judged anew when it is sent, and stays a draft when it is refused", async () => {
    const id = await hand(alert);
    const { seq } = world.reader.store.messages.find(parseUuid(id))!;
    await world.reader.store.write(() => world.reader.store.messages.setState(seq, "REFUSED", "MANDATE_MISSING"));
    const draft = (await redraft(id)).json["id"];
    const { message } = await read(draft);
    await change(draft, { ...(message as Json), type: "notice.wanted" });
    expect((await send(draft)).json["code"]).toBe("SCHEMA_INVALID");
    expect(await read(draft)).toMatchObject({ message: { type: "notice.wanted" } });
  });

  it("whose time is over is given a new one", async () => {
    const id = await hand({ ...bulletin, expiresAt: new Date(now + 3_600_000).toISOString() });
    const { seq } = world.reader.store.messages.find(parseUuid(id))!;
    await world.reader.store.write(() => world.reader.store.messages.setState(seq, "EXPIRED"));
    world.reader.clock.move(7_200_000);
    const { json } = await redraft(id);
    const { message } = await read(json["id"]);
    world.reader.clock.move(-7_200_000);
    expect([json["missing"], (message as Json)["expiresAt"]]).toEqual([0, undefined]);
  });

  it.each(["nominal", "regional"])("of two editions becomes one draft of both when the %s one is named", async (named) => {
    const { operationId: _none, ...body } = exampleNow("seizure.report", now).body as Json;
    const both = { type: "seizure.report", crimes: ["drugs"], handling: "H1", recipients: ["ng/tcu"], project: { recs: ["ecowas"], handling: "H0" }, inner: { purposes: ["INVESTIGATION"] }, body };
    const nominal = await stop(JSON.parse(JSON.stringify(both)) as object);
    const regional = renderUuid(world.reader.store.editions.regionalOf(parseUuid(nominal))!);
    const { json } = await redraft(named === "nominal" ? nominal : regional);
    const { message } = await read(json["id"]);
    expect(message).toMatchObject({ recipients: ["ng/tcu"], project: { recs: ["ecowas"], handling: "H0" }, handling: "H1" });
    expect([json["missing"], (message as Json)["threadId"], (message as Json)["recs"]]).toEqual([0, undefined, undefined]);
    const { id } = (await send(json["id"])).json as { readonly id: string };
    expect(world.reader.store.editions.regionalOf(parseUuid(id))).toBeDefined();
  });
}); // prettier-ignore

describe("atumpan message redraft", () => {
  it("writes what was stopped to a file for its owner alone, and says how it is sent as that draft", async () => {
    const { exchange, reader } = world;
    const drafts = makeDraftDesk({ store: reader.store, exchange, clock: reader.clock });
    const cli = makeCliWorld(["gh/tcu"], { agencies: () => [], servedRecs: () => ["ecowas"] }, () => ({ drafts }));
    const { glance, find, validate } = exchange;
    Object.assign(cli.exchanges.get("gh/tcu")!, { glance, find, validate, redraft: exchange.redraft });
    const id = await stop(bulletin);
    const run = (of: string, ...more: readonly string[]) => cli.run("message", "redraft", of, "--purpose", "INVESTIGATION", ...more);
    const made = await run(id, "--out", "draft.json");
    expect([made.code, made.out]).toEqual([0, "draft.json\n"]);
    const file = join(cli.dir, "draft.json");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ type: bulletin.type, recs: ["ecowas"], body: { title: bulletin.body.title } });
    const [, draft = ""] = /message send draft\.json --key (\S+)/.exec(made.err) ?? [];
    expect(reader.store.drafts.get(draft)?.type).toBe(bulletin.type);
    expect(await run(id, "--out", "draft.json")).toMatchObject({ code: 2, err: expect.stringContaining("USAGE_INVALID") as string });
    const waits = await run(await hand(bulletin));
    expect([waits.code === 0, waits.out, waits.err]).toEqual([false, "", expect.stringContaining("stop it first")]);
  });
}); // prettier-ignore

describe("no draft is made", () => {
  async function refused(id: string, as = "ama"): Promise<unknown> {
    const before = count();
    const { json } = await redraft(id, as);
    expect(count()).toBe(before);
    return json["code"];
  }

  it("of what waits, of what somebody may have, and of what is not ours", async () => {
    const id = await hand(bulletin);
    expect(await refused(id)).toBe("REQUEST_INVALID");
    const { seq, digest } = world.reader.store.messages.find(parseUuid(id))!;
    const { store } = world.reader;
    await store.write(() => {
      store.messages.setState(seq, "REFUSED", "MANDATE_MISSING");
      store.carried.add(digest, { agency: "ng/tcu", at: now });
    });
    expect(await refused(id)).toBe("MESSAGE_LEFT");
    const other = await hand(bulletin);
    const message = store.messages.find(parseUuid(other))!.seq;
    await store.write(() => {
      const [one] = store.outbox.byMessage(message);
      store.outbox.accept(one!.seq, { stream: "FEED_ECOWAS", instance: "one", sequence: 7 });
      store.messages.setState(message, "REFUSED", "MANDATE_MISSING");
    });
    expect(await refused(other)).toBe("MESSAGE_LEFT");
    expect(await refused(await world.receive(bulletin))).toBe("NOT_FOUND");
    expect(await refused("019e4a5e-0000-7000-8000-ffffffffffff")).toBe("NOT_FOUND");
    expect(await refused("7")).toBe("ID_INVALID");
  });

  it("for who may not read it, may not write, or says no purpose; nor above what this machine may hold", async () => {
    const id = await stop({ ...alert, handling: "H2" });
    expect([await refused(id, "low"), await refused(id, "auditor")]).toEqual(["NOT_FOUND", "ROLE_MISSING"]);
    const { json } = await world.ask(`/v1/messages/${id}/redraft`, "ama", { method: "POST" });
    expect(json["code"]).toBe("PURPOSE_MISSING");
    Object.assign(world.reader, { ceiling: { handling: "H1" } });
    expect(await refused(id)).toBe("DEPLOYMENT_CEILING");
    Object.assign(world.reader, { ceiling: undefined });
    expect((await redraft(id)).status).toBe(201);
  });
}); // prettier-ignore
