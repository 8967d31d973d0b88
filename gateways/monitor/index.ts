/**
 * Reads the leaves of the hub's log and looks for what was done in our name: a message that this gateway did not send,
 * a register that is not the one we hold.
 *
 * Promises: every leaf that was read leads to a root that the log signed; a leaf in our name that is not ours is told
 * within a minute of being read. Trusts the log's key by the register, and what was sent by the store; never the hub.
 * Takes nothing from the line while anything else needs it. Start at `monitor.ts`, then `judge.ts`.
 */
export { type Monitor, type MonitorParts, startMonitor } from "./monitor.ts";
export { type AskHub, findOrigin, readLeaves } from "./read-entries.ts";
