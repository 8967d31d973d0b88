import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { isLanguage, type Language, packOf, packState } from "../../schemas/index.ts";
import { Fault, tryShape } from "../../schemas/ground/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";

const gen = join(import.meta.dirname, "../../schemas/gen");
const parts = ["types", "fields", "words", "faults", "forms"] as const;
const maxLists = 60;

/** Which labels; all of them when nothing is said. */
export const labelsQueryShape = z.strictObject({
  parts: z.string().max(100).optional().meta({ description: `some of ${parts.join(", ")}, with commas between` }),
  lists: z.string().max(2_000).optional().meta({ description: `names of code lists, with commas between, ${maxLists} at most` }),
}); // prettier-ignore

function languageOf({ params }: Call): Language {
  const lang = params["lang"] ?? "";
  if (isLanguage(lang)) return lang;
  throw new Fault("NOT_FOUND", "there are labels in en, fr, pt, ar, es and sw");
}

function splitNames(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split(",");
}

function refuse(): never {
  const says = `say parts (${parts.join(", ")}) and lists (up to ${maxLists} names of /v1/codelists)`;
  throw new Fault("REQUEST_INVALID", says);
}

type Wish = z.infer<typeof labelsQueryShape>;

/** Those labels alone that were asked for; a list that is none is refused, for a page without it would show codes. */
function chooseLabels(lang: Language, { parts: said, lists: named }: Wish): Record<string, unknown> {
  const pack = packOf(lang);
  const [wanted, lists] = [splitNames(said), splitNames(named)];
  const isKnown = lists.every((one) => Object.hasOwn(pack.lists, one)) && lists.length <= maxLists;
  const chosen = parts.filter((part) => wanted.includes(part));
  if (!isKnown || chosen.length !== wanted.length) refuse();
  const whole = Object.fromEntries(chosen.map((part) => [part, pack[part]]));
  const { digest } = pack;
  const listed = Object.fromEntries(lists.map((name) => [name, pack.lists[name]]));
  return { lang, digest, review: packState(lang).review, ...whole, lists: listed };
} // prettier-ignore

/** Labels of one language: all of them, or those that a page needs. */
export function getLabels(_desk: Desk, call: Call): Response {
  const lang = languageOf(call);
  const { searchParams } = call.url;
  const wish = tryShape(labelsQueryShape, Object.fromEntries(searchParams));
  if (!wish.success) refuse();
  if (searchParams.size > 0) return renderAnswer(chooseLabels(lang, wish.data));
  const text = readFileSync(join(gen, `packs/${lang}.json`), "utf8");
  return new Response(text, { headers: { "content-type": "application/json" } });
}
