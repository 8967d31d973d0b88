import { isLanguage, type Language, parseLanguage } from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** One of the forms a caller would take, RFC 9110 §12.5.1. */
interface Range {
  readonly type: string;
  /** Names in lower case; `q` is not among them. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly quality: number;
  /** Where it stands among the others. */
  readonly place: number;
}

/** The form that was chosen, and what the caller said of it, such as its language. */
export interface ChosenForm {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Longer than any browser's; what lies beyond is not read. */
const maxAcceptLength = 400;
const maxRanges = 20;

function qualityOf(text: string | undefined): number {
  if (text === undefined) return 1;
  const quality = /^[01](?:\.\d{0,3})?$/.test(text) ? Number(text) : 0;
  return Math.min(quality, 1);
}

function parseRange(text: string, place: number): Range {
  const [type = "", ...rest] = text.split(";").map((part) => part.trim());
  const named = new Map(
    rest.map((part) => {
      const [name = "", value = ""] = part.split("=", 2);
      return [name.trim().toLowerCase(), value.trim().replaceAll('"', "")];
    }),
  );
  const quality = qualityOf(named.get("q"));
  named.delete("q");
  return { type: type.toLowerCase(), parameters: named, quality, place };
}

/** The ranges of a header, as far as it is read; what is no range matches nothing. */
function parseRanges(header: string | null): readonly Range[] {
  const text = (header ?? "").slice(0, maxAcceptLength);
  return text.trim() === "" ? [] : text.split(",").slice(0, maxRanges).map(parseRange);
}

/** How closely a range names a type: 3 exactly, 2 its family, 1 anything, 0 not at all. */
function closeness({ type: range }: Range, type: string): number {
  if (range === type) return 3;
  if (range === `${type.split("/", 1)[0] ?? ""}/*`) return 2;
  return range === "*/*" ? 1 : 0;
}

function isBetter(range: Range, best: Range | undefined, type: string): boolean {
  if (best === undefined) return true;
  const gap = closeness(range, type) - closeness(best, type);
  return gap > 0 || (gap === 0 && range.quality > best.quality);
}

/** The range that speaks of a type: the closest, and of those the one wanted most. */
function findRange(ranges: readonly Range[], type: string): Range | undefined {
  let best: Range | undefined;
  for (const range of ranges) {
    if (closeness(range, type) > 0 && isBetter(range, best, type)) best = range;
  }
  return best;
}

function isWantedMore(range: Range, chosen: Range | undefined): boolean {
  if (range.quality === 0) return false;
  if (chosen === undefined || range.quality > chosen.quality) return true;
  return range.quality === chosen.quality && range.place < chosen.place;
}

/**
 * The form that the caller wants most of those there are; of equals the one he names first, then the one we name first.
 *
 * @throws {Fault} ANSWER_TYPE_UNAVAILABLE
 */
export function chooseForm(
  accept: string | null,
  types: readonly [string, ...string[]],
): ChosenForm {
  const ranges = parseRanges(accept);
  if (ranges.length === 0) return { type: types[0], parameters: new Map() };
  let chosen: Range | undefined;
  for (const type of types) {
    const range = findRange(ranges, type);
    if (range !== undefined && isWantedMore(range, chosen)) chosen = { ...range, type };
  }
  if (chosen !== undefined) return { type: chosen.type, parameters: chosen.parameters };
  throw new Fault("ANSWER_TYPE_UNAVAILABLE", `it is to be had as ${types.join(", ")}`);
}

/** The one of our languages that `Accept-Language` wants most; undefined when it wants none of them. */
export function findLanguage(header: string | null): Language | undefined {
  const wanted = parseRanges(header)
    .filter(({ quality }) => quality > 0)
    .toSorted((a, b) => b.quality - a.quality);
  for (const { type } of wanted) {
    const lang = type === "*" ? "en" : parseLanguage(type);
    if (lang !== undefined) return lang;
  }
  return undefined;
}

/**
 * The language a caller wants: what stands beside the form that he chose, else his `Accept-Language`, else English.
 */
export function chooseLanguage(headers: Headers, form?: ChosenForm): Language {
  const said = parseLanguage(form?.parameters.get("lang") ?? "");
  return said ?? findLanguage(headers.get("accept-language")) ?? "en";
}

/** The best packing that the caller takes; undefined for none, RFC 9110 §12.5.3. */
export function choosePacking(header: string | null): "br" | "gzip" | undefined {
  const ranges = parseRanges(header);
  const quality = (name: string): number => {
    const named = ranges.find(({ type }) => type === name);
    return (named ?? ranges.find(({ type }) => type === "*"))?.quality ?? 0;
  };
  const [br, gzip] = [quality("br"), quality("gzip")];
  if (br === 0 && gzip === 0) return undefined;
  return br >= gzip ? "br" : "gzip";
}

/** A language that a query names; English when it names none. @throws {Fault} REQUEST_INVALID */
export function parseLang(text: string | null): Language {
  if (text === null) return "en";
  if (isLanguage(text)) return text;
  throw new Fault("REQUEST_INVALID", "lang is en, fr, pt, ar, es or sw");
}
