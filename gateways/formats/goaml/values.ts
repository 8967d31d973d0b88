import { formatOf } from "../../../schemas/check/index.ts";

/** Values in the JSON form of a body; what is undefined is left out. */
export type Json = Readonly<Record<string, unknown>>;

/** A text of at most `max` characters (code points). */
export function readShort(text: string, max = 100): string | undefined {
  return text.length <= max || Array.from(text).length <= max ? text : undefined;
}

/** A text spelt as the format says. */
export function readFormat(text: string, name: string): string | undefined {
  const format = formatOf(name);
  if (format?.kind !== "text" || text.length > 2 * format.max) return undefined;
  return format.pattern.test(text) && (format.holds?.(text) ?? true) ? text : undefined;
}

const scripts = [
  ["Arab", /\p{Script=Arabic}/u],
  ["Ethi", /\p{Script=Ethiopic}/u],
  ["Cyrl", /\p{Script=Cyrillic}/u],
  ["Hans", /\p{Script=Han}/u],
  ["Latn", /\p{Script=Latin}/u],
] as const;

/** The script of a name when it is of one of those we tell apart, and of no other of them. */
export function scriptOf(name: string): string | undefined {
  const found = scripts.filter(([, pattern]) => pattern.test(name)).map(([script]) => script);
  return found.length === 1 && found[0] !== "Hans" ? found[0] : undefined;
}
