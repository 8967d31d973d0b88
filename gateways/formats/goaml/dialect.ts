import base from "./dialects/base.json" with { type: "json" };
import lk from "./dialects/lk.json" with { type: "json" };
import np from "./dialects/np.json" with { type: "json" };

/** What one code of a national list means. */
export interface LocalCode {
  /** As its own list names it, in the language of the dialect. */
  readonly label: string;
  /** Our nearest code; absent when there is none, and the local code travels alone. */
  readonly code?: string;
  /** Ours beside theirs: the same (EXACT), wider (BROADER) or finer (NARROWER). */
  readonly quality?: string;
}

/** One national list, and the list of ours it is mapped to. */
export interface LocalList {
  /** Absent where a body has a place for the local code only. */
  readonly list?: string;
  readonly codes: Readonly<Record<string, LocalCode>>;
}

/** How one financial intelligence unit writes goAML: its edition, its code lists, what it cannot say. */
export interface Dialect {
  /** Also the beginning of the schemes of its codes: `goaml/5.0.1`. */
  readonly name: string;
  readonly version: string;
  /** BCP 47; `und` when the unit does not say in which language its banks write. */
  readonly lang: string;
  /** Whether parties can be marked as suspected: editions before 5 cannot. */
  readonly marksSuspects: boolean;
  /** Namespaces of the elements; "" is none. */
  readonly namespaces: readonly string[];
  /** Values that stand for "nothing chosen". */
  readonly blanks: readonly string[];
  readonly lists: Readonly<Record<string, LocalList>>;
}

/** The dialects that come with the program, by the name a user gives. */
export const goamlDialects: Readonly<Record<"base" | "lk" | "np", Dialect>> = { base, lk, np };
