/** One code and its names. */
export interface Code {
  readonly code: string;
  readonly labels: { readonly en: string; readonly fr: string };
}

/** One edition of a code list. Codes are added in a new edition; a published code never changes meaning. */
export interface CodeList {
  readonly list: string;
  readonly version: number;
  /** Whose list it is or was made from. */
  readonly source: string;
  readonly codes: readonly Code[];
}
