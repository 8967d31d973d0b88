import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { exampleNow } from "../kit/submissions.ts";
import { until } from "../kit/server.ts";

const hostile = `<script>ran()</script><img src=x onerror="ran()">"'{{7*7}}`;

let region: ConsoleWorld;
let asked: string;

/** A request of Lagos that has come to Accra. */
async function ask(caseRef: string): Promise<string> {
  const { inner, body, ...said } = exampleNow("request.information", Date.now());
  const { contact: _, ...rest } = inner as Record<string, unknown>;
  const { intendedRecipients: _i, leadId: _l, ...content } = body as Record<string, unknown>;
  const whyYou = { text: hostile, lang: "en" };
  const message = { type: "request.information", recipients: ["gh/tcu"], ...said, inner: { ...rest, caseRef }, body: { ...content, whyYou } };
  const { id } = await region.own("ng/tcu", "POST /v1/messages", message);
  await until("it came to Accra", async () => {
    const { items } = await region.own("gh/tcu", "GET /v1/messages?box=in");
    return (items as { id: string }[]).some((one) => one.id === id);
  });
  return String(id);
} // prettier-ignore

async function cameToLagos(type: string): Promise<void> {
  await until(`Lagos has a ${type}`, async () => {
    const { items } = await region.own("ng/tcu", "GET /v1/messages?box=in");
    return (items as { type: string }[]).some((one) => one.type === type);
  });
}

beforeAll(async () => {
  if (browserPath === undefined) return;
  region = await startConsoleWorld();
  await region.origin("gh/tcu");
  asked = await ask("EX-1");
});

afterAll(async () => {
  await region?.stop();
});

const field = (pointer: string): string => `[id="${pointer}"]`;

/** Writes an alert that takes two officers, as far as the check. */
async function writeAlert({ page, go }: Officer, narrative: string): Promise<void> {
  await go("write");
  await page.click('button[data-act="alert.incident"]');
  await page.check(`${field("/recs")} input >> nth=0`);
  await page
    .locator(`${field("/crimes")} input`)
    .nth(3)
    .check();
  await page.selectOption(field("/handling"), "H2");
  await page.selectOption(field("/body/kind"), "drugs");
  await page.fill(field("/body/occurredFrom"), "2026-11-20 22:15");
  await page.fill(field("/body/place/country"), "GH");
  await page.fill(field("/body/narrative"), narrative);
  await page.selectOption(field("/body/caseStatus"), "UNDER_INVESTIGATION");
  await page.fill(field("/body/caseRef"), "EX-77");
  await page.fill(field("/inner/caseRef"), "EX-77");
  await page
    .locator(`${field("/inner/purposes")} input`)
    .nth(2)
    .check();
}

function expectQuiet(...officers: readonly Officer[]): void {
  for (const { strays, violations } of officers) expect([strays, violations]).toEqual([[], []]);
}

describe.skipIf(browserPath === undefined)("the console", () => {
  it("by keyboard alone: what came is opened, acknowledged, and answered that nothing was found", async () => {
    const officer = await region.officer("gh/tcu");
    const { page } = officer;
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.waitForSelector(`[data-message="${asked}"]`);
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.waitForSelector("article");
    await page.keyboard.press("a");
    await page.waitForSelector('.acts [role="status"]');
    await page.keyboard.press("n");
    await page.waitForSelector('button[data-act="send"]');
    await page.focus('button[data-act="send"]');
    await page.keyboard.press("Enter");
    await page.waitForSelector("[data-sent]");
    await cameToLagos("request.acknowledge");
    await cameToLagos("reply.final");
    expectQuiet(officer);
  });

  it("what takes two officers goes when another, in Arabic, has read it and proved who he is; text stays text", async () => {
    // it takes two from the day there is somebody who may approve
    const second = await region.officer("gh/tcu", { roles: ["officer", "approver"], lang: "ar" });
    const writer = await region.officer("gh/tcu");
    await writeAlert(writer, hostile);
    await writer.page.click('button[data-act="check"]');
    await writer.page.waitForSelector("[data-audience]");
    expect(await writer.page.getAttribute("[data-audience]", "data-audience")).toBe("ng/tcu");
    expect(await writer.page.innerText("article")).toContain(hostile.slice(0, 22));
    await writer.page.click('button[data-act="send"]');
    const release = await writer.page.getAttribute("[data-sent]", "data-sent");
    await second.go("approvals");
    await second.page.click(`[data-release="${release}"]`);
    await second.page.waitForSelector("article");
    expect(await second.page.getAttribute("html", "dir")).toBe("rtl");
    await second.page.click('button[data-act="release"]');
    await second.page.waitForSelector("[data-sent]");
    await cameToLagos("alert.incident");
    expectQuiet(writer, second);
  });

  it("nothing typed is lost: the cable is pulled, the page goes and opens again without a line, and what was typed is there", async () => {
    const officer = await region.officer("gh/tcu");
    const { page, context } = officer;
    await writeAlert(officer, "before the cable");
    await page.waitForSelector('[data-saving="saved"]');
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
    await context.setOffline(true);
    await page.fill(field("/body/narrative"), "typed without a line");
    await page.waitForSelector('[data-saving="here"]');
    await page.waitForSelector(".status.away");
    page.on("dialog", (dialog) => void dialog.accept());
    await page.reload();
    await page.waitForSelector(".status.away");
    await context.setOffline(false);
    await page.reload();
    await page.waitForSelector(field("/body/narrative"));
    expect(await page.inputValue(field("/body/narrative"))).toBe("typed without a line");
    await page.waitForSelector('[data-saving="saved"]');
  });

  it("a person who is signed in nowhere sees the sign-in alone, and the address leads there", async () => {
    const page = await (await region.browser.newContext()).newPage();
    const answer = await page.goto(`${await region.origin("gh/tcu")}/`);
    expect([answer?.status(), new URL(page.url()).pathname]).toEqual([200, "/console/"]);
    await page.waitForSelector('button[data-act="sign-in"]');
    expect(await page.$("nav")).toBeNull();
  });
});
