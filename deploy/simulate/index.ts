/**
 * Plays another country against a region of this machine.
 *
 * Promises: all it says is an exercise and names nobody; it runs no gateway that runs elsewhere; it ends by itself and ends what it
 * started. Forgeries are made here and nowhere in gateways/. Start at `simulate.ts`, then `robot.ts`.
 */
export { addSimulate } from "./command.ts";
