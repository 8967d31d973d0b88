/**
 * What a relay does: takes sealed mail from one hub to another, and the receipts back, under an agreement of the register.
 *
 * Promises: what it passes on is, octet for octet, what it found, with its own signed word beside; it opens nothing, since it is no
 * recipient of any key; it keeps what it took until its reader holds it or it is over, and no longer; the sender is told that it
 * was taken on, or why it comes no further. Trusts neither hub. Start at `desk.ts`.
 */
export { type RelayDesk, type RelayLine, makeRelayDesk } from "./desk.ts";
