import { describe, expect, it } from "vitest";

import { hubLimits } from "./limits.ts";
import { roomsOf } from "./rooms.ts";

const mebi = 2 ** 20;
const gibi = 2 ** 30;

function rooms(agencies: number, maxFileBytes = 64 * gibi): readonly number[] {
  const { direct, receipts } = roomsOf({ agencies, feeds: 1, maxFileBytes });
  return [direct / mebi, receipts / mebi];
}

describe("the rooms of direct mail and receipts", () => {
  it("are the least for few agencies, and grow with them in steps of twice as much", () => {
    expect([rooms(0), rooms(4)]).toEqual([[512, 256], [512, 256]]);
    expect([rooms(5), rooms(32), rooms(33)]).toEqual([[512, 512], [512, 2048], [1024, 4096]]);
    expect(rooms(183)).toEqual([4096, 8192]);
  });

  it("hold for each agency what is its own, while the server's files allow it", () => {
    for (let agencies = 0; agencies <= 3_000; agencies += 7) {
      const { direct, receipts } = roomsOf({ agencies, feeds: 1, maxFileBytes: 2 ** 50 });
      expect(direct).toBeGreaterThanOrEqual(agencies * hubLimits.directBytesPerAgency);
      expect(receipts).toBeGreaterThanOrEqual(agencies * hubLimits.receiptBytesPerAgency);
    }
  });

  it("are an eighth of the server's files each at most, and never less than the least", () => {
    expect(rooms(550, 8 * gibi)).toEqual([1024, 1024]);
    expect(rooms(550, gibi)).toEqual([512, 256]);
  });
}); // prettier-ignore

describe("the room of a feed", () => {
  const feed = (feeds: number, maxFileBytes: number): number => roomsOf({ agencies: 3, feeds, maxFileBytes }).feed / gibi;

  it("is an equal part of a quarter of the server's files, in steps of twice as much", () => {
    expect([1, 2, 3, 9, 16].map((feeds) => feed(feeds, 64 * gibi))).toEqual([16, 8, 4, 1, 1]);
    expect([4, 16, 100].map((files) => feed(1, files * gibi))).toEqual([1, 4, 16]);
  });

  it("is never less than a gibibyte, and all together never more than that quarter beyond it", () => {
    expect([feed(0, gibi), feed(9, gibi), feed(1, 1)]).toEqual([1, 1, 1]);
    for (let feeds = 1; feeds <= 40; feeds += 1) {
      const together = feeds * feed(feeds, 256 * gibi);
      expect(together).toBeLessThanOrEqual(Math.max(64, feeds));
    }
  });
}); // prettier-ignore
