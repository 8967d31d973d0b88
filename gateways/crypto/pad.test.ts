import { assert, property, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";

import {
  encodeInnerHeader,
  makeParts,
  parseInnerHeader,
  renderParts,
} from "../../schemas/index.ts";
import { type Bytes, systemChance } from "../../schemas/ground/index.ts";
import { directLength, paddedLength, padParts, unpadParts } from "./pad.ts";

describe("padding", () => {
  it("what was padded comes back, and nothing else has the padding", () => {
    assert(
      property(uint8Array({ maxLength: 3000 }), (parts) => {
        const padded = padParts(parts);
        expect(padded).toHaveLength(paddedLength(parts.length + 1));
        expect(Buffer.from(unpadParts(padded) ?? []).equals(parts)).toBe(true);
        expect(unpadParts(padded.subarray(1))).toBeUndefined();
        expect(unpadParts(Buffer.concat([padded, Buffer.alloc(1)]))).toBeUndefined();
      }),
    );
  });

  it("costs at most an eighth from 512 bytes up, and less is 512", () => {
    for (let length = 0; length <= 200_000; length += 1) {
      const padded = paddedLength(length);
      if (length <= 512) expect(padded).toBe(512);
      else if (padded < length || padded > length * 1.12) expect([length, padded]).toBe("within");
    }
  });

  it("10,000 sizes show as few as there are buckets, and a bucket is one size", () => {
    const sizes = Array.from({ length: 10_000 }, (_, i) => 1 + i * 18);
    const shown = new Set(sizes.map((size) => padParts(Buffer.alloc(size, 1)).length));
    expect(shown.size).toBeLessThan(160);
    for (const size of shown) expect(paddedLength(size)).toBe(size);
  });

  it("ends with its mark and zeros to the very size, or is none", () => {
    const padded = Buffer.from(padParts(Buffer.from("content")));
    const changed = (change: (bytes: Buffer) => void): Buffer => {
      const copy = Buffer.from(padded);
      change(copy);
      return copy;
    };
    expect(unpadParts(changed((bytes) => void (bytes[7] = 0x81)))).toBeUndefined();
    expect(unpadParts(changed((bytes) => void (bytes[511] = 1)))).toBeUndefined();
    expect(unpadParts(Buffer.alloc(512))).toBeUndefined();
    expect(unpadParts(Buffer.alloc(0))).toBeUndefined();
    // more padding than its size asks for could carry something
    const longer = Buffer.concat([Buffer.from("content"), Buffer.of(0x80), Buffer.alloc(536)]);
    expect(unpadParts(longer)).toBeUndefined();
  });
});

/** The parts of a direct message of a type, whose body is so long. */
function partsOf(type: string, bytes: number): Bytes {
  const inner = encodeInnerHeader({ ...parseInnerHeader({}), type });
  const field = Buffer.concat([Buffer.of(0x0a, 0x80 | (bytes & 0x7f), bytes >> 7), Buffer.alloc(bytes, 1)]);
  return renderParts(makeParts(inner, field, systemChance));
} // prettier-ignore

describe("padding of what travels by name", () => {
  it("is 4 KiB for nearly all, twice that up to 128 KiB, and never less than the content", () => {
    const shown = new Set<number>();
    for (let length = 0; length <= 200_000; length += 7) {
      const padded = directLength(length);
      shown.add(padded);
      if (padded < Math.max(4096, length)) expect([length, padded]).toBe("within");
    }
    expect([...shown].slice(0, 6)).toEqual([4096, 8192, 16_384, 32_768, 65_536, 131_072]);
    expect(shown.size).toBeLessThan(30);
  });

  it("hides a short question and a long file's cover alike; keys of messages stay short", () => {
    const lengths = ["directory.ping", "suspect.handover", "key.share"].map((type, i) => padParts(partsOf(type, [130, 2900, 200][i]!), "kind").length); // prettier-ignore
    expect(lengths).toEqual([4096, 4096, 512]);
  });

  it.each([["fiu.request", 200], ["key.share", 200], ["fiu.report", 9000]])("of %s with %i bytes comes back, and has one form only", (type, bytes) => {
    const parts = partsOf(type, bytes);
    const padded = padParts(parts, "kind");
    expect(Buffer.from(unpadParts(padded, "kind") ?? []).equals(parts)).toBe(true);
    for (const other of [padParts(parts), Buffer.concat([padded, Buffer.alloc(padded.length)])]) {
      if (other.length !== padded.length) expect(unpadParts(other, "kind")).toBeUndefined();
    }
    expect(unpadParts(Buffer.concat([parts, Buffer.of(0x80)]), "kind")).toBeUndefined();
  }); // prettier-ignore
});
