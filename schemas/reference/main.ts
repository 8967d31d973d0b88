/**
 * The second half of `npm run gen`: the reference pages and the AsyncAPI document, which need the rules and the
 * rendering that stand on the generated code. With `--check` it writes nothing and exits 1 when a page is not
 * current.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { messageTypes } from "../body/index.ts";
import { renderAsyncApi } from "./asyncapi.ts";
import { renderCodesPage, renderIndexPage } from "./index-page.ts";
import { renderPage } from "./page.ts";

const root = import.meta.dirname;

const made = new Map<string, string>([
  ["index.md", renderIndexPage()],
  ["codes.md", renderCodesPage()],
  ["asyncapi.json", renderAsyncApi()],
  ...messageTypes.map((type): [string, string] => [`pages/${type}.md`, renderPage(type)]),
]);

function contentOf(file: string): string | undefined {
  const path = join(root, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

const pages = existsSync(join(root, "pages")) ? readdirSync(join(root, "pages")) : [];
const stray = pages.map((file) => `pages/${file}`).filter((file) => !made.has(file));
const stale = [...made].filter(([file, content]) => contentOf(file) !== content);
if (process.argv.includes("--check")) {
  for (const file of [...stale.map(([name]) => name), ...stray]) {
    process.stdout.write(`schemas/reference/${file} is not current: npm run gen\n`);
  }
  process.exitCode = stale.length + stray.length === 0 ? 0 : 1;
} else {
  for (const [file, content] of stale) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), content);
  }
  for (const file of stray) rmSync(join(root, file));
  process.stdout.write(`${made.size} reference files, ${stale.length + stray.length} changed\n`);
}
