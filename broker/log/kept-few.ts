/** Keeps so many of what was asked for last, and makes the others when they are asked for. */
export function keepFew<T>(
  most: number,
  make: (row: number, index: number) => T,
): (row: number, index: number) => T {
  const kept = new Map<string, T>();
  return (row, index) => {
    const key = `${row}/${index}`;
    const found = kept.get(key) ?? make(row, index);
    // the newest stands last
    kept.delete(key);
    kept.set(key, found);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    return found;
  };
}
