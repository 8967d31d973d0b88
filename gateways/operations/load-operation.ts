import { type Bytes, type EpochMs, renderUuid } from "../../schemas/ground/index.ts";
import { type OperationView, readOperation } from "../../schemas/work/index.ts";
import type { Store, StoredMessage } from "../store/index.ts";
import { keepOneEdition, stepOf } from "../work/index.ts";

/** Where operations are read. */
export interface OperationPlace {
  readonly agency: string;
  readonly store: Store;
}

/** What its sender took back or put another in the place of does not count; what an operation is stays said. */
function isTakenBack({ store }: OperationPlace, { id, originator, type }: StoredMessage, now: EpochMs): boolean {
  if (type.startsWith("operation.")) return false;
  return store.lookups.said(id, originator).some(({ word, at }) => word === "WITHDRAWN" && at <= now);
} // prettier-ignore

/** What reached nobody, and what only practises where the operation is in earnest, or the other way round. */
function isBeside({ state, status }: StoredMessage, opening: StoredMessage): boolean {
  return state === "REFUSED" || state === "STOPPED" || status !== opening.status;
}

/** The threads in which members speak of themselves, and answer warnings. */
const threadTypes: ReadonlySet<string> = new Set(["operation.open", "target.warning"]);

function placesOf({ store }: OperationPlace, operation: Bytes): readonly number[] {
  const named = store.operations.messages(operation);
  const answering = named.flatMap((place) => {
    const isThread = threadTypes.has(store.messages.summary(place)?.type ?? "");
    const thread = isThread ? store.threads.of(place) : undefined;
    return thread === undefined ? [] : store.threads.steps(thread).map(({ message }) => message);
  });
  return [...new Set([...named, ...answering])];
}

/** An operation as the messages tell it that this gateway holds; undefined when it was not opened here. */
export function loadOperation(place: OperationPlace, operation: Bytes, now: EpochMs): OperationView | undefined {
  const held = placesOf(place, operation).flatMap((one) => place.store.messages.get(one) ?? []);
  const opening = held.find(({ type }) => type === "operation.open");
  if (opening === undefined) return undefined;
  const told = held.filter((one) => !isBeside(one, opening));
  const gone = new Set(told.filter((one) => isTakenBack(place, one, now)).map(({ id }) => renderUuid(id)));
  // with the fuller edition goes the other, whose sender need not take it back too
  const steps = keepOneEdition(told.flatMap((one) => stepOf(one) ?? []));
  return readOperation(steps.filter(({ id }) => !gone.has(id)), renderUuid(operation));
} // prettier-ignore
