import { describe, expect, it } from "vitest";

import { hubLimits } from "./limits.ts";
import { roomsOf } from "./rooms.ts";

const mebi = 2 ** 20;
const gibi = 2 ** 30;

function rooms(agencies: number, maxFileBytes = 64 * gibi): readonly number[] {
  const { direct, receipts } = roomsOf({ agencies, maxFileBytes });
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
      const { direct, receipts } = roomsOf({ agencies, maxFileBytes: 2 ** 50 });
      expect(direct).toBeGreaterThanOrEqual(agencies * hubLimits.directBytesPerAgency);
      expect(receipts).toBeGreaterThanOrEqual(agencies * hubLimits.receiptBytesPerAgency);
    }
  });

  it("are an eighth of the server's files each at most, and never less than the least", () => {
    expect(rooms(550, 8 * gibi)).toEqual([1024, 1024]);
    expect(rooms(550, gibi)).toEqual([512, 256]);
  });
}); // prettier-ignore
