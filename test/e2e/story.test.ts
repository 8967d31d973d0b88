import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { revokeCertificate } from "../../certs/authority/index.ts";
import { parseCertificate } from "../../certs/shape/index.ts";
import { issueLists } from "../../deploy/local/office.ts";
import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { rawAgency } from "../kit/agency.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

let world: World;
const apis = new Map<string, Api>();

beforeAll(async () => {
  world = await startWorld({
    states: ["ng", "gh", "sn", "lr", "ao", "cd"],
    recs: ["ecowas", "eccas", "sadc"],
  });
  for (const { agency } of world.plan.agencies) await world.gateway(agency);
});

afterAll(async () => {
  for (const api of apis.values()) await api.stop();
  await world?.stop();
});

async function apiOf(agency: string): Promise<Api> {
  const running = apis.get(agency);
  if (running !== undefined) return running;
  const gateway = await world.gateway(agency);
  const { exchange } = gateway;
  const api = await startApi({
    exchange,
    services: { log: gateway.log },
    directory: makeDirectory(() => gateway.register(), systemClock),
    dir: world.layout.gateway(agency),
    host: "127.0.0.1",
    port: 0,
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
  });
  apis.set(agency, api);
  return api;
}

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly form: string;
  readonly audience: readonly string[];
  readonly inReplyTo?: string;
  readonly inner: Record<string, unknown>;
  readonly body: Record<string, Record<string, unknown>>;
  readonly ladder: readonly { kind: string; by: string; stream?: string }[];
  readonly log?: readonly { channel: string; state: string; index?: number; leafAt?: string }[];
}

async function call(agency: string, path: string, init: RequestInit = {}): Promise<Response> {
  const { url } = await apiOf(agency);
  const headers = new Headers(init.headers);
  const token = loadToken(world.layout.gateway(agency), systemChance);
  headers.set("authorization", `Bearer ${token}`);
  return await fetch(`${url}${path}`, { ...init, headers });
}

let keys = 0;

async function post(agency: string, submission: unknown): Promise<string> {
  keys += 1;
  const answer = await call(agency, "/v1/messages", {
    method: "POST",
    headers: { "content-type": "application/json", "idempotency-key": `story-${keys}` },
    body: JSON.stringify(submission),
  });
  expect(answer.status).toBe(201);
  return ((await answer.json()) as { id: string }).id;
}

async function show(agency: string, id: string): Promise<Shown> {
  const answer = await call(agency, `/v1/messages/${id}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Shown;
}

async function delivered(agency: string, id: string): Promise<Shown> {
  const { exchange } = await world.gateway(agency);
  await until("it is delivered to all", () => exchange.find(id)?.state === "DELIVERED");
  // the hub's word comes by itself, and may be later than the readers'
  const isTaken = (): boolean =>
    (exchange.find(id)?.ladder ?? []).some(({ kind }) => kind === "ACCEPTED");
  await until("the hub's word is there", isTaken);
  return await show(agency, id);
}

/** Every agency that holds a message but its sender. */
async function holders(id: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { agency } of world.plan.agencies) {
    const { exchange } = await world.gateway(agency);
    if (exchange.find(id)?.box === "in") found.push(agency);
  }
  return found.toSorted();
}

function by(kind: string, { ladder }: Shown): readonly string[] {
  return ladder
    .filter((rung) => rung.kind === kind)
    .map((rung) => rung.by)
    .toSorted();
}

describe("a sealed alert from Lagos", () => {
  it("reaches Accra, Dakar and the ECOWAS centre, climbs its whole ladder, and nobody else holds it", async () => {
    const id = await post("ng/tcu", example("lagos-alert"));
    const sent = await delivered("ng/tcu", id);
    const readers = ["ecowas/centre", "gh/tcu", "sn/tcu"];
    expect(sent.form).toBe("SEALED");
    expect(sent.audience.toSorted()).toEqual(readers);
    expect(by("ACCEPTED", sent)).toEqual([world.plan.hub]);
    expect(by("DELIVERED", sent)).toEqual(readers);
    expect(by("REFUSED", sent)).toEqual([]);
    expect(await holders(id)).toEqual(readers);
    const read = await show("gh/tcu", id);
    expect(read).toMatchObject({ state: "VERIFIED", inner: { caseRef: "EX-2026-0117" } });
    expect(read.body["narrative"]?.["text"]).toContain("12.5 kg");
    const missing = await call("ng/moc", `/v1/messages/${id}`);
    expect(missing.status).toBe(404);
  });

  it("with the same Idempotency-Key is one alert", async () => {
    const { exchange } = await world.gateway("ng/tcu");
    const first = await exchange.submit(example("lagos-alert"), "twice");
    const again = await exchange.submit(example("lagos-alert"), "twice");
    expect(again).toEqual({ ...first, created: false });
    await delivered("ng/tcu", first.id);
    const { lastSequence } = (await world.desk.marks())["FEED_ECOWAS"]!;
    expect(lastSequence).toBe(2);
  });
});

describe("an open bulletin", () => {
  it("is read by everybody in the community with a mandate for it, and by the hub", async () => {
    const id = await post("ng/tcu", example("red-flag"));
    const sent = await delivered("ng/tcu", id);
    expect(sent.form).toBe("OPEN");
    expect(await holders(id)).toEqual(sent.audience.toSorted());
    expect(sent.audience).toEqual(
      expect.arrayContaining(["ecowas/centre", "gh/moc", "gh/tcu", "lr/moc", "ng/moc", "sn/tcu"]),
    );
    expect(sent.audience).not.toContain("gh/fiu");
    expect((await show("lr/moc", id)).body["title"]?.["text"]).toContain("Frozen fish");
    const feed = await world.desk.read("FEED_ECOWAS");
    const stored = feed.find(({ subject }) => subject.endsWith(id))!;
    expect(Buffer.from(stored.data).includes("Frozen fish")).toBe(true);
  });

  it("for two communities and two crimes is stored in each, and is one message to a reader of all", async () => {
    const reader = await world.gateway("cd/moc");
    const { inbox } = reader.exchange.status();
    const submission = example("red-flag", {
      recs: ["eccas", "sadc"],
      crimes: ["drugs", "piracy"],
    });
    const id = await post("ao/moc", submission);
    await delivered("ao/moc", id);
    const accepted = async (): Promise<readonly string[]> => {
      const { ladder } = await show("ao/moc", id);
      return ladder.flatMap(({ kind, stream = "" }) => (kind === "ACCEPTED" ? [stream] : [])).toSorted();
    }; // prettier-ignore
    // a reader's word may be here before the hub's
    await expect.poll(accepted).toEqual(["FEED_ECCAS", "FEED_ECCAS", "FEED_SADC", "FEED_SADC"]);
    const sent = await show("ao/moc", id);
    const copies = [
      await world.desk.taken("FEED_ECCAS", "cd/moc"),
      await world.desk.taken("FEED_SADC", "cd/moc"),
    ];
    expect(copies).toEqual([2, 2]);
    expect(reader.exchange.status().inbox).toBe(inbox + 1);
    const readers = ["cd/moc", "eccas/centre", "sadc/centre"];
    expect(by("DELIVERED", sent)).toEqual(readers);
    expect(await holders(id)).toEqual(readers);
  });
});

describe("one financial intelligence unit and another", () => {
  it("ask and answer, with consent, and nobody else holds either", async () => {
    const asked = await post("ng/fiu", example("fiu-request"));
    await delivered("ng/fiu", asked);
    expect(await holders(asked)).toEqual(["gh/fiu"]);
    const request = await show("gh/fiu", asked);
    expect(request).toMatchObject({ state: "VERIFIED", inner: { caseRef: "EX-FIU-0042" } });
    const answered = await post("gh/fiu", example("fiu-reply", { inReplyTo: asked }));
    await delivered("gh/fiu", answered);
    expect(await holders(answered)).toEqual(["ng/fiu"]);
    const reply = await show("ng/fiu", answered);
    expect(reply.inReplyTo).toBe(asked);
    expect(reply.body["consent"]).toMatchObject({ decision: "GRANTED", recipients: ["ng/tcu"] });
  });

  it("cannot be joined by a unit that has no mandate", async () => {
    const { exchange } = await world.gateway("ng/fiu");
    for (const recipient of ["gh/tcu", "lr/moc"]) {
      const { valid, problems } = await exchange.validate(
        example("fiu-request", { recipients: [recipient] }),
      );
      expect(valid).toBe(false);
      expect(problems).toMatchObject([{ code: "MANDATE_MISSING" }]);
    }
  });
});

describe("after every part was stopped and started", () => {
  it("all that was known is known, and work goes on", async () => {
    const sender = await world.gateway("ng/tcu");
    const before = sender.exchange.list({ box: "out", limit: 200 }).items;
    const held = (await world.gateway("gh/tcu")).exchange.list({ box: "in", limit: 200 }).items;
    const marks = await world.desk.marks();
    for (const api of apis.values()) await api.stop();
    apis.clear();
    await world.stopBroker();
    await world.server.kill();
    await world.stopGateway("gh/tcu");
    const waiting = await sender.exchange.submit(example("lagos-alert"), "while all was dark");
    await world.stopGateway("ng/tcu");
    await world.server.start();
    await world.startBroker();
    expect(await world.desk.marks()).toEqual(marks);
    const again = await world.gateway("ng/tcu");
    const items = again.exchange.list({ box: "out", limit: 200 }).items;
    expect(items.filter(({ id }) => id !== waiting.id)).toEqual(before);
    const reader = await world.gateway("gh/tcu");
    await delivered("ng/tcu", waiting.id);
    const now = reader.exchange.list({ box: "in", limit: 200 }).items;
    expect(now.slice(1)).toEqual(held);
    expect(now[0]?.id).toBe(waiting.id);
    expect(reader.exchange.status().quarantined).toBe(0);
  });
});

describe("an agency whose certificates are revoked", () => {
  it("is out: its session ends, it cannot log in, and new seals leave it out", async () => {
    const gone = "sn/tcu";
    const office = world.office("sn");
    for (const { certificate } of world.register().agency(gone)!.certificates) {
      const { serial } = parseCertificate(certificate);
      revokeCertificate({ ...office, serial, reason: "KEY_COMPROMISE", now: Date.now() });
    }
    const crls = await issueLists(office, Date.now());
    const { exchange, log } = await world.gateway(gone);
    const { inbox } = exchange.status();
    expect(exchange.status().linkUp).toBe(true);
    // afterwards nobody proves anything to it
    await until("what it took is proved", () => log.standing()?.pending === 0);
    const since = performance.now();
    await world.publish({ states: { sn: (now) => ({ ...now, crls }) } });
    const told = (event: string): boolean =>
      world.audit().some((one) => one.event === event && one.fields["code"] === "CERT_REVOKED");
    await until("its session is closed", () => told("session closed") && !exchange.status().linkUp);
    await until("its login is refused", () => told("login refused"));
    expect(performance.now() - since).toBeLessThan(60_000);
    await expect(rawAgency(world, gone)).rejects.toThrow("Authorization Violation");
    const sender = await world.gateway("ng/tcu");
    const { epoch } = world.register();
    await sender.exchange.submit(example("red-flag"), "so that the epoch is told");
    await until("the sender knows", () => sender.register().epoch === epoch);
    const sealed = await sender.exchange.submit(example("lagos-alert"), "after the revocation");
    expect(sealed.audience.toSorted()).toEqual(["ecowas/centre", "gh/tcu"]);
    const sent = await delivered("ng/tcu", sealed.id);
    expect(by("DELIVERED", sent)).toEqual(["ecowas/centre", "gh/tcu"]);
    expect(exchange.status()).toMatchObject({ inbox, linkUp: false });
  });
});

describe("the hub's log", () => {
  /** What one gateway proved of each message, in each channel. */
  async function provedBy(agency: string): Promise<readonly string[]> {
    const { exchange } = await world.gateway(agency);
    const { items } = exchange.list({ limit: 200 });
    const all = await Promise.all(items.map(({ id }) => show(agency, id)));
    return all.flatMap(({ id, log = [] }) =>
      log.map(({ channel, state, index = -1, leafAt = "" }) => [id, channel, state, index, leafAt].join(" ")),
    );
  } // prettier-ignore

  it("every message is proved in it by its sender and by each reader, at the same entry", async () => {
    const places = new Map<string, string>();
    for (const { agency } of world.plan.agencies) {
      const { log, exchange } = await world.gateway(agency);
      await until(`${agency} proved all it sent and took`, () => log.standing()?.pending === 0);
      expect(log.standing()).toMatchObject({ hub: world.plan.hub, missing: 0 });
      expect(log.alarms()).toEqual([]);
      const lines = await provedBy(agency);
      const { items } = exchange.list({ limit: 200 });
      // what the hub refused, or never had, stands nowhere
      const held = items.filter(({ state }) =>
        ["ACCEPTED", "DELIVERED", "VERIFIED"].includes(state),
      );
      expect(held.filter(({ id }) => !lines.some((line) => line.startsWith(id)))).toEqual([]);
      for (const line of lines) {
        const [id = "", channel = "", ...facts] = line.split(" ");
        expect(facts[0]).toBe("PROVED");
        const same = places.get(`${id} ${channel}`) ?? facts.join(" ");
        expect(facts.join(" ")).toBe(same);
        places.set(`${id} ${channel}`, same);
      }
    }
    expect(places.size).toBeGreaterThan(5);
  }, 120_000);

  it("what agencies tell each other of it is the same log, and GET /v1/log shows it", async () => {
    const ng = await world.gateway("ng/tcu");
    // a receipt that goes anyway bears what its writer saw
    const id = await post("ng/tcu", example("lagos-alert"));
    await delivered("ng/tcu", id);
    await until("what was told is compared", () => {
      const told = ng.log.told();
      return told.length > 0 && told.every(({ state }) => state === "GOOD");
    });
    const answer = await call("ng/tcu", "/v1/log");
    expect(await answer.json()).toMatchObject({
      standing: { hub: world.plan.hub, state: "GOOD", missing: 0 },
      heads: [{ origin: `atumpan/${world.plan.hub}` }],
      alarms: [],
    });
  }, 60_000);

  it("T-18 while it is not the log that was verified, no register is taken from that hub, until a person says so", async () => {
    const reader = await world.gateway("gh/tcu");
    const { store } = reader.office;
    const { hub } = world.plan;
    const alarm = {
      code: "LOG_INCONSISTENT",
      hub,
      origin: `atumpan/${hub}`,
      at: Date.now(),
      agency: "ng/tcu",
    };
    await store.write(() => void store.logAlarms.raise(alarm));
    const { epoch } = reader.register();
    await world.publish({ states: { ng: (now) => ({ ...now }) } });
    // another takes it, and tells with its message that there is a newer one
    const other = await world.gateway("ng/tcu");
    await other.exchange.submit(example("red-flag"), "the newer register is told");
    await until("the other took it", () => other.register().epoch > epoch);
    const id = await post("ng/tcu", example("lagos-alert"));
    await delivered("ng/tcu", id);
    // mail goes on, and the register stays what it was
    expect((await show("gh/tcu", id)).state).toBe("VERIFIED");
    expect([reader.register().epoch, reader.log.standing()?.state]).toEqual([
      epoch,
      "INCONSISTENT",
    ]);
    await reader.log.trust(hub, "person:1");
    await reader.exchange.submit(example("red-flag"), "the hub says which register it has");
    await until("it is taken again", () => reader.register().epoch > epoch);
    await until("the log is met anew", () => reader.log.standing()?.state === "GOOD");
  }, 120_000);
});
