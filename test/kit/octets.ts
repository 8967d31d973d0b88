import { renderDer } from "../../certs/shape/index.ts";

/** Octets as hexadecimal digits, spaced at will. */
export function hex(text: string): Uint8Array {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

/** A value of `tag` that holds text. */
export function ascii(tag: number, text: string): Uint8Array {
  return renderDer(tag, Buffer.from(text, "latin1"));
}
