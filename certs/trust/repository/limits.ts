const kibi = 1024;
const mebi = kibi * kibi;

/** How much of a repository is read, whoever offers it. What is larger is refused before it is looked at. */
export const repositoryLimits = {
  /** A whole register in one file: three thousand agencies several times over. */
  registerBytes: 16 * mebi,
  rootBytes: 64 * kibi,
  timestampBytes: 16 * kibi,
  snapshotBytes: 256 * kibi,
  targetsBytes: 2 * mebi,
  /** The metadata of one authority. */
  roleBytes: 64 * kibi,
  regionBytes: 8 * mebi,
  /** The part of one authority. */
  partBytes: 4 * mebi,
  /** Roots after the trusted one. */
  rotations: 256,
  delegations: 400,
  /** Of one role. */
  keys: 16,
  /** Under one file: those of the keys before and of the keys after, when a role changes hands. */
  signatures: 32,
  version: 2 ** 31 - 1,
} as const;
