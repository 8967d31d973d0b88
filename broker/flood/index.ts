/**
 * Floods: an agency whose connections send far more than it waits to be answered.
 *
 * Promises: what counts is what the server itself counted of that agency's own connections, so nobody can shut another out;
 * whoever waits for receipts as a gateway does is never taken for a flood, however much he has to send; a pause ends by
 * itself. Trusts the server's counts. Start at `counts.ts`, then `watch.ts`.
 */
export * from "./counts.ts";
export * from "./pauses.ts";
export * from "./watch.ts";
