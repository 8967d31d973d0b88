/**
 * What the two sides of a NATS connection share besides subjects: the meaning of its client's errors.
 *
 * Promises: every error of the client becomes one of our codes, with the original as its cause. Trusts
 * nothing. Never opens a connection: that is `broker/nats` and `gateways/link`. Start at `faults.ts`.
 */
export * from "./faults.ts";
