import { bodyCodecs, type Bodies, type MessageType } from "../../schemas/index.ts";
import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { RecallKind } from "../store/index.ts";

/** What an owner orders of messages of his. */
export interface ReadOrder {
  readonly kind: RecallKind;
  readonly targets: readonly Bytes[];
  /** A code of PURGE_SCOPE; of a block that is lifted or prolonged its code of BLOCK_ACT; of other orders empty. */
  readonly scope: string;
  readonly reason: string;
  readonly dueAt?: EpochMs | undefined;
  /** The only agencies it is for; every reader of the order when left out. */
  readonly holders?: readonly string[] | undefined;
}

/** What is lifted or prolonged asks nobody for an answer, and a state's own legal review asks nobody at all. */
function readBlock({ targetIds, blockAct, blockReason: reason = "" }: Bodies["data.block"]): ReadOrder | undefined {
  if (blockAct.startsWith("LIFTED")) return order("LIFT", targetIds, { scope: blockAct, reason });
  if (blockAct === "PROLONGED") return order("PROLONG", targetIds, { scope: blockAct, reason });
  return reason === "LEGAL_REVIEW" ? undefined : order("BLOCK", targetIds, { reason });
} // prettier-ignore

function order(kind: RecallKind, targets: readonly Bytes[], more: Partial<ReadOrder> = {}): ReadOrder {
  return { scope: "", reason: "", ...more, kind, targets };
} // prettier-ignore

/** One type's decoder and what it orders together: the union of all types does not fit either alone. */
function reader<T extends MessageType>(type: T, read: (body: Bodies[T]) => ReadOrder | undefined) {
  return [type, (bytes: Bytes): ReadOrder | undefined => read(bodyCodecs[type].decode(bytes))] as const;
} // prettier-ignore

const readers: ReadonlyMap<string, (body: Bytes) => ReadOrder | undefined> = new Map([
  reader("alert.update", ({ targetId, reason }) => order("UPDATE", [targetId], { reason })),
  reader("alert.cancel", ({ targetId, alsoIds, reason, recipientsMustPurge, purgeBy: dueAt }) => {
    const targets = [targetId, ...alsoIds];
    if (recipientsMustPurge !== true) return order("CANCEL", targets, { reason });
    return order("PURGE", targets, { scope: "MESSAGE", reason, dueAt });
  }),
  reader("handling.change", ({ targetIds, withdrawnFrom: holders, handlingReason: reason }) =>
    holders.length === 0
      ? undefined
      : order("PURGE", targetIds, { scope: "MESSAGE", reason, holders }),
  ),
  reader("data.correct", ({ targetId, correctionReason: reason, deadline: dueAt }) =>
    order("CORRECT", [targetId], { reason, dueAt }),
  ),
  reader("data.block", readBlock),
  reader("data.purge", ({ targetIds, purgeScope: scope, purgeReason: reason, deadline: dueAt }) =>
    order("PURGE", targetIds, { scope, reason, dueAt }),
  ),
]);

/** Whether messages of a type order what becomes of others of their sender's: holders carry that out however a matter stands. */
export function isOrder(type: string): boolean {
  return readers.has(type);
}

/** What a message orders of others of its sender's; undefined for one that orders nothing. */
export function readOrder(type: string, body: Bytes): ReadOrder | undefined {
  return readers.get(type)?.(body);
}
