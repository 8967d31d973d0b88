import { describe, expect, it } from "vitest";

import { parseBody } from "../../body/index.ts";
import { exampleOf } from "../../examples/index.ts";
import { Fault } from "../../ground/index.ts";

type Json = Readonly<Record<string, unknown>>;

const { body: example } = exampleOf("statistics.exchange");

function refused(change: Json): readonly string[] {
  try {
    parseBody("statistics.exchange", { ...example, ...change });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return (error.violations ?? []).map(({ code, path }) => `${code} ${path}`);
  }
}

const cell = (more: Json): Json => ({
  indicator: "MESSAGES",
  side: "OWN",
  count: 25,
  treatment: "ROUNDED",
  ...more,
});
const refusedCell = (more: Json, table: Json = {}): readonly string[] =>
  refused({ cells: [cell(more)], ...table });

describe("statistics.exchange", () => {
  it("passes as its example has it", () => {
    expect(refused({})).toEqual([]);
  });

  it.each<[string, Json, string]>([
    ["a time taken stands only with answers", { answerTime: "UNDER_1D" }, "answerTime"],
    ["an outcome only with requests", { indicator: "ANSWER_TIMES", outcome: "HIT" }, "outcome"],
    ["a ground only with refusals", { indicator: "OUTCOMES", ground: "OTHER" }, "ground"],
    ["what was awaited only with deadlines", { indicator: "RECALLS", closing: "PURGE" }, "closing"],
    ["how a deadline stands not with messages", { standing: "LATE" }, "standing"],
    ["what a holder did only with recalls", { indicator: "DEADLINES", closing: "PURGE", recallResult: "DELETED" }, "recallResult"],
    ["a handling not with refusals", { indicator: "REFUSALS", handling: "H1" }, "handling"],
  ])("%s", (...row) => {
    const [, more, field] = row;
    expect(refusedCell(more)).toEqual([`RULE_EXCHANGE_DIMENSION /cells/0/${field}`]);
  });

  it.each<[string, Json]>([
    ["messages", { type: "request.information", crime: "drugs", handling: "H1", purpose: "INVESTIGATION" }],
    ["deadlines", { indicator: "DEADLINES", closing: "FEEDBACK", standing: "OVERDUE", type: "request.information", crime: "arms" }],
    ["answers", { indicator: "ANSWER_TIMES", answerTime: "UNDER_8H", type: "query.check" }],
    ["requests", { indicator: "OUTCOMES", outcome: "NONE_YET", type: "request.information", crime: "tip", purpose: "FORENSIC" }],
    ["refusals", { indicator: "REFUSALS", ground: "NATIONAL_SECURITY", type: "request.information" }],
    ["recalls", { indicator: "RECALLS", standing: "LATE", recallResult: "LEGAL_HOLD" }],
  ])("%s are told by all that they are counted by", (...row) => {
    expect(refusedCell(row[1])).toEqual([]);
  });

  it("deadlines of several kinds are not summed", () => {
    expect(refusedCell({ indicator: "DEADLINES", standing: "LATE" })).toEqual(["RULE_EXCHANGE_CLOSING /cells/0/closing"]);
  });

  it("what the others did is told for all of them together; that their messages came is told as ours are", () => {
    const others = { side: "OTHERS", indicator: "OUTCOMES", outcome: "REFUSED" };
    expect(refusedCell(others)).toEqual([]);
    for (const more of [{ type: "request.information" }, { crime: "corr" }, { purpose: "ANALYSIS" }])
      expect(refusedCell({ ...others, ...more })).toEqual([`RULE_EXCHANGE_OTHERS /cells/0/${Object.keys(more)[0]}`]);
    expect(refusedCell({ side: "OTHERS", type: "request.information", crime: "corr", handling: "H2" })).toEqual([]);
  });

  it.each(["EXACT", "ESTIMATED"])("a figure that is %s is refused, for exact ones tell by difference what is withheld", (treatment) => {
    expect(refusedCell({ treatment })).toEqual(["RULE_EXCHANGE_ROUNDED /cells/0/treatment"]);
  });

  it("a figure that is no multiple of five is not rounded, whatever it says", () => {
    expect(refusedCell({ count: 23 })).toEqual(["RULE_EXCHANGE_ROUNDED /cells/0/treatment"]);
  });

  it("a figure below the smallest is suppressed; a table may set its own", () => {
    expect(refusedCell({ count: 5 })).toEqual(["RULE_EXCHANGE_SMALL /cells/0/count"]);
    // eleven and twelve, rounded
    expect(refusedCell({ count: 10 })).toEqual([]);
    expect(refusedCell({ count: 10 }, { smallestCell: 20 })).toEqual(["RULE_EXCHANGE_SMALL /cells/0/count"]);
    expect(refusedCell({ count: 0 })).toEqual([]);
  });

  it("a suppressed figure is not told, and another is", () => {
    expect(refusedCell({ treatment: "SUPPRESSED" })).toEqual(["RULE_STATISTICS_CELL_COUNT /cells/0/count"]);
    expect(refusedCell({ count: undefined })).toEqual(["RULE_STATISTICS_CELL_COUNT /cells/0/count"]);
    expect(refusedCell({ count: undefined, treatment: "SUPPRESSED" })).toEqual([]);
  });

  it("the same thing is counted once", () => {
    expect(refused({ cells: [cell({}), cell({ count: 30 })] })).toEqual(["RULE_STATISTICS_CELL_TWICE /cells/1"]);
    expect(refused({ cells: [cell({}), cell({ side: "OTHERS" })] })).toEqual([]);
  });

  it("has no place for an agency, a person or a message", () => {
    for (const field of ["agency", "counterpart", "recipient", "messageId", "persons", "remarks"])
      expect(refusedCell({ [field]: "gh/tcu" })).toEqual([`SCHEMA_FIELD_UNKNOWN /cells/0/${field}`]);
  });
}); // prettier-ignore
