import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { faults } from "../schemas/ground/index.ts";

const root = join(import.meta.dirname, "..");
const readme = readFileSync(join(root, "schemas/README.md"), "utf8");
const documented = [
  ...readme.matchAll(/^\| `([A-Z0-9_]+)` +\| (\d+) +\| ([a-z-]+) +\| (.+?) *\|$/gm),
].map(([, code, status, retry, title]) => ({ code, status: Number(status), retry, title }));

describe("the fault list in schemas/README.md", () => {
  it("names every code of the table, with its status, retry and title", () => {
    const table = Object.entries(faults).map(([code, { status, retry, title }]) => ({
      code,
      status,
      retry,
      title,
    }));
    expect(documented).toEqual(table);
  });
});

describe("README.md", () => {
  const text = readFileSync(join(root, "README.md"), "utf8");

  it("names every top-level folder and both commands", () => {
    for (const name of ["schemas/", "certs/", "broker/", "gateways/", "deploy/", "test/"])
      expect(text).toContain(`\`${name}\``);
    expect(text).toContain("npm start");
    expect(text).toContain("npm test");
  });

  it("is at most 120 lines", () => {
    expect(text.split("\n").length).toBeLessThanOrEqual(120);
  });
});
