import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";

import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { loadGateway } from "../../gateways/config.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

/** What a service of LibreTranslate's interface is asked. */
interface Question {
  readonly q: readonly string[];
  readonly source: string;
  readonly target: string;
  readonly format: string;
  readonly api_key?: string;
}

type Play = (question: Question, response: ServerResponse) => void;

/** None of these may reach the service: names, their words, numbers, case numbers, and what is marked. */
const secret = [
  "Tunde", "Example-Okafor", "OKAFOR", "12.5", "12,5", "MSKU4471023", "A0099177", "HERON", "Heron",
  "EX-2026-0117", "22:15", "heron@example.org",
]; // prettier-ignore
const narrative =
  "Exercise. Tunde Example-Okafor, also called OKAFOR, passport A0099177, had 12.5 kg behind the panel of the " +
  "container MSKU4471023 at 22:15 and rang heron@example.org. The buyer waits in the Blue Heron store.";
const markedAt = narrative.indexOf("Blue Heron");

let world: World;
let service: Server;
let port = 0;
let play: Play;
let calls = 0;
const received: { readonly url: string; readonly text: string }[] = [];
const apis = new Map<string, Api>();

function answer(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(json));
}

/** A service that does to each segment what `change` does. */
function saying(change: (segment: string) => string): Play {
  return ({ q }, response) => answer(response, 200, { translatedText: q.map(change) });
}

/** As good as a machine gets: words are changed, placeholders are not, and one of them moves. */
const honest = saying((segment) =>
  segment.replace("Exercise", "Exercice").replace("The buyer waits in", "L'acheteur attend dans"),
);

function listen(): Promise<void> {
  service = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const text = Buffer.concat(pieces).toString("utf8");
      received.push({ url: request.url ?? "", text });
      play(JSON.parse(text) as Question, response);
    });
  });
  return new Promise((resolve) => service.listen(port, "127.0.0.1", resolve));
}

function hangUp(): Promise<void> {
  service.closeAllConnections();
  return new Promise((resolve) => void service.close(() => resolve()));
}

function editConfig(agency: string, translation: unknown): void {
  const file = join(world.layout.gateway(agency), "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  writeFileSync(file, JSON.stringify({ ...config, translation }));
}

async function serve(agency: string): Promise<void> {
  const gateway = await world.gateway(agency);
  const api = await startApi({
    exchange: gateway.exchange,
    directory: makeDirectory(() => gateway.register(), systemClock),
    dir: world.layout.gateway(agency),
    host: "127.0.0.1",
    port: 0,
    clock: systemClock,
    chance: systemChance,
    log: silentLog,
  });
  apis.set(agency, api);
}

beforeAll(async () => {
  await listen();
  ({ port } = service.address() as AddressInfo);
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  const url = `http://127.0.0.1:${port}`;
  const keyFile = join(world.layout.gateway("gh/tcu"), "service-key");
  writeFileSync(keyFile, "k3y-of-the-ministry\n", { mode: 0o600 });
  editConfig("ng/tcu", { url });
  editConfig("gh/tcu", { url, apiKeyFile: "service-key", handlingUpTo: "H1" });
  for (const agency of ["ng/tcu", "gh/tcu", "sn/tcu"]) await serve(agency);
});

afterAll(async () => {
  for (const api of apis.values()) await api.stop();
  await world?.stop();
  await hangUp();
});

afterEach(() => {
  play = honest;
});

play = honest;

interface Answer {
  readonly status: number;
  readonly json: Record<string, unknown>;
}

async function call(agency: string, path: string, body?: unknown): Promise<Answer> {
  const token = loadToken(world.layout.gateway(agency), systemChance);
  const headers = new Headers({ authorization: `Bearer ${token}` });
  calls += 1;
  headers.set("idempotency-key", `call-${calls}`);
  if (body !== undefined) headers.set("content-type", "application/json");
  const asks = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const response = await fetch(`${apis.get(agency)?.url}${path}`, { headers, ...asks });
  return { status: response.status, json: (await response.json()) as Record<string, unknown> };
}

function alert(change: object = {}): Record<string, unknown> {
  const usual = example("lagos-alert", { handling: "H0" });
  const body = usual["body"] as Record<string, unknown>;
  const marks = [{ start: markedAt, end: markedAt + "Blue Heron".length, kind: "PLACE" }];
  const text = { text: narrative, lang: "en", marks };
  return { ...usual, body: { ...body, narrative: text }, ...change };
}

/** Sends from Nigeria; resolves when the others hold it, proved. */
async function send(submission: unknown, readers: readonly string[]): Promise<string> {
  const { status, json } = await call("ng/tcu", "/v1/messages", submission);
  expect([status, json]).toEqual([201, expect.objectContaining({ created: true })]);
  const id = String(json["id"]);
  for (const reader of readers) {
    const { exchange } = await world.gateway(reader);
    await until(`${reader} has it`, () => exchange.find(id) !== undefined);
    expect(exchange.find(id)?.state).toBe("VERIFIED");
  }
  return id;
}

const wish = { pointer: "/narrative", to: "fr" };

function translate(agency: string, id: string, change: object = {}): Promise<Answer> {
  return call(agency, `/v1/messages/${id}/translations`, { ...wish, ...change });
}

async function boxes(agency: string): Promise<number> {
  const { exchange } = await world.gateway(agency);
  const all = (["in", "out"] as const).map((box) => exchange.list({ box, limit: 200 }));
  return all.reduce((sum, { items }) => sum + items.length, 0);
}

describe("an officer at a gateway whose operator chose a service", () => {
  let id = "";

  beforeAll(async () => {
    id = await send(alert(), ["gh/tcu", "sn/tcu"]);
  });

  it("gets a draft of the translation, and nothing is stored or sent", async () => {
    const before = await boxes("ng/tcu");
    const { status, json } = await translate("ng/tcu", id);
    expect(status).toBe(200);
    expect(json).toMatchObject({
      type: "translation.product",
      recipients: ["ng/tcu"],
      crimes: ["drugs"],
      handling: "H0",
      status: "EXERCISE",
      body: {
        targetId: id,
        pointer: "/narrative",
        sourceLanguage: "en",
        method: "MT_RAW",
        engine: "LibreTranslate",
      },
    });
    const { text } = (json["body"] as { text: { text: string; lang: string } }).text;
    expect(text).toBe(
      narrative
        .replace("Exercise", "Exercice")
        .replace("The buyer waits in", "L'acheteur attend dans"),
    );
    expect(await boxes("ng/tcu")).toBe(before);
  });

  it("the reader of the message can have it translated too; the service gets the operator's key", async () => {
    const { status, json } = await translate("gh/tcu", id);
    expect([status, json["recipients"]]).toEqual([200, ["gh/tcu"]]);
    const last = JSON.parse(received.at(-1)?.text ?? "{}") as Question;
    expect(last.api_key).toBe("k3y-of-the-ministry");
  });

  it("the service is asked for words alone: no name, number, address or marked run reaches it", () => {
    expect(received.length).toBeGreaterThanOrEqual(2);
    for (const { url, text } of received) {
      expect(url).toBe("/translate");
      expect(text).toContain("The buyer waits in the");
      expect(secret.filter((one) => text.includes(one))).toEqual([]);
      expect(text).not.toContain(id);
      const { api_key: _key, ...rest } = JSON.parse(text) as Question;
      expect(Object.keys(rest).toSorted()).toEqual(["format", "q", "source", "target"]);
    }
  });

  it("every text that left is in the log, by id and type, and no word of it", () => {
    const log = readFileSync(join(world.layout.logs, "gateways.log"), "utf8");
    const lines = log
      .split("\n")
      .filter((line) => line.includes("goes to the translation service"));
    expect(lines).toHaveLength(received.length);
    for (const line of lines) expect(line).toContain(id);
    expect(log).not.toMatch(/buyer|Heron|k3y-of-the-ministry/);
  });

  it.each<readonly [string, Play, string]>([
    ["drops a placeholder", saying((one) => one.replace("ZQ1QZ", "")), "TRANSLATION_WITHHELD"],
    ["puts a number in a number's place", saying((one) => one.replace("ZQ3QZ", "13.5")), "TRANSLATION_WITHHELD"],
    ["swaps one number for another", saying((one) => one.replace("ZQ3QZ", "ZQ2QZ")), "TRANSLATION_WITHHELD"],
    ["adds a number of its own", saying((one) => `${one} 99`), "TRANSLATION_WITHHELD"],
    ["breaks down", (_, response) => answer(response, 500, { error: narrative }), "TRANSLATION_UNAVAILABLE"],
    ["hangs up", (_, response) => void response.destroy(), "TRANSLATION_UNAVAILABLE"],
    ["sends its readers elsewhere", (_, response) => void response.writeHead(307, { location: `http://127.0.0.1:${port}/other` }).end(), "TRANSLATION_UNAVAILABLE"],
    ["is no such service", (_, response) => void response.end("<html>hello</html>"), "TRANSLATION_UNAVAILABLE"],
    ["lacks the language", (_, response) => answer(response, 400, { error: "fr is not supported" }), "TRANSLATION_LANGUAGE"],
  ])("a service that %s gives no translation, and leaves nothing behind", async (_, bad, code) => {
    const before = await boxes("ng/tcu");
    play = bad;
    const { status, json } = await translate("ng/tcu", id);
    expect([status >= 400, json["code"]]).toEqual([true, code]);
    expect(JSON.stringify(json)).not.toMatch(/buyer|Heron/);
    expect(await boxes("ng/tcu")).toBe(before);
    play = honest;
    expect((await translate("ng/tcu", id)).status).toBe(200);
  }); // prettier-ignore

  it("a service that is down is told, and messages go on", async () => {
    await hangUp();
    expect((await translate("ng/tcu", id)).json["code"]).toBe("TRANSLATION_UNAVAILABLE");
    await send(alert({ crimes: ["drugs", "arms"] }), ["gh/tcu"]);
    await listen();
    expect((await translate("ng/tcu", id)).status).toBe(200);
  });

  it("a service that drips is not waited for beyond its time, and messages go on meanwhile", async () => {
    let drip: NodeJS.Timeout | undefined;
    play = (_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      drip = setInterval(() => response.write(" "), 300);
    };
    const slow = translate("ng/tcu", id);
    await until("it was asked", () => drip !== undefined);
    await send(alert({ crimes: ["arms"] }), ["gh/tcu"]);
    expect((await slow).json["code"]).toBe("TRANSLATION_UNAVAILABLE");
    clearInterval(drip);
  });

  it("a language that the service's list lacks is not asked for", async () => {
    const before = received.length;
    expect((await translate("ng/tcu", id, { to: "sw" })).json["code"]).toBe("TRANSLATION_LANGUAGE");
    expect(received.length).toBe(before);
  });
});

describe("what may leave an agency", () => {
  it("is H0 unless the operator says more: an H1 message is refused here and translated there", async () => {
    const id = await send(alert({ handling: "H1" }), ["gh/tcu", "sn/tcu"]);
    const before = received.length;
    const { status, json } = await translate("ng/tcu", id);
    expect([status, json["code"]]).toEqual([403, "TRANSLATION_NOT_ALLOWED"]);
    expect(String(json["detail"])).toMatch(/above H0.*by a person/);
    expect(received.length).toBe(before);
    expect(await translate("gh/tcu", id)).toMatchObject({ status: 200, json: { handling: "H1" } });
    expect(received.length).toBe(before + 1);
  });

  it("is never what is kept from a state or sensitive, whatever the operator says", async () => {
    const inners = [
      { protectedFrom: ["NE"] },
      { sensitiveCategories: ["HEALTH"], sensitiveBasis: { scheme: "ECOWAS_2010", code: "31.5" } },
    ];
    const before = received.length;
    for (const inner of inners) {
      const id = await send(alert({ inner }), ["gh/tcu"]);
      for (const agency of ["ng/tcu", "gh/tcu"]) {
        expect((await translate(agency, id)).json["code"]).toBe("TRANSLATION_NOT_ALLOWED");
      }
    }
    expect(received.length).toBe(before);
  });

  it("is nothing where the operator chose no service, and the officer is told what to do", async () => {
    const id = await send(alert(), ["sn/tcu"]);
    const before = received.length;
    const { json } = await translate("sn/tcu", id);
    expect(json["code"]).toBe("TRANSLATION_UNAVAILABLE");
    expect(String(json["detail"])).toMatch(/by a person.*gateway\.json/);
    expect(received.length).toBe(before);
  });

  it.each<readonly [string, object]>([
    ["in the clear to another machine", { url: "http://translate.example" }],
    ["with a password in its url", { url: "https://me:pw@translate.example" }],
    ["up to H3", { url: "https://translate.example", handlingUpTo: "H3" }],
    ["with its key in the file", { url: "https://translate.example", apiKey: "k" }],
    ["with a key file that is not there", { url: "https://translate.example", apiKeyFile: "none" }],
  ])("a service chosen %s keeps the gateway from starting", (_, choice) => {
    editConfig("sn/tcu", choice);
    const folder = world.layout.gateway("sn/tcu");
    expect(() => loadGateway(folder)).toThrow(expect.objectContaining({ code: "CONFIG_INVALID" }));
    editConfig("sn/tcu", undefined);
    expect(loadGateway(folder).options.translation).toBeUndefined();
  });
});

describe("a translation that is sent to another agency (T-14)", () => {
  let id = "";
  let draft: Record<string, unknown> = {};

  beforeAll(async () => {
    id = await send(alert({ handling: "H0", crimes: ["drugs", "tip"] }), ["gh/tcu", "sn/tcu"]);
    draft = { ...(await translate("ng/tcu", id)).json, recipients: ["gh/tcu", "sn/tcu"] };
  });

  function altered(change: (text: string) => string): Record<string, unknown> {
    const body = draft["body"] as { text: { text: string } };
    return { ...draft, body: { ...body, text: { ...body.text, text: change(body.text.text) } } };
  }

  async function checks(product: string): Promise<readonly unknown[]> {
    const path = `/v1/messages/${product}/translation-check`;
    const all = await Promise.all(["ng/tcu", "gh/tcu", "sn/tcu"].map((one) => call(one, path)));
    return all.map(({ json }) => json);
  }

  it("arrives proved, and is bound to its original at every reader, with a service or without", async () => {
    const product = await send(draft, ["gh/tcu", "sn/tcu"]);
    expect(await checks(product)).toEqual([{ bound: true }, { bound: true }, { bound: true }]);
  });

  it.each<readonly [string, (text: string) => string]>([
    ["a number was altered", (text) => text.replace("12.5", "13.5")],
    ["a name was altered", (text) => text.replace("Okafor", "Okonkwo")],
    ["what is marked was translated", (text) => text.replace("Blue Heron", "Héron Bleu")],
  ])("one in which %s arrives proved too, and is not bound", async (_, change) => {
    const product = await send(altered(change), ["gh/tcu", "sn/tcu"]);
    const withheld = { bound: false, code: "TRANSLATION_WITHHELD" };
    expect(await checks(product)).toEqual([withheld, withheld, withheld]);
  });

  it("one of another field or of what a reader does not hold is not bound either", async () => {
    const body = draft["body"] as object;
    const moved = await send({ ...draft, body: { ...body, pointer: "/place/text" } }, [
      "gh/tcu",
      "sn/tcu",
    ]);
    const unbound = { bound: false, code: "TRANSLATION_UNBOUND" };
    expect(await checks(moved)).toEqual([unbound, unbound, unbound]);
    const targetId = "019a9f00-5c10-7a3e-8f21-4b6d0c9e7a12";
    const lost = await send({ ...draft, body: { ...body, targetId } }, ["gh/tcu", "sn/tcu"]);
    const missing = { bound: false, code: "NOT_FOUND" };
    expect(await checks(lost)).toEqual([missing, missing, missing]);
  });
});
