import { type EpochMs, parseUuid } from "../../schemas/ground/index.ts";
import { type Handling, handlings } from "../people/index.ts";
import { isSystemMessage, type StoredSummary } from "../store/index.ts";
import type { Inspection } from "./keep.ts";
import type { KeyHolder } from "./keys.ts";
import type { InspectionParts } from "./parts.ts";

/**
 * One message of an inspection. ERASED, ABOVE_CEILING and ABSENT ones stay in their place and are told as that; another is never
 * drawn for them.
 */
export interface InspectionItem {
  /** Its place among those that are inspected, from 1. */
  readonly place: number;
  readonly id: string;
  readonly state: "READABLE" | "ERASED" | "ABOVE_CEILING" | "ABSENT";
  readonly isRead: boolean;
  readonly box?: "in" | "out";
  readonly type?: string;
  readonly handling?: string;
  readonly storedAt?: EpochMs;
}

function isUnder(handling: string, ceiling: Handling): boolean {
  const at = handlings.findIndex((one) => one === handling);
  // a code that is none of ours counts as the strictest
  return at >= 0 && at <= handlings.indexOf(ceiling);
}

function stateOf(found: StoredSummary | undefined, { handlingUpTo }: KeyHolder): InspectionItem["state"] {
  if (found === undefined || found.state === "QUARANTINED" || isSystemMessage(found)) return "ABSENT";
  if (!isUnder(found.handling, handlingUpTo)) return "ABOVE_CEILING";
  return found.state === "ERASED" ? "ERASED" : "READABLE";
} // prettier-ignore

/** What of the messages of an inspection its inspector is told. */
export function listItems({ store }: Pick<InspectionParts, "store">, { messages = [], read }: Inspection, holder: KeyHolder): readonly InspectionItem[] {
  return messages.map((id, at) => {
    const place = at + 1;
    const found = store.messages.glance(parseUuid(id));
    const state = stateOf(found, holder);
    const base = { place, id, state, isRead: read.includes(place) };
    if (found === undefined || state === "ABSENT" || state === "ABOVE_CEILING") return base;
    const { box, type, handling, storedAt } = found;
    return { ...base, box, type, handling, storedAt };
  });
} // prettier-ignore
