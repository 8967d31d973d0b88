/** Rights that one or more agencies gain or lose alike. Types, crimes and handling codes are spelt out, one by one. */
export interface Effect {
  readonly change: "GAIN" | "LOSE";
  readonly action: "PUBLISH" | "READ";
  readonly agencies: readonly string[];
  readonly scopes: readonly string[];
  readonly types: readonly string[];
  readonly crimes: readonly string[];
  readonly handlings: readonly string[];
  /** Of READ: whose messages. An agency, or an authority for every agency of it but the reader. */
  readonly originators: readonly string[];
}

type Axis = "agencies" | "scopes" | "types" | "crimes" | "handlings" | "originators";

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].toSorted();
}

/**
 * Puts rows together that are alike in everything but one axis. Exact: the rows after say what the rows before said,
 * as long as no two of them say the same.
 */
export function mergeRows(rows: readonly Effect[], axis: Axis): readonly Effect[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify({ ...row, [axis]: [] }));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    return [{ ...first, [axis]: sorted(group.flatMap((row) => row[axis])) }];
  });
}

/** Merges along several axes, one after the other. */
export function mergeAlong(rows: readonly Effect[], ...axes: readonly Axis[]): readonly Effect[] {
  return axes.reduce<readonly Effect[]>(mergeRows, rows);
}
