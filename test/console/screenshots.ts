/**
 * `node test/console/screenshots.ts [FOLDER] [WORD…]`: every screen of the console with something in it, in three languages, wide and
 * narrow, for people to look at. Words choose: those screens and languages whose names hold one of them.
 */
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";

import { type Officer, startConsoleWorld } from "../kit/console-world.ts";
import { type Scene, type Screen, screens, setScene, settled, show } from "./screens.ts";

const languages = ["en", "fr", "ar"] as const;
const sizes = [
  ["wide", { width: 1024, height: 768 }],
  ["narrow", { width: 320, height: 640 }],
] as const;

/** As it comes out of a printer: the file itself, and what stands on its sheets. */
async function print({ page }: Officer, path: string): Promise<void> {
  await page.emulateMedia({ media: "print" });
  await page.pdf({ path: `${path}.pdf`, format: "A4" });
  await page.setViewportSize({ width: 680, height: 962 });
  await page.screenshot({ path: `${path}.png`, fullPage: true });
  await page.emulateMedia({ media: null });
  await page.setViewportSize(sizes[0][1]);
}

/** One screen in one language, wide and narrow. */
export async function shoot(scene: Scene, screen: Screen, { folder, lang }: { readonly folder: string; readonly lang: string }): Promise<void> {
  const officer = await show(scene, screen, lang);
  for (const [size, viewport] of sizes) {
    await officer.page.setViewportSize(viewport);
    await settled(officer);
    await officer.page.screenshot({ path: join(folder, `${screen.name}-${lang}-${size}.png`), fullPage: true });
  }
  await officer.page.setViewportSize(sizes[0][1]);
  if (screen.name.startsWith("message")) await print(officer, join(folder, `${screen.name}-${lang}-print`));
} // prettier-ignore

async function main(): Promise<void> {
  const [folder = "screenshots", ...words] = process.argv.slice(2);
  const into = resolve(folder);
  mkdirSync(into, { recursive: true });
  const region = await startConsoleWorld();
  try {
    const scene = await setScene(region);
    const chosen = (text: string): boolean => words.length === 0 || words.some((word) => text.includes(word));
    for (const screen of screens)
      for (const lang of languages)
        if (chosen(`${screen.name}-${lang}`)) await shoot(scene, screen, { folder: into, lang });
    process.stdout.write(`${screens.length} screens in ${into}\n`);
  } finally {
    await region.stop();
  }
} // prettier-ignore

if (import.meta.main) await main();
