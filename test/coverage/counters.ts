/** Read by each test process: keeps which marked places were reached, and writes them down after each test file. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll } from "vitest";

const seen = new Set<string>();

function note(url: string, name: string): void {
  seen.add(`${fileURLToPath(url)} ${name}`);
}

Object.assign(globalThis, {
  __branches: {
    decides: <T>(url: string, name: string, value: T): T => {
      note(url, `${name} ${value ? "true" : "false"}`);
      return value;
    },
    lacks: <T>(url: string, name: string, value: T): T => {
      note(url, `${name} ${value === undefined || value === null ? "absent" : "present"}`);
      return value;
    },
    runs: <T>(url: string, name: string, value: T): T => {
      note(url, `${name} run`);
      return value;
    },
  },
});

let files = 0;

afterAll(() => {
  files += 1;
  const folder = process.env["ATUMPAN_COVERAGE"] ?? "";
  writeFileSync(join(folder, `${process.pid}-${files}`), [...seen].join("\n"));
});
