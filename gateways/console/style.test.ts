import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

const page = join(import.meta.dirname, "page");
const sheets = globSync("**/*.css", { cwd: page }).map(
  (name) => [name, readFileSync(join(page, name), "utf8")] as const,
);

/** What has a side of its own, whichever way a language runs; what is asked of the screen itself is none of it. */
const sides =
  /(?:^|[\s;{])(?:(?:margin|padding|border|inset|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear|caption-side)\s*:\s*(?:left|right)/g;

function rulesOf(sheet: string): string {
  return sheet.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/@media[^{]*/g, "@media ");
}

describe("the style sheets of the console", () => {
  it.each(sheets)("%s says no left and no right: it is as good in Arabic", (_, sheet) => {
    expect(rulesOf(sheet).match(sides) ?? []).toEqual([]);
  });

  it.each(sheets)("%s fetches nothing", (_, sheet) => {
    expect(/@import|@font-face|url\(/.test(sheet)).toBe(false);
  });

  it("finds a side where there is one", () => {
    expect("a { margin-left: 1px; text-align: right; width: 3px }".match(sides)).toHaveLength(3);
  });
});
