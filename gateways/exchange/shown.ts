import type { Envelope } from "../../schemas/index.ts";
import type { StoredMessage } from "../store/index.ts";

/** What lists show of a message and its outer header alone says, whatever its form. */
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

/** What lists show of a message, as its envelope says it. */
export function shownOf(envelope: Envelope): Shown {
  const { id, originator, recs, handling, urgency, status, createdAt, expiresAt } = envelope;
  return { id, originator, recs, handling, urgency, status, createdAt, expiresAt };
}
