import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { checkBody, isKnownType, type MessageType } from "../body/index.ts";
import { bodyCodecs } from "../gen/index.ts";
import { renderHex } from "../ground/index.ts";

const folder = join(import.meta.dirname, "golden");
const golden = readdirSync(folder).map((file) => file.replace(".hex", ""));

function readGolden(type: string): string {
  return readFileSync(join(folder, `${type}.hex`), "utf8").trim();
}

function checkAgain<T extends MessageType>(type: T, hex: string): string {
  const body = bodyCodecs[type].decode(Buffer.from(hex, "hex"));
  checkBody(type, body);
  return renderHex(bodyCodecs[type].encode(body));
}

describe("bytes of the last release", () => {
  it.each(golden)("%s is read, is valid, and is written as the same bytes", (type) => {
    if (!isKnownType(type)) throw new Error("a released type is gone");
    const hex = readGolden(type);
    expect(checkAgain(type, hex)).toBe(hex);
  });

  it.each(golden)("%s of a newer writer is read: a field unknown here is passed over", (type) => {
    if (!isKnownType(type)) throw new Error("a released type is gone");
    const hex = readGolden(type);
    // field 9000, of kind bytes, three of them
    expect(checkAgain(type, `${hex}c2b20403616263`)).toBe(hex);
  });
});
