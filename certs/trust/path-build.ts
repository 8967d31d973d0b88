/** Leaf first, root last; each signed by the key of the next. Nothing else of it is proved. */
export type CandidatePath<C> = readonly C[];

/** Where a path may go through, and where it must end. All of it but the roots may come from the peer. */
export interface PathSources<C> {
  readonly leaf: C;
  readonly intermediates: readonly C[];
  readonly roots: readonly C[];
}

/** What joins two certificates, and what the search for it may cost. */
export interface SearchRules<C> {
  /** Certificates of one path, leaf and root counted. */
  readonly maxLength: number;
  /** Whether `issuer` is named as the issuer of `subject`; costs next to nothing. */
  readonly isNamed: (issuer: C, subject: C) => boolean;
  /**
   * Whether `issuer` signed `subject` and may take part in a path; asked of named ones only. Bounds the
   * work by throwing when too much was asked.
   */
  readonly isIssuer: (issuer: C, subject: C) => boolean;
}

/** Goes on from `last`, which `path` ends with. */
function* extend<C>(
  sources: PathSources<C>,
  rules: SearchRules<C>,
  { path, last }: { path: CandidatePath<C>; last: C },
): Generator<CandidatePath<C>> {
  if (path.length >= rules.maxLength) return;
  const issuersIn = (pool: readonly C[]): readonly C[] =>
    pool.filter(
      (one) => rules.isNamed(one, last) && !path.includes(one) && rules.isIssuer(one, last),
    );
  for (const root of issuersIn(sources.roots)) yield [...path, root];
  for (const issuer of issuersIn(sources.intermediates)) {
    yield* extend(sources, rules, { path: [...path, issuer], last: issuer });
  }
}

/**
 * Gives each path from the leaf to a root that the rules join, shortest branch first; no certificate stands
 * twice in one. Throws what the rules throw.
 */
export function findPaths<C>(
  sources: PathSources<C>,
  rules: SearchRules<C>,
): Generator<CandidatePath<C>> {
  return extend(sources, rules, { path: [sources.leaf], last: sources.leaf });
}
