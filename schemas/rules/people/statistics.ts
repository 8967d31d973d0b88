import type { BodyContext, Rule } from "../rule.ts";

interface Cell {
  readonly indicator: string;
  readonly sex?: string | undefined;
  readonly ageBand?: string | undefined;
  readonly citizenship?: string | undefined;
  readonly count?: number | undefined;
  readonly treatment: string;
}

interface Table {
  readonly cells: readonly Cell[];
  readonly smallestCell?: number | undefined;
}

/** The threshold of the Counter-Trafficking Data Collaborative's public data; a table may set its own. */
const usualSmallestCell = 11;

/** What a rounded figure is a multiple of, so that it no longer tells the true one. */
const roundingBase = 5;

function isAboutPersons({ indicator, sex, ageBand, citizenship }: Cell): boolean {
  return (
    indicator.startsWith("PERSONS") ||
    indicator.startsWith("VICTIMS") ||
    [sex, ageBand, citizenship].some((dimension) => dimension !== undefined)
  );
}

function isRounded({ treatment, count = 0 }: Cell): boolean {
  return treatment === "ROUNDED" && count % roundingBase === 0;
}

/** A small number of persons is a description of them. */
export const smallCellsHidden: Rule<BodyContext<Table>> = {
  code: "RULE_STATISTICS_SMALL_CELL",
  says:
    "a figure of persons below smallestCell (11 unless the table says another) is suppressed, or rounded to a " +
    "multiple of 5; join categories or suppress it",
  find: ({ body: { cells, smallestCell = usualSmallestCell } }) =>
    cells.flatMap((cell, at) => {
      const { count = 0 } = cell;
      const isSmall = count > 0 && count < smallestCell && isAboutPersons(cell);
      return isSmall && !isRounded(cell) ? [`/cells/${at}/count`] : [];
    }),
};

interface ShownCell extends Cell {
  readonly quantity?: object | undefined;
  readonly price?: object | undefined;
}

/** Whether a cell says what it is there for: of what is paid the price, of all else a number or an amount. */
function saysSomething({ indicator, count, quantity, price }: ShownCell): boolean {
  return indicator === "PRICE" ? price !== undefined : count !== undefined || quantity !== undefined;
} // prettier-ignore

/** A figure is there or it is suppressed: never both, never neither. */
export const cellSaysOneThing: Rule<BodyContext<{ readonly cells: readonly ShownCell[] }>> = {
  code: "RULE_STATISTICS_CELL_COUNT",
  says:
    "a suppressed cell has no count, quantity or price; a cell of PRICE has a price, and every other cell a count or a " +
    "quantity and no price",
  find: ({ body: { cells } }) =>
    cells.flatMap((cell, at) => {
      const { indicator, treatment, price } = cell;
      const isShown = saysSomething(cell);
      const isWrong = isShown === (treatment === "SUPPRESSED");
      const isStray = price !== undefined && indicator !== "PRICE";
      return isWrong || isStray ? [`/cells/${at}/count`] : [];
    }),
};

const values = new Set(["count", "quantity", "price", "treatment"]);

/** What a cell counts, as sorted names and codes. */
function dimensionsOf(cell: object): readonly (readonly [string, string])[] {
  return Object.entries(cell)
    .flatMap(([name, value]): [string, string][] =>
      typeof value === "string" && !values.has(name) ? [[name, value]] : [],
    )
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

function keyOf(dimensions: readonly (readonly [string, string])[]): string {
  return dimensions.map(([name, code]) => `${name}=${code}`).join(" ");
}

/** The same thing is counted once. */
export const cellsAreDifferent: Rule<BodyContext<Table>> = {
  code: "RULE_STATISTICS_CELL_TWICE",
  says: "two cells count the same thing; keep one of them",
  find: ({ body: { cells } }) => {
    const seen = new Set<string>();
    return cells.flatMap((cell, at) => {
      const key = keyOf(dimensionsOf(cell));
      if (seen.has(key)) return [`/cells/${at}`];
      seen.add(key);
      return [];
    });
  },
};

interface Part {
  readonly at: number;
  readonly treatment: string;
}

/** By total and by the dimension it leaves out, the cells that are its parts. */
function findParts(cells: readonly Cell[]): ReadonlyMap<string, readonly Part[]> {
  const parts = new Map<string, Part[]>();
  for (const [at, cell] of cells.entries()) {
    const dimensions = dimensionsOf(cell);
    for (const [name] of dimensions.filter(([dimension]) => dimension !== "indicator")) {
      const key = `${name}: ${keyOf(dimensions.filter(([dimension]) => dimension !== name))}`;
      parts.set(key, [...(parts.get(key) ?? []), { at, treatment: cell.treatment }]);
    }
  }
  return parts;
}

/** A lone suppressed cell beside exact ones and their exact total is no secret: one subtraction tells it. */
export const hiddenStaysHidden: Rule<BodyContext<Table>> = {
  code: "RULE_STATISTICS_RECOVERABLE",
  says:
    "the only suppressed part of an exact total is told by subtraction; suppress or round a second part, or the " +
    "total",
  find: ({ body: { cells } }) => {
    const exact = cells.filter(({ treatment }) => treatment === "EXACT");
    const totals = new Set(exact.map((cell) => keyOf(dimensionsOf(cell))));
    const told = [...findParts(cells)].flatMap(([key, parts]) => {
      const hidden = parts.filter(({ treatment }) => treatment !== "EXACT");
      const [lone] = hidden;
      const isTold = lone?.treatment === "SUPPRESSED" && hidden.length === 1 && parts.length > 1;
      return isTold && totals.has(key.slice(key.indexOf(": ") + 2)) ? [lone.at] : [];
    });
    return [...new Set(told)].map((at) => `/cells/${at}`);
  },
};
