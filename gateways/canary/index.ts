/**
 * A canary: a few signed bytes that a gateway sends to itself through a hub, to see that the whole way works.
 *
 * Promises: it is no message. Nobody but its own agency ever gets it, nothing is sealed, stored, logged or counted for it, and
 * it says nothing but when it was made. It goes the way of every receipt: the hub's server, the intake, the judging of its
 * signature and sender, a stream that is synced, and back over the link. Start at `canary.ts`.
 */
export { type Canary, type CanaryChoice, canaryShape, type CanaryStanding, makeCanary } from "./canary.ts"; // prettier-ignore
