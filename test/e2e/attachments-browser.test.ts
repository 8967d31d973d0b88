import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type Api, loadToken, makeDirectory, startApi } from "../../gateways/api/index.ts";
import { makeServices, type OpenServices } from "../../gateways/services.ts";
import { silentLog, systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeJpeg, makePdf, makePng } from "../kit/attachment-files.ts";
import { example } from "../kit/submissions.ts";
import { startWorld, type World } from "../kit/world.ts";

const browsers = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = browsers.find((path) => existsSync(path));
const agency = "ng/tcu";
const script =
  "<!doctype html><svg onload='ran()'></svg><script>ran()</script><img src=x onerror='ran()'>";

/** Files that are taken, and hold what a careless browser would run. */
const files: readonly {
  readonly what: string;
  readonly mediaType: string;
  readonly bytes: Buffer;
}[] = [
  {
    what: "a text that is a script",
    mediaType: "text/plain",
    bytes: Buffer.from("ran();\n/* words */\n"),
  },
  { what: "a photograph", mediaType: "image/jpeg", bytes: makeJpeg({ points: 200 }) },
  { what: "a drawing", mediaType: "image/png", bytes: makePng() },
  { what: "a document", mediaType: "application/pdf", bytes: makePdf() },
];
/** Files that are refused before anybody could open them. */
const refused = [
  {
    what: "a text that is a page",
    mediaType: "text/plain",
    bytes: Buffer.from(`notes\n${script}\n`),
  },
  {
    what: "a table that is a page",
    mediaType: "text/csv",
    bytes: Buffer.from(`a,b\n"${script}",2\n`),
  },
  {
    what: "a drawing that runs",
    mediaType: "image/svg+xml",
    bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' onload='ran()'/>"),
  },
  { what: "a page", mediaType: "text/html", bytes: Buffer.from(script) },
];

/** Opens an address in every way a page may; runs in the browser. */
const inPage = `async (address) => {
  for (const [tag, name] of [["script", "src"], ["iframe", "src"], ["object", "data"], ["embed", "src"]]) {
    const one = document.createElement(tag);
    one.setAttribute(name, address);
    document.body.append(one);
  }
  await new Promise((resolve) => setTimeout(resolve, 300));
}`;

let world: World;
let own: OpenServices;
let api: Api;
let browser: Browser;
let page: Page;
let ran = 0;
let authorization: string;

beforeAll(async () => {
  if (executablePath === undefined) return;
  world = await startWorld({ states: ["ng", "gh"] });
  const gateway = await world.gateway(agency);
  const dir = world.layout.gateway(agency);
  const ground = { clock: systemClock, chance: systemChance, log: silentLog };
  own = makeServices({ gateway, dir, ...ground });
  const directory = makeDirectory(() => gateway.register(), systemClock);
  const { services, callers } = own;
  const { exchange } = gateway;
  api = await startApi({
    services,
    callers,
    exchange,
    directory,
    dir,
    host: "127.0.0.1",
    port: 0,
    ...ground,
  });
  authorization = `Bearer ${loadToken(dir, systemChance)}`;
  const args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"];
  browser = await chromium.launch({ executablePath, args });
  const context = await browser.newContext({
    acceptDownloads: true,
    extraHTTPHeaders: { authorization },
  });
  page = await context.newPage();
  await page.exposeFunction("ran", () => void (ran += 1));
});

afterAll(async () => {
  await browser?.close();
  await api?.stop();
  await own?.stop();
  await world?.stop();
});

/** What is looked at of an answer. */
interface Answer {
  readonly status: number;
  readonly place: string;
  readonly id?: string;
  readonly detail?: string;
  readonly attachment?: { readonly digest: string };
}

function asHeaders({ headers }: RequestInit): Headers {
  const all = new Headers(headers);
  all.set("authorization", authorization);
  return all;
}

async function ask(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(`${api.url}${path}`, {
    ...init,
    headers: asHeaders(init),
  });
  const json = (await response.json()) as Partial<Answer>;
  return { ...json, status: response.status, place: response.headers.get("location") ?? "" };
}

async function upload({ mediaType, bytes }: (typeof files)[number]): Promise<Answer> {
  const body = JSON.stringify({ size: bytes.length, mediaType });
  const begun = await ask("/v1/attachments", {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
  });
  if (begun.status !== 201) return begun;
  const headers = { "content-type": "application/partial-upload", "upload-offset": "0" };
  return await ask(begun.place, { method: "PATCH", headers, body: Uint8Array.from(bytes) });
}

async function send(attachment: object): Promise<string> {
  const alert = example("lagos-alert");
  const body = { ...(alert["body"] as object), attachments: [{ role: "PHOTO", ...attachment }] };
  const headers = {
    "content-type": "application/json",
    "idempotency-key": JSON.stringify(attachment).slice(0, 90),
  };
  const sent = await ask("/v1/messages", {
    method: "POST",
    body: JSON.stringify({ ...alert, body }),
    headers,
  });
  expect([sent.status, sent.detail]).toEqual([201, undefined]);
  return String(sent.id);
}

describe.skipIf(executablePath === undefined)("T-12 in a real browser", () => {
  it("the page would notice: a script of its own is run", async () => {
    await page.setContent("<script>ran()</script>");
    await expect.poll(() => ran).toBe(1);
    ran = 0;
  });

  it.each(files)("$what is handed over to be kept, and runs nowhere", async (file) => {
    const { attachment } = await upload(file);
    const id = await send(attachment!);
    const place = `${api.url}/v1/messages/${id}/attachments/${attachment!.digest}`;
    const kept = page.waitForEvent("download");
    await page.goto(place).catch(() => undefined);
    expect((await kept).suggestedFilename()).not.toMatch(/[/\\]|\.(?:html?|svg|js|xhtml)$/);
    // opened from a page of the gateway itself: as a script, a frame, an object
    await page.goto(`${api.url}/docs`);
    await page.evaluate(`(${inPage})(${JSON.stringify(place)})`);
    expect(ran).toBe(0);
  });

  it.each(refused)("$what is refused", async (file) => {
    const answer = await upload(file);
    expect(JSON.stringify(answer)).toMatch(/ATTACHMENT_[A-Z_]+/);
  });
}); // prettier-ignore
