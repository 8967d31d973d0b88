import { setImmediate as turn } from "node:timers/promises";

import { hideCells } from "../../certs/oversight/index.ts";

/** A figure that may have to be withheld. */
export interface SummedFigure {
  readonly type: string;
  readonly indicator: string;
  /** The country of the state first, where figures are told by state. */
  readonly under: Readonly<Record<string, string>>;
  readonly count: number;
  /** Figures below it are withheld; 0 of things. */
  readonly smallest: number;
}

function namesOf({ under }: SummedFigure): readonly string[] {
  return Object.keys(under).filter((name) => name !== "state");
}

function keyOf({ type, indicator }: SummedFigure, under: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(under).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([type, indicator, sorted]);
}

/** The figures that a figure is a part of: each with one dimension less. */
function parentsOf(figure: SummedFigure): readonly string[] {
  return namesOf(figure).map((name) => {
    const { [name]: _, ...rest } = figure.under;
    return keyOf(figure, rest);
  });
}

/** Those that are told together: of one indicator, by the same dimensions. */
function partsOf(figures: readonly SummedFigure[]): readonly (readonly number[])[] {
  const parts = Map.groupBy(figures.keys(), (at) => {
    const { type = "", indicator = "" } = figures[at] ?? {};
    const names = figures[at] === undefined ? [] : namesOf(figures[at]).toSorted();
    return JSON.stringify([String(names.length).padStart(2, "0"), type, indicator, names]);
  });
  return [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, places]) => places);
}

/** Figures by two things and more are told whole of a state, or not at all. */
function hideWhole(part: readonly number[], figures: readonly SummedFigure[], hidden: Set<number>): boolean {
  const own = part.filter((at) => figures[at] !== undefined && namesOf(figures[at]).filter((name) => name !== "crime").length > 1);
  const stateOf = (at: number): string => JSON.stringify([figures[at]?.under["state"], figures[at]?.under["crime"]]);
  const touched = new Set(own.filter((at) => hidden.has(at)).map(stateOf));
  const more = own.filter((at) => !hidden.has(at) && touched.has(stateOf(at)));
  for (const at of more) hidden.add(at);
  return more.length > 0;
} // prettier-ignore

function hidePart(
  part: readonly number[],
  figures: readonly SummedFigure[],
  hidden: Set<number>,
): void {
  const own = part.flatMap((at) => (figures[at] === undefined ? [] : [figures[at]]));
  const smallest = Math.max(...own.map((figure) => figure.smallest));
  const names = [...new Set(own.flatMap(({ under }) => Object.keys(under)))];
  for (;;) {
    const cells = own.map(({ under: of, count }, i) => ({
      of,
      count,
      isWithheld: hidden.has(part[i] ?? -1),
    }));
    for (const i of hideCells(cells, names, smallest)) hidden.add(part[i] ?? -1);
    if (!hideWhole(part, figures, hidden)) return;
  }
}

/**
 * Which sums are withheld, by their places, after each sender withheld his own: the small ones, and others with them along
 * every dimension and from state to state; parts of what is withheld; of figures by two things all of a state. So none of
 * them follows from the others, nor from the sums over all states. Others have their turn between.
 */
export async function hideFigures(figures: readonly SummedFigure[]): Promise<ReadonlySet<number>> {
  const hidden = new Set<number>();
  const withheld = new Set<string>();
  // the broadest first, so that what is withheld is known before its parts are judged
  for (const part of partsOf(figures)) {
    for (const at of part) {
      const figure = figures[at];
      if (figure !== undefined && parentsOf(figure).some((parent) => withheld.has(parent))) hidden.add(at);
    }
    hidePart(part, figures, hidden);
    await turn();
    for (const at of part) {
      const figure = figures[at];
      if (figure !== undefined && hidden.has(at)) withheld.add(keyOf(figure, figure.under));
    }
  }
  return hidden;
} // prettier-ignore
