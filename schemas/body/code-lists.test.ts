import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { codeListNames, isKnownCode } from "../codes/index.ts";
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

function readLabels(lang: string): Record<string, Record<string, string>> {
  return JSON.parse(
    readFileSync(join(import.meta.dirname, `../codes/fields/${lang}.json`), "utf8"),
  );
}

describe("labels and schemas", () => {
  it.each(["en", "fr"])("what people see has a label in %s, and nothing else has", (lang) => {
    const labels = readLabels(lang);
    const keys = (section: string): readonly string[] => Object.keys(labels[section]!).toSorted();
    expect(keys("fields")).toEqual([...new Set(shown.map(({ name }) => name))].toSorted());
    expect(keys("types")).toEqual([...messageTypes].toSorted());
    expect(keys("units")).toEqual([...new Set(shown.flatMap(({ unit }) => unit ?? []))].toSorted());
    for (const label of Object.values(labels).flatMap((section) => Object.values(section))) {
      expect(label).toMatch(/\S/);
    }
  });
});
