import { describe, expect, it } from "vitest";

import { codeListNames, fieldLabel, isKnownCode, typeLabel, unitLabel } from "../codes/index.ts";
import { descriptors } from "../gen/index.ts";
import { messageTypes, typeOptions } from "./index.ts";

const messages = Object.values(descriptors);

/** A message and everything it holds. */
function reach(name: string): readonly string[] {
  const held = descriptors[name]?.fields.flatMap(({ message }) => message ?? []) ?? [];
  return [name, ...held.flatMap(reach)];
}

const shown = [...messages.filter(({ body }) => body !== undefined), descriptors["InnerHeader"]!]
  .flatMap(({ name }) => reach(name))
  .flatMap((name) => descriptors[name]?.fields ?? []);

describe("code lists and schemas", () => {
  it("every list a schema names exists, and none that nobody names, but for CRIME", () => {
    const fields = messages.flatMap((message) => message.fields);
    const named = new Set(fields.flatMap(({ code }) => code ?? []));
    expect(codeListNames).toEqual([...named, "CRIME"].toSorted());
  });

  it("every agency kind that may sign a type, and every default urgency, is a code", () => {
    for (const type of messageTypes) {
      const { signers, urgency, form, scope } = typeOptions(type)!;
      for (const kind of signers) expect(isKnownCode("AGENCY_KIND", kind)).toBe(true);
      expect(isKnownCode("URGENCY", urgency)).toBe(true);
      expect(isKnownCode("FORM", form)).toBe(true);
      expect(isKnownCode("SCOPE", scope)).toBe(true);
    }
  });
});

describe("labels and schemas", () => {
  it.each(["en", "fr"] as const)("every type, field and unit that people see has a label in %s", (lang) => {
    const names = [...new Set(shown.map(({ name }) => name))];
    const oneWord = new Set(["type", "code", "area", "date", "sex", "position", "place", "description",
      "method", "account", "person", "title", "day", "month", "year", "question", "questions", "stage",
      "names", "name", "kind", "persons", "country", "countries", "documents", "currency", "flag",
      "ship", "consent", "decision", "explanation", "weapons", "attackers", "source", "sources",
      "weight", "version", "script", "indicators", "answers", "accounts", "vessels", "subjects",
      "recipients", "purposes", "offences", "crimes", "roles", "nationalities", "organisation",
      "institution", "quantity", "value", "unit", "amount", "estimated", "approximate", "number",
      "scheme", "outcome", "occurred"]); // prettier-ignore
    const unlabelled = names.filter((name) => fieldLabel(name, lang) === name && !oneWord.has(name));
    expect(unlabelled).toEqual([]);
    for (const type of messageTypes) expect(typeLabel(type, lang)).not.toBe(type);
    expect(unitLabel("degrees north", lang)).toMatch(lang === "en" ? "north" : "nord");
  });
});
