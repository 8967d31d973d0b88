import type { Agreement, Mandate, ReleaseRule } from "../../schemas/index.ts";
import type { DenialReason } from "./denial.ts";
import type { Content } from "./lines.ts";

/** Whom a message's sender keeps it from, whatever the register allows. */
export interface Kept {
  /** States, ISO 3166-1 in capitals. */
  readonly states: readonly string[];
  readonly agencies: readonly string[];
}

/** What an agency wants to do with one message in one place. */
export interface Question extends Content {
  readonly action: "PUBLISH" | "READ";
  /** Who wants it: the originator for PUBLISH, the reader for READ. */
  readonly agency: string;
  readonly originator: string;
  /** A REC, or "direct". */
  readonly scope: string;
  /** Of PUBLISH by name: to whom. Absent where the asker does not know; then any agreement of the sender will do. */
  readonly recipient?: string | undefined;
  /** What it is for; absent where it is sealed from whoever asks. */
  readonly purposes?: readonly string[] | undefined;
  /** Absent where it is sealed from whoever asks. */
  readonly kept?: Kept | undefined;
}

/** Everything that a yes rests on. One of `mandate` and `agreement` is there. */
export interface Basis {
  /** The line of the region's part. */
  readonly mandate?: Mandate | undefined;
  /** Where no mandate speaks: the agreement between the two authorities. */
  readonly agreement?: Agreement | undefined;
  /** The line of the own authority's part. */
  readonly nomination: Mandate;
  /** The line of the originator's release policy; absent for PUBLISH and between agencies of one authority. */
  readonly release?: ReleaseRule | undefined;
}

/** The answer: what allowed it, or everything that was missing; `reason` is the first of `reasons`. */
export type Decision =
  | { readonly allow: true; readonly basis: Basis }
  | {
      readonly allow: false;
      readonly reason: DenialReason;
      readonly reasons: readonly DenialReason[];
    };
