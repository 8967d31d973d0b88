/**
 * `atumpan witness`: a small process that watches what logs say of themselves, and cosigns what goes on from before.
 *
 * Promises: what was cosigned lies on the disk before anybody hears of it; where that is torn or gone the witness does
 * not begin anew. Dials out to a hub, or listens where it is told to. Trusts the register's root, or the keys it was
 * given. Start at `command.ts`, then `seen-store.ts`.
 */
export { addWitness } from "./command.ts";
export { makeWitnessFolder } from "./folder.ts";
export { startListeningWitness } from "./listening.ts";
