import { type Bytes, parseUuid } from "../../schemas/ground/index.ts";
import type { OperationView } from "../../schemas/work/index.ts";
import { type OperationDeskPlace, tellOperation } from "./desk.ts";
import { loadOperation } from "./load-operation.ts";
import { renderArchive } from "./read-archive.ts"; // prettier-ignore

/** Who archives; and by a clock known to be wrong nobody does. */
export interface ArchivePlace extends OperationDeskPlace {
  readonly isClockRight: () => boolean;
}

/** More are not looked at in one round. */
const maxLooked = 1_000;

/** Whether what others gave into it is ours to keep: only the one keeper of an archive keeps it, and all where no day was said. */
function isKeeper({ data }: OperationView, agency: string): boolean {
  return !data.isDated || (data.atEnd === "ARCHIVE" && data.keeper === agency);
}

/** What others sent into an operation by name; what went to a feed its readers have by their mandates, and keep by its type's time. */
function givenTo({ store }: ArchivePlace, view: OperationView): readonly number[] {
  const ids = [...view.inside, ...view.outside.map(({ step }) => step)].map(({ id }) => id);
  return ids.flatMap((id) => {
    const found = store.messages.find(parseUuid(id));
    const isGiven = found !== undefined && found.box === "in" && found.recs.length === 0;
    return isGiven && found.state !== "ERASED" ? [found.seq] : [];
  });
}

/** From now on they are past their day: retention erases them, unless a hold keeps them. */
function endTerms({ store, clock }: ArchivePlace, messages: readonly number[]): void {
  const now = clock.now();
  for (const message of messages) {
    const kept = store.retention.of(message);
    const deleteAt = Math.min(kept?.deleteAt ?? now, now);
    store.retention.put({ message, reviewAt: kept?.reviewAt, deleteAt, keep: "SAID" });
  }
}

async function archiveOne(place: ArchivePlace, operation: Bytes, view: OperationView): Promise<void> {
  const { agency, store, clock } = place;
  const content = renderArchive(tellOperation(view, place));
  const given = isKeeper(view, agency) ? [] : givenTo(place, view);
  await store.write(() => {
    store.operations.archive({ operation, at: clock.now(), content });
    endTerms(place, given);
  });
} // prettier-ignore

/** What a hold keeps is looked at again by retention itself, a day later each time. */
const againMs = 2 * 86_400_000;

/** Whether what somebody gave is kept as if the operation were not over. */
function isKept({ store, clock }: ArchivePlace, message: number): boolean {
  const { box, type = "" } = store.messages.summary(message) ?? {};
  const deleteAt = store.retention.of(message)?.deleteAt ?? 0;
  const isGone = deleteAt === Number.MAX_SAFE_INTEGER;
  return (
    box === "in" && !type.startsWith("operation.") && !isGone && deleteAt > clock.now() + againMs
  );
}

/** What came late into an operation that is archived already goes as the rest went. */
async function endLate(place: ArchivePlace, operation: Bytes): Promise<void> {
  const { store, agency } = place;
  const isNew = store.operations.messages(operation).some((message) => isKept(place, message));
  if (!isNew) return;
  const view = loadOperation(place, operation, place.clock.now());
  if (view === undefined || isKeeper(view, agency)) return;
  const due = givenTo(place, view).filter((message) => isKept(place, message));
  if (due.length > 0) await store.write(() => endTerms(place, due));
} // prettier-ignore

/**
 * Archives the operations whose data's day has come: who was of it and its figures are kept as they stand, and with the same
 * write the time of what others sent into it by name is over. Our own messages stay our record, its opening and close stay,
 * and what went to a feed stays by its own time. Twice is the same as once.
 */
export async function archiveOperations(place: ArchivePlace): Promise<void> {
  const { store, clock } = place;
  if (!place.isClockRight()) return;
  for (const operation of store.operations.list(maxLooked)) {
    if (store.operations.archived(operation) !== undefined) {
      await endLate(place, operation);
      continue;
    }
    const now = clock.now();
    const view = loadOperation(place, operation, now);
    if (view !== undefined && view.archivedAt < now) await archiveOne(place, operation, view);
  }
}
