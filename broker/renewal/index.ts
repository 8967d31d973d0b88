/**
 * The hub's own certificates: which of them it signs with, shows at its own connections and has its server show, as they
 * are renewed.
 *
 * Promises: nobody who could link before a change is kept out by it; a pair that the server will not take is left for the
 * one before. Trusts the register in force, and what `certs/renewal` keeps. Never connects to anything. Start at
 * `renewal.ts`, then `choice.ts`.
 */
export { chooseServer, type ServerPlace } from "./choice.ts";
export {
  makeStillKeys,
  type OwnKeys,
  type OwnLinkPem,
  type ServerPair,
  serverPairOf,
} from "./own-keys.ts";
export { type HubRenewalOptions, makeHubRenewal, type RenewalEvents } from "./renewal.ts";
