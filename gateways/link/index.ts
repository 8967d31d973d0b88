/**
 * The connection of a gateway to a hub: sends what waits, pulls what came, fetches the register.
 *
 * Promises: what was not receipted is sent again, without storms; what was pulled is acknowledged only after
 * whoever takes it says it is on the disk. Trusts the server's certificate when the register names it, and
 * nothing the server says. Knows no keys and judges no content. Start at `link.ts`, then `connect.ts`.
 */
export { backOffMs, scatterMs } from "./back-off.ts";
export * from "./blobs.ts";
export * from "./connect.ts";
export { makeHubTrust } from "./hub-trust.ts";
export * from "./link.ts";
export { isThin } from "./patience.ts";
export type { Line, LineQuality } from "./pulse.ts";
export { type OfferEnd, offerRegister } from "./offer-register.ts";
export * from "./pull.ts";
export * from "./register-source.ts";
export * from "./register.ts";
export * from "./send.ts";
