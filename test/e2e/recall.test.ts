import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type ErasedLine, startEraser } from "../../broker/erasure/index.ts";
import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import type { Gateway } from "../../gateways/gateway.ts";
import { chunkToken } from "../../gateways/exchange/index.ts";
import type { RecallDesk } from "../../gateways/recall/index.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import {
  decodeMessage,
  encodeReceipt,
  encodeSignedReceipt,
  parseReceipt,
} from "../../schemas/index.ts";
import { parseUuid, silentLog, systemChance } from "../../schemas/ground/index.ts";
import { makeText } from "../kit/attachment-files.ts";
import { exampleNow } from "../kit/submissions.ts";
import { readIfThere } from "../kit/read-tree.ts";
import { until } from "../kit/server.ts";
import { startWorld, type World } from "../kit/world.ts";

const secret = "Seventeen crates under the third deck of the Exemplar";
const names = ["ng/tcu", "gh/tcu", "sn/tcu"] as const;
type Name = (typeof names)[number];

let world: World;
const gateways = {} as Record<Name, Gateway>;
const open = {} as Record<Name, OpenServices>;
const apis = {} as Record<Name, Api>;

function desk(name: Name): RecallDesk {
  return open[name].services.recalls!;
}

async function start(name: Name): Promise<void> {
  const gateway = await world.gateway(name);
  gateways[name] = gateway;
  const { clock } = world;
  const ground = { dir: world.layout.gateway(name), clock, chance: systemChance, log: silentLog };
  open[name] = makeServices({ gateway, ...ground });
  const { services, callers } = open[name];
  const directory = makeDirectory(() => gateway.register(), clock);
  apis[name] = await startApi({ services, callers, exchange: gateway.exchange, directory, host: "127.0.0.1", port: 0, ...ground });
} // prettier-ignore

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh", "sn"] });
  for (const name of names) await start(name);
}, 120_000);

afterAll(async () => {
  for (const one of Object.values(apis)) await one.stop();
  for (const one of Object.values(open)) await one.stop();
  await world?.stop();
});

let asked = 0;

/** Sends a question of one to another and waits until it is held; a direct message, sealed. */
async function ask(from: Name, to: Name, text: string): Promise<string> {
  const { crimes, handling, inner, body } = exampleNow("request.information", world.clock.now());
  const own = { ...body, facts: { text, lang: "en" } };
  const submission = { type: "request.information", crimes, handling, inner, recipients: [to], body: own };
  const { id } = await gateways[from].exchange.submit(JSON.parse(JSON.stringify(submission)), `ask ${(asked += 1)}`);
  await until("it is held", () => gateways[to].exchange.find(id) !== undefined);
  await until("it is told", () => gateways[from].exchange.find(id)?.state === "DELIVERED");
  return id;
} // prettier-ignore

/** The sealed body as the hub and the stores have it: ciphertext, in Base64url as a JWE writes it. */
function sealedOf(name: Name, id: string): Buffer {
  const { raw } = gateways[name].office.store.messages.find(parseUuid(id))!;
  const { sealed } = decodeMessage(raw);
  const { ciphertext } = JSON.parse(Buffer.from(sealed!).toString("utf8")) as {
    ciphertext: string;
  };
  return Buffer.from(ciphertext.slice(0, 120));
}

function holds(files: readonly string[], bytes: Buffer): boolean {
  return files.some((file) => readIfThere(file)?.includes(bytes) === true);
} // prettier-ignore

const hubFiles = (): readonly string[] => globSync(join(world.home, "**", "*.blk"));
const storeFiles = (name: Name): readonly string[] =>
  globSync(join(world.layout.gateway(name), "store.db*"));

describe("T7 a purge, to its end", () => {
  it("goes from the sender over hub and reader to the one it was passed on to, and leaves no byte of it anywhere", async () => {
    const id = await ask("ng/tcu", "gh/tcu", secret);
    const carrier = await ask("gh/tcu", "sn/tcu", `Passed on: ${secret}`);
    const { onward } = gateways["gh/tcu"].office.store;
    await gateways["gh/tcu"].office.store.write(() =>
      onward.add({ source: parseUuid(id), owner: "ng/tcu", kind: "ONWARD", agency: "sn/tcu", uses: ["ONWARD_LE"], purposes: ["INVESTIGATION"], crimes: ["drugs"], ground: "NOT_ASKED", carrier, at: world.clock.now(), by: "" }),
    );
    const sealed = [sealedOf("ng/tcu", id), sealedOf("gh/tcu", carrier)];
    expect(sealed.map((one) => holds(hubFiles(), one))).toEqual([true, true]);
    expect(names.map((name) => holds(storeFiles(name), Buffer.from(secret)))).toEqual([true, true, true]);

    const wish = { ids: [id], scope: "MESSAGE", reason: "UNLAWFUL", deadline: world.clock.now() + 86_400_000 };
    expect(await desk("ng/tcu").start(wish, "back")).toMatchObject({ sent: [{ holder: "gh/tcu" }], unreached: [] });
    await until(() => `it is complete: ${JSON.stringify(desk("ng/tcu").list())} ${JSON.stringify(desk("gh/tcu").asked())}`, () => desk("ng/tcu").list()[0]?.["state"] === "COMPLETE", 60);

    const shown = desk("ng/tcu").show(id);
    expect(shown["copies"]).toContainEqual(expect.objectContaining({ agency: "gh/tcu", answer: expect.objectContaining({ done: "DELETED", onwardDone: ["sn/tcu"] }) }));
    await until("the hub has answered for both", () => [["ng/tcu", id], ["gh/tcu", carrier]].every(([name, one]) => (desk(name as Name).show(one!)["hub"] as unknown[]).length === 1));
    const left = await world.desk.read("DIRECT");
    expect(left.filter(({ subject }) => subject.endsWith(id) || subject.endsWith(carrier))).toEqual([]);
    const erased = world.audit().filter(({ event }) => event === "message erased");
    expect(erased.map(({ fields }) => [fields["kind"], fields["stream"], fields["agency"]])).toEqual([["PURGE", "DIRECT", undefined], ["PURGE", "DIRECT", undefined]]);
    for (const one of sealed) {
      await until("the hub's files hold nothing of it", () => !holds(hubFiles(), one));
      for (const name of names) await until(`${name} holds nothing of it`, () => !holds(storeFiles(name), one) && !holds(storeFiles(name), Buffer.from(secret)));
    }
    expect(await open["gh/tcu"].services.audit!.check()).toMatchObject({ whole: true });
  }, 120_000);

  it("nobody has another's message taken out of the hub", async () => {
    const id = await ask("ng/tcu", "sn/tcu", "A second question");
    const { store } = gateways["ng/tcu"].office;
    const message = store.messages.find(parseUuid(id))!;
    const [publication] = store.outbox.byMessage(message.seq);
    const stood = (await world.desk.read("DIRECT")).some(({ subject }) => subject.endsWith(id));
    const { signer, agency, register } = gateways["gh/tcu"].office;
    const lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };
    const messages = [{ messageId: message.id, envelopeDigest: message.digest, channel: publication!.channel }];
    const receipt = encodeReceipt({ version: 1, issuer: agency, recipient: register().hubs[0]!.hub, issuedAt: world.clock.now(), ...lines, erasures: { messages, chunks: [] } });
    const order = encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) });
    expect(await gateways["gh/tcu"].recall.askErase(order)).toBeDefined();
    expect(stood && (await world.desk.read("DIRECT")).some(({ subject }) => subject.endsWith(id))).toBe(true);
  }, 60_000);

  it("what is past its time leaves the hub too, with a line for its record", async () => {
    const id = await ask("ng/tcu", "gh/tcu", "A third question");
    const stands = async (): Promise<readonly string[]> => (await world.desk.read("DIRECT")).map(({ subject }) => subject).filter((subject) => subject.endsWith(id));
    const [subject] = await stands();
    const { sequence } = (await world.desk.jetStream.lastOn("DIRECT", subject!))!;
    const lines: ErasedLine[] = [];
    const eraser = startEraser({
      jetStream: world.desk.jetStream, hub: "ecowas/hub", register: () => world.register(), instances: new Map([["DIRECT", "now"]]),
      clock: world.clock, log: silentLog, journal: (line) => void lines.push(line),
    });
    eraser.expire([{ stream: "DIRECT", instance: "now", sequence }]);
    await until("it is gone", async () => (await stands()).length === 0);
    await until("it is written down", () => lines.length === 1);
    eraser.stop();
    expect(lines).toMatchObject([{ kind: "EXPIRED", stream: "DIRECT", count: 1 }]);
  }, 60_000);
}); // prettier-ignore

type Json = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- answers of many shapes

/** Asks an agency's own gateway, as its people do. */
async function call(name: Name, path: string, { json, ...init }: Omit<RequestInit, "headers"> & { json?: unknown; headers?: Record<string, string> } = {}): Promise<{ status: number; json: Json; place: string }> {
  const token = loadToken(world.layout.gateway(name), systemChance);
  const headers = { authorization: `Bearer ${token}`, ...(json === undefined ? {} : { "content-type": "application/json" }), ...init.headers };
  const answer = await fetch(`${apis[name].url}${path}`, { ...init, ...(json === undefined ? {} : { method: "POST", body: JSON.stringify(json) }), headers });
  return { status: answer.status, json: (await answer.json().catch(() => ({}))) as Json, place: answer.headers.get("location") ?? "" };
} // prettier-ignore

function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url");
}

async function upload(bytes: Uint8Array): Promise<Json> {
  const { place } = await call("ng/tcu", "/v1/attachments", {
    json: { size: bytes.length, mediaType: "text/plain" },
  });
  const headers = { "content-type": "application/partial-upload", "upload-offset": "0" };
  const { json } = await call("ng/tcu", place, {
    method: "PATCH",
    headers,
    body: Uint8Array.from(bytes),
  });
  return { ...json["attachment"], role: "REPORT" };
}

/** Files that lie sealed beside a gateway's store, as the hub has them in pieces. */
function sealedFiles(name: Name): readonly string[] {
  return globSync(join(world.layout.gateway(name), "attachments", "blobs", "*.sealed"));
}

describe("files of what is taken back", () => {
  const files = [makeText(70_000, "first"), makeText(40_000, "second")] as const;
  let id: string;
  let pieces: readonly { readonly of: string; readonly head: Buffer }[];

  function headsOf(file: Uint8Array): readonly Buffer[] {
    return pieces.filter((one) => one.of === digestOf(file)).map(({ head }) => head);
  }

  async function stateAt(name: Name, file: Uint8Array): Promise<Json | undefined> {
    const { json } = await call(name, `/v1/messages/${id}/attachments`);
    return (json["items"] as readonly Json[] | undefined)?.find((one) => one["digest"] === digestOf(file));
  }

  async function missing(name: Name, file: Uint8Array): Promise<boolean> {
    const [row] = gateways[name].office.store.attachments.byDigest(Buffer.from(digestOf(file), "base64url"));
    const manifest = row?.manifest ?? new Uint8Array(32);
    return (await gateways[name].office.blobs!.missingBlobs([manifest])).length === 1;
  }

  beforeAll(async () => {
    const attachments = [await upload(files[0]), await upload(files[1])];
    const { crimes, handling, inner, body } = exampleNow("request.information", world.clock.now());
    const json = { type: "request.information", crimes, handling, inner, recipients: ["gh/tcu"], body: { ...body, attachments } };
    const sent = await call("ng/tcu", "/v1/messages", { json, headers: { "idempotency-key": "files" } });
    expect([sent.status, sent.json["detail"]]).toEqual([201, undefined]);
    id = sent.json["id"] as string;
    await until("it is held", () => gateways["gh/tcu"].exchange.find(id) !== undefined);
    for (const file of files) {
      await call("gh/tcu", `/v1/messages/${id}/attachments/${digestOf(file)}/fetch`, { json: {} });
      await until("the file came", async () => (await stateAt("gh/tcu", file))?.["state"] === "HERE", 60);
    }
    const rows = files.map((file) => gateways["ng/tcu"].office.store.attachments.byDigest(Buffer.from(digestOf(file), "base64url"))[0]!);
    pieces = rows.flatMap((row) => {
      const bytes = readFileSync(sealedFiles("ng/tcu").find((path) => path.includes(Buffer.from(row.ref).toString("hex")))!);
      const chunks = [0, 32 * 1024].filter((at) => at < bytes.length).map((at) => bytes.subarray(at + 1, at + 121));
      return [...chunks, Buffer.from(row.sealed!).subarray(1, 100)].map((head) => ({ of: digestOf(files[rows.indexOf(row)]!), head }));
    });
    for (const { head } of pieces) await until("the hub has it on its disk", () => holds(hubFiles(), head));
  }, 120_000);

  async function takeBack(scope: string, more: Json = {}): Promise<void> {
    const deadline = new Date(world.clock.now() + 86_400_000).toISOString();
    const started = await call("ng/tcu", "/v1/recalls", { json: { ids: [id], scope, reason: "UNLAWFUL", deadline, ...more }, headers: { "idempotency-key": scope } });
    expect([started.status, started.json]).toMatchObject([201, { sent: [{ holder: "gh/tcu" }], unreached: [] }]);
    const [{ id: order }] = started.json["sent"] as [{ id: string }];
    await until(`${scope} is done`, () => desk("gh/tcu").asked().some((one) => one["order"] === order && one["state"] === "DONE"), 60);
  } // prettier-ignore

  it("a reader, who knows every piece by name, has none taken out of the hub", async () => {
    const { signer, agency, register, store } = gateways["gh/tcu"].office;
    const [row] = store.attachments.byDigest(Buffer.from(digestOf(files[0]), "base64url"));
    const lines = { accepted: [], refused: [], held: [], heads: [], opened: [] };
    const token = chunkToken(store, row!.manifest);
    const receipt = encodeReceipt({ version: 1, issuer: agency, recipient: register().hubs[0]!.hub, issuedAt: world.clock.now(), ...lines, erasures: { messages: [], chunks: [{ digest: row!.manifest, token }] } });
    const answer = await gateways["gh/tcu"].recall.askErase(encodeSignedReceipt({ receipt, signature: signer.sign("atumpan-receipt", receipt) }));
    const [word] = parseReceipt(answer!).receipt.erasures!.chunks;
    expect([Buffer.from(word!.digest).equals(row!.manifest), word!.erasedAt]).toEqual([true, undefined]);
    expect(await missing("gh/tcu", files[0])).toBe(false);
  }, 60_000);

  it("one file goes alone: at its sender, at the hub and at whoever has it; the message and the other file stay", async () => {
    await takeBack("ATTACHMENT", { more: { attachmentDigests: [digestOf(files[0])] } });
    for (const one of headsOf(files[0])) await until("the hub's disk holds nothing of it", () => !holds(hubFiles(), one), 60);
    for (const name of ["ng/tcu", "gh/tcu"] as const) {
      await until(`${name} has one file on its disk`, () => sealedFiles(name).length === 1);
      expect(await stateAt(name, files[0])).toMatchObject({ state: "REFUSED", code: "ATTACHMENT_TAKEN_BACK" });
      expect(await call(name, `/v1/messages/${id}/attachments/${digestOf(files[0])}`)).toMatchObject({ status: 410, json: { code: "ATTACHMENT_TAKEN_BACK" } });
    }
    expect(await call("gh/tcu", `/v1/messages/${id}/attachments/${digestOf(files[0])}/fetch`, { json: {} })).toMatchObject({ status: 410 });
    expect(await stateAt("gh/tcu", files[1])).toMatchObject({ state: "HERE" });
    expect([await missing("gh/tcu", files[1]), gateways["gh/tcu"].exchange.find(id)?.state]).toEqual([false, "VERIFIED"]);
    const answer = (desk("ng/tcu").show(id)["copies"] as readonly Json[])[0]!["answer"] as Json;
    expect(answer).toMatchObject({ done: "DELETED", evidence: desk("gh/tcu").erasures()[0]!["evidence"] });
  }, 120_000);

  it("with the message go the rest of its files: no store, stream or folder holds a piece of them", async () => {
    await takeBack("MESSAGE");
    for (const { head } of pieces) {
      await until("the hub's disk holds nothing of it", () => !holds(hubFiles(), head), 60);
      for (const name of names) await until(`${name} holds nothing of it`, () => !holds([...storeFiles(name), ...sealedFiles(name)], head));
    }
    expect(names.map((name) => sealedFiles(name).length)).toEqual([0, 0, 0]);
    await until("it is complete", async () => (await call("ng/tcu", `/v1/recalls/${id}`)).json["state"] === "COMPLETE", 60);
    const shown = await call("ng/tcu", `/v1/recalls/${id}`);
    expect([shown.status, shown.json]).toMatchObject([200, { kind: "PURGE", state: "COMPLETE" }]);
    const { asked: all, gone } = shown.json["files"] as { asked: number; gone: number };
    expect([all, gone]).toEqual([7, 7]);
    const lines = world.audit().filter(({ event, fields }) => event === "message erased" && fields["stream"] === "BLOB");
    expect(lines.map(({ fields }) => [fields["agency"], Number(fields["count"])])).toEqual([[undefined, 4], [undefined, 3]]);
  }, 120_000);
}); // prettier-ignore
