import { describe, expect, it } from "vitest";

import { parseBody, parseInnerHeader } from "../body/index.ts";
import { renderHtml, renderText } from "./index.ts";

const alertJson = {
  kind: "drugs",
  occurredFrom: "2026-03-09T14:05:00.000Z",
  occurredTo: "2026-03-09T23:30:07.250Z",
  place: { lat: 6.125, lon: 1.28, country: "TG", text: { text: "Port de Lomé", lang: "fr" } },
  persons: [
    {
      roles: ["SUSPECT", "OWNER"],
      names: [{ full: "محمد بن سالم", kind: "LEGAL" }],
      sex: "M",
      birth: { year: 1980, month: 5, approximate: true },
    },
  ],
  commodities: [
    {
      kind: "COCAINE",
      quantity: { value: "12.5", unit: "KG", estimated: true },
      estimatedValue: { amount: "300000000", currency: "XOF" },
    },
  ],
  narrative: { text: "Deux valises.\nHandling: H0", lang: "fr" },
  caseStatus: "UNDER_INVESTIGATION",
  caseRef: "TG-17",
};
const alert = parseBody("alert.incident", alertJson);
const maritimeJson = {
  stage: "INITIAL",
  position: { lat: 1, lon: 2 },
  occurred: { date: { year: 2026, month: 1, day: 2 }, timeUtc: "09:45", timeKnown: "KNOWN" },
  shipStatus: "SAILING",
  method: "UNKNOWN",
  statesConcerned: ["GH", "TG"],
  attackers: 4,
  shoreDistanceM: 15_000,
};
const maritime = parseBody("maritime.incident", maritimeJson);

function linesOf(lang: "en" | "fr" | "ar" | "sw", zone?: string): readonly string[] {
  return renderText({ type: "alert.incident", body: alert, lang, zone }).split("\n");
}

describe("renderText", () => {
  it("shows labels, codes and times for an English reader, and the sender's words as written", () => {
    const lines = linesOf("en");
    expect(lines[0]).toBe("type of message: incident alert");
    expect(lines.some((line) => line.endsWith(": 2026-03-09 14:05 UTC"))).toBe(true);
    expect(lines.some((line) => line.endsWith(": 2026-03-09 23:30:07.250 UTC"))).toBe(true);
    expect(lines).toContain("    Handling: H0 [fr]");
    expect(lines.some((line) => line.includes("about 12.5 kilograms"))).toBe(true);
    expect(lines.some((line) => line.includes("300\u202f000\u202f000 XOF"))).toBe(true);
    expect(lines.some((line) => line.includes("suspect, owner"))).toBe(true);
    expect(lines.some((line) => line.includes("about 1980-05"))).toBe(true);
  });

  it("a number with three decimals cannot be read as thousands: a zero is added", () => {
    const at = (lang: "en" | "fr"): string => linesOf(lang).find((line) => /6[.,]125/.test(line))!;
    expect(at("en")).toContain("6.1250");
    expect(at("fr")).toContain("6,1250");
  });

  it("shows the reader's clock beside UTC, with its date when that is another day", () => {
    const text = linesOf("en", "Africa/Nairobi").join("\n");
    expect(text).toContain(": 2026-03-09 14:05 UTC, 17:05 Africa/Nairobi\n");
    expect(text).toContain(": 2026-03-09 23:30:07.250 UTC, 2026-03-10 02:30 Africa/Nairobi\n");
  });

  it("says the same in French, with its colon, its comma and its plural", () => {
    const text = linesOf("fr").join("\n");
    expect(text).toContain("\u00a0: ");
    expect(text).toContain("12,5 kilogramme");
    expect(text).not.toContain("12.5");
  });

  it("sets every value apart in a line from right to left, and an Arabic name in any line", () => {
    expect(linesOf("ar").filter((line) => !line.startsWith("    "))).not.toHaveLength(0);
    expect(linesOf("ar").join("\n")).toContain("\u20682026-03-09 14:05 UTC\u2069");
    expect(linesOf("sw").join("\n")).toContain("\u2068محمد بن سالم\u2069");
    expect(linesOf("sw").join("\n")).not.toContain("\u20682026");
  });

  it("names the label pack, and that nobody confirmed it", () => {
    expect(linesOf("en").at(-1)).toMatch(/en@[0-9a-f]{8}$/);
    expect(linesOf("sw").at(-1)).toMatch(/sw@[0-9a-f]{8} \(.+\)$/);
  });

  it("shows the inner header when there is one", () => {
    const inner = parseInnerHeader({
      inReplyTo: "01890a5d-ac96-774b-bcce-b302099a8057",
      purposes: ["BORDER_CONTROL"],
      recipients: ["lr/tcu"],
    });
    const text = renderText({ type: "alert.incident", body: alert, inner, lang: "en" });
    expect(text).toContain("01890a5d-ac96-774b-bcce-b302099a8057");
    expect(text).toContain("border control");
    expect(text).toContain("lr/tcu");
  });

  it("shows a code of a newer edition as the code, and says that it is one", () => {
    const body = { ...maritime, method: "SUBMARINE" };
    const text = renderText({ type: "maritime.incident", body, lang: "en" });
    expect(text).toMatch(/: SUBMARINE \(.+\)/);
    expect(text).toContain("4 persons");
    expect(text).toContain("15\u202f000 metres");
    expect(text).toContain("date: 2026-01-02");
  });

  it("a withheld field is said to be withheld, not left out", () => {
    const text = renderText({
      type: "alert.incident",
      body: { ...alert, narrative: undefined },
      lang: "en",
      withheld: [9],
    });
    expect(text.split("\n").filter((line) => line.includes("withheld"))).toHaveLength(1);
  });

  it("shows controls as replaced, should an unchecked body reach it", () => {
    const body = { ...alert, caseRef: "a\u001b[2J\u2028b" };
    const text = renderText({ type: "alert.incident", body, lang: "en" });
    expect(text).toContain("a\ufffd[2J\n    b");
  });
});

describe("renderHtml", () => {
  it("marks language and direction, of the page and of the sender's words", () => {
    const html = renderHtml({ type: "alert.incident", body: alert, lang: "ar" });
    expect(html).toMatch(/^<article lang="ar" dir="rtl">/);
    expect(html).toContain('<q lang="fr" dir="auto">');
    expect(renderHtml({ type: "alert.incident", body: alert, lang: "sw" })).toContain('dir="ltr"');
  });

  it("no words of a sender become markup", () => {
    const body = { ...alert, caseRef: `"><script>alert('1')</script>&amp;` };
    const html = renderHtml({ type: "alert.incident", body, lang: "en" });
    expect(html).not.toContain("<script");
    expect(html).toContain("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;");
  });
});
