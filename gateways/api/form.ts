import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import { codeList, fieldLabel, labelOf, type Language, packState } from "../../schemas/index.ts";
import { type Call, type Desk, renderAnswer } from "./call.ts";
import { typeOf } from "./describe.ts";
import { parseLang } from "./negotiate.ts";

const forms = join(import.meta.dirname, "../../schemas/gen/forms");
/** Longer lists are asked for when their field is filled. */
const mostCodes = 60;

const fieldShape = z.looseObject({
  name: z.string(),
  label: z.string(),
  list: z.string().optional(),
  unit: z.string().optional(),
});
const fieldsShape = z.array(fieldShape);
const formShape = z.looseObject({ fields: fieldsShape, groups: z.record(z.string(), fieldsShape) });

type Field = z.infer<typeof fieldShape>;
type Form = z.infer<typeof formShape>;

function readForm(name: string): string {
  return readFileSync(join(forms, `${name}.json`), "utf8");
}

/** Our own files, made by `npm run gen`. */
function parseForm(name: string): Form {
  return formShape.parse(JSON.parse(readForm(name)));
}

/** A field with its name for people; which copies it goes into and what its label is called are nothing to fill in. */
function sayField({ label, copies: _copies, unit, ...field }: Field, lang: Language): Record<string, unknown> {
  const [message = ""] = label.split(".");
  const measure = unit === undefined ? {} : { unit: labelOf("MEASURE", unit.toUpperCase(), lang) };
  return { ...field, ...measure, says: fieldLabel(field.name, lang, message) };
} // prettier-ignore

function sayFields(fields: readonly Field[], lang: Language): readonly object[] {
  return fields.map((field) => sayField(field, lang));
}

function sayLists(fields: readonly Field[], lang: Language): Readonly<Record<string, object>> {
  const names = new Set(fields.flatMap(({ list }) => (list === undefined ? [] : [list])));
  const short = [...names].flatMap((list) => {
    const { codes = [] } = codeList(list) ?? {};
    return codes.length > mostCodes
      ? []
      : [[list, codes.map((code) => [code, labelOf(list, code, lang)])] as const];
  });
  return Object.fromEntries(short);
}

/** A form in one language, with the inner header's fields beside those of the body: all that a page needs to show it. */
function sayForm(type: string, lang: Language): Record<string, unknown> {
  const { fields, groups, ...form } = parseForm(type);
  const inner = parseForm("inner_header");
  const all = { ...inner.groups, ...groups };
  const every = [fields, inner.fields, ...Object.values(all)].flat();
  return {
    ...form,
    lang,
    review: packState(lang).review,
    fields: sayFields(fields, lang),
    inner: sayFields(inner.fields, lang),
    groups: Object.fromEntries(Object.entries(all).map(([name, own]) => [name, sayFields(own, lang)])),
    lists: sayLists(every, lang),
  };
} // prettier-ignore

/** How a form for a type is built: its fields in order, with widgets, limits and lists; in a language where one is named. */
export function getForm(_desk: Desk, call: Call): Response {
  const type = typeOf(call);
  const said = call.url.searchParams.get("lang");
  if (said !== null) return renderAnswer(sayForm(type, parseLang(said)));
  return new Response(readForm(type), { headers: { "content-type": "application/json" } });
}
