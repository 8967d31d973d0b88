import type { Language } from "../codes/index.ts";

/** How values are shown: the reader's language and clock. */
export interface Reader {
  readonly lang: Language;
  /** A time zone of the IANA database. */
  readonly zone: string;
}
