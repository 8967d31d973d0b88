/** One class of a whole that is told with them. */
export interface Class {
  readonly key: string;
  readonly count: number;
}

function sumOf(classes: readonly Class[]): number {
  return classes.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Which classes of a whole are withheld: the small ones, and then the next smallest until there are two at least and
 * together no fewer than the smallest figure; for what is withheld of a whole follows by one subtraction.
 */
export function hideSmall(classes: readonly Class[], smallest: number): ReadonlySet<string> {
  const rising = classes.toSorted((a, b) => a.count - b.count || (a.key < b.key ? -1 : 1));
  const small = rising.filter(({ count }) => count < smallest).length;
  if (small === 0) return new Set();
  let hidden = Math.max(small, 2);
  while (hidden < rising.length && sumOf(rising.slice(0, hidden)) < smallest) hidden += 1;
  return new Set(rising.slice(0, hidden).map(({ key }) => key));
}
