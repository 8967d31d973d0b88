import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { usualChoice } from "../../gateways/people/index.ts";
import {
  browserPath,
  type ConsoleWorld,
  type Officer,
  startConsoleWorld,
} from "../kit/console-world.ts";
import { type OidcProviderServer, startOidcProvider } from "../kit/oidc-provider.ts";
import { until } from "../kit/server.ts";
import { exampleNow } from "../kit/submissions.ts";

/** What becomes of what an officer typed, whatever goes away: the line, the gateway, herself, the console she began it in. */
let region: ConsoleWorld;
let provider: OidcProviderServer;

const field = (pointer: string): string => `[id="${pointer}"]`;
const narrative = field("/body/narrative");
const savings = (state: string): string => `[data-saving="${state}"]`;

/** Writes an alert that one officer may send, whole. */
async function writeAlert({ page, go }: Officer, text: string): Promise<string> {
  await go("write");
  await page.click('button[data-act="alert.incident"]');
  await page.check(`${field("/recs")} input >> nth=0`);
  await page.locator(`${field("/crimes")} input`).nth(3).check();
  await page.selectOption(field("/body/kind"), "drugs");
  await page.fill(field("/body/occurredFrom"), "2026-11-20 22:15");
  await page.fill(field("/body/place/country"), "GH");
  await page.fill(narrative, text);
  await page.selectOption(field("/body/caseStatus"), "UNDER_INVESTIGATION");
  await page.fill(field("/body/caseRef"), "EX-77");
  await page.fill(field("/inner/caseRef"), "EX-77");
  await page.locator(`${field("/inner/purposes")} input`).nth(2).check();
  await page.waitForSelector(savings("saved"));
  return page.url().split("/").at(-1) ?? "";
} // prettier-ignore

async function sentFrom(
  agency: string,
): Promise<readonly { readonly id: string; readonly urgency: string }[]> {
  const { items } = await region.own(agency, "GET /v1/messages?box=out&limit=200");
  return items as { id: string; urgency: string }[];
}

beforeAll(async () => {
  if (browserPath === undefined) return;
  provider = await startOidcProvider();
  const { issuer, clientId, clientSecret } = provider;
  const oidc = { issuer, clientId, clientSecret, insecure: true };
  region = await startConsoleWorld({ people: { ...usualChoice, oidc } });
  await region.origin("ng/tcu");
});

afterAll(async () => {
  await region?.stop();
  await provider?.stop();
});

describe.skipIf(browserPath === undefined)("nothing typed is lost", () => {
  it("the cable is pulled in the middle of sending: it is sent once, whether the gateway had it or not", async () => {
    const officer = await region.officer("gh/tcu");
    const { page } = officer;
    for (const hasArrived of [true, false]) {
      const before = (await sentFrom("gh/tcu")).length;
      await writeAlert(officer, "sent over a cable that is pulled");
      await page.click('button[data-act="check"]');
      await page.waitForSelector("[data-audience]");
      await page.route("**/submit", async (route) => {
        if (hasArrived) await route.fetch();
        await route.abort("connectionreset");
      });
      await page.click('button[data-act="send"]');
      await page.waitForSelector('main [role="alert"]');
      await page.unroute("**/submit");
      await page.click('button[data-act="send"]');
      const id = await page.getAttribute("[data-sent]", "data-sent");
      const after = await sentFrom("gh/tcu");
      expect([after.length, after.filter((one) => one.id === id).length]).toEqual([before + 1, 1]);
    }
    expect([officer.strays, officer.violations]).toEqual([[], []]);
  });

  it("who signs out with text that is not at the gateway is told; it comes back to her and is shown to nobody else", async () => {
    const officer = await region.officer("gh/tcu");
    const { page, context } = officer;
    const draft = await writeAlert(officer, "at the gateway");
    await page.route("**/v1/drafts/*", async (route) => {
      await (route.request().method() === "PUT"
        ? route.abort("connectionreset")
        : route.continue());
    });
    await page.fill(narrative, "not at the gateway");
    await page.waitForSelector(savings("here"));
    await page.click(".person summary");
    await page.click('button[data-act="sign-out"]');
    await page.waitForSelector("dialog[open]");
    await page.click('button[data-act="stay-signed-in"]');
    expect(await page.inputValue(narrative)).toBe("not at the gateway");
    await page.click('button[data-act="sign-out"]');
    await page.click('button[data-act="sign-out-anyway"]');
    await page.waitForSelector('button[data-act="sign-in"]');
    await page.unroute("**/v1/drafts/*");
    // nothing in this browser's own store can be read as text
    const stored = await page.evaluate(`(async () => {
      const db = await new Promise((done) => { const asked = indexedDB.open("atumpan"); asked.onsuccess = () => done(asked.result); });
      const all = await new Promise((done) => { const asked = db.transaction("copies").objectStore("copies").getAll(); asked.onsuccess = () => done(asked.result); });
      const text = all.map(({ sealed }) => new TextDecoder("latin1").decode(sealed)).join() + JSON.stringify(localStorage);
      return [all.length, text.includes("not at the gateway")];
    })()`);
    expect(stored).toEqual([1, false]);
    const putBack = await officer.putAwayPasskeys();
    const invited = await region.own("gh/tcu", "POST /v1/people", {
      name: "Another",
      roles: ["officer"],
      handlingUpTo: "H3",
    });
    await page.fill('input[name="code"]', String(invited["code"]));
    await page.click('button[data-act="enrol"]');
    await page.waitForSelector("header nav");
    await officer.go("home");
    await page.waitForSelector("#waiting");
    expect(await page.locator("[data-kept]").count()).toBe(0);
    expect(await page.content()).not.toContain(draft);
    await page.click(".person summary");
    await page.click('button[data-act="sign-out"]');
    await putBack();
    await page.click('button[data-act="sign-in"]');
    await officer.go("home");
    await page.click(`[data-kept="${draft}"]`);
    await page.waitForSelector(narrative);
    expect(await page.inputValue(narrative)).toBe("not at the gateway");
    await page.waitForSelector(savings("saved"));
    await officer.go("home");
    await page.waitForSelector("#waiting");
    await until("the copy is gone", async () => (await page.locator("[data-kept]").count()) === 0);
    await context.close();
  });

  it("a newer console waits while something is written in any window, and then all windows show it whole", async () => {
    const officer = await region.officer("gh/tcu");
    const { page, context } = officer;
    const other = await context.newPage();
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
    await writeAlert(officer, "written over an update");
    await other.goto(`${await region.origin("gh/tcu")}/console/#/sent`);
    await other.waitForSelector("header nav");
    region.renewPages("2");
    await other.evaluate(
      "navigator.serviceWorker.getRegistration('/console/').then((one) => one.update()).then(() => true)",
    );
    await page.waitForSelector(".shell-news");
    expect(await page.locator('[data-act="take-shell"]').count()).toBe(0);
    await other.click('[data-act="take-shell"]');
    await page.fill(narrative, "typed while a newer console waits");
    const version = async (of: typeof page): Promise<string | null> =>
      await of.evaluate("document.querySelector('meta[name=version]')?.content ?? null");
    expect([await version(page), await version(other)]).toEqual([null, null]);
    await page.waitForSelector(savings("saved"));
    await officer.go("drafts");
    await page.click('[data-act="take-shell"]');
    for (const one of [page, other])
      await until(
        "it shows the newer one",
        async () => (await version(one).catch(() => null)) === "2",
      );
    await officer.go("help");
    await page.waitForSelector("[data-key]");
    await officer.go("drafts");
    await page.locator("[data-draft]").first().click();
    await page.waitForSelector(narrative);
    expect(await page.inputValue(narrative)).toBe("typed while a newer console waits");
    await context.close();
  });

  it("the gateway is gone for a while: the bar says which line is down, what is typed stays, and goes there when it is back", async () => {
    const officer = await region.officer("gh/tcu");
    const { page, context } = officer;
    await writeAlert(officer, "before the gateway went");
    await region.stopApi("gh/tcu");
    await page.fill(narrative, "typed without a gateway");
    await page.waitForSelector(savings("here"));
    await page.waitForSelector(".status.away");
    await officer.go("drafts");
    await page.waitForSelector('main [role="alert"]');
    await page.goBack();
    await region.startApi("gh/tcu");
    await page.waitForSelector(".status:not(.away)");
    await page.waitForSelector(narrative);
    expect(await page.inputValue(narrative)).toBe("typed without a gateway");
    await page.waitForSelector(savings("saved"));
    // the other line: the gateway's own to the hub
    await page.route("**/v1/status", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), linkUp: false } });
    });
    await page.reload();
    await page.waitForSelector(".status.waiting");
    expect(await page.locator(".status.away").count()).toBe(0);
    await context.close();
  });
});

describe.skipIf(browserPath === undefined)("the inbox", () => {
  it("shows what is new, mine and the team's; several are taken on, put back, and a FLASH is said on every screen", async () => {
    const ids: string[] = [];
    const { inner, ...said } = exampleNow("request.information", Date.now());
    const { contact: _, ...rest } = inner as { contact?: unknown };
    for (const urgency of ["NORMAL", "NORMAL", "FLASH"]) {
      const reason = urgency === "FLASH" ? { urgencyReason: { text: "the boat sails tonight", lang: "en" } } : {};
      const message = { type: "request.information", recipients: ["gh/tcu"], ...said, urgency, inner: { ...rest, ...reason } };
      ids.push(String((await region.own("ng/tcu", "POST /v1/messages", message))["id"]));
    }
    await until("they came to Accra", async () => {
      const { items } = await region.own("gh/tcu", "GET /v1/messages?box=in");
      return ids.every((id) => (items as { id: string }[]).some((one) => one.id === id));
    });
    const officer = await region.officer("gh/tcu");
    const { page } = officer;
    await page.waitForSelector('[data-flash="1"]');
    await until("the window says it", async () => (await page.title()).startsWith("(1) "));
    await officer.go("inbox?view=new");
    await page.waitForSelector(`[data-message="${ids[2]}"]`);
    const lines = page.locator("a.line");
    await lines.first().focus();
    await page.keyboard.press("x");
    await lines.nth(2).focus();
    await page.keyboard.press("Shift+X");
    await page.waitForSelector('[data-chosen="3"]');
    await page.keyboard.press("c");
    await page.waitForSelector('[data-done="3"]');
    await officer.go("inbox?view=mine");
    await page.waitForSelector(`[data-message="${ids[0]}"]`);
    expect(await lines.count()).toBe(3);
    await page.keyboard.press("u");
    await until("they are nobody's", async () => (await lines.count()) === 0);
    await officer.go("inbox?view=new");
    await page.waitForSelector(`[data-message="${ids[0]}"]`);
    for (const id of ids.slice(0, 2)) await page.locator("li", { has: page.locator(`[data-message="${id}"]`) }).locator("input").click();
    await page.click('.bulk [data-act="acknowledge"]');
    await page.waitForSelector('[data-done="2"]');
    await until("only what nobody has read is new", async () => (await lines.count()) === 1);
    await officer.go(`message/${ids[2]}`);
    await page.waitForSelector("article");
    await officer.go("inbox?view=new");
    await page.waitForSelector('[data-flash="0"]', { state: "attached" });
    await until("nothing is new", async () => (await lines.count()) === 0);
    expect([officer.strays, officer.violations]).toEqual([[], []]);
  }, 240_000); // prettier-ignore

  it("a list is kept under a name, shared, and found by a colleague at its address; another's is not taken away", async () => {
    const officer = await region.officer("gh/tcu");
    const { page } = officer;
    await officer.go("inbox?view=all&crime=drugs");
    await page.click(".keep summary");
    await page.fill('input[name="view-name"]', "<b>Drugs</b>");
    await page.check('input[name="view-shared"]');
    await page.click('[data-act="keep-view"]');
    await page.waitForSelector('[data-act="drop-view"]');
    const colleague = await region.officer("gh/tcu");
    await colleague.go("inbox");
    await colleague.page.click(".views a >> text=<b>Drugs</b>");
    await until(
      "the address says it",
      async () => await Promise.resolve(/crime=drugs/.test(colleague.page.url())),
    );
    expect(await colleague.page.locator('[data-act="drop-view"]').count()).toBe(0);
    expect(await colleague.page.inputValue('select[name="crime"]')).toBe("drugs");
    await page.click('[data-act="drop-view"]');
    await until(
      "it is gone",
      async () => (await page.locator(".views a >> text=<b>Drugs</b>").count()) === 0,
    );
    expect([officer.strays, officer.violations]).toEqual([[], []]);
  });
});

describe.skipIf(browserPath === undefined)("keys and ways in", () => {
  it("a command is found by its name; a key is given to another, turned off, and all turned off at once", async () => {
    const { page, go, violations } = await region.officer("gh/tcu");
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.type("draf");
    await page.keyboard.press("Enter");
    await page.waitForURL(/#\/drafts/);
    await go("help");
    await page.click('[data-act="change-sent"]');
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.click('[data-act="off-inbox"]');
    await page.locator("h1").focus();
    await page.keyboard.press("j");
    await page.waitForURL(/#\/sent/);
    await page.keyboard.press("g");
    await page.keyboard.press("i");
    await page.keyboard.press("g");
    await page.keyboard.press("h");
    await page.waitForURL(/#\/home/);
    await page.reload();
    await page.waitForSelector("h1");
    await page.keyboard.press("j");
    await page.waitForURL(/#\/sent/);
    await go("help");
    await page.uncheck('input[name="keys"]');
    await page.locator("h1").focus();
    await page.keyboard.press("j");
    await page.keyboard.press("Control+k");
    await page.waitForSelector("dialog[open]");
    await page.keyboard.press("Escape");
    expect(page.url()).toMatch(/#\/help/);
    expect(violations).toEqual([]);
  });

  it("by the agency's own account one is let in with a code once, and by the account alone from then on", async () => {
    const context = await region.browser.newContext({ locale: "en" });
    const page = await context.newPage();
    const invited = await region.own("gh/tcu", "POST /v1/people", { name: "By account", roles: ["officer"], handlingUpTo: "H1" });
    await page.goto(`${await region.origin("gh/tcu")}/console/`);
    await page.fill('input[name="code"]', String(invited["code"]));
    await page.click('[data-act="oidc-link"]');
    await page.waitForSelector("header nav");
    await context.clearCookies();
    await page.reload();
    await page.click('[data-act="oidc"]');
    await page.waitForSelector("header nav");
    expect(await page.innerText(".person summary")).toContain("By account");
    await context.close();
  }); // prettier-ignore

  it("where one may not go, it is said who may and who gives that right", async () => {
    const { page, go } = await region.officer("gh/tcu", { roles: ["analyst"] });
    for (const room of ["oversight", "admin", "approvals"]) {
      await go(room);
      await page.waitForSelector("[data-no-right]");
    }
  });
});
