/**
 * Whose turn it is among the brokers of one hub.
 *
 * Promises: it is never the turn of two: who has it ceases by his own clocks before another can begin, and the stream of turns lets
 * one have it. Trusts no clock to be right, only to run. Nothing of a message comes here. Start at `lease.ts`.
 */
export { type LeaseOptions, takeTurn, type Turn } from "./lease.ts";
export { readFolderId } from "./place.ts";
export { makeTurnStore, type TurnStore, type TurnWord } from "./store.ts";
