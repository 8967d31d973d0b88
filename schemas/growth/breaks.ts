import type { FieldDescriptor, MessageDescriptor, TypeOptions } from "../codec/index.ts";
import type { Release, ReleasedList } from "./release.ts";

/** Whether a limit became narrower; none is the widest. */
function isLower(before: number | undefined, after: number | undefined): boolean {
  return after !== undefined && after < (before ?? Infinity);
}

function isHigher(before: number | undefined, after: number | undefined): boolean {
  return after !== undefined && after > (before ?? -Infinity);
}

const kept = [
  "number",
  "kind",
  "message",
  "repeated",
  "code",
  "format",
  "unit",
  "personal",
] as const;

function findInField(before: FieldDescriptor, after: FieldDescriptor): readonly string[] {
  const changed = kept
    .filter((name) => before[name] !== after[name])
    .map((name) => `${name} is not what it was`);
  const shown = (after.copies ?? []).filter((copy) => !(before.copies ?? []).includes(copy));
  return [
    ...changed,
    ...(after.required && !before.required ? ["is required now"] : []),
    ...(after.nominal === true && !before.required && before.nominal !== true
      ? ["is asked for in the nominal edition now"]
      : []),
    ...(isLower(before.max, after.max) ? ["max is lower"] : []),
    ...(isHigher(before.min ?? 0, after.min) ? ["min is higher"] : []),
    ...(isLower(before.atMost, after.atMost) ? ["at_most is lower"] : []),
    ...(isHigher(before.atLeast, after.atLeast) ? ["at_least is higher"] : []),
    ...shown.map((copy) => `the ${copy} copy shows it now, and did not when it was signed`),
  ];
}

function findInOptions(before: TypeOptions, after: TypeOptions | undefined): readonly string[] {
  if (after === undefined) return ["is no type any more"];
  const { form, scope, signers } = before;
  const added = signers.length === 0 ? after.signers.length > 0 : false;
  const lost = signers.filter((kind) => after.signers.length > 0 && !after.signers.includes(kind));
  return [
    ...(form === after.form ? [] : ["form is not what it was"]),
    ...(scope === after.scope ? [] : ["scope is not what it was"]),
    ...(after.retentionDays < before.retentionDays ? ["is kept for a shorter time"] : []),
    ...(added || lost.length > 0 ? ["fewer agency kinds may sign it"] : []),
  ];
}

function findInMessage(before: MessageDescriptor, after: MessageDescriptor): readonly string[] {
  const options = before.body === undefined ? [] : findInOptions(before.body, after.body);
  const fields = before.fields.flatMap((field) => {
    const now = after.fields.find(({ name }) => name === field.name);
    if (now === undefined) return [`${field.name}: is gone; keep it, or reserve it in a new type`];
    return findInField(field, now).map((change) => `${field.name}: ${change}`);
  });
  const old = new Set(before.fields.map(({ name }) => name));
  const added = after.fields
    .filter(({ name }) => !old.has(name))
    .flatMap(({ name, number, required, repeated, min }) => [
      ...(required || (repeated && (min ?? 0) > 0)
        ? [`${name}: is new and required; older senders cannot know it`]
        : []),
      ...(before.fields.some((field) => field.number === number)
        ? [`${name}: takes the number of another field`]
        : []),
    ]);
  return [...options, ...fields, ...added];
}

function findInList(before: ReleasedList, after: ReleasedList | undefined): readonly string[] {
  if (after === undefined) return ["the list is gone"];
  const lost = before.codes.filter((code) => !after.codes.includes(code));
  const isChanged = before.digest !== after.digest && after.version <= before.version;
  return [
    ...lost.map((code) => `${code} is gone; keep it`),
    ...(isChanged ? ["it changed; raise its version"] : []),
  ];
}

/**
 * Everything by which what was signed under `before` would not be understood, would be refused or would be shown
 * to more readers under `after`; each as one line. Empty when the schemas only grew.
 */
export function findBreaks(before: Release, after: Release): readonly string[] {
  const messages = Object.entries(before.messages).flatMap(([name, message]) => {
    const now = after.messages[name];
    if (now === undefined) return [`${name}: is gone`];
    return findInMessage(message, now).map((change) => `${name}.${change}`);
  });
  const lists = Object.entries(before.lists).flatMap(([name, list]) =>
    findInList(list, after.lists[name]).map((change) => `${name}: ${change}`),
  );
  const rules = Object.entries(before.rules).flatMap(([type, codes]) =>
    (after.rules[type] ?? [])
      .filter((code) => !codes.includes(code))
      .map((code) => `${type}: the rule ${code} is new; messages signed before it may break it`),
  );
  return [...messages, ...lists, ...rules];
}
