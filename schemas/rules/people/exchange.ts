import type { BodyContext, Rule } from "../rule.ts";

interface Cell {
  readonly indicator: string;
  readonly side: string;
  readonly closing?: string | undefined;
  readonly count?: number | undefined;
  readonly treatment: string;
}

interface Table {
  readonly cells: readonly Cell[];
  readonly smallestCell?: number | undefined;
}

/** The threshold of the tables of persons; a table may set its own. */
const usualSmallestCell = 11;

/** What figures are rounded to. */
const roundingBase = 5;

/** By what a figure says is counted, what it may be told by. */
const dimensions: Readonly<Record<string, readonly string[]>> = {
  MESSAGES: ["type", "crime", "handling", "purpose"],
  DEADLINES: ["closing", "standing", "type", "crime"],
  ANSWER_TIMES: ["answerTime", "type"],
  OUTCOMES: ["outcome", "type", "crime", "purpose"],
  REFUSALS: ["ground", "type"],
  RECALLS: ["standing", "recallResult"],
};

/** What stands in every cell. */
const always = new Set(["indicator", "side", "count", "treatment"]);

/** What tells of whom or of which case something was, and not only how it went. */
const ofMatters = new Set(["type", "crime", "handling", "purpose"]);

function saidOf(cell: object): readonly string[] {
  return Object.entries(cell).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** Each figure has a few dimensions that mean something: an answer has a time, a message has none. */
export const figureHasItsDimensions: Rule<BodyContext<Table>> = {
  code: "RULE_EXCHANGE_DIMENSION",
  says:
    "a figure is told only by what it is counted by: a time taken with ANSWER_TIMES, an outcome with OUTCOMES, a ground with " +
    "REFUSALS, what was awaited with DEADLINES, what a holder did with RECALLS; remove the field",
  find: ({ body: { cells } }) =>
    cells.flatMap((cell, at) => {
      const own = dimensions[cell.indicator] ?? [];
      return saidOf(cell)
        .filter((name) => !always.has(name) && !own.includes(name))
        .map((name) => `/cells/${at}/${name}`);
    }),
};

/** An acknowledgement in time and an answer in time are not of one kind. */
export const deadlineIsNamed: Rule<BodyContext<Table>> = {
  code: "RULE_EXCHANGE_CLOSING",
  says: "a figure of DEADLINES says in closing what was awaited; deadlines of several kinds are not summed",
  find: ({ body: { cells } }) =>
    cells.flatMap(({ indicator, closing }, at) =>
      indicator === "DEADLINES" && closing === undefined ? [`/cells/${at}/closing`] : [],
    ),
};

/** Those others have not consented to figures about them: by type and crime they would tell who is asked by whom. */
export const othersAreTogether: Rule<BodyContext<Table>> = {
  code: "RULE_EXCHANGE_OTHERS",
  says:
    "what the others did is told for all of them together, without type, crime, handling or purpose; each agency tells of " +
    "its own",
  find: ({ body: { cells } }) =>
    cells.flatMap((cell, at) => {
      if (cell.side !== "OTHERS" || cell.indicator === "MESSAGES") return [];
      return saidOf(cell).filter((name) => ofMatters.has(name)).map((name) => `/cells/${at}/${name}`);
    }),
}; // prettier-ignore

/** What was awaited, answered and refused are parts of the same matters: exact, they would tell by difference what is withheld. */
export const figuresAreRounded: Rule<BodyContext<Table>> = {
  code: "RULE_EXCHANGE_ROUNDED",
  says: "a figure is ROUNDED to a multiple of 5, or SUPPRESSED",
  find: ({ body: { cells } }) =>
    cells.flatMap(({ count = 0, treatment }, at) => {
      if (treatment === "SUPPRESSED") return [];
      return treatment === "ROUNDED" && count % roundingBase === 0 ? [] : [`/cells/${at}/treatment`];
    }),
}; // prettier-ignore

/** A few messages are a case that somebody knows. */
export const smallFiguresHidden: Rule<BodyContext<Table>> = {
  code: "RULE_EXCHANGE_SMALL",
  says: "a figure below smallestCell (11 unless the table says another), as it is rounded, is suppressed",
  find: ({ body: { cells, smallestCell = usualSmallestCell } }) => {
    const least = Math.floor(smallestCell / roundingBase) * roundingBase;
    return cells.flatMap(({ count = 0 }, at) =>
      count > 0 && count < least ? [`/cells/${at}/count`] : [],
    );
  },
};
