/**
 * Serves the hub's log to auditors and witnesses: the folder of broker/log, in the layout of tlog-tiles.
 *
 * Promises: no path is taken from an address, only places of tiles; other machines read over TLS with a link certificate
 * that the register names now, since the log shows how much there is of what. Trusts nobody. Start at `serve.ts`.
 */
export { listenAt, serveHeaders, servePatience } from "./listen.ts";
export { isMeantForLoopback } from "./reader.ts";
export { type LogService, type LogServiceOptions, startLogService } from "./serve.ts";
