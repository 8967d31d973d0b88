import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { makeJpeg } from "../kit/attachment-files.ts";
import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";

/** The name of a file, or a text, that would be code if anybody read it as such. */
const hostile = `"><img src=x onerror="ran()">.txt`;
const list = Buffer.from("a line of a list\n".repeat(40_000));

let region: ConsoleWorld;
let service: Server;
let accra: Officer;
let lagos: Officer;

/** A service of LibreTranslate's interface that adds a word; gh/tcu is told of it before its gateway starts. */
async function startTranslator(): Promise<void> {
  service = createServer((request, response) => {
    let text = "";
    request.on("data", (piece: Buffer) => (text += piece.toString()));
    request.on("end", () => {
      const { q } = JSON.parse(text) as { q: readonly string[] };
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ translatedText: q.map((one) => `Traduit : ${one}`) }));
    });
  });
  await new Promise<void>((resolve) => void service.listen(0, "127.0.0.1", resolve));
  const file = join(region.world.layout.gateway("gh/tcu"), "gateway.json");
  const config = JSON.parse(readFileSync(file, "utf8")) as object;
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  writeFileSync(file, JSON.stringify({ ...config, translation: { url, handlingUpTo: "H2" } }));
}

async function came(agency: string, id: string): Promise<void> {
  await until(`${id} came to ${agency}`, async () => {
    const { items } = await region.own(agency, "GET /v1/messages?box=in");
    return (items as { id: string }[]).some((one) => one.id === id);
  });
}

type Json = Record<string, unknown>;

/** A request of Lagos that has come to Accra. */
async function ask(more: { readonly inner?: Json; readonly body?: Json; readonly handling?: string } = {}): Promise<string> {
  const { inner, body, ...said } = exampleNow("request.information", Date.now());
  const { contact: _, ...header } = inner as Json;
  const { intendedRecipients: _i, leadId: _l, attachments: _a, ...content } = body as Json;
  const { handling = "H1" } = more;
  const message = { type: "request.information", recipients: ["gh/tcu"], ...said, handling, inner: { ...header, ...more.inner }, body: { ...content, ...more.body } };
  const { id } = await region.own("ng/tcu", "POST /v1/messages", message);
  await came("gh/tcu", String(id));
  return String(id);
} // prettier-ignore

beforeAll(async () => {
  if (browserPath === undefined) return;
  region = await startConsoleWorld();
  await startTranslator();
  accra = await region.officer("gh/tcu", { lang: "fr" });
  lagos = await region.officer("ng/tcu");
});

afterAll(async () => {
  await region?.stop();
  service?.close();
});

const field = (pointer: string): string => `[id="${pointer}"]`;

/** Sends what stands in the form; the message's id. */
async function send({ page }: Officer): Promise<string> {
  await page.click('button[data-act="check"]');
  await page.click('button[data-act="send"]');
  await page.waitForSelector("[data-sent]");
  return (await page.getAttribute("[data-sent]", "data-sent")) ?? "";
}

function expectQuiet(...officers: readonly Officer[]): void {
  for (const { strays, violations } of officers) expect([strays, violations]).toEqual([[], []]);
}

describe.skipIf(browserPath === undefined)("an officer's messages", () => {
  it("what is not for us goes back with who could, and nothing more can be answered to it", async () => {
    const { page, go } = accra;
    const id = await ask();
    await go(`message/${id}`);
    await page.click('button[data-act="redirect"]');
    await page.selectOption(field("/body/newAddressee"), "gh/fiu");
    await page.selectOption(field("/body/transferReason"), "FIU_ONLY");
    await came("ng/tcu", await send(accra));
    await go(`message/${id}`);
    await page.waitForSelector("article");
    await page.waitForSelector('button[data-act="redirect"]', { state: "detached" });
    expect(await page.$('button[data-act="hit"]')).toBeNull();
    const { matters } = await region.own("ng/tcu", `GET /v1/threads/${id}/state`);
    expect(matters).toMatchObject([{ state: "TRANSFERRED", isEnded: true }]);
    expectQuiet(accra);
  });

  it("words of use are accepted before anything is shown; an answer is followed by what came of it", async () => {
    const { page, go } = accra;
    const id = await ask({ handling: "H3", inner: { h3Text: { text: `For the unit. ${hostile}`, lang: "en" } } });
    await go(`message/${id}`);
    await page.waitForSelector('button[data-act="accept-words"]');
    expect(await page.innerText("blockquote")).toContain(hostile);
    expect(await page.$("article")).toBeNull();
    await page.click('button[data-act="accept-words"]');
    await page.waitForSelector("article");
    await page.click('button[data-act="noHit"]');
    await page.click('button[data-act="send"]');
    const answer = (await page.getAttribute("[data-sent]", "data-sent")) ?? "";
    await came("ng/tcu", answer);
    await lagos.go(`message/${answer}`);
    await lagos.page.click('button[data-act="accept-words"]');
    await lagos.page.click('[data-unfold="feedback"] > summary');
    await lagos.page.selectOption('select[name="usefulness"]', "5");
    await lagos.page.check('input[name="CASE_ADVANCED"]');
    await lagos.page.click('button[data-act="send-feedback"]');
    await came("gh/tcu", (await lagos.page.getAttribute("[data-feedback]", "data-feedback")) ?? "");
    await lagos.go(`message/${id}`);
    await lagos.page.waitForSelector(`[data-agency="gh/tcu"] a[href$="${answer}"]`);
    expectQuiet(accra, lagos);
  }); // prettier-ignore

  it("a text stands beside its translation: none, a machine's that nobody signed, and the one that was signed", async () => {
    const { page, go } = accra;
    const id = await ask({ body: { whyYou: { text: hostile, lang: "en" } } });
    await go(`message/${id}`);
    await page.click('[data-unfold="translations"] > summary');
    const text = page.locator('[data-text="/whyYou"]');
    await text.locator("[data-untranslated]").waitFor();
    await text.locator('button[data-act="translate"]').click();
    expect(await text.locator("[data-made] q").innerText()).toBe(`Traduit : ${hostile}`);
    await text.locator('button[data-act="keep-translation"]').click();
    await send(accra);
    await go(`message/${id}`);
    await page.click('[data-unfold="translations"] > summary');
    const signed = text.locator('[data-translation][data-method="MT_RAW"]');
    await signed.waitFor();
    expect(await signed.getAttribute("class")).toContain("machine");
    expect(await text.innerText()).toContain("gh/tcu");
    await text.locator('button[data-act="ask-translator"]').click();
    await page.click('button[data-act="check"]');
    await page.waitForSelector('button[data-act="send"]');
    expectQuiet(accra);
  });

  it("files go on after a cut where they stopped, both ways; what they are called is text", async () => {
    const { page, context, go } = accra;
    await go("write");
    await page.click('button[data-act="alert.incident"]');
    await fillAlert(accra);
    await page.locator("details", { has: page.locator(field("/body/attachments")) }).last().locator("> summary").click();
    const puts: number[] = [];
    await context.route(/\/v1\/attachments\/[0-9a-f]+$/, async (route) => {
      if (route.request().method() !== "PATCH") return await route.continue();
      puts.push(Number(route.request().headers()["upload-offset"]));
      return puts.length === 3 ? await route.abort() : await route.continue();
    });
    const picture = { name: "later.jpg", mimeType: "image/jpeg", buffer: makeJpeg({ points: 200 }) };
    const choice = page.locator(`${field("/body/attachments")} input[type=file]`);
    await choice.setInputFiles([{ name: hostile, mimeType: "text/plain", buffer: list }]);
    await page.waitForSelector('[data-upload="waiting"]');
    expect(await page.innerText("[data-upload] [data-file-name]")).toBe(hostile);
    await page.waitForSelector("[data-attached]");
    // what was lost is sent again, and nothing of what had arrived
    expect(puts.every((offset, at) => at === 0 || offset >= (puts[at - 1] ?? 0))).toBe(true);
    await choice.setInputFiles([picture]);
    await page.locator("[data-attached]").nth(1).locator('button[data-act="send-later"]').click();
    await page.locator("[data-attached]").nth(1).locator("[role=status]").waitFor();
    await choice.setInputFiles([{ name: "page.html", mimeType: "text/html", buffer: Buffer.from("<p>") }]);
    await page.waitForSelector('[data-upload="failed"] .problem');
    await page.click('[data-upload="failed"] > button');
    await page.click('button[data-act="check"]');
    await page.waitForSelector('[data-carried="true"]');
    expect(await page.locator('[data-carried="false"]').count()).toBe(1);
    await page.click('button[data-act="send"]');
    const sent = (await page.getAttribute("[data-sent]", "data-sent")) ?? "";
    await came("ng/tcu", sent);
    await fetchCut(sent);
    expectQuiet(accra, lagos);
  }); // prettier-ignore

  it("a draft that two windows change shows both texts; the one that is not gone on with is a draft of its own", async () => {
    const { page, context, go } = accra;
    await go("write");
    await page.click('button[data-act="request.information"]');
    await page.waitForSelector(field("/body/facts"));
    const other = await context.newPage();
    await other.goto(page.url());
    await other.fill(field("/body/facts"), "typed in the other window");
    // to have it checked brings it to the gateway at once
    await other.click('button[data-act="check"]');
    await other.waitForSelector('.problem');
    await page.fill(field("/body/facts"), hostile);
    await page.click('button[data-act="check"]');
    const row = page.locator('[data-differs="/body/facts"] td');
    expect(await row.first().innerText()).toBe(hostile);
    expect(await row.nth(1).innerText()).toBe("typed in the other window");
    await page.click('button[data-act="take-theirs"]');
    await page.waitForSelector("[data-kept]");
    expect(await page.inputValue(field("/body/facts"))).toBe("typed in the other window");
    await page.click("[data-kept]");
    await until("the draft that was kept is shown", async () => (await page.inputValue(field("/body/facts")).catch(() => "")) === hostile);
    await other.close();
    expectQuiet(accra);
  }); // prettier-ignore
});

async function fillAlert({ page }: Officer): Promise<void> {
  await page.waitForSelector(field("/body/narrative"));
  await page.locator(`${field("/crimes")} input`).nth(3).check();
  await page.selectOption(field("/handling"), "H1");
  await page.selectOption(field("/body/kind"), "drugs");
  await page.fill(field("/body/occurredFrom"), "2026-11-20 22:15");
  await page.fill(field("/body/place/country"), "GH");
  await page.fill(field("/body/narrative"), hostile);
  await page.selectOption(field("/body/caseStatus"), "UNDER_INVESTIGATION");
  await page.fill(field("/body/caseRef"), "EX-77");
  await page.fill(field("/inner/caseRef"), "EX-77");
  await page.locator(`${field("/inner/purposes")} input`).nth(2).check();
} // prettier-ignore

/** Lagos fetches the first file of a message and keeps it; the line to its own gateway breaks in the middle. */
async function fetchCut(id: string): Promise<void> {
  const { page, context, go } = lagos;
  await go(`message/${id}`);
  await page.waitForSelector('[data-file]:nth-child(2)[data-state="REFERENCE"]');
  const first = page.locator("[data-file]").first();
  const fetching = first.locator('button[data-act="fetch-file"]');
  const keeping = first.locator('button[data-act="keep-file"]');
  // a small one on a good line is fetched unasked
  await fetching.or(keeping).waitFor();
  if (await fetching.isVisible()) await fetching.click({ timeout: 5_000 }).catch(() => undefined);
  await keeping.waitFor();
  const ranges: (string | undefined)[] = [];
  await context.route(/\/attachments\/[\w-]{43}$/, async (route) => {
    ranges.push(route.request().headers()["range"]);
    if (ranges.length > 1) return await route.continue();
    const whole = await route.fetch();
    return await route.fulfill({ response: whole, body: (await whole.body()).subarray(0, 200_000) });
  });
  const [download] = await Promise.all([page.waitForEvent("download"), keeping.click()]);
  expect(ranges).toEqual([undefined, "bytes=200000-"]);
  expect(readFileSync(await download.path()).equals(list)).toBe(true);
} // prettier-ignore
