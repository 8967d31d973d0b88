import type { Envelope, InnerHeader, MessageType } from "../../schemas/index.ts";
import { type Bytes, type EpochMs, Fault, parseUuid } from "../../schemas/ground/index.ts";
import { type OperationView, standingAt } from "../../schemas/work/index.ts";
import { loadOperation, type OperationPlace } from "./load-operation.ts";
import { namedOperation } from "./note-operation.ts";

/** A message that is about to be sent. */
interface NewMessage {
  readonly type: MessageType;
  readonly header: Pick<Envelope, "createdAt">;
  readonly inner: Pick<InnerHeader, "recipients">;
  readonly bodyBytes: Bytes;
}

/** The field that stands in the way. */
const byNumber = "/body/operationId";

function refuse(code: "RULE_OPERATION_OUTSIDER" | "WORK_OUT_OF_TURN", message: string, path = byNumber): never {
  throw new Fault(code, message, { violations: [{ path, code, message }] });
} // prettier-ignore

/** An operation is its opener's to change, and what is over stays over. */
function checkOwner(agency: string, view: OperationView, { type, header }: NewMessage): void {
  if (view.opener !== agency) {
    refuse("WORK_OUT_OF_TURN", "another agency opened the operation of this operationId; take a new number for another one");
  }
  const isOver = view.closing !== undefined || header.createdAt > view.until;
  if (type === "operation.open" && isOver) {
    refuse("WORK_OUT_OF_TURN", "the operation of this operationId is over; take a new number for another one");
  }
} // prettier-ignore

function checkTime(view: OperationView, now: EpochMs): void {
  const standing = standingAt(view, now);
  if (standing === "OPEN") return;
  const says = standing === "PLANNED" ? "has not begun; wait for its validFrom, or" : "is over;";
  refuse("WORK_OUT_OF_TURN", `the operation of this operationId ${says} leave operationId out`);
}

function checkMembers({ agency }: OperationPlace, view: OperationView, { header: { createdAt }, inner }: NewMessage): void {
  const standing = view.standingOf(agency, createdAt);
  if (standing === "INVITED") refuse("RULE_OPERATION_OUTSIDER", "we were asked into this operation and have not joined; send request.acknowledge to its opener first");
  if (standing !== "TAKING_PART") refuse("RULE_OPERATION_OUTSIDER", "we are not of the operation of this operationId; leave operationId out");
  const isOut = inner.recipients.some((one) => {
    const theirs = view.standingOf(one, createdAt);
    return theirs !== "TAKING_PART" && theirs !== "INVITED";
  });
  if (isOut) refuse("RULE_OPERATION_OUTSIDER", "a recipient is not of the operation of this operationId; leave it out, or operationId", "/recipients");
} // prettier-ignore

/**
 * Refuses what would be no part of the operation that it names: sent before it begins or after it ended, by who is not of
 * it, or to who is not. To a feed a report goes by its mandates; that it names an operation gives nobody more.
 *
 * @throws {Fault} WORK_OUT_OF_TURN, RULE_OPERATION_OUTSIDER
 */
export function checkOperation(place: OperationPlace, draft: NewMessage): void {
  const { type, header, inner, bodyBytes } = draft;
  const operation = namedOperation(type, bodyBytes);
  if (operation === undefined) return;
  const view = loadOperation(place, parseUuid(operation), header.createdAt);
  if (type === "operation.open" || type === "operation.close") {
    if (view !== undefined) checkOwner(place.agency, view, draft);
    return;
  }
  if (view !== undefined) {
    checkTime(view, header.createdAt);
    checkMembers(place, view, draft);
  } else if (inner.recipients.length > 0) {
    refuse(
      "RULE_OPERATION_OUTSIDER",
      "no operation of this operationId was opened here; leave operationId out",
    );
  }
}
