import { bodyCodecs, type InnerHeader, typeOptions } from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { Store, StoredSummary } from "../store/index.ts";
import { readOrder } from "./read-orders.ts";

/** A message that is being stored, for what it orders and how long it is kept. */
export interface NotedRecall {
  /** Its place in the store. */
  readonly message: number;
  readonly type: string;
  readonly inner: Pick<InnerHeader, "reviewBy" | "deleteBy">;
  readonly body: Bytes;
}

type Place = Pick<Store, "messages" | "recalls" | "retention">;

const dayMs = 86_400_000;

/** The day a message goes: the one it says itself, or else when its type's time is over; never while it is in force. */
function keptUntil({ type, inner }: NotedRecall, { createdAt, expiresAt }: StoredSummary): { readonly deleteAt: EpochMs; readonly keep: string } {
  const { retentionDays = 0, keep = "" } = typeOptions(type) ?? {};
  if (inner.deleteBy !== undefined) return { deleteAt: inner.deleteBy, keep: "SAID" };
  const deleteAt = Math.max(createdAt + retentionDays * dayMs, expiresAt);
  return { deleteAt, keep: keep === "" ? "FROM_SENDING" : keep };
} // prettier-ignore

/** Its owner keeps some of his messages longer: here too, as far as they are here. */
function noteExtension({ messages, retention }: Place, { box, originator }: StoredSummary, body: Bytes): void {
  const { targetIds, newDeletionAt } = bodyCodecs["data.retention_extend"].decode(body);
  for (const id of targetIds) {
    const seq = messages.known(box, originator, id)?.seq;
    const kept = seq === undefined ? undefined : retention.of(seq);
    if (kept === undefined || kept.deleteAt >= newDeletionAt) continue;
    // it was looked at
    retention.put({ message: kept.message, deleteAt: newDeletionAt, keep: "SAID" });
  }
} // prettier-ignore

/** What was ordered of it before it came is to be carried out now. */
function reopen({ recalls }: Place, { id, originator, box }: StoredSummary): void {
  for (const order of recalls.of(id, originator)) {
    if (box !== "in" || order.box !== "in" || order.kind !== "PURGE") continue;
    recalls.settle(order, { ...order, state: "OPEN" });
  }
}

/**
 * Notes how long a message is kept, and what it orders of others of its sender's. Runs inside the write that stores it: no
 * order is ever held that nobody carries out.
 */
export function noteRecall(store: Place, noted: NotedRecall): void {
  const { message, type, inner, body } = noted;
  const summary = store.messages.summary(message);
  if (summary === undefined) return;
  store.retention.put({ message, reviewAt: inner.reviewBy, ...keptUntil(noted, summary) });
  reopen(store, summary);
  if (type === "data.retention_extend") noteExtension(store, summary, body);
  const found = readOrder(type, body);
  if (found === undefined) return;
  const { targets, kind, scope, reason, dueAt } = found;
  const { originator, box } = summary;
  for (const target of targets) {
    store.recalls.add({ message, target, originator, box, kind, scope, reason, dueAt });
  }
}
