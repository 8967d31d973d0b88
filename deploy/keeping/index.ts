/**
 * What keeps a hub: its stop button, its backups and drills, and what is told to whoever helps.
 *
 * Promises: nothing here changes a hub but the stop button; what is written down for others holds no key and nothing of a
 * message. Trusts the hub's folder. Start at `commands.ts`.
 */
export { addKeeping } from "./commands.ts";
export { configWords, findHubConfig } from "./find-config.ts";
