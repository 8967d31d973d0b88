import { type Span, standsAlone } from "./characters.ts";

const urls = /[a-z][a-z0-9+.-]{1,19}:\/\/[^\s<>"]+|www\.[^\s<>"]+/gi;
const emails = /[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){0,6}/gu;
// words of Latin letters and digits, with the signs inside numbers, dates and codes; one of them is a digit
const tokens =
  /[\p{Script=Latin}\p{M}\p{N}]+(?:[-/.:,#&+_'’\u066b\u066c][\p{Script=Latin}\p{M}\p{N}]+)*/gu;
// thousands with spaces, and capitals beside a number: plates, currencies, flights
const grouped = /\p{N}{1,3}(?:[ \u00a0\u202f]\p{N}{3})+/gu;
// a digit and a sign before another digit: the two are one number
const joint = /\p{N}[-.,:/'’\u066b\u066c](?=\p{N})/gu;
const capitals = /(?<![\p{L}\p{M}\p{N}])[A-Z]{1,4} \p{N}|\p{N} [A-Z]{1,4}(?![\p{L}\p{M}\p{N}])/gu;

const digit = /\p{N}/u;
const address = /:\/\/|@|www\./i;

function matches(text: string, pattern: RegExp): readonly Span[] {
  return Array.from(text.matchAll(pattern), ({ 0: found, index }) => ({
    start: index,
    end: index + found.length,
  }));
}

/** Every place where `literal` stands alone. */
export function findLiteral(text: string, literal: string): readonly Span[] {
  const found: Span[] = [];
  if (literal === "") return found;
  for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + literal.length)) {
    const span = { start: at, end: at + literal.length };
    if (standsAlone(text, span)) found.push(span);
  }
  return found;
}

/** The runs in their order, those that overlap joined into one. */
export function mergeSpans(spans: readonly Span[]): readonly Span[] {
  const merged: Span[] = [];
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || span.start >= last.end) merged.push(span);
    else if (span.end > last.end) merged[merged.length - 1] = { start: last.start, end: span.end };
  }
  return merged;
}

/**
 * Every run of `text` that no translation may change: the literals, and whatever has a digit in it or is an
 * address. Numbers in words are not found: they are words.
 */
export function findFacts(text: string, literals: readonly string[]): readonly Span[] {
  return [
    ...literals.flatMap((literal) => findLiteral(text, literal)),
    ...[urls, emails, grouped, capitals].flatMap((pattern) => matches(text, pattern)),
    ...matches(text, tokens).filter(({ start, end }) => digit.test(text.slice(start, end))),
  ];
}

/** Whether `text` has a digit or an address: what is left of a translation without its facts has none. */
export function hasLooseFacts(text: string): boolean {
  return digit.test(text) || address.test(text);
}

function isWithin(places: readonly Span[], { start, end }: Span): boolean {
  return places.some((place) => place.start <= start && end <= place.end);
}

function countEach(facts: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const fact of facts) counts.set(fact, (counts.get(fact) ?? 0) + 1);
  // the longest first: a short one may be a part of it
  return [...counts].toSorted(([a], [b]) => b.length - a.length);
}

/** A place for each fact, no two overlapping; undefined when one of them has none. */
function findPlaces(text: string, facts: readonly string[]): readonly Span[] | undefined {
  const isTaken = new Uint8Array(text.length);
  const places: Span[] = [];
  for (const [fact, count] of countEach(facts)) {
    // what is taken is no shorter, so it covers an end of whatever it overlaps
    const free = findLiteral(text, fact).filter(
      ({ start, end }) => isTaken[start] === 0 && isTaken[end - 1] === 0,
    );
    if (free.length < count) return undefined;
    for (const { start, end } of free.slice(0, count)) {
      isTaken.fill(1, start, end);
      places.push({ start, end });
    }
  }
  return places;
}

/** Every run that reads as one number, from its first digit into its last group. */
function findNumbers(text: string): readonly Span[] {
  const joints = matches(text, joint).map(({ start, end }) => ({ start, end: end + 1 }));
  return [...matches(text, grouped), ...joints];
}

/**
 * Whether `text` has each of `facts` as often as it is given, and no number or address besides; nor two of
 * them so close that they read as one number.
 */
export function keepsFacts(text: string, facts: readonly string[]): boolean {
  const places = findPlaces(text, facts);
  if (places === undefined) return false;
  const sorted = places.toSorted((x, y) => x.start - y.start);
  if (!findNumbers(text).every((number) => isWithin(sorted, number))) return false;
  let rest = "";
  let from = 0;
  for (const { start, end } of sorted) {
    rest += `${text.slice(from, start)} `;
    from = end;
  }
  return !hasLooseFacts(rest + text.slice(from));
}
