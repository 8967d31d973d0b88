import { type Chance, renderHex } from "../../schemas/ground/index.ts";
import { authorityLimits } from "./limits.ts";

/** A serial number nobody can guess: a leading 01 keeps it positive and of one length. Hexadecimal. */
export function makeSerial(chance: Chance): string {
  return `01${renderHex(chance.bytes(authorityLimits.serialBytes))}`;
}
