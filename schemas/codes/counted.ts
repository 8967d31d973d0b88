import { labelOf } from "./labels.ts";
import { type Language, languages } from "./languages.ts";
import { packOf } from "./packs.ts";

const rules: ReadonlyMap<Language, Intl.PluralRules> = new Map(
  languages.map((lang) => [lang, new Intl.PluralRules(lang)]),
);

/**
 * A number of something in the right plural form: `2 persons`, `شخصان`. `shown` is the number as it is written;
 * a code of a newer edition stands after it as itself.
 */
export function countedLabel(
  { list, code }: { readonly list: string; readonly code: string },
  { value, shown }: { readonly value: number; readonly shown: string },
  lang: Language,
): string {
  const { forms } = packOf(lang);
  const own = Object.hasOwn(forms, list) ? forms[list] : undefined;
  const words = own !== undefined && Object.hasOwn(own, code) ? own[code] : undefined;
  const category = rules.get(lang)?.select(value) ?? "other";
  const form = words?.[category] ?? words?.["other"];
  return form === undefined ? `${shown} ${labelOf(list, code, lang)}` : form.replace("{n}", shown);
}
