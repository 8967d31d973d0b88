import { Fault, parseUuid, renderUuid } from "../../schemas/ground/index.ts";
import type { StoredMessage } from "../store/index.ts";
import { touchThread } from "../work/index.ts";
import { forgetUnsent, isWhollyHere } from "./never-left.ts";
import type { Office } from "./office.ts";
import { voidSequence } from "./void.ts";

function findOwn({ store, agency }: Office, id: string): StoredMessage {
  const known = store.messages.known("out", agency, parseUuid(id));
  const stored = known === undefined ? undefined : store.messages.get(known.seq);
  if (stored !== undefined) return stored;
  throw new Fault("NOT_FOUND", "no message of ours has this id");
}

function stopOne(office: Office, { seq, state }: StoredMessage): void {
  const { store } = office;
  const publications = store.outbox.byMessage(seq);
  if (state !== "QUEUED" || !isWhollyHere(office, seq)) {
    const way = "withdraw or correct it with a message of its own";
    throw new Fault("MESSAGE_LEFT", `it left this gateway, or may have; ${way}`);
  }
  forgetUnsent(office, seq);
  store.messages.setState(seq, "STOPPED");
  for (const publication of publications) {
    store.outbox.settle(publication.seq, "STOPPED");
    voidSequence(store.outbox, publication);
  }
  touchThread(store, seq);
}

/**
 * Stops a message of ours before it leaves, both editions where there are two: it is never sent. Its numbers are told as void by the next slips, and its
 * Idempotency-Key goes on standing for it.
 *
 * @param also called inside the write
 * @throws {Fault} MESSAGE_LEFT when any of it left, or may have; NOT_FOUND, ID_INVALID, STORE_WRITE_FAILED
 */
export async function stopMessage(office: Office, id: string, also?: () => void): Promise<void> {
  const stopped = await office.store.write(() => {
    const { store } = office;
    const own = findOwn(office, id);
    const other = store.editions.otherOf(own.id);
    const pair = [own, ...(other === undefined ? [] : [findOwn(office, renderUuid(other))])];
    for (const one of pair) stopOne(office, one);
    also?.();
    return pair.map(({ seq }) => seq);
  });
  office.changed(stopped);
}
