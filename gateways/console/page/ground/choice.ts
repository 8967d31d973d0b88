/** Which lines of a list are chosen, and the one that was chosen last. */
export interface Choice {
  readonly ids: ReadonlySet<string>;
  readonly last: string | undefined;
}

/** Nothing is chosen. */
export const noChoice: Choice = { ids: new Set(), last: undefined };

/** Chooses a line or lets it go; as a range everything from the one before to it is as it becomes itself. */
export function choose({ ids, last }: Choice, list: readonly string[], at: { readonly id: string; readonly isRange: boolean }): Choice {
  const { id, isRange } = at;
  const [a, b] = [list.indexOf(last ?? id), list.indexOf(id)];
  const range = isRange && a >= 0 ? list.slice(Math.min(a, b), Math.max(a, b) + 1) : [id];
  const isGone = ids.has(id);
  const next = new Set(isGone ? [...ids].filter((one) => !range.includes(one)) : [...ids, ...range]);
  return { ids: next, last: id };
} // prettier-ignore

/** What of it is still in a list: what went away is chosen no more. */
export function within({ ids, last }: Choice, list: readonly string[]): Choice {
  return { ids: new Set([...ids].filter((id) => list.includes(id))), last };
}
