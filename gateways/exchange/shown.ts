import type { Envelope } from "../../schemas/index.ts";
import type { StoredMessage } from "../store/index.ts";

/** What lists show of a message and its header says. */
export type Shown = Pick<
  StoredMessage,
  | "id"
  | "originator"
  | "recs"
  | "handling"
  | "urgency"
  | "status"
  | "createdAt"
  | "expiresAt"
>; // prettier-ignore

/** What lists show of a message, as its header says it: of direct mail the one that `statedHeader` makes. */
export function shownOf(header: Envelope): Shown {
  const { id, originator, recs, handling, urgency, status, createdAt, expiresAt } = header;
  return { id, originator, recs, handling, urgency, status, createdAt, expiresAt };
}
