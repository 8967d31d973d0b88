import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  dimensionWords,
  type Evidence,
  renderEvidence,
  renderRoots,
} from "../../certs/evidence/index.ts";
import { decodeMessage, encodeMessage, languages } from "../../schemas/index.ts";
import { type Bytes, utf8 } from "../../schemas/ground/index.ts";
import { evidenceNow, makeEvidenceWorld } from "../../test/kit/evidence.ts";
import { renderCourtPage } from "./index.ts"; // prettier-ignore

const executablePath = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path)); // prettier-ignore
const dir = mkdtempSync(join(tmpdir(), "court-"));
const asked: string[] = [];
// a browser tells of a file once: each has a name of its own
let shown = 0;
let good: Evidence;
let other: Evidence;
let browser: Browser;
let page: Page;

function put(name: string, bytes: Bytes): string {
  const path = join(dir, name);
  writeFileSync(path, bytes);
  return path;
}

beforeAll(async () => {
  const world = await makeEvidenceWorld();
  [good, other] = [world.make(), world.make()];
  put("roots.json", renderRoots(world.view, evidenceNow));
  const html = put("page.html", renderCourtPage());
  if (executablePath === undefined) return;
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] }); // prettier-ignore
  page = await (await browser.newContext({ locale: "en-GB" })).newPage();
  page.on("request", (request) => void asked.push(request.url()));
  // the world's clock is ahead of the machine's or behind it: the page judges by the world's
  await page.clock.setFixedTime(evidenceNow + 100_000);
  await page.goto(pathToFileURL(html).href);
  await page.locator("#roots").setInputFiles(join(dir, "roots.json"));
});

afterAll(async () => {
  await browser?.close();
  rmSync(dir, { recursive: true });
});

/** The answers that are no, and those that are unknown, as a person sees them. */
async function look(file: Bytes): Promise<readonly string[]> {
  const before = await page.locator("#report .digest").allTextContents();
  await page.locator("#file").setInputFiles(put(`${(shown += 1)}.evidence`, file));
  await expect.poll(() => page.locator("#report .digest").allTextContents()).not.toEqual(before);
  return await page.locator("#report tr[data-name]").evaluateAll((rows) =>
    rows.flatMap((row) => {
      const { name, says } = (row as unknown as { dataset: Record<string, string> }).dataset;
      return says === "YES" ? [] : [`${name} ${says}`];
    }),
  );
}

const open = ["register UNKNOWN", "audience UNKNOWN", "receipts UNKNOWN"];

function flip(bytes: Bytes, at: number): Bytes {
  const made = Uint8Array.from(bytes);
  made[at] = made[at]! ^ 1;
  return made;
}

function inMessage(change: (message: ReturnType<typeof decodeMessage>) => object): Evidence {
  const message = decodeMessage(good.message!);
  return { ...good, message: encodeMessage({ ...message, ...change(message) }) };
}

function inProof(change: (text: string) => string): Evidence {
  return { ...good, proof: utf8(change(Buffer.from(good.proof).toString())) };
}

const altered: readonly [string, () => Evidence, readonly string[]][] = [
  ["another message", () => ({ ...good, message: other.message }), ["message NO"]],
  ["its body", () => inMessage(({ open: body }) => ({ open: flip(body!, body!.length - 20) })), ["body NO", "withheld NO"]],
  ["a signature", () => inMessage(({ signatures: [one = ""] }) => ({ signatures: [`${one.slice(0, -9)}${one.at(-9) === "A" ? "B" : "A"}${one.slice(-8)}`] })), ["signature NO"]],
  ["no certificate", () => ({ ...good, certificates: [] }), ["signature NO", "certificate NO", "revocation NO"]],
  ["a list", () => ({ ...good, crls: good.crls.map((one) => flip(one, one.length - 5)) }), ["revocation NO"]],
  ["the channel", () => ({ ...good, subject: { ...good.subject, channel: good.subject.channel.replace("drugs", "arms") } }), ["audience NO", "entry NO"]],
  ["the index", () => inProof((text) => text.replace("index 3", "index 2")), ["inclusion NO"]],
  ["the log's signature", () => inProof((text) => text.replace(/(\u2014 atumpan\S+ .{20})(.)/, (_all, head: string, one: string) => `${head}${one === "A" ? "B" : "A"}`)), ["checkpoint NO"]],
  ["a witness left out", () => inProof((text) => text.replace(/\u2014 w\.gh.*\n/, "")), ["witnesses NO"]],
  ["another's receipt", () => ({ ...good, receipts: other.receipts }), ["receipts NO"]],
]; // prettier-ignore

describe.skipIf(executablePath === undefined)("the page in a browser, from a disk", () => {
  it("says yes of a good file where roots are enough, and leaves the rest open", async () => {
    expect(await look(renderEvidence(good))).toEqual(open);
    expect(await page.locator("#report .digest").textContent()).toMatch(/SHA-256 [0-9a-f]{64}/);
  });

  it.each(altered)("%s: says no there, and nowhere else", async (_, change, expected) => {
    const found = await look(renderEvidence(change()));
    expect(found.filter((one) => one.endsWith(" NO"))).toEqual(expected);
  });

  it("what is no evidence is refused whole", async () => {
    expect((await look(utf8("<html>")))[0]).toBe("form NO");
  });

  it("asks in every language, right to left where it is read so", async () => {
    for (const lang of languages) {
      await page.locator("#lang").selectOption(lang);
      await page.waitForSelector("#report tr[data-name=time]");
      expect(await page.locator("tr[data-name=inclusion] th").textContent()).toBe(dimensionWords.inclusion[lang]); // prettier-ignore
      expect(await page.locator("html").getAttribute("dir")).toBe(lang === "ar" ? "rtl" : "ltr");
    }
  });

  it("asked for nothing but itself", () => {
    expect(asked.filter((url) => !url.startsWith("file://"))).toEqual([]);
  });
});

describe("the page", () => {
  it("holds no address of anybody, and its one script and one style by their digests", () => {
    const html = Buffer.from(renderCourtPage()).toString();
    expect(html).not.toMatch(/https?:\/\/|\bsrc=|@import|url\(/);
    expect(html).toMatch(/default-src 'none'; script-src 'sha256-[^']{44}'; style-src 'sha256-[^']{44}'/);
    expect(html.match(/<script/g)).toHaveLength(1);
  }); // prettier-ignore
});
