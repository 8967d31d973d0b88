const acts = new Set<() => void>();
let isWatching = false;

function watch(): void {
  if (isWatching) return;
  isWatching = true;
  process.once("exit", () => {
    for (const act of [...acts].toReversed()) act();
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => process.exit(130));
}

/**
 * Does something, at once and without waiting, should this process end before it was called off; the last
 * asked for first. Returns how to call it off.
 */
export function atExit(act: () => void): () => void {
  watch();
  acts.add(act);
  return () => void acts.delete(act);
}
