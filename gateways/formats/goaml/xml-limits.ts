/** What one XML file may be. Each limit is far above what a report needs and far below what hurts the process. */
export const xmlLimits = {
  /** Bytes of the file: a year's worth of transactions of one account is about 2 MB. */
  maxBytes: 8 * 1024 * 1024,
  /** Elements in each other: goAML's deepest own form needs 14. */
  maxDepth: 32,
  maxElements: 200_000,
  /** Attributes of one element; goAML itself has none but on the root. */
  maxAttributes: 32,
  /** Attributes of the whole file. */
  maxAllAttributes: 200_000,
  /** Characters (UTF-16) of one text or one attribute; the longest field of goAML has 10,000. */
  maxText: 10_000,
  /** Characters of an element's name, which are ASCII. */
  maxName: 100,
  /** Characters given to the parser at once; the limits and the time are looked at between. */
  chunk: 64 * 1024,
  /** Milliseconds for the whole file. */
  maxMs: 5000,
} as const;
