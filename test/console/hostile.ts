import { expect, it } from "vitest";

import { exampleNow } from "../kit/submissions.ts";
import type { MessageType } from "../../schemas/index.ts";
import { untilAt } from "../kit/console-story.ts";
import { type Scene, settled, speak } from "./screens.ts";

const isLong = process.env["ATUMPAN_LONG"] === "1";
/** Markup, templates and an address that runs; a word by which it is found. */
const hostile = `zimbabo <script>ran=1</script><img src=x onerror="ran=1">"'{{7*7}}\${7*7} javascript:ran=1 </textarea></article>`;
const types: readonly MessageType[] = isLong
  ? ["alert.incident", "request.information", "seizure.report", "bulletin.red_flag", "firearm.trace_request"]
  : ["alert.incident", "request.information"]; // prettier-ignore
const feeds: ReadonlySet<string> = new Set([
  "alert.incident",
  "seizure.report",
  "bulletin.red_flag",
]);

type Path = readonly (string | number)[];

/** Where a text stands in a message. */
function findTexts(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value === "string") return [path];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    findTexts(inner, [...path, Array.isArray(value) ? Number(name) : name]),
  );
}

function withText(value: unknown, [name, ...rest]: Path, text: string): unknown {
  if (name === undefined) return text;
  if (Array.isArray(value))
    return value.map((one, at) => (at === name ? withText(one, rest, text) : (one as unknown)));
  const members = value as Record<string, unknown>;
  return { ...members, [name]: withText(members[name], rest, text) };
}

function startsWith(path: string, of: string): boolean {
  return path === of || path.startsWith(`${of}/`);
}

interface Problems {
  readonly valid: boolean;
  readonly problems: readonly { readonly path: string }[];
}

/** A message with hostile text in every field that takes any; how many those are. */
async function poison({ region }: Scene, type: MessageType): Promise<{ readonly message: object; readonly fields: number }> {
  const { crimes, handling, inner, body } = exampleNow(type, Date.now());
  const { contact: _, ...rest } = inner as Record<string, unknown>;
  const { intendedRecipients: _i, leadId: _l, ...content } = body as Record<string, unknown>;
  const to = feeds.has(type) ? { recs: ["ecowas"] } : { recipients: ["gh/tcu"] };
  const good = { type, crimes, handling, ...to, inner: rest, body: content };
  const judge = async (message: unknown): Promise<readonly string[]> => {
    const said = (await region.own("ng/tcu", "POST /v1/messages:validate", message)) as unknown as Problems;
    return said.problems.map(({ path }) => path);
  };
  let fields = findTexts(good).filter(([top]) => top === "inner" || top === "body");
  let message: unknown = good;
  // what a field refuses is put back, until all that is left is taken
  for (let round = 0; round < 12; round += 1) {
    message = good;
    for (const path of fields) message = withText(message, path, hostile);
    const wrong = await judge(message);
    if (wrong.length === 0) break;
    fields = fields.filter((path) => !wrong.some((one) => startsWith(one, `/${path.join("/")}`)));
  }
  return { message: message as object, fields: fields.length };
} // prettier-ignore

/** T-28: whatever somebody wrote into a message is text wherever it is shown. */
export function describeHostile(scene: () => Scene): void {
  it.each(types)("T-28 hostile text in every field of %s that takes any is text: read, found and printed", async (type) => {
    const { region, seats } = scene();
    const { officer } = seats;
    const { page, go } = officer;
    const { message, fields } = await poison(scene(), type);
    const { id } = await region.own("ng/tcu", "POST /v1/messages", message);
    await untilAt(region, "gh/tcu", String(id));
    for (const lang of ["en", "ar"]) {
      await go(`message/${String(id)}`);
      await speak(officer, lang);
      await page.waitForSelector(`article[lang="${lang}"]`);
      const shown = await page.innerText("article");
      expect(shown.split("zimbabo <script>ran=1</script>").length - 1).toBe(fields);
    }
    expect(fields).toBeGreaterThan(3);
    await page.emulateMedia({ media: "print" });
    expect((await page.pdf()).subarray(0, 4).toString()).toBe("%PDF");
    await page.emulateMedia({ media: null });
    await go("inbox?view=all&q=zimbabo");
    await settled(officer);
    expect(await page.locator(`[data-message="${String(id)}"]`).count()).toBe(1);
    await go("home");
    await settled(officer);
    expect(await page.evaluate("[typeof ran, document.querySelectorAll('main script, main img').length]")).toEqual(["undefined", 0]);
    expect([officer.strays, officer.violations]).toEqual([[], []]);
  }); // prettier-ignore

  it("T-28 hostile text typed into every field of a form, and sent for a check, stays text", async () => {
    const { seats, made } = scene();
    const { page, go, strays, violations } = seats.officer;
    await go(`write/${made.draft}`);
    await page.waitForSelector("form.writing");
    const folded = page.locator("form.writing details:not([open]) > summary");
    while ((await folded.count()) > 0) await folded.first().click();
    const fields = page.locator('form.writing input[type="text"]:not([inputmode]), form.writing textarea');
    const count = await fields.count();
    for (let at = 0; at < count; at += 1) await fields.nth(at).fill(hostile.slice(0, 60));
    expect(count).toBeGreaterThan(10);
    await page.click('main button[data-act="check"]');
    await page.waitForSelector(".problem");
    await speak(seats.officer, "ar");
    await page.waitForSelector('form.writing[data-lang="ar"]');
    expect(await page.evaluate("[typeof ran, document.querySelectorAll('main script, main img').length]")).toEqual(["undefined", 0]);
    expect([strays, violations]).toEqual([[], []]);
  }); // prettier-ignore
}
