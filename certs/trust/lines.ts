import { isKnownCode } from "../../schemas/index.ts";
import type { EpochMs } from "../../schemas/ground/index.ts";
import { isInForce } from "./period.ts";

/** A dated line of the register that says which types and crimes it is about, up to which handling code. */
interface RightLine {
  readonly types: readonly string[];
  readonly crimes: readonly string[];
  readonly handlingUpTo: string;
  readonly from: EpochMs;
  readonly until?: EpochMs | undefined;
}

/** What a message is about. An absent type or crime is one that is sealed from whoever asks. */
export interface Content {
  readonly type?: string | undefined;
  readonly crime?: string | undefined;
  readonly handling: string;
}

/** Whether a list of types names `type`: itself, its family as `family.*`, or all as `*`. */
export function coversType(types: readonly string[], type: string): boolean {
  if (types.includes("*") || types.includes(type)) return true;
  const family = `${type.slice(0, type.indexOf(".") + 1)}*`;
  return types.includes(family);
}

/** Whether a list of crimes names `crime`, or all as `*`. */
export function coversCrime(crimes: readonly string[], crime: string): boolean {
  return crimes.includes("*") || crimes.includes(crime);
}

/** Whether handling code `code` is no stricter than `most`; codes run from H0 to H3. */
export function isWithinHandling(code: string, most: string): boolean {
  return code <= most;
}

/**
 * Whether a line is in force and covers this content. What is hidden is covered by any line. A crime that is in
 * no list is covered by none, "*" or not: the hub has no reader for its channel.
 */
export function isCovered(
  line: RightLine,
  { type, crime, handling }: Content,
  at: EpochMs,
): boolean {
  return (
    isInForce(line, at) &&
    isWithinHandling(handling, line.handlingUpTo) &&
    (type === undefined || coversType(line.types, type)) &&
    (crime === undefined || (isKnownCode("CRIME", crime) && coversCrime(line.crimes, crime)))
  );
}
