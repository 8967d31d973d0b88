import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { migrations } from "./index.ts";

const files = readdirSync(import.meta.dirname).filter((name) => /^\d\d-[a-z-]+\.ts$/.test(name));

async function stepOf(file: string): Promise<unknown> {
  const found = Object.values<unknown>(await import(join(import.meta.dirname, file)));
  expect(found, `${file} holds one step`).toHaveLength(1);
  return found[0];
}

describe("the steps of the store", () => {
  it("every file is one step, numbered without a gap", () => {
    const numbers = files.map((file) => Number(file.slice(0, 2)));
    expect(numbers).toEqual(migrations.map((_, at) => at + 1));
  });

  it("the list has them in the order of their numbers", async () => {
    expect(await Promise.all(files.toSorted().map(stepOf))).toEqual(migrations);
  });
});
