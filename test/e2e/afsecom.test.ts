import { describe, expect, it } from "vitest";

import { exampleOf } from "../../schemas/examples/index.ts";
import {
  faultSentence,
  languages,
  type MessageType,
  parseBody,
  typeLabel,
  typeOptions,
} from "../../schemas/index.ts";
import { faults } from "../../schemas/ground/index.ts";
import { renderText } from "../../schemas/render/index.ts";

/**
 * T38 (domain.md §1, AFRIPOL's AFSECOM): what it was announced to carry, as reported in [J9] and [J10], and with which
 * of our types each is said. Its own message formats were not published.
 */
const carried: Readonly<Record<string, readonly MessageType[]>> = {
  alert: ["alert.incident", "alert.update", "alert.cancel", "warning.trend", "notice.threat"],
  "suspect profile": ["record.person", "notice.wanted", "core_data.request", "core_data.reply"],
  "operation coordination": ["operation.open", "operation.close", "jit.proposal"],
};

describe.each(Object.entries(carried))("T38: what AFSECOM calls %s", (_kind, types) => {
  it.each(types)("is said with %s: named, and wholly readable, in six languages", (type) => {
    const { body: json } = exampleOf(type);
    const body = parseBody(type, json);
    const [english = "", ...others] = languages.map((lang) => renderText({ type, body, lang }));
    expect(typeOptions(type)?.form).toBe("SEALED");
    expect(new Set(languages.map((lang) => typeLabel(type, lang))).size).toBeGreaterThan(3);
    for (const text of others) {
      expect(text.split("\n").length).toBe(english.split("\n").length);
      expect(text).not.toBe(english);
    }
  });
});

describe("T38: what a gateway says to its people", () => {
  it("each fault has a sentence in six languages", () => {
    const missing = Object.keys(faults).flatMap((code) =>
      languages.filter((lang) => faultSentence(code, lang) === code).map((lang) => `${code} ${lang}`),
    );
    expect(missing).toEqual([]);
  });
}); // prettier-ignore
