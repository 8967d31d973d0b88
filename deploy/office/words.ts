import { Fault } from "../../schemas/ground/index.ts";
import { leafProfiles, type LeafKind } from "../../certs/shape/index.ts";

/** Options that every act on an authority's folder takes. */
export interface Common {
  readonly folder: string;
  readonly json?: boolean;
}

/** Kinds of leaf, as they are named on the command line. */
export const kinds: readonly string[] = Object.keys(leafProfiles);
/** Whether a text names a kind of leaf. */
export function isKind(text: string | undefined): text is LeafKind {
  return kinds.includes(text ?? "");
}

/** Reads a number that was given as an option. @throws {Fault} USAGE_INVALID */
export function parseNumber(text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}(?:\.\d{1,4})?$/.test(text))
    throw new Fault("USAGE_INVALID", `${what} is a number`);
  return Number(text);
}

/** A moment for people, to the minute. */
export function renderDay(at: number): string {
  // oxlint-disable-next-line no-restricted-globals -- calendar arithmetic; no clock is read
  return `${new Date(at).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}
