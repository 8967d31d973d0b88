/** One edition of a code list. Codes are added in a new edition; a published code never changes meaning. */
export interface CodeList {
  readonly list: string;
  readonly version: number;
  /** Whose list it is or was made from. */
  readonly source: string;
  /** SHA-256, in hex, over the list, its edition and its codes with their English labels: what they mean. */
  readonly digest: string;
  readonly codes: readonly string[];
  /** What other standards call some of its codes: by code, then by standard. */
  readonly also: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
