/** A figure under what it is counted by. */
export interface CountedCell {
  readonly of: Readonly<Record<string, string>>;
  readonly count: number;
  /** Withheld whatever its number. */
  readonly isWithheld?: boolean | undefined;
}

/** By what is the same in all of its cells, the places of those that differ in one dimension alone. */
function linesAlong(cells: readonly CountedCell[], dimension: string): readonly (readonly number[])[] {
  const lines = new Map<string, number[]>();
  cells.forEach(({ of }, at) => {
    const rest = Object.entries(of).filter(([name]) => name !== dimension);
    const key = JSON.stringify(rest);
    const line = lines.get(key) ?? [];
    line.push(at);
    lines.set(key, line);
  });
  return [...lines.values()];
} // prettier-ignore

function hideOnLine(line: readonly number[], cells: readonly CountedCell[], { hidden, smallest }: { readonly hidden: Set<number>; readonly smallest: number }): boolean {
  if (!line.some((at) => hidden.has(at))) return false;
  const countAt = (at: number): number => cells[at]?.count ?? 0;
  const withheld = line.filter((at) => hidden.has(at));
  const sum = withheld.reduce((all, at) => all + countAt(at), 0);
  if (withheld.length >= 2 && sum >= smallest) return false;
  const [next] = line.filter((at) => !hidden.has(at)).toSorted((a, b) => countAt(a) - countAt(b) || a - b);
  if (next === undefined) return false;
  hidden.add(next);
  return true;
} // prettier-ignore

/**
 * Which cells of a table are withheld, by their places: those below the smallest figure, and then along every dimension
 * the next smallest, until of each line two at least are withheld and together no fewer than the smallest figure. So none
 * follows by one subtraction from the sums over one dimension.
 */
export function hideCells(cells: readonly CountedCell[], dimensions: readonly string[], smallest: number): ReadonlySet<number> {
  const hidden = new Set(cells.flatMap(({ count, isWithheld = false }, at) => (isWithheld || (count > 0 && count < smallest) ? [at] : [])));
  if (hidden.size === 0) return hidden;
  const lines = dimensions.flatMap((dimension) => linesAlong(cells, dimension));
  for (let isNew = true; isNew; ) {
    isNew = false;
    for (const line of lines) while (hideOnLine(line, cells, { hidden, smallest })) isNew = true;
  }
  return hidden;
} // prettier-ignore
