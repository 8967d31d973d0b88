import { decide, hasRight, type RegisterView } from "../../certs/trust/index.ts";
import type { Cell } from "./rights-cells.ts";

/** A message that the hub took, and what is asked of each reader about it. */
export interface Held {
  readonly id: string;
  readonly originator: string;
  /** The stream it stands in. */
  readonly stream: string;
  readonly cell?: Cell;
  readonly recipient?: string;
  readonly moment: number;
}

/** Who read which stream, when, under which register. */
export interface ReadPlace {
  readonly view: RegisterView;
  readonly agency: string;
  readonly stream: string;
  readonly now: number;
  /** Which of the registers' states it is, counted. */
  readonly moment: number;
}

/** How what was handed out compares with what was decided. */
export interface ReadVerdict {
  readonly wrong: readonly string[];
  readonly handed: number;
  readonly withheld: number;
  /** Of the withheld, those that only the word of the sender's and reader's one state withholds. */
  readonly withheldWithin: number;
}

/** What of a mailbox the hub can decide: it was told nothing of a message but whose mailbox it is for. */
function mayHave({ view, agency }: ReadPlace, { recipient }: Held): boolean {
  return recipient === agency && hasRight(view, { agency, action: "READ", scope: "direct" });
}

/** Whether a reader is to be handed a message now. */
function mayRead(place: ReadPlace, held: Held): boolean {
  const { cell, originator } = held;
  if (cell === undefined) return mayHave(place, held);
  const { rec: scope, ...content } = cell;
  const { view, agency, now } = place;
  return decide(view, { action: "READ", agency, originator, scope, ...content }, now).allow;
}

/** Whether sender and reader are of one state, and nothing but its own policy stands between them. */
function isKeptWithin({ view, agency, now }: ReadPlace, { cell, originator }: Held): boolean {
  const state = view.agency(agency)?.authority;
  if (cell === undefined || agency === originator || view.agency(originator)?.authority !== state) return false;
  const { rec: scope, ...content } = cell;
  const decision = decide(view, { action: "READ", agency, originator, scope, ...content }, now);
  return !decision.allow && decision.reasons.join() === "NOT_RELEASED";
} // prettier-ignore

/** Everything the hub took, and what of it was handed to whom. */
export class ReadBook {
  readonly #held: Held[] = [];
  /** By agency and stream: the ids handed out, ever, and at which moment it was read to its end. */
  readonly #handed = new Map<string, { readonly ids: Set<string>; readAt: number }>();

  /** The hub said that it took this. */
  note(held: Held): void {
    this.#held.push(held);
  }

  /**
   * Holds what a consumer handed out against what it may: nothing more, and nothing less of what was stored since it
   * was last read. What a reader has passed over already, and may read only since, it may be handed or not: it asks
   * the sender for the key in any case.
   */
  judge(place: ReadPlace, ids: readonly string[]): ReadVerdict {
    const { agency, stream, moment } = place;
    const key = `${agency} ${stream}`;
    const known = this.#handed.get(key) ?? { ids: new Set(), readAt: -1 };
    const now = new Set(ids);
    const standing = this.#held.filter((one) => one.stream === stream);
    const allowed = standing.filter((one) => mayRead(place, one));
    const allowedIds = new Set(allowed.map(({ id }) => id));
    const due = allowed.filter((one) => one.moment > known.readAt);
    const wrong = [
      ...[...now].filter((id) => !allowedIds.has(id)).map((id) => `${agency} was handed ${id} of ${stream}, decided no`),
      ...due
        .filter(({ id }) => !now.has(id))
        .map(({ id, originator, cell }) => `${agency} was not handed ${id} of ${stream} by ${originator} ${JSON.stringify(cell)}`),
    ];
    this.#handed.set(key, { ids: new Set([...known.ids, ...now]), readAt: moment });
    const withheldWithin = standing.filter((one) => !now.has(one.id) && isKeptWithin(place, one)).length;
    return { wrong, handed: now.size, withheld: standing.length - now.size, withheldWithin };
  } // prettier-ignore
}
