/**
 * What can be wrong with a log. Of the first group nothing more is believed until the log is right again; the second
 * is what it signed and should not have; the third is told, and may be as it should.
 */
export const findingKinds = {
  /** The checkpoint is not one that this log signed. */
  SIGNATURE: "stops",
  /** Two signed states of which neither is the beginning of the other. */
  SPLIT: "stops",
  /** An entry is another than the tile says, or than it was. */
  ALTERED: "stops",
  /** A tile above the entries is another than the entries make it. */
  TILE: "stops",
  /** The entries do not lead to the root that was signed. */
  ROOT: "stops",
  /** A piece is not there that the signed size says is. */
  MISSING: "stops",
  /** For some time the log shows fewer entries than it did. */
  ROLLED_BACK: "stops",
  /** An entry is no leaf, or says more or less than its kind says. */
  FORM: "stays",
  /** A number of a stream was left out. */
  GAP: "stays",
  /** A number of a stream stands twice. */
  REPEATED: "stays",
  /** A number of a stream stands after a later one. */
  ORDER: "stays",
  /** A time is before that of an earlier message of the stream, by more than clocks may differ. */
  BACKDATED: "stays",
  /** A time lies in the future, by more than clocks may differ. */
  AHEAD: "stays",
  /** The log shows fewer entries than it did, and the same ones. */
  BEHIND: "told",
  /** An entry is new and its time is long past: taken then, or said to be. */
  LATE: "told",
} as const;

/** One thing that is wrong. */
export interface Finding {
  readonly kind: keyof typeof findingKinds;
  /** The first entry that is concerned. */
  readonly index?: number | undefined;
  /** In plain words, nothing of content. */
  readonly detail: string;
}

/** Whether a log with this finding is at fault; the rest may be as it should. */
export function isAtFault({ kind }: Finding): boolean {
  return findingKinds[kind] !== "told";
}
