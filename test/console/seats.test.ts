import { readFileSync } from "node:fs";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  applyRequest,
  parseAgencyRequest,
  renderFingerprint,
} from "../../certs/authority/index.ts";

import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { bareState } from "../kit/repository.ts";
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

/** The file that a request was made as, and what the page has read aloud of it. */
async function keep(page: Page): Promise<{ readonly bytes: Uint8Array; readonly fingerprint: string }> {
  await page.waitForSelector("[data-request] .fingerprint");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click('[data-act="keep-request"]')]);
  return { bytes: readFileSync(await file.path()), fingerprint: await page.locator("[data-request] .fingerprint").innerText() };
} // prettier-ignore

afterAll(async () => {
  await region?.stop();
});

describe.skipIf(browserPath === undefined)("the console", () => {
  it("shows an analyst from where how much came, on a map, in a list and in a table alike", async () => {
    const { page, go, strays, violations } = await region.officer("gh/tcu", { roles: ["analyst"] });
    await go("analysis");
    await page.waitForSelector(".figures tbody tr");
    const cells = await page.locator(".figures tbody tr").first().locator("td").allInnerTexts();
    expect(cells.map((one) => one.trim())).toEqual(["Nigeria (ng)", "1"]);
    await page.waitForSelector(".outline [data-country]");
    expect(await page.locator(".outline [data-country]").count()).toBe(55);
    expect(await page.locator('.outline [data-country="NG"].state-4').count()).toBe(1);
    // islands have a ring that is 24 pixels wide even where the map is 288
    for (const island of ["CV", "KM", "MU", "SC", "ST"]) {
      const ring = page.locator(`.outline [data-country="${island}"] circle`);
      expect(Number(await ring.getAttribute("r")) * 2 * (288 / 960), island).toBeGreaterThanOrEqual(
        24,
      );
    }
    await page.locator('select[name="state"]').focus();
    await page.keyboard.type("Nigeria");
    await page.waitForSelector('output[data-state="NG"]');
    expect(await page.locator("output[data-state]").innerText()).toBe("Nigeria: 1");
    await page.selectOption(".language select", "sw");
    await page.waitForSelector('html[lang="sw"]');
    expect(await page.locator('option[value="EG"]').innerText()).toBe("Misri");
    await page.selectOption('select[name="by"]', "week,crime");
    await page.waitForSelector(".figures thead th:nth-child(3)");
    expect(await page.locator(".map").count()).toBe(0);
    expect(page.url()).toContain("by=week%2Ccrime");
    expect(await page.locator('.figures a[href*="crime="]').count()).toBeGreaterThan(0);
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.click('[data-act="csv"]'),
    ]);
    expect(file.suggestedFilename()).toBe("trends.csv");
    expect([strays, violations]).toEqual([[], []]);
    // without its file the map is one of tiles
    await page.route(/\/map-[0-9a-f]+\.json$/, (route) => void route.abort());
    await page.selectOption('select[name="by"]', "from");
    await page.waitForSelector(".tile[data-country]");
    expect(await page.locator('[data-country="NG"] .count').textContent()).toBe("1");
    expect(await page.locator(".tile[data-country]").count()).toBe(55);
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
    await page.waitForSelector('main [role="status"]');
    expect(await page.locator("main").innerText()).not.toContain("EX-1");
    expect(await page.locator("nav").innerText()).not.toContain("Inbox");
    await page.fill('input[name="digest"]', "ab");
    await page.click('[data-act="challenge"]');
    await page.waitForSelector('[role="alert"]');
    expect([strays, violations]).toEqual([[], []]);
  });

  it("shows an auditor each thing that was checked by itself, and acts by number", async () => {
    const { page, go, strays, violations } = await region.officer("gh/tcu", { roles: ["auditor"] });
    await go("oversight");
    await page.waitForSelector('[data-dimension="freshness"]');
    const dimensions = await page.locator("[data-dimension]").all();
    const names = await Promise.all(dimensions.map((one) => one.getAttribute("data-dimension")));
    expect(names).toEqual([
      "sameness",
      "checkpoint",
      "inclusion",
      "witnesses",
      "freshness",
      "acts",
      "alarms",
    ]);
    // no witness is asked for in this region: that is said, and is no good result
    expect(await page.locator('[data-dimension="witnesses"]').getAttribute("data-result")).toBe(
      "WAITS",
    );
    await page.waitForSelector("[data-overdue]");
    await page.selectOption('select[name="act"]', "REFUSED");
    await page.waitForSelector("#acts ~ p.note, #acts ~ table");
    expect(await page.locator("main").innerText()).not.toContain("Officer en");
    expect([strays, violations]).toEqual([[], []]);
  });

  it("shows an administrator what ends, what is well, and what a rule comes to", async () => {
    const roles = ["administrator", "analyst", "auditor"];
    // from the first administrator on two persons let others in: she comes last
    seats = await region.officer("gh/tcu", {
      roles,
      lang: "ar",
      viewport: { width: 320, height: 640 },
    });
    const { page, go, strays, violations } = seats;
    await go("admin/rules");
    await page.fill('input[name="agency"]', "ng/tcu");
    await page.click('[data-act="rules"]');
    await page.waitForSelector('[data-agency="ng/tcu"] [data-effect="ALLOW"]');
    await page.waitForSelector("[data-waiting]");
    const rule = page.locator("#rule");
    await rule.locator('input[name="agency"]').fill("gh/tcu");
    await rule.locator('input[name="originator"]').fill("ng/tcu");
    await page.click('[data-act="test"]');
    await page.waitForSelector("[data-allow]");
    expect(await page.locator("[data-allow] li").first().innerText()).toMatch(/\p{Script=Arabic}/u);
    await go("admin/certificates");
    await page.waitForSelector('[data-span="90"] [data-end="SIGNING"]');
    expect(await page.locator('[data-span="7"] li').count()).toBe(0);
    await go("admin/health");
    await page.waitForSelector('[data-code="LINK_UP"]');
    expect(await page.locator('[data-code="LINK_UP"]').innerText()).toMatch(/\p{Script=Arabic}/u);
    expect(await page.locator("main").innerText()).not.toContain(
      region.world.layout.gateway("gh/tcu"),
    );
    expect([strays, violations]).toEqual([[], []]);
  });

  it("what one administrator asks for is told in words, and waits for another", async () => {
    const { page, go, strays, violations } = seats;
    const hostile = "<b>Kofi</b> \u202eofficer";
    await go("admin/people");
    await page.click("details.invite summary");
    await page.fill('.invite input[name="name"]', hostile);
    await page.check('.invite input[name="officer"]');
    await page.click('[data-act="invite"]');
    await page.waitForSelector('[data-outcome="waits"]');
    await go("admin");
    await page.waitForSelector("[data-change] .diff");
    expect(await page.locator("[data-change] .diff").innerText()).toContain(hostile);
    expect(await page.locator('[data-change] [data-act="agree"]').count()).toBe(0);
    expect([strays, violations]).toEqual([[], []]);
  });

  it("asks the authority for an agency by a file that its command reads, with the fingerprint that is read aloud", async () => {
    const { page, go, strays, violations } = seats;
    await go("admin/requests");
    const form = page.locator("#enrol ~ form");
    await form.locator('input[name="agency"]').fill("gh/customs");
    await form.locator('input[name="languages"]').fill("en");
    await form.locator('input[name="like"]').fill("gh/tcu");
    await form.locator('input[name="reason"]').fill("a unit at the port of Tema");
    await form
      .locator('select[name="agencyKind"] option[value="CUSTOMS"]')
      .waitFor({ state: "attached" });
    await form.locator('select[name="agencyKind"]').selectOption("CUSTOMS");
    await page.click('[data-act="ask-enrol"]');
    const enrolled = await keep(page);
    const asked = parseAgencyRequest(enrolled.bytes);
    expect(asked).toMatchObject({
      kind: "ENROL",
      agency: "gh/customs",
      agencyKind: "CUSTOMS",
      languages: ["en"],
    });
    expect(enrolled.fingerprint).toBe(renderFingerprint(enrolled.bytes));
    expect(
      applyRequest({ kind: "state", state: bareState("gh") }, asked, Date.now()),
    ).toMatchObject({ state: { agencies: [{}, { agency: "gh/customs" }] } });
    await go("admin");
    await go("admin/requests");
    const other = page.locator("#revoke ~ form");
    await other.locator('input[name="reason"]').focus();
    expect(await page.locator('[data-act="ask-revoke"]').count()).toBe(0);
    await other.locator('input[name="agency"]').fill("gh/fiu");
    await other.locator('input[name="reason"]').fill("a laptop was stolen");
    await page.click('[data-act="ask-revoke"]');
    const revoked = await keep(page);
    expect(parseAgencyRequest(revoked.bytes)).toMatchObject({
      kind: "REVOKE",
      agency: "gh/fiu",
      cause: "KEY_COMPROMISE",
      seen: { certificates: 3 },
    });
    expect(revoked.fingerprint).toBe(renderFingerprint(revoked.bytes));
    for (const [agency, standing] of [
      ["gh/customs", "requests.absent"],
      ["gh/fiu", "requests.certified"],
    ] as const) {
      await page.fill('#became ~ form input[name="agency"]', agency);
      await page.click('[data-act="became"]');
      await page.waitForSelector(`[data-standing="${standing}"]`);
    }
    expect([strays, violations]).toEqual([[], []]);
  });

  it.each(["ar", "fr"])("none of these screens scrolls sideways at 320 px (%s)", async (lang) => {
    const { page, go } = seats;
    await page.selectOption(".language select", lang);
    await page.waitForSelector(`html[lang="${lang}"]`);
    const desks = ["people", "health", "certificates", "rules", "requests", "keys", "webhooks"];
    for (const room of ["analysis", "admin", "oversight", ...desks.map((one) => `admin/${one}`)]) {
      await go(room);
      await page.waitForSelector("main h2, main form, main details, main .note");
      const width = await page.evaluate("document.documentElement.scrollWidth");
      expect(width, room).toBeLessThanOrEqual(320);
    }
  });
});
