import { renderUuid } from "../../schemas/ground/index.ts";
import type { StoredPublication } from "../store/index.ts";
import type { Office } from "./office.ts";

type Place = Pick<Office, "store" | "departures">;

/** Whether a publication of ours lies here alone: what is held back was never handed to the link, whatever happened since. */
function isStillHere({ departures }: Place, { seq, state }: StoredPublication): boolean {
  if (state === "HELD") return true;
  return state === "WAITING" && departures?.mayHave(seq) !== true;
}

/** Whether nothing of a message of ours left this machine, or may have: not by the link and not in a carry file. */
export function isWhollyHere(place: Place, message: number): boolean {
  const { messages, outbox, carried } = place.store;
  const digest = messages.get(message)?.digest;
  if (digest === undefined || carried.of(digest).length > 0) return false;
  return outbox.byMessage(message).every((one) => isStillHere(place, one));
}

/**
 * Takes out of the onward log what a message of ours would have passed on, where nothing of it left: its readers never got it,
 * and nobody is to ask them for it. Call it in the write that ends the message, before its publications are settled.
 */
export function forgetUnsent(place: Place, message: number): void {
  const id = place.store.messages.summary(message)?.id;
  if (id !== undefined && isWhollyHere(place, message)) place.store.onward.forget(renderUuid(id));
}
