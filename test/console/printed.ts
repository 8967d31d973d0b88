import { expect, it } from "vitest";

import { type Scene, type Screen, screens, show } from "./screens.ts";

/** What an A4 sheet holds between its margins of 15 mm, in points of the page. */
const sheet = { width: 680, height: 962 };
const usual = { width: 1024, height: 768 };
/** Sheets at most, by the screen, with one to spare: the alert has every field there is. */
const most: Readonly<Record<string, number>> = { "message-drill": 3, "message-alert": 9 };

const narrowest = `Math.min(...[...document.querySelectorAll("article dd")].map((one) => one.getBoundingClientRect().width))`;

/** How many sheets a file has. */
function countSheets(pdf: Buffer): number {
  return pdf.toString("latin1").match(/\/Type\s*\/Page\b/g)?.length ?? 0;
}

/** A message on paper: no value in a column of single letters, no sheet empty, and how it is to be handled at the foot of each. */
export function describePrinted(scene: () => Scene): void {
  const printed = screens.filter(({ name }) => name in most);
  it.each(
    printed.flatMap((screen) => ["en", "ar"].map((lang) => ({ screen, lang, name: screen.name }))),
  )(
    "$name is printed on few sheets, and no value is squeezed ($lang)",
    async ({ screen, lang }: { readonly screen: Screen; readonly lang: string }) => {
      const { page } = await show(scene(), screen, lang);
      const pdf = await page.pdf({ format: "A4" });
      expect(countSheets(pdf)).toBeGreaterThan(0);
      expect(countSheets(pdf)).toBeLessThanOrEqual(most[screen.name] ?? 0);
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize(sheet);
      const least = Number(await page.evaluate(narrowest));
      // before it is judged: who comes next has the page as it was
      await page.emulateMedia({ media: null });
      await page.setViewportSize(usual);
      expect(least).toBeGreaterThan(120);
    },
  );
}
