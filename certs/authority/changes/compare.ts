import { bytesKey } from "../../../schemas/ground/index.ts";
import { remark, type Remark, renderMoment } from "./sentences.ts";

/** What two lists have that the other has not, and what bears one name in both and says something else. */
export interface Compared<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
  readonly changed: readonly (readonly [T, T])[];
}

/** A value as a text that is the same exactly when the value is; bytes count by what they hold. */
export function textOf(value: unknown): string {
  return JSON.stringify(value, (_name, one: unknown) =>
    one instanceof Uint8Array ? bytesKey(one) : one,
  );
}

/** Compares two lists by the names of their items; of items without a name of their own, the text is the name. */
export function compare<T>(
  before: readonly T[] | undefined,
  after: readonly T[] | undefined,
  nameOf: (item: T) => string = textOf,
): Compared<T> {
  const old = new Map((before ?? []).map((item) => [nameOf(item), item]));
  const young = new Map((after ?? []).map((item) => [nameOf(item), item]));
  const both = [...old].flatMap(([name, item]) => {
    const next = young.get(name);
    return next !== undefined && textOf(item) !== textOf(next) ? [[item, next] as const] : [];
  });
  return {
    added: [...young].flatMap(([name, item]) => (old.has(name) ? [] : [item])),
    removed: [...old].flatMap(([name, item]) => (young.has(name) ? [] : [item])),
    changed: both,
  };
}

/** Since when and until when something counts, in words. */
export function periodOf({ from, until }: { readonly from: number; readonly until?: number | undefined }): Remark {
  if (until === undefined) return remark("PERIOD_OPEN", { from: renderMoment(from) });
  return remark("PERIOD", { from: renderMoment(from), until: renderMoment(until) });
} // prettier-ignore

/** How many lines came and went; nothing when none did. */
export function countLines(key: string, before: readonly unknown[] | undefined, after: readonly unknown[] | undefined): readonly Remark[] {
  const { added, removed } = compare(before, after);
  if (added.length + removed.length === 0) return [];
  return [remark(key, { added: added.length, removed: removed.length })];
} // prettier-ignore
