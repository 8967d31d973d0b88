import { type Bytes, parseUuid } from "../../schemas/ground/index.ts";
import type { Breach, Watched } from "../../schemas/work/index.ts";
import type { BreachNews, BreachRow, Store } from "../store/index.ts";

function rowOf(thread: Bytes, { lane, closing, of, by, endedAt, escalatedAt }: Breach): BreachRow {
  const { workflow, opening, opener, other } = lane;
  return { thread, opening: opening.id, other, workflow, opener, closing, agency: of, by, endedAt, escalatedAt };
} // prettier-ignore

function nameOf({ workflow, opening, other, closing, agency, by }: BreachRow): string {
  return `${workflow} ${opening} ${other} ${closing} ${agency} ${by}`;
}

/** Who follows the log hears of it at the message that opened the matter, under the ceiling of that message. */
function tell({ messages, changes }: Store, { opening }: BreachRow, kind: Exclude<BreachNews, "NONE">): readonly number[] {
  const message = messages.find(parseUuid(opening));
  if (message === undefined) return [];
  const { seq, id, box, handling, state } = message;
  changes.add({ kind, message: seq, id, box, handling, state });
  return [seq];
} // prettier-ignore

/**
 * Writes down the deadlines that passed in a thread, and tells each once when it is overdue and once when it is so twice.
 * What is there already stays; what turns out to have been sent in time is marked. Runs inside a write; returns the places of
 * the messages of which there is something to tell.
 */
export function noteBreaches(store: Store, thread: Bytes, { breaches, state, nextAt }: Watched): readonly number[] {
  const rows = breaches.map((one) => rowOf(thread, one));
  const told = rows.flatMap((row) => {
    const news = store.breaches.put(row);
    return news === "NONE" ? [] : tell(store, row, news);
  });
  const found = new Set(rows.map(nameOf));
  // of a matter whose messages were erased nothing is known anew: its record stays as it is
  const known = new Set(state.lanes.map(({ workflow, opening, other }) => `${workflow} ${opening.id} ${other}`));
  for (const row of store.breaches.of(thread)) {
    const isKnown = known.has(`${row.workflow} ${row.opening} ${row.other}`);
    if (isKnown && row.stands && !found.has(nameOf(row))) store.breaches.lift(row);
  }
  store.breaches.lookAt(thread, nextAt);
  return told;
} // prettier-ignore
