import { describe, expect, it } from "vitest";

import { makeSeededChance, systemChance } from "../../schemas/ground/index.ts";
import { makeLedger } from "./ledger.ts";
import { checkSerial, makeFreshSerial, makeSerial } from "./serial.ts";

const refused: unknown = expect.objectContaining({ code: "SERIAL_REPEATED" });

function recorded(serial: string): Parameters<ReturnType<typeof makeLedger>["add"]>[0] {
  const [issuer, thumbprint, key] = ["00".repeat(20), "00".repeat(32), "00".repeat(32)];
  const of = { agency: "ng/tcu", kind: "LINK", until: 1, at: 0 } as const;
  return { event: "issued", issuer, serial, thumbprint, key, ...of };
}

describe("makeFreshSerial", () => {
  it("ten thousand serial numbers are positive, of one length, 128 bits of chance, and all different", () => {
    for (const chance of [systemChance, makeSeededChance("serials")]) {
      const { ledger, add } = makeLedger();
      const seen = new Set<string>();
      const ones = Array.from({ length: 128 }, () => 0);
      for (let i = 0; i < 10_000; i += 1) {
        const serial = makeFreshSerial(chance, ledger);
        expect(serial).toMatch(/^01[0-9a-f]{32}$/);
        const bits = BigInt(`0x${serial.slice(2)}`);
        ones.forEach((_, bit) => (ones[bit]! += Number((bits >> BigInt(bit)) & 1n)));
        seen.add(serial);
        add(recorded(serial));
      }
      expect(seen.size).toBe(10_000);
      // each bit falls either way: a count this far from half comes once in 10^15
      for (const count of ones) expect(Math.abs(count - 5000)).toBeLessThan(400);
    }
  });

  it("a generator that repeats itself gets no second number, and none is made up instead", () => {
    const stuck = { bytes: (length: number) => Buffer.alloc(length, 0xab) };
    const { ledger, add } = makeLedger();
    const serial = makeFreshSerial(stuck, ledger);
    add(recorded(serial));
    expect(() => makeFreshSerial(stuck, ledger)).toThrow(refused);
    expect(() => checkSerial(serial, ledger)).toThrow(refused);
    expect(makeSerial(stuck)).toBe(serial);
  });
});
