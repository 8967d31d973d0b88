import { beforeEach, describe, expect, it } from "vitest";

import { fieldLabel, languages, wordLabel } from "../../schemas/index.ts";
import {
  type Answer,
  type ApiWorld,
  exampleOf,
  makeApiWorld,
  message,
} from "../../test/kit/api-world.ts";
import { messageForms } from "./message-forms.ts";
import { parseTextWish } from "./message-text.ts";
import { chooseForm } from "./negotiate.ts";

let world: ApiWorld;

beforeEach(() => {
  world = makeApiWorld();
});

const { body } = message;

function label(owner: string, name: string): string {
  return fieldLabel(name, "en", owner);
}

function show(id: string, accept: string): Promise<Answer> {
  return world.ask(`/v1/messages/${id}`, { headers: { accept } });
}

function wishOf(accept: string | null, more: Record<string, string> = {}) {
  return parseTextWish(chooseForm(accept, messageForms), new Headers(more));
}

describe("what Accept asks for", () => {
  const wish = { form: "text", lang: "en", zone: "UTC" };

  it.each([
    ["text/plain", wish],
    ["text/html", { ...wish, form: "html" }],
    ["TEXT/Plain ; LANG=fr ; zone=Africa/Dakar", { ...wish, lang: "fr", zone: "Africa/Dakar" }],
    ['text/plain;lang="pt";zone="Africa/Maputo"', { ...wish, lang: "pt", zone: "Africa/Maputo" }],
    ["text/plain;lang=ar-TN;zone=Africa/Tunis", { ...wish, lang: "ar", zone: "Africa/Tunis" }],
    ["text/plain;lang=sw, application/json", { ...wish, lang: "sw" }],
    ["text/*", wish],
    ["application/json;q=0.5, text/plain", wish],
    ["text/html;q=0, text/*", wish],
    ["text/plain;lang=de", wish],
    ["text/plain;lang=__proto__", wish],
    ["text/plain;zone=Mars/Olympus", wish],
    ["text/plain;zone=+03:00", wish],
    ["text/plain;zone=Africa/Lagos\r\nx: y", wish],
    ["text/plain;lang;zone=;=;;", wish],
  ])("%s: text", (accept, wanted) => {
    expect(wishOf(accept)).toEqual(wanted);
  });

  it.each([
    null, "", "application/json", "*/*", "application/json, text/plain", "application/*;q=0.2", "text/plain;q=0.1, application/json",
  ])("%s: JSON", (accept) => {
    expect(wishOf(accept)).toBeUndefined();
  }); // prettier-ignore
});

describe("a message as text", () => {
  it("is header and content in each of the six languages, and names the language", async () => {
    const { id } = world.exchange.receive({ body });
    const texts = new Set<string>();
    for (const lang of languages) {
      const { text, headers, status } = await show(id, `text/plain;lang=${lang}`);
      expect(status).toBe(200);
      expect(headers.get("content-type")).toBe("text/plain; charset=utf-8");
      expect(headers.get("content-language")).toBe(lang);
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(text).toContain(id);
      // a ship's name and the sender's own words stand as they were written, with their language
      expect(text).toContain("Umoja wa Mfano");
      expect(text).toContain("[sw]");
      texts.add(text);
    }
    expect(texts.size).toBe(languages.length);
  });

  it("has its moments in UTC and by the reader's clock, in header and content", async () => {
    const { body: alert, inner } = exampleOf("alert.incident");
    const { id } = world.exchange.receive({ type: "alert.incident", body: alert, inner });
    const tunis = await show(id, "text/plain;lang=en;zone=Africa/Tunis");
    expect(tunis.text).toContain("2026-03-09 14:05 UTC, 15:05 Africa/Tunis\n");
    expect(tunis.text).toContain(
      `${label("AlertIncident", "occurredFrom")}: 2026-11-18 04:30 UTC, 05:30 Africa/Tunis\n`,
    );
    const unknown = await show(id, "text/plain;lang=en;zone=Africa/Atlantis");
    expect(unknown.status).toBe(200);
    expect(unknown.text).toContain("2026-03-09 14:05 UTC\n");
    expect(unknown.text).not.toContain("Atlantis");
  });

  it("has the restrictions of its inner header", async () => {
    const { body: wanted, inner } = exampleOf("notice.wanted");
    const { id } = world.exchange.receive({ type: "notice.wanted", body: wanted, inner });
    const { text } = await show(id, "text/plain;lang=en");
    expect(text).toContain(
      `${label("InnerHeader", "urgencyReason")}: Le suspect a réservé un vol pour le 23 novembre. [fr]`,
    );
    expect(text).toContain(`${label("InnerHeader", "courtUse")}: `);
  });

  it("of a direct message names its recipients once", async () => {
    const { body: asked, inner, recipients, crimes } = exampleOf("fiu.request");
    const type = "fiu.request";
    const whole = { ...inner, type, typeVersion: 1, crimes, recipients };
    const direct = { type, body: asked, inner: whole, recipients: recipients!, crimes, recs: [] };
    const { id } = world.exchange.receive(direct);
    const { text } = await show(id, "text/plain;lang=en");
    for (const word of ["recipients", "type"]) {
      const lines = text
        .split("\n")
        .filter((line) => line.startsWith(`${wordLabel(word, "en")}: `));
      expect([word, lines.length]).toEqual([word, 1]);
    }
  });

  it("in Arabic sets every value apart from the direction of its line", async () => {
    const { id } = world.exchange.receive({ body });
    const { text } = await show(id, "text/plain;lang=ar;zone=Africa/Tunis");
    for (const line of text.split("\n").slice(0, 9)) expect(line).toMatch(/: \u2068.*\u2069$/);
  });

  it("of a message that was not proved says so first, in the reader's language, and shows no content", async () => {
    const quarantined = { body, state: "QUARANTINED", code: "CERT_REVOKED" } as const;
    const { id } = world.exchange.receive(quarantined);
    const english = await show(id, "text/plain");
    expect(english.text.startsWith(wordLabel("quarantined", "en"))).toBe(true);
    expect(english.text).toMatch(/^.+\(CERT_REVOKED\)\n/);
    const html = await show(id, "text/html;lang=fr");
    expect(html.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(html.text).toContain("CERT_REVOKED");
    for (const { text } of [english, html]) expect(text).not.toContain("Umoja");
  });

  it("of a message that was erased says that, and not that it could not be proved", async () => {
    const { id } = world.exchange.receive({ state: "ERASED", code: "PURGE" });
    const { text } = await show(id, "text/plain");
    expect(text.startsWith(`${wordLabel("erased", "en")} (PURGE)\n`)).toBe(true);
    expect(text).not.toContain(wordLabel("quarantined", "en"));
  });

  it("of a message that was not proved moves no cursor and adds no line", async () => {
    const { id } = world.exchange.receive({
      state: "QUARANTINED",
      originator: "ng/tcu\nstatus: real\u001b[2J\u202e",
      recs: ["a\u2028b"],
      crimes: ["x\u0085y"],
      handling: "H0\u2066",
      urgency: "\u0007",
    });
    const { text } = await show(id, "text/plain");
    expect(text.split("\n")).toHaveLength(12);
    expect(text).not.toMatch(/[\p{Cc}--\n]|[\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/v);
  });

  it("of a type that this edition does not know is refused; its JSON is not", async () => {
    const { id } = world.exchange.receive({ type: "alert.newer", body: {} });
    expect((await show(id, "text/plain")).json["code"]).toBe("SCHEMA_UNKNOWN_TYPE");
    expect((await show(id, "application/json")).json["type"]).toBe("alert.newer");
  });
});

describe("a message as HTML", () => {
  it("is the content alone, in the reader's language", async () => {
    const { id } = world.exchange.receive({ body });
    const { text, headers } = await show(id, "text/html;lang=fr;zone=Africa/Dakar");
    expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(headers.get("content-language")).toBe("fr");
    expect(text).toContain('lang="fr"');
    expect(text).not.toContain(id);
    expect((await show(id, "text/html;lang=ar")).text).toContain('dir="rtl"');
  });

  it("escapes every word of a sender", async () => {
    const tag = `<script>alert("x")</script><img src=x onerror='y'>&amp;`;
    const narrative = { text: tag, lang: "en" };
    const { id } = world.exchange.receive({ body: { ...body, narrative } });
    const { text } = await show(id, "text/html");
    expect(text).not.toMatch(/<script|<img/);
    expect(text).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(text).toContain("&amp;amp;");
  });
});
