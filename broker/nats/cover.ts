import { makeNumbering } from "./numbering.ts";

/** One place of a grid: a number on each axis, from 0 on without gaps. */
export type Point = readonly number[];

/** A box of places: a number on each axis, or undefined for all of the axis. */
export type Box = readonly (number | undefined)[];

/** What one number of one axis holds: its points, in an order that is the same for every number that holds the same. */
interface Section {
  readonly members: readonly number[];
  /** Equal for two numbers exactly when the same other coordinates stand under both. */
  readonly shape: number;
}

/** A universe of points, laid out once and asked often. */
export interface Grid {
  readonly points: readonly Point[];
  /** By axis and number. */
  readonly sections: readonly (readonly Section[])[];
  /** By axis and number, how many values it stands for: so many boxes it costs to be cut apart. */
  readonly weights: readonly (readonly number[])[];
}

function layOut(points: readonly Point[], axis: number): readonly Section[] {
  const projectionOf = makeNumbering();
  const shapeOf = makeNumbering();
  const groups: { point: number; projection: number }[][] = [];
  for (const [i, point] of points.entries()) {
    const group = (groups[point[axis] ?? 0] ??= []);
    group.push({ point: i, projection: projectionOf(point.toSpliced(axis, 1).join()) });
  }
  return groups.map((group) => {
    group.sort((a, b) => a.projection - b.projection);
    const shape = shapeOf(group.map(({ projection }) => projection).join());
    return { members: group.map(({ point }) => point), shape };
  });
}

/**
 * Lays out a universe.
 *
 * @param weights by axis and number, how many values it stands for; one where none is given
 */
export function makeGrid(
  points: readonly Point[],
  weights: readonly (readonly number[])[] = [],
): Grid {
  const axes = points[0]?.length ?? 0;
  const sections = Array.from({ length: axes }, (_, axis) => layOut(points, axis));
  return { points, sections, weights };
}

/** Numbers of one axis under which exactly the same stands and is wanted, put together. */
interface Classes {
  /** The class of each number. */
  readonly of: readonly number[];
  /** The numbers of each class. */
  readonly numbers: readonly (readonly number[])[];
  /** How many values the numbers of each class stand for. */
  readonly weights: readonly number[];
}

/** Of one point: it is wanted, it is not, or it is all one. */
type Flag = "1" | "0" | "x";

function classify(
  sections: readonly Section[],
  weights: readonly number[],
  flagOf: (point: number) => Flag,
): Classes {
  const classOf = makeNumbering();
  const numbers: number[][] = [];
  const of = sections.map(({ members, shape }, number) => {
    const flags = members.map(flagOf).join("");
    const own = classOf(`${shape} ${flags}`);
    (numbers[own] ??= []).push(number);
    return own;
  });
  const weigh = (own: readonly number[]): number =>
    own.reduce((sum, number) => sum + (weights[number] ?? 1), 0);
  return { of, numbers, weights: numbers.map(weigh) };
}

/** A point of the grid of classes: it stands for all points whose numbers are of its classes. */
interface Cell {
  readonly at: Point;
  readonly flag: Flag;
}

/** A way to cover some cells: with one box, or cut along an axis, class by class. */
type Cut =
  | { readonly kind: "whole" }
  | { readonly kind: "none" }
  | { readonly kind: "cut"; readonly axis: number; readonly parts: ReadonlyMap<number, Cut> };

interface Costed {
  readonly cut: Cut;
  /** Boxes it makes. */
  readonly boxes: number;
}

function cutAlong(
  axis: number,
  cells: readonly Cell[],
  { free, classes }: { free: readonly number[]; classes: readonly Classes[] },
): Costed {
  const parts = new Map<number, Cut>();
  const left = free.filter((one) => one !== axis);
  let boxes = 0;
  for (const [own, inside] of Map.groupBy(cells, ({ at }) => at[axis] ?? 0)) {
    const part = bestCut(inside, { free: left, classes });
    boxes += part.boxes * (classes[axis]?.weights[own] ?? 0);
    parts.set(own, part.cut);
  }
  return { cut: { kind: "cut", axis, parts }, boxes };
}

/** The cut with the fewest boxes. Classes are few, so every order of axes is tried. */
function bestCut(
  cells: readonly Cell[],
  { free, classes }: { free: readonly number[]; classes: readonly Classes[] },
): Costed {
  if (cells.every(({ flag }) => flag !== "1")) return { cut: { kind: "none" }, boxes: 0 };
  if (cells.every(({ flag }) => flag !== "0")) return { cut: { kind: "whole" }, boxes: 1 };
  return free
    .map((axis) => cutAlong(axis, cells, { free, classes }))
    .reduce((best, one) => (one.boxes < best.boxes ? one : best));
}

function boxesOf(cut: Cut, fixed: Box, classes: readonly Classes[]): readonly Box[] {
  if (cut.kind === "none") return [];
  if (cut.kind === "whole") return [fixed];
  return [...cut.parts].flatMap(([own, part]) =>
    (classes[cut.axis]?.numbers[own] ?? []).flatMap((number) =>
      boxesOf(part, fixed.with(cut.axis, number), classes),
    ),
  );
}

/**
 * Covers exactly the wanted points of a universe with boxes no two of which share a place, even one outside
 * the universe: where boxes are cut apart they have different numbers on some axis. A box takes all of
 * an axis only where everything it so takes of the universe is wanted, or free.
 *
 * @param isWanted one flag for each point of the universe
 * @param isFree one flag for each point that may be covered or not, whichever takes fewer boxes; it is wanted by no flag of the
 * others
 */
export function coverExactly(
  { points, sections, weights }: Grid,
  isWanted: readonly boolean[],
  isFree: readonly boolean[] = [],
): readonly Box[] {
  const flagOf = (point: number): Flag => {
    if (isFree[point] === true) return "x";
    return isWanted[point] === true ? "1" : "0";
  };
  const classes = sections.map((section, axis) => classify(section, weights[axis] ?? [], flagOf));
  const cells = new Map<string, Cell>();
  for (const [i, point] of points.entries()) {
    const at = point.map((number, axis) => classes[axis]?.of[number] ?? 0);
    const key = at.join();
    if (!cells.has(key)) cells.set(key, { at, flag: flagOf(i) });
  }
  const free = sections.map((_, axis) => axis);
  const { cut } = bestCut([...cells.values()], { free, classes });
  return boxesOf(
    cut,
    Array.from({ length: sections.length }, () => undefined),
    classes,
  );
}
