import { Fault } from "../../schemas/ground/index.ts";
import type { OperationDesk } from "../operations/index.ts";
import { visibleTo } from "../people/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { isFreeToRead } from "./words-first.ts";

function deskOf({ services }: Desk): OperationDesk {
  if (services?.operations !== undefined) return services.operations;
  throw new Fault("NOT_FOUND", "this gateway tells nothing of operations");
}

/** An operation is told to who may see the message that opened it, and of its messages those he may see. */
function isTold(desk: Desk, { caller }: Call, id: string): boolean {
  const seen = desk.exchange.glance(id);
  return seen !== undefined && visibleTo(caller, seen) && isFreeToRead(desk, seen);
}

/** One he may not see is answered as one that is not there. */
function checkTold(desk: Desk, call: Call, opening: string): void {
  if (!isTold(desk, call, opening)) {
    throw new Fault("NOT_FOUND", "no operation of this number was opened here");
  }
  call.record.about(opening);
}

/** Operations, the last opened first. */
export function getOperations(desk: Desk, call: Call): Response {
  const items = deskOf(desk).list().filter(({ opening }) => isTold(desk, call, opening));
  call.record.count(items.length);
  return renderAnswer({ items });
} // prettier-ignore

/** One operation: who is of it, and what was sent into it. */
export function getOperation(desk: Desk, call: Call): Response {
  const found = deskOf(desk).show(call.params["id"] ?? "");
  checkTold(desk, call, found.opening);
  const inside = found.inside.filter(({ id }) => isTold(desk, call, id));
  const outside = found.outside.filter(({ id }) => isTold(desk, call, id));
  return renderAnswer({ ...found, inside, outside });
}

/** What was reached in an operation of what was aimed at. */
export function getOperationTargets(desk: Desk, call: Call): Response {
  const { opening, items } = deskOf(desk).targets(call.params["id"] ?? "");
  checkTold(desk, call, opening);
  return renderAnswer({ items });
}

/** The figures of an operation for those who are not of it. */
export function getOperationStatistics(desk: Desk, call: Call): Response {
  const { opening, ...told } = deskOf(desk).statistics(call.params["id"] ?? "");
  checkTold(desk, call, opening);
  return renderAnswer(told);
}
