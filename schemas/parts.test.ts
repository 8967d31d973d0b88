import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import type { Part } from "./gen/index.ts";
import { encodeBody, parseBody } from "./body/index.ts";
import { isFault, makeSeededChance, sameBytes, utf8 } from "./ground/index.ts";
import { joinParts, makeParts, parseParts, partsRoot, redactParts, renderParts } from "./parts.ts";

const chance = makeSeededChance("parts");
const header = utf8("inner");
const body = encodeBody(
  "bulletin.red_flag",
  parseBody("bulletin.red_flag", {
    title: { text: "Seals", lang: "en" },
    indicators: [{ code: "SEAL_MISMATCH" }],
    countries: ["NG", "GH"],
    evidenceLevel: "PROBABLE",
  }),
);

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return isFault(error) ? error.code : String(error);
  }
  return "accepted";
}

describe("parts", () => {
  it("the parts of a body join to the body, byte for byte", () => {
    const parts = makeParts(header, body, chance);
    const joined = joinParts(parts);
    expect(sameBytes(joined.body, body)).toBe(true);
    expect(sameBytes(joined.innerHeader, header)).toBe(true);
    expect(parts.map(({ number }) => number)).toEqual([0, 1, 2, 3, 7]);
  });

  it("a redacted copy has the root of the whole", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(0, 1, 2, 3, 7)), (keep) => {
        const parts = makeParts(header, body, chance);
        const redacted = redactParts(parts, new Set(keep));
        const read = parseParts(renderParts(redacted), partsRoot(parts));
        return read.filter(({ value }) => value !== undefined).length === keep.length;
      }),
    );
  });

  it("a changed byte in any value or salt is refused", () => {
    const parts = makeParts(header, body, chance);
    const root = partsRoot(parts);
    const spoil = (part: Part, key: "value" | "salt"): Part => {
      const bytes = Buffer.from(part[key] ?? []);
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return { ...part, [key]: bytes };
    };
    for (const key of ["value", "salt"] as const) {
      parts.forEach((part, i) => {
        const spoilt = renderParts(parts.with(i, spoil(part, key)));
        expect(codeOf(() => parseParts(spoilt, root))).toBe("BODY_ROOT_MISMATCH");
      });
    }
  });

  it("parts out of order, twice, or dropped are refused", () => {
    const parts = makeParts(header, body, chance);
    const root = partsRoot(parts);
    const read = (changed: readonly Part[]): string =>
      codeOf(() => parseParts(renderParts(changed), root));
    expect(read(parts.toReversed())).toBe("BODY_PARTS_INVALID");
    expect(read([...parts, ...parts.slice(-1)])).toBe("BODY_PARTS_INVALID");
    expect(read(parts.slice(1))).toBe("BODY_ROOT_MISMATCH");
    expect(read([])).toBe("BODY_PARTS_INVALID");
  });

  it("the number of a withheld part is signed: nobody can say that another was withheld", () => {
    const parts = makeParts(header, body, chance);
    const root = partsRoot(parts);
    const redacted = redactParts(parts, new Set([0]));
    const last = redacted.at(-1)!;
    const renumbered = redacted.with(redacted.length - 1, { ...last, number: last.number + 1 });
    expect(codeOf(() => parseParts(renderParts(redacted), root))).toBe("accepted");
    expect(codeOf(() => parseParts(renderParts(renumbered), root))).toBe("BODY_ROOT_MISMATCH");
  });

  it("a part that is both whole and withheld is refused", () => {
    const parts = makeParts(header, body, chance);
    const both = parts.with(0, { ...(parts[0] ?? { number: 0 }), hash: new Uint8Array(32) });
    expect(codeOf(() => parseParts(renderParts(both), partsRoot(parts)))).toBe(
      "BODY_PARTS_INVALID",
    );
  });

  it("two bodies with the same text have different roots", () => {
    expect(
      sameBytes(
        partsRoot(makeParts(header, body, chance)),
        partsRoot(makeParts(header, body, chance)),
      ),
    ).toBe(false);
  });
});
