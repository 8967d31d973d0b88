import { membersOf, textOf } from "../ground/members.ts";
import { say } from "../ground/words.ts";
import { outerFields } from "./envelope.ts";
import type { Field, Form } from "./form.ts";
import type { Path } from "./tree.ts";

interface Found {
  readonly field: Field | undefined;
  readonly names: readonly string[];
}

/** The fields a path leads through, by their names for people. */
function walk(form: Form, fields: readonly Field[], path: Path): Found {
  const [step, ...rest] = path;
  if (step === undefined) return { field: undefined, names: [] };
  if (typeof step === "number") {
    const { field, names } = walk(form, fields, rest);
    return { field, names: [String(step + 1), ...names] };
  }
  const field = fields.find(({ name }) => name === step);
  const inner = walk(form, form.groups[field?.group ?? ""] ?? [], rest);
  return { field: inner.field ?? field, names: [field?.says ?? step, ...inner.names] };
}

function fieldsOf(form: Form, part: unknown): readonly Field[] {
  if (part === "body") return form.fields;
  return part === "inner" ? form.inner : [];
}

function find(form: Form, path: Path): Found {
  const [part, ...rest] = path;
  if (part === "body" || part === "inner") return walk(form, fieldsOf(form, part), rest);
  return walk(form, outerFields(), path);
}

/** What a place of a message is called in the language of its form. */
export function namePath(form: Form, path: Path): string {
  return find(form, path).names.join(" › ");
}

/** A value as people read it: a code by its label, words as they stand; of more than that what it says in JSON. */
export function sayValue(form: Form, path: Path, value: unknown): string {
  if (value === undefined) return "–";
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  const words = textOf(membersOf(value)["text"]);
  if (words !== "") return words;
  const text = textOf(value);
  const list = find(form, path).field?.list ?? "";
  const label = form.lists.get(list)?.find(([code]) => code === text)?.[1];
  return label ?? (text === "" ? JSON.stringify(value) : text);
}
