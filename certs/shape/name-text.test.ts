import { describe, expect, it } from "vitest";

import { madeName, madeNames } from "../../test/vectors/made-chain.ts";
import { parseDer, renderDer } from "./der.ts";
import { renderName } from "./name-text.ts";

const textOf = (...parts: readonly Uint8Array[]): string =>
  renderName(parseDer(madeNames(...parts)));

describe("renderName", () => {
  it("names attributes as people know them, and others by their identifier", () => {
    const parts = [
      madeName("NG", { oid: "2.5.4.6", tag: 0x13 }),
      madeName("desk"),
      madeName("x", { oid: "2.5.4.65" }),
    ];
    expect(textOf(...parts)).toBe("C=NG, CN=desk, 2.5.4.65=x");
  });

  it("one name has one text: what separates is escaped, and what does not print", () => {
    expect(textOf(madeName("a, CN=b+c"))).toBe("CN=a\\, CN=b\\+c");
    expect(textOf(madeName("#a\nb "))).toBe("CN=\\#a\\0Ab\\ ");
  });

  it("refuses what is no name", () => {
    expect(() => renderName(parseDer(renderDer(0x30, renderDer(0x31))))).toThrow(/types and texts/);
    expect(() => renderName(parseDer(renderDer(0x31)))).toThrow(/types and texts/);
  });
});
