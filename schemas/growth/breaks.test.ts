import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import type { MessageDescriptor } from "../codec/index.ts";
import { findBreaks, makeRelease, type Release } from "./index.ts";

const now = makeRelease();
const alert = now.messages["AlertIncident"]!;

function withAlert(change: Partial<MessageDescriptor>): Release {
  return { ...now, messages: { ...now.messages, AlertIncident: { ...alert, ...change } } };
}

/** Today's alert with one field changed. */
function withField(name: string, change: object): Release {
  const fields = alert.fields.map((field) =>
    field.name === name ? { ...field, ...change } : field,
  );
  return withAlert({ fields });
}

describe("findBreaks", () => {
  it("today's schemas only grew since the last release", () => {
    const last: Release = JSON.parse(
      readFileSync(join(import.meta.dirname, "release.json"), "utf8"),
    );
    expect(findBreaks(last, now)).toEqual([]);
  });

  it("nothing breaks when nothing changes, when an optional field comes, or when a limit widens", () => {
    expect(findBreaks(now, now)).toEqual([]);
    const field = { ...alert.fields[0]!, number: 999, name: "newFact", required: false };
    expect(findBreaks(now, withAlert({ fields: [...alert.fields, field] }))).toEqual([]);
    expect(findBreaks(now, withField("caseRef", { max: 5000 }))).toEqual([]);
  });

  it.each([
    ["another number", { number: 777 }],
    ["another kind", { kind: "bool" }],
    ["a list of what was one", { repeated: true }],
    ["required now", { required: true, name: "modusOperandi" }, "modusOperandi"],
    ["a lower max", { max: 2 }],
    ["a higher min", { min: 50 }],
    ["a format", { format: "identifier" }],
    ["a code list", { code: "CRIME" }],
    ["no longer personal data, or newly so", { personal: "special" }],
    ["another unit", { unit: "metres" }],
  ])("a field that has %s is told", (_, change, name = "caseRef") => {
    expect(findBreaks(now, withField(name, change))).toHaveLength(1);
  });

  it("a field that is gone, a new required one, and a number taken twice are told", () => {
    expect(findBreaks(now, withAlert({ fields: alert.fields.slice(1) }))).toHaveLength(1);
    const field = { ...alert.fields[0]!, number: 999, name: "newFact", required: true };
    expect(findBreaks(now, withAlert({ fields: [...alert.fields, field] }))).toHaveLength(1);
    const taken = { ...field, number: alert.fields[0]!.number, required: false };
    expect(findBreaks(now, withAlert({ fields: [...alert.fields, taken] }))).toHaveLength(1);
  });

  it("a copy that shows more than when it was signed is told", () => {
    const before = withField("narrative", { copies: [] });
    const after = withField("narrative", { copies: ["REGIONAL"] });
    expect(findBreaks(before, after)).toHaveLength(1);
    expect(findBreaks(after, before)).toEqual([]);
  });

  it("a type that travels otherwise, is kept shorter or has fewer signers is told", () => {
    const body = alert.body!;
    for (const change of [
      { form: "OPEN" },
      { scope: "DIRECT" },
      { retentionDays: 1 },
      { signers: ["COURT"] },
    ]) {
      expect(findBreaks(now, withAlert({ body: { ...body, ...change } }))).toHaveLength(1);
    }
  });

  it("a code that is gone, and a list that changed in the same version, are told", () => {
    const crime = now.lists["CRIME"]!;
    const without = { ...crime, version: crime.version + 1, codes: crime.codes.slice(1) };
    expect(findBreaks(now, { ...now, lists: { ...now.lists, CRIME: without } })).toHaveLength(1);
    const changed = { ...crime, digest: "0".repeat(64) };
    expect(findBreaks(now, { ...now, lists: { ...now.lists, CRIME: changed } })).toHaveLength(1);
    const grown = {
      version: crime.version + 1,
      digest: "0".repeat(64),
      codes: [...crime.codes, "new"],
    };
    expect(findBreaks(now, { ...now, lists: { ...now.lists, CRIME: grown } })).toEqual([]);
  });

  it("a new rule over an old type is told: what was signed before may break it", () => {
    const rules = { ...now.rules, "alert.incident": [...now.rules["alert.incident"]!, "RULE_NEW"] };
    expect(findBreaks(now, { ...now, rules })).toHaveLength(1);
  });
});
