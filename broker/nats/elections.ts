import type { Clock } from "../../schemas/ground/index.ts";
import type { Link } from "./connect.ts";
import { admissionConsumer } from "./intakes.ts";

/** Several that are chosen together are told of once. */
const gatherMs = 250;

/**
 * Tells when another of the hub's servers leads what publications are pulled from: what was asked of the one before is not
 * answered any more, and nobody says so when that one is gone.
 */
export function watchElections(
  { link, clock }: { readonly link: Link; readonly clock: Clock },
  onElected: () => void,
): { stop(): void } {
  let isDue = false;
  const tell = (): void => {
    if (isDue) return;
    isDue = true;
    clock.after(gatherMs, () => {
      isDue = false;
      onElected();
    });
  };
  const subject = `$JS.EVENT.ADVISORY.CONSUMER.LEADER_ELECTED.*.${admissionConsumer}`;
  const subscription = link.subscribe(subject, {
    callback: (error) => {
      if (error === null) tell();
    },
  });
  return {
    stop: () => {
      if (!link.isClosed()) subscription.unsubscribe();
    },
  };
}
