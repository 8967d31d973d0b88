/**
 * A message's content for people, made from codes and labels; pure.
 *
 * Promises: everything that has a value is shown, a code of a newer edition as itself, numbers and dates as
 * nobody reads them otherwise, and no words of a sender can look like a line of ours. Names the label pack and
 * says when nobody confirmed it. Trusts that bodies were checked. Never translates words or names.
 * Start at `document.ts`; `text.ts` and `html.ts` write it down.
 */
export type { Content } from "./document.ts";
export { renderHtml } from "./html.ts";
export { isTimeZone, renderMoment } from "./moments.ts";
export { renderText } from "./text.ts";
