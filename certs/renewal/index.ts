/**
 * Somebody's own certificates: how long they hold, the asking for the next ones, and what came.
 *
 * Promises: a key file is never overwritten; what was written in part is not used; an end between any two steps leaves
 * the state before or the state after. Trusts the register and its own folder of keys; nothing in the folder that is
 * carried to the authority. Never connects to anything, and never decides when a new key is used: that is for the
 * gateway and the hub, each by its own rules. Start at `stock.ts`, then `pairs.ts`, `folder.ts`, `choice.ts`, `ends.ts`.
 */
export { type ChoicePlace, chooseHand, chooseLinks, isProven, newestFirst } from "./choice.ts";
export { type CertificateEnd, findEnds, makeAlarms } from "./ends.ts";
export { loadRenewed, realDisk, type RenewalDisk } from "./folder.ts";
export {
  isNamed,
  makeOwnPair,
  type OwnLink,
  type OwnPair,
  type OwnSealing,
  type OwnServer,
  type OwnSigning,
} from "./pairs.ts";
export { makeChangingSigner, type SigningHand } from "./signer.ts";
export { KeyStock, type RenewalPlace } from "./stock.ts";
