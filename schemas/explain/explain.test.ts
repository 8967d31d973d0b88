import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { bodyMessageName, messageTypes } from "../body/index.ts";
import { faultSentence, fieldLabel, type Language, languages } from "../codes/index.ts";
import { descriptors } from "../gen/index.ts";
import { type FaultCode, faults, isFaultCode } from "../ground/index.ts";
import { explainViolation, explainViolations, renderExplanation } from "./index.ts";

function explain(path: string, code: FaultCode = "SCHEMA_FIELD_MISSING", type = "alert.incident") {
  return explainViolation({ path, code, message: "" }, type);
}

function label(message: string, name: string, lang: Language = "en"): string {
  return fieldLabel(name, lang, message);
}

const [persons, caseRef] = [label("AlertIncident", "persons"), label("AlertIncident", "caseRef")];

describe("a pointer", () => {
  it.each([
    ["/body/caseRef", ["AlertIncident.caseRef"]],
    ["/body/persons/0", ["AlertIncident.persons"]],
    ["/body/persons/12/names/3/full", ["AlertIncident.persons", "Person.names", "PersonName.full"]],
    ["/body/place/country", ["AlertIncident.place", "GeoPoint.country"]],
    ["/inner/urgencyReason", ["InnerHeader.urgencyReason"]],
    ["/inner/purposes/0", ["InnerHeader.purposes"]],
    ["/crimes/0", ["Envelope.crimes"]],
    ["/urgency", ["Envelope.urgency"]],
    ["/recipients/2", ["InnerHeader.recipients"]],
    ["/body", []],
    ["", []],
  ])("%s is said as %j, from the outside in", (path, names) => {
    const { field } = explain(path);
    for (const lang of languages) {
      const labels = names.map((name) => {
        const [message = "", own = ""] = name.split(".");
        if (lang === "ar") expect(label(message, own, lang)).not.toBe(own);
        return label(message, own, lang);
      });
      expect(field[lang]).toBe(labels.join(" › "));
    }
  });

  it("is named in six languages, each step by its own", () => {
    const { field } = explain("/body/persons/0/names/0/kind");
    expect(new Set(Object.values(field)).size).toBe(languages.length);
    for (const lang of languages) expect(field[lang].split(" › ")).toHaveLength(3);
  });

  it.each(messageTypes)("to any first-level field of %s has a label in every language", (type) => {
    const name = bodyMessageName(type);
    for (const field of descriptors[name]!.fields) {
      const said = explain(`/body/${field.name}`, "SCHEMA_FIELD_MISSING", type).field;
      for (const lang of languages) {
        expect([field.name, said[lang]]).toEqual([field.name, fieldLabel(field.name, lang, name)]);
        expect(said[lang]).not.toBe("");
      }
    }
  });

  it("has the meaning of its message: one name means two things in two messages", () => {
    const own = Object.keys(descriptors).find(
      (name) =>
        descriptors[name]?.body !== undefined &&
        descriptors[name].fields.some(
          (field) => fieldLabel(field.name, "en", name) !== fieldLabel(field.name, "en"),
        ),
    )!;
    const { body, fields } = descriptors[own]!;
    const field = fields.find(
      (one) => fieldLabel(one.name, "en", own) !== fieldLabel(one.name, "en"),
    )!;
    const said = explain(`/body/${field.name}`, "SCHEMA_FIELD_MISSING", body!.type);
    expect(said.field.en).toBe(fieldLabel(field.name, "en", own));
  });

  it.each([
    ["/body/mood", "mood"],
    ["/body/persons/0/mood/0/deeper", `${persons} › mood › deeper`],
    ["/body/caseRef/0/sex", `${caseRef} › ${label("", "sex")}`],
    ["/body/__proto__/constructor", "__proto__ › constructor"],
    ["/__proto__", "__proto__"],
    ["/constructor/prototype", "constructor"],
    ["/body/?", "?"],
    ["//", ""],
    ["/body//0//", " ›  › "],
    ["body/persons", label("Envelope", "persons")],
  ])("that leads nowhere, %s, ends where it ends", (path, field) => {
    const { field: said, limit } = explain(path, "SCHEMA_FIELD_LENGTH");
    expect([said.en, limit]).toEqual([field, undefined]);
  });

  it("of a type that is not known keeps its steps apart from every message", () => {
    for (const type of [undefined, "alert.newer", "__proto__", ""]) {
      const violation = {
        path: "/body/persons/0",
        code: "SCHEMA_UNKNOWN_TYPE",
        message: "",
      } as const;
      expect(explainViolation(violation, type).field.en).toBe(label("Envelope", "body"));
    }
  });

  it("however long or odd, is explained without an error, in bounded words", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300, unit: "binary" }), fc.string(), (path, type) => {
        for (const one of [path, `/body/${path}`, `/inner/${path}`]) {
          expect(explain(one, "SCHEMA_FIELD_RANGE", type).path).toBe(one);
        }
      }),
    );
    expect(explain("/body/a".repeat(10_000)).field.en.split(" › ")).toHaveLength(20);
  });
});

describe("a limit", () => {
  it.each<[string, FaultCode, string | undefined, string]>([
    ["/body/caseRef", "SCHEMA_FIELD_LENGTH", "1…100", "alert.incident"],
    ["/body/place/lat", "SCHEMA_FIELD_RANGE", "-90…90", "alert.incident"],
    ["/body/kind", "SCHEMA_CODE_UNKNOWN", "[CRIME]", "alert.incident"],
    ["/body/caseStatus", "SCHEMA_CODE_UNKNOWN", "[CASE_STATUS]", "alert.incident"],
    ["/body/place/country", "SCHEMA_FIELD_PATTERN", "country", "alert.incident"],
    ["/urgency", "SCHEMA_CODE_UNKNOWN", "[URGENCY]", "alert.incident"],
    ["/body/kind", "SCHEMA_FIELD_MISSING", undefined, "alert.incident"],
    ["/body/kind", "RULE_PERIOD_REVERSED", undefined, "alert.incident"],
    ["/body", "SCHEMA_FIELD_LENGTH", undefined, "alert.incident"],
  ])("of %s for %s is %s", (...[path, code, limit, type]) => {
    expect(explain(path, code, type).limit).toBe(limit);
  });

  it("is told for every field that has one, without words", () => {
    for (const { name, fields, body } of Object.values(descriptors)) {
      if (body === undefined) continue;
      for (const field of fields) {
        const path = `/body/${field.name}`;
        const { limit } = explain(path, "SCHEMA_FIELD_ITEMS", body.type);
        const { min, max } = field;
        const isBound = max !== undefined || (min ?? 0) > 0;
        expect([name, field.name, limit !== undefined]).toEqual([name, field.name, isBound]);
        if (limit !== undefined) expect(limit).toMatch(/^(?:≤ \d+|≥ \d+|\d+…\d+)$/);
      }
    }
  });
});

describe("an explanation", () => {
  const codes = Object.keys(faults).filter(isFaultCode);

  it("of every code there is has a sentence in every language, never the code itself", () => {
    for (const code of codes) {
      const { sentence } = explain("/body", code);
      for (const lang of languages) {
        expect(sentence[lang]).toBe(faultSentence(code, lang));
        expect([code, lang, sentence[lang]]).not.toContain("");
        expect(sentence[lang]).not.toBe(code);
      }
    }
  });

  it("repeats nothing of the violation's own words", () => {
    const violation = {
      path: "/body/kind",
      code: "SCHEMA_CODE_UNKNOWN",
      message: "Canary",
    } as const;
    expect(JSON.stringify(explainViolation(violation, "alert.incident"))).not.toContain("Canary");
  });

  it("is a line: pointer, name, sentence, limit, code", () => {
    const one = explain("/body/place/lat", "SCHEMA_FIELD_RANGE");
    expect(renderExplanation(one, "en")).toBe(
      `/body/place/lat  ${one.field.en}: ${faultSentence("SCHEMA_FIELD_RANGE", "en")} -90…90  (SCHEMA_FIELD_RANGE)`,
    );
    expect(renderExplanation(one, "fr")).toContain(`${one.field.fr}\u00a0: `);
    const whole = explain("", "SCHEMA_UNKNOWN_TYPE");
    const sentence = faultSentence("SCHEMA_UNKNOWN_TYPE", "sw");
    expect(renderExplanation(whole, "sw")).toBe(`/  ${sentence}  (SCHEMA_UNKNOWN_TYPE)`);
  });

  it("of many keeps their order", () => {
    const paths = ["/body/kind", "/handling", "/body/caseRef"];
    const told = explainViolations(
      paths.map((path) => ({ path, code: "SCHEMA_FIELD_MISSING", message: "" })),
      "alert.incident",
    );
    expect(told.map(({ path }) => path)).toEqual(paths);
  });
});
