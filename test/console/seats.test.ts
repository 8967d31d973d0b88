import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { exampleNow } from "../kit/submissions.ts";
import { until } from "../kit/server.ts";

/** What analysts, administrators and overseers see, each in a browser of her own. */
let region: ConsoleWorld;
let seats: Officer;

beforeAll(async () => {
  if (browserPath === undefined) return;
  region = await startConsoleWorld();
  await region.origin("gh/tcu");
  const { inner, ...said } = exampleNow("request.information", Date.now());
  const { contact: _, ...rest } = inner as { contact?: unknown };
  const { id } = await region.own("ng/tcu", "POST /v1/messages", { type: "request.information", recipients: ["gh/tcu"], ...said, inner: rest });
  await until("it came to Accra", async () => {
    const { items } = await region.own("gh/tcu", "GET /v1/messages?box=in");
    return (items as { id: string }[]).some((one) => one.id === id);
  });
}); // prettier-ignore

afterAll(async () => {
  await region?.stop();
});

describe.skipIf(browserPath === undefined)("the console", () => {
  it("shows an analyst from where how much came, on a map and in a table alike", async () => {
    const { page, go, strays, violations } = await region.officer("gh/tcu", { roles: ["analyst"] });
    await go("analysis");
    await page.waitForSelector(".figures tbody tr");
    const cells = await page.locator(".figures tbody tr").first().locator("td").allInnerTexts();
    expect(cells.map((one) => one.trim())).toEqual(["ng", "1"]);
    expect(await page.locator('[data-country="NG"] .count').textContent()).toBe("1");
    expect(await page.locator("[data-country]").count()).toBe(55);
    await page.selectOption('select[name="by"]', "week,crime");
    await page.waitForSelector(".figures thead th:nth-child(3)");
    expect(await page.locator(".map").count()).toBe(0);
    expect(page.url()).toContain("by=week%2Ccrime");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.click('[data-act="csv"]'),
    ]);
    expect(file.suggestedFilename()).toBe("trends.csv");
    expect([strays, violations]).toEqual([[], []]);
  });

  it("hands a shift over from one officer to another, and both sign", async () => {
    const ama = await region.officer("gh/tcu", { roles: ["officer"] });
    await ama.go("handover");
    const hostile = "<img src=x onerror=alert(1)> \u202eboat";
    await ama.page.fill('textarea[name="note"]', hostile);
    await ama.page.click('[data-act="hand-over"]');
    await ama.page.waitForSelector('[data-shift][data-taken="false"]');
    expect(await ama.page.locator('[data-act="take"]').count()).toBe(0);
    const kofi = await region.officer("gh/tcu", { roles: ["officer"] });
    await kofi.go("handover");
    await kofi.page.waitForSelector('[data-act="take"]');
    expect(await kofi.page.locator("[data-shift] p").first().innerText()).toBe(hostile);
    await kofi.page.click('[data-act="take"]');
    await kofi.page.waitForSelector('[data-shift][data-taken="true"]');
    expect([ama, kofi].flatMap(({ strays, violations }) => [...strays, ...violations])).toEqual([]);
  });

  it("tells an auditor whether a digest is known, and what she cannot see", async () => {
    const { page, go, strays, violations } = await region.officer("gh/tcu", { roles: ["auditor"] });
    await go("oversight");
    await page.fill('input[name="digest"]', "0".repeat(64));
    await page.click('[data-act="challenge"]');
    await page.waitForSelector('[role="status"]:not(header *)');
    expect(await page.locator("main").innerText()).not.toContain("EX-1");
    expect(await page.locator("nav").innerText()).not.toContain("Inbox");
    await page.fill('input[name="digest"]', "ab");
    await page.click('[data-act="challenge"]');
    await page.waitForSelector('[role="alert"]');
    expect([strays, violations]).toEqual([[], []]);
  });

  it("shows an administrator what ends and what a rule comes to", async () => {
    const roles = ["administrator", "analyst", "auditor"];
    // from the first administrator on two persons let others in: she comes last
    seats = await region.officer("gh/tcu", { roles, lang: "ar", viewport: { width: 320, height: 640 } });
    const { page, go, strays, violations } = seats;
    await go("admin");
    await page.waitForSelector('[data-act="rules"]');
    await page.fill('input[name="agency"]', "ng/tcu");
    await page.click('[data-act="rules"]');
    await page.waitForSelector('[data-agency="ng/tcu"] li');
    await page.waitForSelector("[data-waiting]");
    const rule = page.locator("#rule");
    await rule.locator('input[name="agency"]').fill("gh/tcu");
    await rule.locator('input[name="originator"]').fill("ng/tcu");
    await page.click('[data-act="test"]');
    await page.waitForSelector("[data-allow]");
    expect(await page.locator("[data-allow] li").first().innerText()).toMatch(/\p{Script=Arabic}/u);
    expect([strays, violations]).toEqual([[], []]);
  }); // prettier-ignore

  it.each(["ar", "fr"])("none of these screens scrolls sideways at 320 px (%s)", async (lang) => {
    const { page, go } = seats;
    await page.selectOption(".language select", lang);
    await page.waitForSelector(`html[lang="${lang}"]`);
    for (const room of ["analysis", "admin", "oversight"]) {
      await go(room);
      await page.waitForSelector("main h2, main form");
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect(width, room).toBeLessThanOrEqual(320);
    }
  });
});
