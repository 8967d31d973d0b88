import {
  receiptSubject,
  renderDirectChannel,
  renderFeedChannel,
  storedInMailbox,
  storedSubject,
} from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { mailboxOf, type RegisterView } from "../../certs/trust/index.ts";
import { foldCells, type FoldedCells, likenessIn } from "./alike.ts";
import { type Box, coverExactly, type Grid, makeGrid } from "./cover.ts";
import { type FeedCell, readableCells } from "./feed-grid.ts";
import { hubLimits } from "./limits.ts";

const axes = ["crime", "handling", "type", "originator"] as const;
/** Which tokens of a stored feed subject each axis fills. */
const tokensOf: Readonly<Record<(typeof axes)[number], readonly number[]>> = {
  crime: [2],
  handling: [3],
  type: [4, 5],
  originator: [6, 7],
};
const anyId = "*";

/** A REC's universe, folded, with each axis counted; made once for all readers of one register. */
export interface FeedGrid {
  readonly rec: string;
  readonly universe: readonly FeedCell[];
  readonly grid: Grid;
  /** The values of each axis by their numbers; and all values that one of them stands for. */
  readonly values: readonly (readonly string[])[];
  readonly valuesOf: FoldedCells["valuesOf"];
}

/** Folds what no line of the register tells apart, and counts the axes of what is left. */
export function makeFeedGrid(
  register: RegisterView,
  rec: string,
  cells: readonly FeedCell[],
): FeedGrid {
  const { cells: universe, valuesOf } = foldCells(cells, likenessIn(register, rec));
  const numbers = axes.map(() => new Map<string, number>());
  const points = universe.map((cell) =>
    axes.map((axis, i) => {
      const known = numbers[i] ?? new Map<string, number>();
      const value = cell[axis];
      const number = known.get(value) ?? known.size;
      known.set(value, number);
      return number;
    }),
  );
  const values = numbers.map((known) => [...known.keys()]);
  const weights = values.map((own) => own.map((value) => valuesOf(value).length));
  return { rec, universe, grid: makeGrid(points, weights), values, valuesOf };
}

/** The values of each axis that a box holds: those of its number, or one in place of all. */
function valuesIn({ values, valuesOf }: FeedGrid, box: Box): readonly (readonly string[])[] {
  return axes.map((_, i) => {
    const value = values[i]?.[box[i] ?? 0] ?? "";
    return box[i] === undefined ? [value] : valuesOf(value);
  });
}

/** The subjects of a box: those of single cells in it, with the tokens of its free axes widened. */
function renderBox(feed: FeedGrid, box: Box): readonly string[] {
  const [crimes = [], handlings = [], types = [], originators = []] = valuesIn(feed, box);
  return crimes.flatMap((crime) =>
    handlings.flatMap((handling) =>
      types.flatMap((type) =>
        originators.map((originator) =>
          widen(feed.rec, box, { crime, handling, type, originator }),
        ),
      ),
    ),
  );
}

function widen(rec: string, box: Box, { crime, handling, type, originator }: FeedCell): string {
  const subject = storedSubject(
    renderFeedChannel({ rec, crime, handling, type }),
    originator,
    anyId,
  );
  const tokens = subject.split(".");
  for (const [i, axis] of axes.entries()) {
    if (box[i] === undefined) for (const token of tokensOf[axis]) tokens[token] = "*";
  }
  return tokens.join(".");
}

/** A reader of a feed. */
export interface FeedReader {
  readonly agency: string;
  readonly grid: FeedGrid;
  /**
   * Whether what he published himself may be handed to him too, where that makes filters fewer: one in place of one for each
   * other originator. It tells him nothing that he did not say. Gateways that are not ready for it put it in quarantine, so it is off.
   */
  readonly withOwn?: boolean | undefined;
}

/**
 * The filters by which an agency reads a feed: they match exactly what it may read of the grid, and no
 * subject matches two of them, as the server asks. None means that it reads nothing there.
 */
export function feedFilters(
  register: RegisterView,
  { agency, grid: feed, withOwn = false }: FeedReader,
  at: EpochMs,
): readonly string[] {
  const { rec, universe, grid } = feed;
  const readable = readableCells(register, { agency, rec, universe }, at);
  const isOwn = withOwn ? universe.map(({ originator }) => originator === agency) : [];
  return coverExactly(grid, readable, isOwn)
    .flatMap((box) => renderBox(feed, box))
    .toSorted();
}

/**
 * Every mailbox that may still hold messages, and whose it is: of keys in force, to come, or ended so
 * recently that what was sent to them is still kept.
 */
export function mailboxOwners(register: RegisterView, at: EpochMs): ReadonlyMap<string, string> {
  const since = at - hubLimits.directRetentionMs;
  const keys = register.mailboxKeys.filter(({ until }) => until === undefined || until > since);
  return new Map(
    keys.flatMap((key) => register.agencies.map(({ agency }) => [mailboxOf(key, agency), agency])),
  );
}

/** The filters by which an agency reads its mailboxes. */
export function directFilters(
  owners: ReadonlyMap<string, string>,
  agency: string,
): readonly string[] {
  return [...owners]
    .filter(([, owner]) => owner === agency)
    .map(([mailbox]) => storedInMailbox(renderDirectChannel(mailbox)))
    .toSorted();
}

/** The filters by which an agency reads its receipts, and a relay those of the agencies it takes them to. */
export function receiptFilters(agency: string, beyond: readonly string[] = []): readonly string[] {
  return [agency, ...beyond].map(receiptSubject).toSorted();
}
