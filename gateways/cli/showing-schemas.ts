import { readFileSync } from "node:fs";
import { join } from "node:path";

import { z } from "zod";

import {
  codeList,
  codeListNames,
  fieldLabel,
  isKnownType,
  labelOf,
  type Language,
  messageTypes,
  typeLabel,
  typeOptions,
} from "../../schemas/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Desk } from "./desk.ts";
import { exitCodes } from "./exit-codes.ts";
import { renderTable } from "./render-lists.ts";

const generated = join(import.meta.dirname, "../../schemas/gen");
const fieldShape = z.looseObject({
  name: z.string(),
  label: z.string(),
  widget: z.string(),
  required: z.boolean().default(false),
  list: z.string().optional(),
  group: z.string().optional(),
  characters: z.number().optional(),
  items: z.array(z.number()).optional(),
});
const fieldsShape = z.array(fieldShape);
const formShape = z.looseObject({ fields: fieldsShape, groups: z.record(z.string(), fieldsShape) });

type Field = z.infer<typeof fieldShape>;

/** Our own file, made from the schemas. */
function readGenerated(path: string): unknown {
  return JSON.parse(readFileSync(join(generated, path), "utf8"));
}

function kindOf({ widget, list, group, characters, items }: Field): string {
  const what = list ?? group ?? widget;
  const size = characters === undefined ? [] : [`≤ ${characters}`];
  const count = items === undefined ? [] : [`${items[0] ?? 0}–${items[1] ?? ""} ×`];
  return [...count, what, ...size].join(" ");
}

function renderFields(fields: readonly Field[], lang: Language): string {
  const rows = fields.map((one) => {
    const [message = "", name = one.name] = one.label.split(".", 2);
    return [`  ${one.required ? "*" : " "} ${one.name}`, kindOf(one), fieldLabel(name, lang, message)];
  });
  return renderTable(rows);
} // prettier-ignore

function renderType(type: string, lang: Language): string {
  const { fields, groups } = formShape.parse(readGenerated(`forms/${type}.json`));
  const below = Object.entries(groups).map(([name, own]) => `${name}\n${renderFields(own, lang)}`);
  return [`${type}  ${typeLabel(type, lang)}`, renderFields(fields, lang), ...below].join("\n");
}

/** Lists every message type, or every code list, with its name in the language asked for. */
export function runSchemaList({ common, result }: Desk, { lists }: { readonly lists?: true }): number {
  const { lang = "en" } = common;
  if (lists === true) {
    const items = codeListNames.map((list) => ({ list, count: codeList(list)?.codes.length ?? 0 }));
    result({ items }, renderTable(items.map(({ list, count }) => [list, String(count)])));
    return exitCodes.ok;
  }
  const items = messageTypes.map((type) => ({ ...typeOptions(type), type, label: typeLabel(type, lang) }));
  result({ items }, renderTable(items.map(({ type, label }) => [type, label])));
  return exitCodes.ok;
} // prettier-ignore

/**
 * Prints the fields of a message type, those that must be there with a star, or the codes of a list; as JSON the JSON
 * Schema of the type's body, whose keys are the same in every language.
 *
 * @throws {Fault} NOT_FOUND
 */
export function runSchemaShow({ common, result }: Desk, name: string): number {
  const { lang = "en" } = common;
  // only names of our own tables reach the file system
  if (isKnownType(name)) {
    result(readGenerated(`json-schema/${name}.json`), common.json === true ? "" : renderType(name, lang));
    return exitCodes.ok;
  }
  const found = codeList(name);
  if (found === undefined) {
    throw new Fault("NOT_FOUND", "no message type and no code list has this name: atumpan schema ls, or ls --lists");
  }
  const codes = found.codes.map((code) => ({ code, label: labelOf(found.list, code, lang) }));
  const { list, version } = found;
  result({ list, version, lang, codes }, renderTable(codes.map(({ code, label }) => [code, label])));
  return exitCodes.ok;
} // prettier-ignore
