import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { Officer } from "../kit/console-world.ts";
import { type Scene, screens, settled, show, speak } from "./screens.ts";

const axe = readFileSync(
  join(import.meta.dirname, "../../node_modules/axe-core/axe.min.js"),
  "utf8",
);
const isLong = process.env["ATUMPAN_LONG"] === "1";
const languages = ["en", "fr", "pt", "es", "ar", "sw"] as const;
const tags = JSON.stringify(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]);
const narrow = { width: 320, height: 640 };
const usual = { width: 1024, height: 768 };

/** Text as readers with weak eyes set it. @see WCAG 2.2 §1.4.12 */
const spaced = `(() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }");
  const before = document.adoptedStyleSheets;
  document.adoptedStyleSheets = [...before, sheet];
  const width = document.documentElement.scrollWidth;
  document.adoptedStyleSheets = before;
  return width;
})()`;

/** Which languages a screen is judged in: all, or one, so that every language has its turn. */
function languagesOf(at: number): readonly string[] {
  return isLong ? languages : languages.slice(at % languages.length, (at % languages.length) + 1);
}

/** How far it goes sideways, as it is and with its text spaced. */
async function widthsOf({ page }: Officer): Promise<readonly number[]> {
  return [Number(await page.evaluate("document.documentElement.scrollWidth")), Number(await page.evaluate(spaced))];
} // prettier-ignore

/** What stands out of the screen, so that a failure says where to look. */
async function findWide({ page }: Officer): Promise<unknown> {
  return await page.evaluate(`[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1).filter((one) => !one.closest(".hidden, dialog:not([open])")).slice(0, 4).map((one) => one.tagName + "." + one.className + " " + one.textContent.slice(0, 40))`);
} // prettier-ignore

async function findAxe({ page }: Officer): Promise<unknown> {
  await page.evaluate(axe);
  return await page.evaluate(`axe.run(document, { runOnly: ${tags}, resultTypes: ["violations"] }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html, nodes[0].failureSummary]))`);
} // prettier-ignore

/** Every screen can be read by everybody: nothing axe finds, no sideways scroll at 320 points, however text is spaced. */
export function describeScreens(scene: () => Scene): void {
  describe("every screen", () => {
    it.each(screens.map((screen, at) => ({ screen, at, name: screen.name })))("$name: nothing axe finds, no sideways scroll at 320 points", async ({ screen, at }) => {
      const person = await show(scene(), screen, "en");
      const found: unknown[] = [];
      for (const lang of languagesOf(at)) {
        if (screen.name !== "commands") await speak(person, lang);
        await settled(person);
        await person.page.setViewportSize(narrow);
        const widths = await widthsOf(person);
        const wide = widths.every((one) => one === narrow.width) ? [] : await findWide(person);
        found.push([lang, widths, wide, await findAxe(person)]);
        await person.page.setViewportSize(usual);
      }
      expect(found).toEqual(languagesOf(at).map((lang) => [lang, [320, 320], [], []]));
      expect([person.strays, person.violations]).toEqual([[], []]);
    }); // prettier-ignore
  });
}
