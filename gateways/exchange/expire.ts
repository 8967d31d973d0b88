import type { Office } from "./office.ts";
import { isJumped } from "./hub-word.ts";
import { forgetUnsent } from "./never-left.ts";
import { voidSequence } from "./void.ts";

/** Messages looked at in one go; what is left comes with the next. */
const batch = 500;

function expireOne(office: Office, message: number): void {
  const { store } = office;
  forgetUnsent(office, message);
  store.messages.setState(message, "EXPIRED");
  for (const publication of store.outbox.byMessage(message)) {
    if (publication.state !== "WAITING" && publication.state !== "HELD") continue;
    store.outbox.settle(publication.seq, "EXPIRED");
    voidSequence(store.outbox, publication);
  }
}

/** Ends what is past its time and was not delivered: it is no longer sent. Returns how many. */
export async function expireOverdue(office: Office): Promise<number> {
  const { store, clock } = office;
  // by a clock that is ahead the time of much would be over that is not
  if (isJumped(office)) return 0;
  if (store.outbox.overdue(clock.now(), 1).length === 0) return 0;
  const messages = await store.write(() => {
    const overdue = store.outbox.overdue(clock.now(), batch);
    for (const message of overdue) expireOne(office, message);
    return overdue;
  });
  office.changed(messages);
  return messages.length;
}
