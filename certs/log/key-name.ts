import { utf8 } from "../../schemas/ground/index.ts";

/** A name goes into one length byte where ML-DSA-44 signs it. */
const maxNameBytes = 255;
// White space of every script, controls, and the sign that parts the pieces of a key.
const notInNames = /[\p{White_Space}\p{Cc}+]/u;

/** Whether this may be a key's name: 1 to 255 bytes, without spaces, controls and plus signs. */
export function isKeyName(name: string): boolean {
  return name !== "" && name.length <= maxNameBytes && utf8(name).length <= maxNameBytes && name.isWellFormed() && !notInNames.test(name);
} // prettier-ignore
