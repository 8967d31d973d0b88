/** One place of a grid: a number on each axis. */
export type Point = readonly number[];

/** A box of places: a number on each axis, or undefined for all of the axis. */
export type Box = readonly (number | undefined)[];

interface Slice {
  readonly value: number;
  /** Indices into the universe. */
  readonly members: readonly number[];
  /** How many of them are wanted. */
  readonly wanted: number;
}

interface Split {
  readonly axis: number;
  readonly slices: readonly Slice[];
  readonly mixed: number;
}

/**
 * Covers exactly the wanted points of a universe with boxes no two of which share a place, even one outside
 * the universe: where boxes are cut apart they have different numbers on some axis. A box takes all of
 * an axis only where everything it so takes of the universe is wanted.
 *
 * @param isWanted one flag for each point of the universe
 */
export function coverExactly(
  universe: readonly Point[],
  isWanted: readonly boolean[],
): readonly Box[] {
  const axes = universe[0]?.length ?? 0;

  const splitOn = (axis: number, members: readonly number[]): Split => {
    const groups = new Map<number, number[]>();
    for (const member of members) {
      const value = universe[member]?.[axis] ?? 0;
      const group = groups.get(value);
      if (group === undefined) groups.set(value, [member]);
      else group.push(member);
    }
    const slices = [...groups]
      .map(([value, own]) => ({
        value,
        members: own,
        wanted: own.reduce((sum, member) => sum + (isWanted[member] === true ? 1 : 0), 0),
      }))
      .filter(({ wanted }) => wanted > 0);
    const mixed = slices.filter((slice) => slice.wanted < slice.members.length).length;
    return { axis, slices, mixed };
  };

  /** The axis that leaves the fewest slices to cut again, then the fewest slices. */
  const bestSplit = (members: readonly number[], fixed: Box): Split | undefined => {
    const splits = Array.from({ length: axes }, (_, axis) => axis)
      .filter((axis) => fixed[axis] === undefined)
      .map((axis) => splitOn(axis, members));
    return splits.toSorted((a, b) => a.mixed - b.mixed || a.slices.length - b.slices.length)[0];
  };

  const cover = (members: readonly number[], wanted: number, fixed: Box): readonly Box[] => {
    if (wanted === 0) return [];
    if (wanted === members.length) return [fixed];
    const split = bestSplit(members, fixed);
    if (split === undefined) return [];
    return split.slices.flatMap((slice) =>
      cover(slice.members, slice.wanted, fixed.with(split.axis, slice.value)),
    );
  };

  const all = universe.map((_, i) => i);
  const wanted = isWanted.filter(Boolean).length;
  return cover(
    all,
    wanted,
    Array.from({ length: axes }, () => undefined),
  );
}
