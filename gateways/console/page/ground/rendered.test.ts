import { describe, expect, it } from "vitest";

import { readRendered } from "./rendered.ts";

describe("readRendered", () => {
  it("keeps marks in each other, with their language and direction", () => {
    expect(readRendered('<dl><dt>text</dt><dd><q lang="fr" dir="auto">a &lt; b</q></dd></dl>')).toEqual([
      {
        tag: "dl",
        children: [
          { tag: "dt", children: ["text"] },
          { tag: "dd", children: [{ tag: "q", lang: "fr", dir: "auto", children: ["a < b"] }] },
        ],
      },
    ]);
  }); // prettier-ignore

  it.each([
    "<script>ran()</script>",
    '<img src="x" onerror="ran()">',
    '<p onclick="ran()">x</p>',
    "<svg/onload=ran()>",
    "<!--<p>-->",
    "<<p>>",
  ])("makes of %s nothing but text and marks of ours, without what they were given", (html) => {
    const all = JSON.stringify(readRendered(html));
    expect(all).not.toMatch(/"tag":"(?!p")/);
    expect(all).not.toContain('"onclick":');
  });

  it("loses no text, whatever is open when it ends or closed before it began", () => {
    expect(readRendered("</dd>a<dl><dt>b")).toEqual([
      "a",
      { tag: "dl", children: [{ tag: "dt", children: ["b"] }] },
    ]);
  });

  it("decodes each entity once", () => {
    expect(readRendered("&amp;lt;p&amp;gt;")).toEqual(["&lt;p&gt;"]);
  });
});
