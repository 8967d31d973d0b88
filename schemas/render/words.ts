const control = /[\p{Cc}--[\n\t]]/gv;
const lineEnd = /[\n\u2028\u2029]/g;
const rightToLeft =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Nko}\p{Script=Adlam}\p{Script=Syriac}\p{Script=Thaana}]/v;

/** First strong isolate and pop: what stands between them orders itself and nothing else (UAX #9 §2.4). */
const isolate = "\u2068";
const pop = "\u2069";

/**
 * Words of a sender as they may stand in a terminal: lines after the first are set in, so that no value can
 * look like a line of ours, and controls are shown as U+FFFD.
 */
export function renderWords(text: string): string {
  return text.replaceAll(control, "\ufffd").replaceAll(lineEnd, "\n    ");
}

/** A value set apart from the direction of its line: always in a line from right to left, else where it needs it. */
export function isolated(text: string, lineIsRightToLeft: boolean): string {
  return lineIsRightToLeft || rightToLeft.test(text) ? `${isolate}${text}${pop}` : text;
}
