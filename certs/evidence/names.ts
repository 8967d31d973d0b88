/** What is asked of an evidence file, each question on its own, in the order in which people are told. */
export const dimensions = [
  "form", "message", "signature", "certificate", "revocation", "register", "audience", "body", "withheld",
  "entry", "inclusion", "checkpoint", "witnesses", "receipts", "time",
] as const; // prettier-ignore

/** The name of one question. */
export type DimensionName = (typeof dimensions)[number];

/** Why something could not be asked, or how far an answer goes. Each has its words in six languages. */
export const reasons = [
  "NEEDS_ROOTS", "NEEDS_REGISTER", "NEEDS_LOG_KEY", "OTHER_EPOCH", "CONTENT_ABSENT", "BODY_ABSENT", "BODY_SEALED",
  "PARTS_WITHHELD", "NO_LIST", "NO_PATH", "UNREADABLE", "NO_WITNESSES_ASKED", "NO_RECEIPTS", "AS_OF_ENTRY",
  "HUB_CLOCK",
] as const; // prettier-ignore

/** One of `reasons`. */
export type Reason = (typeof reasons)[number];
