/**
 * A message's content for people, made from codes and labels; pure.
 *
 * Promises: everything that has a value is shown, a code of a newer edition as itself, and no words of a
 * sender can look like a line of ours. Trusts that bodies were checked. Never translates words or names.
 * Start at `text.ts`.
 */
export { type Content, renderText } from "./text.ts";
