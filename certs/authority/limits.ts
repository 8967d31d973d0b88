const minuteMs = 60_000;
const dayMs = 86_400_000;

/** How long what an authority makes is good for, in milliseconds unless said. */
export const authorityLimits = {
  /** Set back before now, so that a clock that is slow does not refuse a new certificate. */
  backdateMs: 5 * minuteMs,
  dayMs,
  /** Leaves renew themselves; ninety days bound what a key lost unseen can do. */
  leafDays: 90,
  /** The root is offline; its key is brought out once in its life to make the next one. */
  rootDays: 20 * 365,
  /** An issuing CA is replaced well before the leaves it made in its last days expire. */
  issuingDays: 5 * 365,
  /** Lists of the issuing CA; one is made daily, so several may fail before anything stops. */
  issuingListDays: 7,
  /** Lists of the root, which concern issuing CAs only and are made when its key is brought out. */
  rootListDays: 100,
  /** A list lives an hour at least: gateways fetch no faster, and clocks differ. */
  minListHours: 1,
  /** A list of the issuing CA that lives longer would let a revoked certificate live as long. */
  maxIssuingListDays: 31,
  maxRootListDays: 400,
  /** Days a revoked certificate stays listed after its own end, and until one more list was made. */
  listedAfterEndDays: 30,
  /** Octets of chance in a serial number: 128 bits, twice what guessing asks for. */
  serialBytes: 16,
} as const;
