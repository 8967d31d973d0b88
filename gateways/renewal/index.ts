/**
 * A gateway's own certificates: watches how long they hold, asks for the next ones in time, and changes over.
 *
 * Promises: at every moment there is a key to use as long as one holds; a key file is never overwritten; a pair that
 * was written in part is not used. Trusts the register and its own folder; nothing in the folder that is carried to
 * the authority. Never connects to anything. Start at `renewal.ts`, then `pairs.ts`, `folder.ts`, `ends.ts`.
 */
export { chooseShown } from "./choice.ts";
export { type CertificateEnd } from "./ends.ts";
export { loadRenewed } from "./folder.ts";
export {
  makeOwnPair,
  type OwnLink,
  type OwnPair,
  type OwnSealing,
  type OwnSigning,
} from "./pairs.ts";
export { makeRenewal, type Renewal } from "./renewal.ts";
export { type RenewalPlace } from "./stock.ts";
