import { decodeInnerHeader, decodeParts, joinParts } from "../../schemas/index.ts";
import { parseUuid } from "../../schemas/ground/index.ts";
import type { Act, Lane } from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";

/** An act of a matter, with what the register is asked by. */
export interface AskedAct extends Act {
  readonly to: string | undefined;
  readonly recs: readonly string[];
  readonly crimes: readonly string[];
  readonly handling: string;
  readonly purposes?: readonly string[] | undefined;
}

/** Why an agency may not say something, as codes of DENIAL_REASON; empty where it may. */
export type FindBars = (act: AskedAct) => readonly string[];

/** An act and why who would say it may not. */
export interface BarredAct extends Act {
  readonly reasons: readonly string[];
}

/** Whose matter it is, and the id of what opened it. */
interface MatterPlaces extends Pick<Lane, "opener" | "other"> {
  readonly opening: string;
}

function purposesOf({ parts }: StoredMessage): readonly string[] | undefined {
  if (parts === undefined) return undefined;
  const { purposes } = decodeInnerHeader(joinParts(decodeParts(parts).parts).innerHeader);
  return purposes.length === 0 ? undefined : purposes;
}

/**
 * Asks of a matter's acts why they may not be said, by the crimes, handling and purposes of the message that opened it: an
 * answer has those of its question. What nobody in particular would say is not asked about.
 */
export function makeBars(store: Pick<Store, "messages">, { opening, opener, other }: MatterPlaces, bars: FindBars | undefined): (act: Act) => readonly string[] {
  const message = bars === undefined ? undefined : store.messages.find(parseUuid(opening));
  if (bars === undefined || message === undefined) return () => [];
  const { crimes, recs, handling } = message;
  const purposes = purposesOf(message);
  const known = new Map<string, readonly string[]>();
  return ({ agency, type }) => {
    if (agency === "") return [];
    const key = `${agency} ${type}`;
    const found = known.get(key) ?? bars({ agency, type, to: (agency === opener ? other : opener) || undefined, recs, crimes, handling, purposes });
    known.set(key, found);
    return found;
  };
} // prettier-ignore
