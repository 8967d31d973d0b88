import { type Clock, Fault } from "../../schemas/ground/index.ts";
import type { Store } from "../store/index.ts";

const fork = "LOG_INCONSISTENT";

/**
 * A person goes on with what the hub shows now, though it is not what was verified before. Both notes stay as evidence.
 *
 * @throws {Fault} NOT_FOUND when there is nothing to confirm
 */
export async function trustAnew(
  { store, clock }: { readonly store: Store; readonly clock: Clock },
  hub: string,
  by: string,
): Promise<void> {
  const codes = [fork, "LOG_RESTARTED"];
  const open = store.logAlarms.open().filter((one) => one.hub === hub && codes.includes(one.code));
  if (open.length === 0) throw new Fault("NOT_FOUND", "no alarm about this hub's log is open");
  const now = clock.now();
  const head = store.logHeads.of(hub);
  const isForked = open.some(({ code }) => code === fork);
  await store.write(() => {
    for (const { code } of open) store.logAlarms.end({ code, hub }, now, by);
    if (!isForked || head === undefined) return;
    store.logHeads.forget(head.origin);
    store.logHeads.forgetTold(head.origin);
    store.logProofs.askAgain(now);
  });
}
