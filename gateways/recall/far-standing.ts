import type { EpochMs } from "../../schemas/ground/index.ts";
import { renderUuid } from "../../schemas/ground/index.ts";
import type { FarErasure, RecallOrder, StoredMessage } from "../store/index.ts";
import { isWholePurge } from "./cascade.ts";
import type { RecallParts } from "./parts.ts";

/**
 * How an order to a hub beyond stands. AWAITED; OVERDUE, past the order's deadline and asked on; ANSWERED, it keeps nothing of
 * it; UNANSWERED, asked no more, though a late answer counts.
 */
export type FarState = "AWAITED" | "OVERDUE" | "ANSWERED" | "UNANSWERED";

type Place = Pick<RecallParts, "agency" | "store" | "clock">;

/** A relay keeps what it took for thirty days, and a hub what it was handed for thirty: after both nothing of it lies anywhere. */
export const farEndMs = 60 * 86_400_000;
/** What is written on an order of ours while a hub beyond is late, so that it is told once. */
const silent = "HUB_UNREACHABLE";

/** How one of them stands. */
export function farStateOf({ askedAt, answer }: FarErasure, { due, now }: { readonly due: EpochMs | undefined; readonly now: EpochMs }): FarState {
  if (answer !== undefined) return "ANSWERED";
  if (now >= askedAt + farEndMs) return "UNANSWERED";
  return due !== undefined && now > due ? "OVERDUE" : "AWAITED";
} // prettier-ignore

/** Until when hubs beyond are to have answered: by the last order that takes the whole of it back. */
export function farDueOf({ agency, store }: Place, target: Uint8Array): EpochMs | undefined {
  const orders = store.recalls.of(target, agency).filter((one) => one.box === "out" && isWholePurge(one));
  return orders.at(-1)?.dueAt;
} // prettier-ignore

/** All that were asked about one message of ours, with how each stands. */
export function farStandings(place: Place, target: Uint8Array): readonly { readonly asked: FarErasure; readonly due: EpochMs | undefined; readonly state: FarState }[] {
  const due = farDueOf(place, target);
  const now = place.clock.now();
  return place.store.farErasures.of(target).map((asked) => ({ asked, due, state: farStateOf(asked, { due, now }) }));
} // prettier-ignore

/** Hubs beyond that did not answer in time. */
export function countUnanswered(place: Place, target: Uint8Array): number {
  return farStandings(place, target).filter(({ state }) => state === "OVERDUE" || state === "UNANSWERED").length;
} // prettier-ignore

/**
 * Notes at an order of ours that hubs beyond are late, and tells it once: in the record, to who watches, and in the log. Takes the
 * note back when they have answered. Runs inside a write.
 *
 * @returns what is written on the order from now on
 */
export function noteFarSilence(parts: RecallParts, order: RecallOrder, message: StoredMessage): string | undefined {
  const late = farStandings(parts, order.target).filter(({ state }) => state === "OVERDUE" || state === "UNANSWERED");
  const trouble = late.length === 0 ? undefined : silent;
  if (trouble === order.trouble) return trouble;
  parts.store.recalls.settle(order, { state: order.state, told: order.told, trouble });
  if (trouble === undefined) return undefined;
  parts.record("HUB_ERASED", renderUuid(order.target), "NOT_ANSWERED");
  parts.changed([message.seq]);
  for (const { asked } of late) parts.log.warn("a hub beyond has not answered an order to erase in time", { code: silent, hub: asked.hub });
  return trouble;
} // prettier-ignore
