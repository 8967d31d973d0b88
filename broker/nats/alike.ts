import { isKnownCode, typeOptions } from "../../schemas/index.ts";
import { coversCrime, coversType, type RegisterView } from "../../certs/trust/index.ts";
import type { FeedCell } from "./feed-grid.ts";
import { makeNumbering } from "./numbering.ts";

/** What a name says of a value: two of one name are alike to every line of a register. */
export interface Likeness {
  readonly type: (type: string) => string;
  readonly crime: (crime: string) => string;
}

/** A universe in which one value stands for all that are alike and stand beside the same others. */
export interface FoldedCells {
  readonly cells: readonly FeedCell[];
  /** All values that one stands for, itself first. */
  readonly valuesOf: (value: string) => readonly string[];
}

function listsOf(lines: Iterable<readonly string[]>): readonly (readonly string[])[] {
  return [...new Map([...lines].map((list) => [list.toSorted().join(" "), list])).values()];
}

/** One sign for each list that some line has: whether it names the value. */
function signs(lists: readonly (readonly string[])[], names: (list: readonly string[]) => boolean): string {
  return lists.map((list) => (names(list) ? "1" : "0")).join("");
} // prettier-ignore

/**
 * Tells which types and crimes no line that reading in a REC hangs on can tell apart: mandates and nominations to read,
 * release policies, and what the schema says of a type that goes on. What else `decide` should come to ask of a type
 * belongs here too; that it does not is held by the test that compares filters with it.
 */
export function likenessIn(register: RegisterView, rec: string): Likeness {
  const rights = register.agencies.flatMap(({ agency }) => [
    ...register.mandates(agency, "READ", rec),
    ...register.nominations(agency, "READ", rec),
  ]);
  const authorities = new Set(register.agencies.map(({ authority }) => authority));
  const release = [...authorities].flatMap((name) => register.authority(name)?.release ?? []);
  const lines = [...rights, ...release];
  const types = listsOf(lines.map((line) => line.types));
  const crimes = listsOf(lines.map((line) => line.crimes));
  return {
    type: (type) => `${typeOptions(type)?.goesOn} ${signs(types, (list) => coversType(list, type))}`,
    crime: (crime) => `${isKnownCode("CRIME", crime)} ${signs(crimes, (list) => coversCrime(list, crime))}`,
  };
} // prettier-ignore

/** Where a cell stands besides one axis. */
function besides({ crime, handling, type, originator }: FeedCell, axis: keyof Likeness): string {
  return axis === "type" ? `${crime} ${handling} ${originator}` : `${handling} ${type} ${originator}`;
} // prettier-ignore

function foldAxis(
  cells: readonly FeedCell[],
  axis: keyof Likeness,
  nameOf: (value: string) => string,
): ReadonlyMap<string, readonly string[]> {
  const numberOf = makeNumbering();
  const classes = new Map<string, string[]>();
  for (const [value, own] of Map.groupBy(cells, (cell) => cell[axis])) {
    const places = own.map((cell) => numberOf(besides(cell, axis))).toSorted((a, b) => a - b);
    const name = `${nameOf(value)} ${places.join()}`;
    const held = classes.get(name);
    if (held === undefined) classes.set(name, [value]);
    else held.push(value);
  }
  return new Map([...classes.values()].map((values) => [values[0] ?? "", values]));
}

/** Folds crimes, then types. What is decided of a cell that is left holds for every cell it stands for. */
export function foldCells(cells: readonly FeedCell[], likeness: Likeness): FoldedCells {
  const crimes = foldAxis(cells, "crime", likeness.crime);
  const fewer = cells.filter(({ crime }) => crimes.has(crime));
  const types = foldAxis(fewer, "type", likeness.type);
  return {
    cells: fewer.filter(({ type }) => types.has(type)),
    valuesOf: (value) => crimes.get(value) ?? types.get(value) ?? [value],
  };
}
