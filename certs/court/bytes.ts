/** Octets over memory of their own, as the browser's cryptography asks for them. */
export type Octets = Uint8Array<ArrayBuffer>;

/** What refuses: a fault code, which has its words on the page. */
export class Refusal extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

/** Ends a check with no. */
export function refuse(code: string): never {
  throw new Refusal(code);
}

/** Octets of text in base64 or, without padding, in base64url: each in its one spelling, no spare bit set. */
export function fromBase64(text: string, isUrl = false): Octets {
  const plain = isUrl ? text.replaceAll("-", "+").replaceAll("_", "/") : text;
  let raw = "";
  try {
    raw = atob(isUrl ? plain.padEnd(Math.ceil(plain.length / 4) * 4, "=") : plain);
  } catch {
    refuse("BYTES_NOT_CANONICAL");
  }
  const bytes = Uint8Array.from(raw, (char) => char.charCodeAt(0));
  const spelt = isUrl ? toBase64Url(bytes) : toBase64(bytes);
  if (spelt !== text) refuse("BYTES_NOT_CANONICAL");
  return bytes;
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Base64 with its padding. */
export function toBase64(bytes: Uint8Array): string {
  let raw = "";
  for (const byte of bytes) raw += String.fromCharCode(byte);
  return btoa(raw);
}

/** The octets of a text. */
export function octets(text: string): Octets {
  return Uint8Array.from(new TextEncoder().encode(text));
}
