import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";

import { fieldLabel, languages, limits } from "../../schemas/index.ts";
import { type Answer, type ApiWorld, makeApiWorld, message } from "../../test/kit/api-world.ts";

let world: ApiWorld;

beforeEach(() => {
  world = makeApiWorld();
});

const words = z.strictObject(Object.fromEntries(languages.map((lang) => [lang, z.string()])));
const problemShape = z.strictObject({
  path: z.string(),
  code: z.string(),
  message: z.string(),
  field: words,
  sentence: words,
  limit: z.string().optional(),
});
const answerShape = z.strictObject({
  valid: z.boolean(),
  problems: z.array(problemShape),
  bytes: z.number(),
  audience: z.array(z.string()),
});

const path = "/v1/messages:validate";
const headers = { "content-type": "application/json" };

function validate(json: unknown): Promise<Answer> {
  return world.ask(path, { method: "POST", body: JSON.stringify(json), headers });
}

async function problemsOf(json: unknown): Promise<readonly z.infer<typeof problemShape>[]> {
  const answer = await validate(json);
  expect(answer.status).toBe(200);
  const { valid, problems, bytes, audience } = answerShape.parse(answer.json);
  expect([valid, bytes, audience]).toEqual([false, 0, []]);
  return problems;
}

const alert = {
  type: "alert.incident",
  recs: ["ecowas"],
  crimes: ["drugs"],
  body: {
    kind: "drugs",
    occurredFrom: "2026-03-09T14:05:00.000Z",
    place: { country: "NG", lat: 6.4, lon: 3.4 },
    persons: [{ roles: ["SUSPECT"], names: [{ full: "Tunde Example", kind: "LEGAL" }], sex: "M" }],
    narrative: { text: "Exercise.", lang: "en" },
    caseStatus: "UNDER_INVESTIGATION",
    caseRef: "EX-1",
  },
};

describe("POST /v1/messages:validate", () => {
  it("says who would read a good message, and stores nothing", async () => {
    for (const good of [message, alert]) {
      const answer = await validate(good);
      expect(answer.json).toEqual({ valid: true, problems: [], bytes: 900, audience: ["gh/moc"] });
    }
    expect(world.exchange.stored).toBe(0);
  });

  it("says what is wrong with 200, and stores nothing", async () => {
    const problems = await problemsOf({ ...message, body: {} });
    expect(problems.length).toBeGreaterThan(3);
    expect(problems.map(({ code }) => code)).toContain("SCHEMA_FIELD_MISSING");
    expect(world.exchange.stored).toBe(0);
  });

  it("names field and fault in six languages, from the outside in, with the limit", async () => {
    const person = { roles: ["SUSPECT"], names: [{ full: "Ama", kind: "NICE" }], sex: "M" };
    const [problem] = await problemsOf({ ...alert, body: { ...alert.body, persons: [person] } });
    expect(problem).toMatchObject({
      path: "/body/persons/0/names/0/kind",
      code: "SCHEMA_CODE_UNKNOWN",
      limit: "[NAME_KIND]",
    });
    for (const lang of languages) {
      const names = [
        ["AlertIncident", "persons"],
        ["Person", "names"],
        ["PersonName", "kind"],
      ] as const;
      const labels = names.map(([owner, name]) => fieldLabel(name, lang, owner));
      expect(problem!.field[lang]).toBe(labels.join(" › "));
    }
    expect(new Set(Object.values(problem!.field)).size).toBeGreaterThan(4);
    expect(new Set(Object.values(problem!.sentence)).size).toBe(languages.length);
    for (const lang of languages) {
      expect([problem!.field[lang], problem!.sentence[lang]]).not.toContain("");
    }
  });

  it.each<[string, string, string | undefined, object]>([
    ["/body/caseRef", "SCHEMA_FIELD_LENGTH", "1…100", { body: { ...alert.body, caseRef: "x".repeat(500) } }],
    ["/body/place/lat", "SCHEMA_FIELD_RANGE", "-90…90", { body: { ...alert.body, place: { country: "NG", lat: 91, lon: 1 } } }],
    ["/body/place/country", "SCHEMA_FIELD_PATTERN", "country", { body: { ...alert.body, place: { country: "Nigeria" } } }],
    ["/body/kind", "SCHEMA_FIELD_TYPE", undefined, { body: { ...alert.body, kind: 7 } }],
    ["/body/mood", "SCHEMA_FIELD_UNKNOWN", undefined, { body: { ...alert.body, mood: "calm" } }],
    ["/inner/urgencyReason", "RULE_URGENCY_REASON_MISSING", undefined, { urgency: "FLASH" }],
    ["/crimes/0", "SCHEMA_CODE_UNKNOWN", "[CRIME]", { crimes: ["jaywalking"] }],
    ["/handling", "SCHEMA_CODE_UNKNOWN", "[HANDLING]", { handling: "H9" }],
    ["/type", "SCHEMA_UNKNOWN_TYPE", undefined, { type: "alert.newer" }],
  ])("%s: %s, limit %s", async (...[pointer, code, limit, change]) => {
    const problems = await problemsOf({ ...alert, ...change });
    const found = problems.find((one) => one.path === pointer);
    expect([found?.code, found?.limit]).toEqual([code, limit]);
    expect(found?.field["en"]).not.toBe("");
  }); // prettier-ignore

  it("repeats no content in any problem: neither values nor names that are none of ours", async () => {
    const canary = "Kwabena Canary";
    const problems = await problemsOf({
      ...alert,
      [canary]: 1,
      crimes: [canary],
      urgency: canary,
      inner: { [canary]: canary, caseRef: { text: canary } },
      body: {
        ...alert.body,
        [canary]: canary,
        kind: canary,
        caseRef: canary.repeat(40),
        persons: [
          { roles: [canary], names: [{ full: `${canary}\u0007`, kind: canary, [canary]: 1 }] },
        ],
        place: { country: canary, unlocode: canary },
      },
    });
    expect(problems.length).toBeGreaterThan(8);
    expect(JSON.stringify(problems)).not.toContain("Canary");
  });

  it.each<[string, unknown]>([
    ["a list", []],
    ["a text", "alert.incident"],
    ["nothing", null],
    ["a type that is no text", { type: { toString: 1 } }],
    ["no type", {}],
  ])("%s in place of a message is told as a problem", async (_, json) => {
    const [problem, ...others] = await problemsOf(json);
    expect(others).toEqual([]);
    expect(["SCHEMA_FIELD_TYPE", "SCHEMA_UNKNOWN_TYPE"]).toContain(problem?.code);
  });

  it.each<[string, number, string, Record<string, string>]>([
    ["REQUEST_TYPE_UNSUPPORTED", 415, "{}", { "content-type": "text/plain" }],
    ["JSON_MALFORMED", 400, "{", {}],
    ["JSON_MALFORMED", 400, "", {}],
    ["JSON_MALFORMED", 400, '{"type":1,"type":2}', {}],
    ["REQUEST_TOO_LARGE", 413, JSON.stringify("x".repeat(limits.maxRequestBytes)), {}],
  ])("%s is refused with %i", async (...[code, status, body, more]) => {
    const init = { method: "POST", body, headers: { ...headers, ...more } };
    expect(await world.ask(path, init)).toMatchObject({ status, json: { code } });
  });
});
