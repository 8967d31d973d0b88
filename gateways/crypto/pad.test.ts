import { assert, property, uint8Array } from "fast-check";
import { describe, expect, it } from "vitest";

import { paddedLength, padParts, unpadParts } from "./pad.ts";

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
