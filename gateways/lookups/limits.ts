/** How much is asked and answered at once. */
export const lookupLimits = {
  /** As many as a query.check asks about. */
  maxSubjects: 20,
  /** Hits told of one subject. */
  maxHits: 20,
  /** Keys looked through for one subject. */
  maxKeys: 2_000,
} as const;
