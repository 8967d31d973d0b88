import type { LocalizedText } from "../../schemas/gen/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import { type Span, widenToWords } from "./characters.ts";
import { findFacts, hasLooseFacts, keepsFacts, mergeSpans } from "./facts.ts";

/** Facts a text may have; beyond them nothing is left to translate. */
const maxFacts = 400;

/** Letters around a number that no language has; the first pair that the text does not have itself is taken. */
const fences = [["ZQ", "QZ"], ["XJ", "JX"], ["QK", "KQ"], ["VX", "XV"]] as const; // prettier-ignore

type Fence = (typeof fences)[number];

/** A text as a translation service may see it, and what was taken out of it. */
export interface MaskedText {
  readonly text: string;
  readonly fence: Fence;
  /** In the order of their numbers. */
  readonly facts: readonly string[];
}

function withhold(detail: string): never {
  throw new Fault("TRANSLATION_WITHHELD", detail);
}

/** Marks count characters; runs count UTF-16 units. */
function findMarked({ text, marks }: LocalizedText): readonly Span[] {
  const characters = Array.from(text);
  const unitsBefore = (at: number): number => characters.slice(0, at).join("").length;
  return marks
    .filter(({ start, end }) => start < end)
    .map(({ start, end }) => ({ start: unitsBefore(start), end: unitsBefore(end) }));
}

/** Every run of a text that its translation keeps as it is: what is marked, and every other fact. */
export function factsOf(source: LocalizedText, literals: readonly string[]): readonly Span[] {
  const { text } = source;
  const marked = findMarked(source).map((span) => widenToWords(text, span));
  const also = marked.map(({ start, end }) => text.slice(start, end));
  return mergeSpans([...marked, ...findFacts(text, [...literals, ...also])]);
}

/**
 * Takes every name, number, code, address and marked run out of a text and leaves a numbered placeholder.
 *
 * @param literals names and numbers of the message the text is of
 * @throws {Fault} TRANSLATION_WITHHELD when the text has the placeholders' letters itself, or too many facts
 */
export function maskText(source: LocalizedText, literals: readonly string[]): MaskedText {
  const { text } = source;
  const upper = text.toUpperCase();
  const fence = fences.find((pair) => pair.every((letters) => !upper.includes(letters)));
  const spans = factsOf(source, literals);
  if (fence === undefined || spans.length > maxFacts) {
    return withhold("the text cannot be masked; have it translated by a person");
  }
  let masked = "";
  let from = 0;
  for (const [at, { start, end }] of spans.entries()) {
    masked += `${text.slice(from, start)}${fence[0]}${at}${fence[1]}`;
    from = end;
  }
  const facts = spans.map(({ start, end }) => text.slice(start, end));
  return { text: masked + text.slice(from), fence, facts };
}

function placeholders([open, close]: Fence): RegExp {
  return new RegExp(`${open}(0|[1-9][0-9]{0,3})${close}`, "g");
}

/** Whether nothing but placeholders, spaces and signs is in a piece of masked text. */
export function isOnlyFacts(piece: string, { fence }: MaskedText): boolean {
  return !/\p{L}/u.test(piece.replace(placeholders(fence), ""));
}

/** Each number once, none that was not given: order is the language's. */
function checkNumbers(found: readonly number[], count: number): void {
  if (found.length < count) withhold("the service lost a name or number");
  if (found.length > count || new Set(found).size < count || found.some((one) => one >= count)) {
    withhold("the service repeated or invented a name or number");
  }
}

/**
 * Puts the facts back into the service's answer and checks that they are what they were.
 *
 * @throws {Fault} TRANSLATION_WITHHELD when a placeholder is missing, changed, doubled or invented, or a
 *   number, an address or a piece of a placeholder stands beside them, or a name was joined to a word
 */
export function unmaskText(answer: string, { fence, facts }: MaskedText): string {
  const pattern = placeholders(fence);
  const found = Array.from(answer.matchAll(pattern), ([, number]) => Number(number));
  checkNumbers(found, facts.length);
  const rest = answer.replace(pattern, " ");
  const upper = rest.toUpperCase();
  if (hasLooseFacts(rest) || fence.some((letters) => upper.includes(letters))) {
    withhold("the service added a number, an address or a placeholder");
  }
  const text = answer.replace(pattern, (_, number: string) => facts[Number(number)] ?? "");
  if (!keepsFacts(text, facts)) withhold("the service joined a name or number to a word");
  return text;
}
