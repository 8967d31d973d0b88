const word = /[\p{L}\p{M}\p{N}]/u;
const digit = /\p{N}/u;
const latin = /[\p{Script=Latin}\p{M}]/u;
// scripts that set no spaces between words
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}]/u;

// what Arabic and Amharic write together with the word it belongs to: and, for, in, like, of, from
const before = /(?:^|[^\p{L}\p{M}\p{N}])(?:[وفبكل]{1,2}|[የለበከ])$/u;
const after = /^[ንም](?:$|[^\p{L}\p{M}\p{N}])/u;

function charBefore(text: string, at: number): string {
  return Array.from(text.slice(Math.max(0, at - 2), at)).at(-1) ?? "";
}

function charAfter(text: string, at: number): string {
  return Array.from(text.slice(at, at + 2))[0] ?? "";
}

/** Whether two neighbours are of one word or number. */
function joins(left: string, right: string): boolean {
  if (!word.test(left) || !word.test(right)) return false;
  if (digit.test(left)) return digit.test(right) || latin.test(right);
  if (digit.test(right)) return latin.test(left);
  return !spaceless.test(left) && !spaceless.test(right);
}

/** A run of characters of a text, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Whether a run is not a part of a longer word or number; what Arabic and Amharic prefix to one is apart. */
export function standsAlone(text: string, { start, end }: Span): boolean {
  const isJoinedLeft =
    joins(charBefore(text, start), charAfter(text, start)) &&
    !before.test(text.slice(Math.max(0, start - 4), start));
  const isJoinedRight =
    joins(charBefore(text, end), charAfter(text, end)) && !after.test(text.slice(end, end + 3));
  return !isJoinedLeft && !isJoinedRight;
}

/** Characters to look for the end of a word; no name is longer. */
const maxSteps = 60;

/** The run, made as long as the words it cuts. */
export function widenToWords(text: string, span: Span): Span {
  let { start, end } = span;
  for (let step = 0; step < maxSteps; step += 1) {
    const [left, right] = [charBefore(text, start), charAfter(text, end)];
    const isCutLeft = joins(left, charAfter(text, start));
    const isCutRight = joins(charBefore(text, end), right);
    if (!isCutLeft && !isCutRight) break;
    if (isCutLeft) start -= left.length;
    if (isCutRight) end += right.length;
  }
  return { start, end };
}
