/**
 * `atumpan log follow|challenge|check` and `atumpan oversight check`: for whoever watches a hub's log without being part of anything.
 *
 * Promises: what it keeps was proved and lies on the disk before it is told; what is wrong is said in plain words with
 * the first entry that is concerned, and the exit code is 8. Trusts the register or a key it was given, never the hub.
 * Start at `log-command.ts`, then certs/auditor.
 */
export { addLog } from "./log-command.ts";
export { addRecount } from "./recount.ts";
