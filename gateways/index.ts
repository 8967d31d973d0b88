/**
 * The agency's process. Whoever runs it starts `main.ts`; here is what others may ask of its folder.
 *
 * Promises: a folder is read as the gateway itself reads it, and nothing in it is changed. Trusts nobody with what a field
 * holds: what is told names fields, limits and files.
 */
export { type ConfigSeen, seeConfig } from "./config-seen.ts";
