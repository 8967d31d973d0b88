import { type Bytes, type Chance, Fault, sha256 } from "../../schemas/ground/index.ts";

/** Crockford's letters: none of them is taken for another. */
const letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const codeBytes = 20;
const codeLetters = 32;
const checkLetters = 4;
const groupLetters = 4;
const mostTyped = 200;

function renderLetters(bytes: Bytes): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += letters[(held >> bits) & 31] ?? "";
    }
    held &= (1 << bits) - 1;
  }
  return text;
}

function parseLetters(text: string): Buffer {
  const bytes: number[] = [];
  let held = 0;
  let bits = 0;
  for (const letter of text) {
    held = (held << 5) | letters.indexOf(letter);
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
    held &= (1 << bits) - 1;
  }
  return Buffer.from(bytes);
}

function checkOf(bytes: Bytes): string {
  return renderLetters(sha256(bytes)).slice(0, checkLetters);
}

/** A new recovery code: 160 random bits and four letters that find a slip of the pen, in nine groups of four. */
export function makeRecoveryCode(chance: Chance): string {
  const bytes = chance.bytes(codeBytes);
  const text = `${renderLetters(bytes)}${checkOf(bytes)}`;
  const groups = Array.from({ length: text.length / groupLetters }, (_, at) =>
    text.slice(at * groupLetters, (at + 1) * groupLetters),
  );
  return groups.join("-");
}

/**
 * The secret of a recovery code as people type it: any case, spaces or dashes anywhere, O for 0, I or L for 1.
 *
 * @throws {Fault} REQUEST_INVALID when it is not one, or was mistyped
 */
export function parseRecoveryCode(typed: string): Buffer {
  const text = typed
    .slice(0, mostTyped)
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  const isSpelt = /^[0-9A-HJKMNP-TV-Z]{36}$/.test(text);
  const bytes = isSpelt ? parseLetters(text.slice(0, codeLetters)) : Buffer.alloc(0);
  if (isSpelt && checkOf(bytes) === text.slice(codeLetters)) return bytes;
  throw new Fault(
    "REQUEST_INVALID",
    "a recovery code is nine groups of four letters; compare it with the paper",
  );
}
