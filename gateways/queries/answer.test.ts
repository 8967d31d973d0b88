import { describe, expect, it } from "vitest";

import { exampleOf } from "../../schemas/examples/index.ts";
import { makeSeededChance } from "../../schemas/ground/index.ts";
import { bodyCodecs, parseBody } from "../../schemas/index.ts";
import type { LookupSubject } from "../lookups/index.ts";
import { type AnswerPlace, type Fit, makeResult } from "./answer.ts";

const now = Date.UTC(2026, 10, 21, 12);
const stolen: Fit = { recordKind: "STOLEN_VEHICLE", basis: "PLATE" };

function place(fits: (subject: LookupSubject) => readonly Fit[], seed = "answers"): AnswerPlace {
  return { now, chance: makeSeededChance(seed), fits };
}

/** Asks about what the example asks, and what is said otherwise. */
function ask(fits: (subject: LookupSubject) => readonly Fit[], change: object = {}, seed?: string) {
  const body = parseBody("query.check", { ...exampleOf("query.check").body, ...change });
  const result = makeResult(bodyCodecs["query.check"].decode(bodyCodecs["query.check"].encode(body)), place(fits, seed)); // prettier-ignore
  return parseBody("query.result", JSON.parse(JSON.stringify(result)));
}

function about(plain: object, kind = "VEHICLE"): object {
  return { querySubjects: [{ ref: "q", kind, plain }] };
}

describe("an answer to a check", () => {
  it("has one word for each that is asked about, and a hash is not searched", () => {
    const { queryAnswers, automatic } = ask(({ kind }) => (kind === "VEHICLE" ? [stolen] : []));
    expect(queryAnswers.map(({ ref, answer }) => [ref, answer])).toEqual([
      ["q1", "NO_HIT"],
      ["q2", "HIT"],
      ["q3", "NOT_SEARCHED"],
    ]);
    expect(automatic).toBe(true);
  });

  it("has of a hit a reference and what matched, and nothing of what is held (T28)", () => {
    const hits = ask(() => [stolen]).queryAnswers[1]?.hits ?? [];
    expect(hits).toHaveLength(1);
    const said = JSON.parse(JSON.stringify(hits[0])) as object;
    expect(Object.keys(said).toSorted()).toEqual(["hitRef", "matchBasis", "recordKind"]);
  });

  it("has another reference each time, so that two answers do not tell of one record", () => {
    const refOf = (seed: string) => ask(() => [stolen], {}, seed).queryAnswers[1]?.hits[0]?.hitRef;
    expect(refOf("one")).not.toBe(refOf("other"));
  });

  it("tells of the kinds that were asked for and of no other", () => {
    const wanted: Fit = { recordKind: "WANTED", basis: "NAME_DOB" };
    const firearm: Fit = { recordKind: "FIREARM", basis: "SERIAL" };
    const [person] = ask(() => [wanted, firearm]).queryAnswers;
    expect(person?.hits.map(({ recordKind }) => recordKind)).toEqual(["WANTED"]);
    expect(ask(() => [firearm]).queryAnswers[0]?.answer).toBe("NO_HIT");
  });

  it("never says no hit of what it has no index for", () => {
    for (const kind of ["ORGANISATION"]) {
      const { queryAnswers } = ask(() => [], about({ identifier: "X 1" }, kind));
      expect(queryAnswers[0]?.answer).toBe("NOT_SEARCHED");
    }
    expect(ask(() => [], about({ identifier: "X 1" })).queryAnswers[0]?.answer).toBe("NO_HIT");
  });

  it("looks a person up by papers where there are papers", () => {
    const seen: LookupSubject[] = [];
    ask((subject) => (seen.push(subject), []), about({ identifier: "A1", issuerCountry: "GH", documentType: "PASSPORT" }, "PERSON")); // prettier-ignore
    expect(seen).toMatchObject([{ kind: "DOCUMENT", identifier: "A1", issuerCountry: "GH" }]);
  });

  it("is no longer than an answer may be, however much fits", () => {
    const many = Array.from({ length: 200 }, () => stolen);
    expect(ask(() => many, about({ identifier: "X 1" })).queryAnswers[0]?.hits).toHaveLength(20);
  });
});
