import { Fault, renderUuid } from "../../schemas/ground/index.ts";
import type { Change, ChangePlace } from "../store/index.ts";
import { parseChangeCursor, renderChangeCursor } from "./change-cursor.ts";
import type { ChangePage, ChangesQuery, MessageChange, Sight } from "./exchange.ts";
import type { Office } from "./office.ts";

/** What of an office the log is read with. */
export type ChangeSource = Pick<Office, "store" | "chance">;

const maxPage = 200;
/** Lines looked at for one page: about a millisecond's work, however little of them is in sight. */
const maxScan = 1_000;

const kinds = {
  STORED: "stored",
  MOVED: "moved",
  TAKEN_BACK: "taken-back",
  REMOVED: "removed",
  RELEASE: "release",
  OVERDUE: "overdue",
  ESCALATED: "escalated",
  UNPROVED: "unproved",
  LOG: "log",
} as const;

/**
 * Whether somebody is told of a change: as lists show a message of that state. That a message was taken back is told to
 * whoever could see it before, for he may have worked with it.
 */
export function isChangeSeen(
  sight: Sight,
  { kind, handling, state }: Pick<Change, "kind" | "handling" | "state">,
): boolean {
  const wasSeen = sight.handlings.includes(handling);
  if (kind === "TAKEN_BACK") return wasSeen || sight.quarantined;
  return state === "QUARANTINED" ? sight.quarantined : wasSeen;
}

/** A change as it is told, without its place. */
export function showChange({ kind, id, box, state, at }: Change): Omit<MessageChange, "cursor"> {
  return { kind: kinds[kind], id: renderUuid(id), box, state, at };
}

/**
 * The place a cursor names, as long as all that follows it is kept.
 *
 * @throws {Fault} REQUEST_INVALID for what is no cursor; CURSOR_GONE where the log was cut since, or is another
 */
export function findChangePlace({ store }: Pick<Office, "store">, cursor: string): ChangePlace {
  const { changes } = store;
  const place = parseChangeCursor(changes.key(), cursor);
  if (changes.has(place)) return place;
  throw new Fault(
    "CURSOR_GONE",
    "what followed this cursor is not kept any more: list messages again, and follow from there on",
  );
}

function startOf(source: ChangeSource, { cursor, from = "now" }: ChangesQuery): ChangePlace {
  if (cursor !== undefined) return findChangePlace(source, cursor);
  const { changes } = source.store;
  return from === "now" ? changes.head() : changes.begin();
}

/**
 * The next changes after a cursor that are in sight, in order; each is told once to whoever goes on from `next`. Of what is
 * not in sight nothing is told, not even how much it is.
 *
 * @throws {Fault} REQUEST_INVALID, CURSOR_GONE
 */
export function listChanges(source: ChangeSource, query: ChangesQuery): ChangePage {
  const { limit, sight } = query;
  const { changes } = source.store;
  if (!Number.isInteger(limit) || limit < 1 || limit > maxPage) {
    throw new Fault("REQUEST_INVALID", `a page has 1 to ${maxPage} changes`);
  }
  const key = changes.key();
  const cursorAt = (position: number): string =>
    renderChangeCursor(key, changes.placeOf(position), source.chance);
  const start = startOf(source, query);
  const found = changes.after(start.position, maxScan);
  const seen = found.filter((one) => sight === undefined || isChangeSeen(sight, one));
  const page = seen.slice(0, limit);
  const isCut = seen.length > limit;
  const end = (isCut ? page.at(-1) : found.at(-1))?.position;
  const items = page.map((one) => ({ ...showChange(one), cursor: cursorAt(one.position) }));
  return {
    items,
    next: end === undefined ? renderChangeCursor(key, start, source.chance) : cursorAt(end),
    hasMore: isCut || found.length === maxScan,
  };
}

/** Kept thirty days, and never more than a million. */
const keptMs = 30 * 86_400_000;
const mostKept = 1_000_000;
const cutBatch = 1_000;

/** Cuts from the log what is no longer kept, a little at a time. Returns whether there is more to cut. */
export async function trimChanges({
  store,
  clock,
}: Pick<Office, "store" | "clock">): Promise<boolean> {
  const keeping = { since: clock.now() - keptMs, most: mostKept, batch: cutBatch };
  const [oldest] = store.changes.after(store.changes.begin().position, 1);
  const head = store.changes.head().position;
  if (oldest === undefined || oldest.position === head) return false;
  if (oldest.at >= keeping.since && oldest.position > head - mostKept) return false;
  return (await store.write(() => store.changes.cut(keeping))) === cutBatch;
}
