import { type Octets, octets } from "./bytes.ts";

/** Pieces side by side. */
export function join(...pieces: readonly Uint8Array[]): Octets {
  const whole = new Uint8Array(pieces.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** SHA-256 over pieces side by side. */
export async function hash(...pieces: readonly Uint8Array[]): Promise<Octets> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", join(...pieces)));
}

/** Lower-case hexadecimal. */
export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Whether two are octet for octet the same. */
export function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** HMAC-SHA256 under a key in words. */
export async function seal(key: string, bytes: Octets): Promise<Octets> {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const held = await crypto.subtle.importKey("raw", octets(key), algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", held, bytes));
}
