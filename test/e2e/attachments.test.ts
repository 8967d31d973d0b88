/* oxlint-disable max-params -- a question of a test reads best in a row */
import { createHash } from "node:crypto";
import { globSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  digest,
  docxType,
  makeDocx,
  makeJpeg,
  makePng,
  makeText,
} from "../kit/attachment-files.ts";
import { loadBrokerConfig } from "../../broker/config.ts";
import { type BadLinkProxy, startBadLinkProxy } from "../kit/bad-link-proxy.ts";
import { readTree } from "../kit/read-tree.ts";
import { until } from "../kit/server.ts";
import { example } from "../kit/submissions.ts";
import { makeWorldApis, type WorldApis } from "../kit/world-apis.ts";
import { startWorld, type World } from "../kit/world.ts";

const [ng, gh] = ["ng/tcu", "gh/tcu"] as const;
let world: World;
let apis: WorldApis;
const proxies = new Map<string, BadLinkProxy>();
let keys = 0;
/** The promise is 20 MB through 20 cuts, which takes two minutes: `ATUMPAN_LONG=1`. */
const isLong = process.env["ATUMPAN_LONG"] === "1";
const [megabytes, cutsEach] = isLong ? [20, 20] : [4, 6];

beforeAll(async () => {
  world = await startWorld({ states: ["ng", "gh"] });
  for (const agency of [ng, gh]) {
    const proxy = await startBadLinkProxy({ toPort: Number(new URL(world.url).port) });
    proxies.set(agency, proxy);
    const file = join(world.layout.gateway(agency), "gateway.json");
    const config = JSON.parse(readFileSync(file, "utf8")) as object;
    writeFileSync(file, JSON.stringify({ ...config, hubs: [`tls://127.0.0.1:${proxy.port}`] }));
  }
  apis = makeWorldApis(world);
});

afterAll(async () => {
  await apis?.stop();
  for (const proxy of proxies.values()) await proxy.stop();
  await world?.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly json: Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- answers of many shapes
}

async function ask(agency: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await apis.call(agency, path, init);
  const text = await response.text();
  const json = (text === "" ? {} : JSON.parse(text)) as Answer["json"];
  return { status: response.status, headers: response.headers, json };
}

function post(agency: string, path: string, body: unknown, headers: object = {}): Promise<Answer> {
  const said = { "content-type": "application/json", ...headers };
  return ask(agency, path, { method: "POST", body: JSON.stringify(body), headers: said });
} // prettier-ignore

async function patch(place: string, offset: number, bytes: Uint8Array): Promise<Answer> {
  const headers = { "content-type": "application/partial-upload", "upload-offset": `${offset}` };
  return await ask(ng, place, { method: "PATCH", headers, body: Uint8Array.from(bytes) });
}

/** Hands a file to the gateway of ng/tcu in pieces; what a message says of it, or the refusal. */
async function upload(bytes: Uint8Array, wish: { mediaType: string } & Record<string, unknown>): Promise<Answer> {
  const { headers, status, json } = await post(ng, "/v1/attachments", { size: bytes.length, ...wish });
  if (status !== 201) return { headers, status, json };
  const place = headers.get("location") ?? "";
  let last: Answer | undefined;
  for (let at = 0; at < bytes.length; at += 4 * 1024 * 1024) {
    last = await patch(place, at, bytes.subarray(at, at + 4 * 1024 * 1024));
    if (last.status !== 200) return last;
  }
  return last!;
} // prettier-ignore

/** An alert with these files. */
function alert(files: readonly object[]): Record<string, unknown> {
  const own = example("lagos-alert");
  const attachments = files.map((one) => ({ role: "PHOTO", ...one }));
  return { ...own, body: { ...(own["body"] as object), attachments } };
}

async function send(files: readonly object[]): Promise<string> {
  const answer = await post(ng, "/v1/messages", alert(files), { "idempotency-key": `file-${(keys += 1)}` });
  expect([answer.status, answer.json["detail"]]).toEqual([201, undefined]);
  return answer.json["id"] as string;
} // prettier-ignore

async function fileOf(agency: string, id: string): Promise<Answer["json"]> {
  const { json } = await ask(agency, `/v1/messages/${id}/attachments`);
  const items = (json["items"] ?? []) as readonly Answer["json"][];
  return items[0] ?? {};
}

async function waitFor(agency: string, id: string, seconds = 60): Promise<void> {
  const gateway = await world.gateway(agency);
  await until("the message came", () => gateway.exchange.find(id) !== undefined);
  await until("the file is here", async () => (await fileOf(agency, id))["state"] === "HERE", seconds); // prettier-ignore
}

async function read(agency: string, id: string, file: string, headers: Record<string, string> = {}): Promise<Response> {
  return await apis.call(agency, `/v1/messages/${id}/attachments/${file}`, { headers });
} // prettier-ignore

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

/** Every file below a folder but the store's own, with its digest. */
function treeOf(dir: string): readonly string[] {
  return [...readTree(dir, (name) => !/store\.db/.test(name))]
    .map(({ name, bytes }) => `${name} ${createHash("sha256").update(bytes).digest("hex")}`).toSorted();
} // prettier-ignore

describe("a file beside a message", () => {
  it("is handed in from any byte on, travels sealed, comes by itself when it is small, and is the same bytes", async () => {
    await world.gateway(gh);
    await ask(gh, "/v1/status");
    const photo = makeJpeg({ points: 60_000 });
    const begun = await post(ng, "/v1/attachments", { size: photo.length, mediaType: "image/jpeg", sha256: digest(photo), name: "../../x\u202Egpj.exe" });
    expect([begun.status, begun.headers.get("upload-offset")]).toEqual([201, "0"]);
    const place = begun.headers.get("location") ?? "";
    expect(begun.json["name"]).toBe("_.._xgpj.exe.jpg");
    expect((await patch(place, 0, photo.subarray(0, 1_001))).json).toMatchObject({ offset: 1_001, state: "RECEIVING" });
    expect((await patch(place, 1_000, photo.subarray(1_000))).json).toMatchObject({ code: "UPLOAD_OFFSET_WRONG" });
    const head = await apis.call(ng, place, { method: "HEAD" });
    expect([head.status, head.headers.get("upload-offset"), head.headers.get("upload-length")]).toEqual([200, "1001", `${photo.length}`]);
    const done = await patch(place, 1_001, photo.subarray(1_001));
    expect(done.json).toMatchObject({ state: "DONE", attachment: { digest: digest(photo), mediaType: "image/jpeg", size: photo.length } });

    const checked = await post(ng, "/v1/messages:validate", alert([done.json["attachment"]]));
    expect(checked.json).toMatchObject({ valid: true, attachments: [{ carried: true, size: photo.length }] });
    const id = await send([done.json["attachment"]]);
    await waitFor(gh, id);
    const own = await ask(ng, `/v1/messages/${id}`);
    const shown = await ask(gh, `/v1/messages/${id}`);
    for (const { json } of [own, shown]) {
      const [one] = json["body"].attachments;
      expect(one).toMatchObject({ digest: digest(photo), size: photo.length });
      expect(one.manifest).toMatch(/^[A-Za-z0-9_-]{43}$/);
      expect(one.key).toBeUndefined();
    }
    for (const agency of [ng, gh]) {
      const answer = await read(agency, id, digest(photo));
      expect((await bytesOf(answer)).equals(photo)).toBe(true);
    }
    await until("the sender knows", async () => (await fileOf(ng, id))["state"] === "SENT");
  }); // prettier-ignore

  it("that is only spoken of stays a reference, and a digest that is another's gives no key", async () => {
    const file = { digest: digest(Buffer.from("nowhere")), mediaType: "image/jpeg", size: 10 };
    const id = await send([file]);
    expect(await fileOf(ng, id)).toMatchObject({ state: "REFERENCE" });
    expect((await read(ng, id, file.digest)).status).toBe(409);
    expect((await read(ng, id, digest(Buffer.from("other")))).status).toBe(404);
    expect((await read(ng, id, "../../../etc/passwd")).status).toBe(404);
  });

  it("is served with its true type to be kept, in runs as they are asked for", async () => {
    const bytes = makeText(300_000, "served");
    const { json } = await upload(bytes, { mediaType: "text/plain" });
    const id = await send([{ ...json["attachment"], role: "REPORT" }]);
    await until("it is large, and waits to be asked for", async () => (await fileOf(gh, id))["state"] === "THERE");
    expect((await read(gh, id, digest(bytes))).status).toBe(409);
    expect((await post(gh, `/v1/messages/${id}/attachments/${digest(bytes)}/fetch`, {})).status).toBe(202);
    await waitFor(gh, id);
    const answer = await read(gh, id, digest(bytes));
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "text/plain; charset=utf-8",
      "content-disposition": expect.stringMatching(/^attachment; filename="report-[0-9a-f]{8}\.txt"/),
      "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-length": "300000",
    });
    expect((await bytesOf(answer)).equals(bytes)).toBe(true);
    for (const [range, from, to] of [["0-0", 0, 1], ["32750-32760", 32_750, 32_761], ["299990-", 299_990, 300_000], ["-7", 299_993, 300_000], ["100-999999", 100, 300_000]] as const) {
      const part = await read(gh, id, digest(bytes), { range: `bytes=${range}` });
      expect([part.status, part.headers.get("content-range")]).toEqual([206, `bytes ${from}-${to - 1}/300000`]);
      expect((await bytesOf(part)).equals(bytes.subarray(from, to))).toBe(true);
    }
    expect((await read(gh, id, digest(bytes), { range: "bytes=300000-" })).status).toBe(416);
    expect((await read(gh, id, digest(bytes), { range: "bytes=9-3" })).status).toBe(200);
    expect((await read(gh, id, digest(bytes), { range: "bytes=0-1", "if-range": '"another"' })).status).toBe(200);
    expect((await read(gh, id, digest(bytes), { range: "bytes=0-1", "if-range": answer.headers.get("etag") ?? "" })).status).toBe(206);
  }); // prettier-ignore

  it("lies nowhere in the clear: not at the hub, not on either gateway's disk, and not in the log", async () => {
    const secret = Buffer.from(`Informant's house, ${makeText(90_000, "canary").toString()}`);
    const { json } = await upload(secret, { mediaType: "text/plain", name: "informant-house.txt" });
    const id = await send([json["attachment"]]);
    await waitFor(gh, id);
    expect(globSync("**/streams/BLOB/**/*.blk", { cwd: world.home }).length).toBeGreaterThan(0);
    const marks = [secret.subarray(0, 24), secret.subarray(40_000, 40_032), Buffer.from("informant-house")];
    const found = [...readTree(world.home, (name) => !/store\.db/.test(name))].filter(({ bytes }) => marks.some((mark) => bytes.includes(mark)));
    expect(found.map(({ name }) => name)).toEqual([]);
  }); // prettier-ignore

  it("has its key in a redacted copy exactly when the copy shows the file", async () => {
    const photo = makeJpeg({ points: 5_000 });
    const { json } = await upload(photo, { mediaType: "image/jpeg" });
    const id = await send([json["attachment"]]);
    // what follows looks at every folder, and nothing may still be on its way into one
    await waitFor(gh, id);
    const { exchange, office } = await world.gateway(ng);
    const [row] = office.store.attachments.byDigest(Buffer.from(digest(photo), "base64url"));
    const shown: string[] = [];
    for (const kind of ["NOMINAL", "REGIONAL", "COURT", "DEFENCE"] as const) {
      const copy = Buffer.from(exchange.copy(id, { kind }));
      const isShown = copy.includes(Buffer.from(digest(photo), "base64url"));
      expect(copy.includes(Buffer.from(row!.key))).toBe(isShown);
      if (isShown) shown.push(kind);
    }
    expect(shown).toContain("NOMINAL");
    expect(shown.length).toBeLessThan(4);
  });

  it("refuses what may do harm, keeps nothing of it, and writes nowhere but in its own folder", async () => {
    const before = treeOf(world.home);
    const bad: readonly (readonly [Uint8Array, string, string])[] = [
      [makePng(30_000, 30_000), "image/png", "ATTACHMENT_UNSAFE"],
      [makeJpeg({ after: "<script>alert(1)</script>" }), "image/jpeg", "ATTACHMENT_UNSAFE"],
      [makeDocx([{ name: "../../../../tmp/atumpan-slip", bytes: Buffer.from("x") }]), docxType, "ATTACHMENT_UNSAFE"],
      [makeDocx([{ name: "word/link", bytes: Buffer.from("/etc/passwd"), mode: 0o120777 }]), docxType, "ATTACHMENT_UNSAFE"],
      [makeDocx([{ name: "word/vbaProject.bin", bytes: Buffer.from("x") }]), docxType, "ATTACHMENT_UNSAFE"],
      [Buffer.from("<svg onload=alert(1)>"), "application/xml", "ATTACHMENT_UNSAFE"],
      [Buffer.from("<html>"), "text/html", "ATTACHMENT_TYPE_REFUSED"],
      [makeJpeg(), "image/png", "ATTACHMENT_TYPE_DIFFERS"],
    ];
    for (const [bytes, mediaType, code] of bad) {
      expect((await upload(bytes, { mediaType, name: "../../evil" })).json).toMatchObject({ code });
    }
    const photo = makeJpeg();
    expect((await upload(photo, { mediaType: "image/jpeg", sha256: digest(makePng()) })).json).toMatchObject({ code: "ATTACHMENT_DIGEST_DIFFERS" });
    expect((await upload(photo, { mediaType: "image/jpeg", size: 52_428_801 })).json).toMatchObject({ code: "REQUEST_TOO_LARGE" });
    const after = treeOf(world.home).filter((line) => !before.includes(line));
    const outside = after.map((line) => line.split(" ")[0] ?? "").filter((name) => !/\.log$|audit\.jsonl$|^hub\/store\/jetstream\/|api-token$|^hub\/log(-seen)?(\/|$)|^hub\/status\.json/.test(name));
    expect(outside).toEqual([]);
    const uploads = join(world.layout.gateway(ng), "attachments", "uploads");
    expect(readdirSync(uploads)).toEqual([]);
  }); // prettier-ignore

  it(`of ${megabytes} MB comes through ${cutsEach} cuts at each end at once, and little of it travels twice`, async () => {
    const bytes = makeText(megabytes * 1_000_000, "long");
    const { json } = await upload(bytes, { mediaType: "text/plain" });
    expect(json).toMatchObject({ state: "DONE" });
    const began = new Map([...proxies].map(([agency, { carried }]) => [agency, { ...carried }]));
    const id = await send([{ ...json["attachment"], role: "REPORT" }]);
    await until("the reader knows of it", async () => (await fileOf(gh, id))["state"] === "THERE");
    await post(gh, `/v1/messages/${id}/attachments/${digest(bytes)}/fetch`, {});
    const over = new AbortController();
    const cut = async (agency: string, way: "up" | "down"): Promise<number> => {
      const proxy = proxies.get(agency)!;
      let cuts = 0;
      for (; cuts < cutsEach && !over.signal.aborted; await pause(5)) {
        if (proxy.carried[way] - began.get(agency)![way] <= ((cuts + 1) * megabytes * 900_000) / cutsEach) continue;
        proxy.cut();
        cuts += 1;
      }
      return cuts;
    };
    const cuts = [cut(ng, "up"), cut(gh, "down")];
    await until("it is all at the hub", async () => (await fileOf(ng, id))["state"] === "SENT", 280);
    await until("it is all at the reader", async () => (await fileOf(gh, id))["state"] === "HERE", 200);
    over.abort();
    expect(await Promise.all(cuts)).toEqual([cutsEach, cutsEach]);
    expect((await bytesOf(await read(gh, id, digest(bytes)))).equals(bytes)).toBe(true);
    const ways = [[ng, "up"], [gh, "down"]] as const;
    for (const [agency, way] of ways) {
      const carried = proxies.get(agency)!.carried[way] - began.get(agency)![way];
      expect(carried).toBeGreaterThan(bytes.length);
      // what was under way at a cut, and only that
      expect(carried).toBeLessThan(bytes.length + cutsEach * 200_000);
    }
  }, 500_000); // prettier-ignore

  // the sender asks the hub at most once a minute
  it.runIf(isLong)(
    "comes though the hub lost all it had, from its sender who gives it again when the link is up",
    async () => {
      const bytes = makeText(300_000, "lost");
      const { json } = await upload(bytes, { mediaType: "text/plain" });
      const id = await send([{ ...json["attachment"], role: "REPORT" }]);
      await until(
        "the reader knows of it",
        async () => (await fileOf(gh, id))["state"] === "THERE",
        60,
      );
      await until(
        "it is all at the hub",
        async () => (await fileOf(ng, id))["state"] === "SENT",
        60,
      );
      await world.server.kill();
      rmSync(loadBrokerConfig(world.layout.brokerConfig).server.storeDir, { recursive: true });
      await world.server.start();
      await post(gh, `/v1/messages/${id}/attachments/${digest(bytes)}/fetch`, {});
      await waitFor(gh, id, 120);
      expect((await bytesOf(await read(gh, id, digest(bytes)))).equals(bytes)).toBe(true);
    },
    240_000,
  );
});
