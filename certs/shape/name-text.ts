import { Fault, parseUtf8 } from "../../schemas/ground/index.ts";
import type { Der } from "./der.ts";
import { renderDotted } from "./dotted.ts";

/** Short names of attributes, RFC 4514 §3 and what people know besides. */
const short: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "0.9.2342.19200300.100.1.25": "DC",
  "1.2.840.113549.1.9.1": "E",
};

/** UTF8String, PrintableString and IA5String: the texts a name may be of. */
const nameTexts = new Set([0x0c, 0x13, 0x16]);

function escape(text: string): string {
  return text
    .replaceAll(/[,+"\\<>;]/g, "\\$&")
    .replace(/^[ #]/, "\\$&")
    .replace(/ $/, "\\ ")
    .replaceAll(/\p{Cc}/gu, (control) => `\\${Buffer.from(control).toString("hex").toUpperCase()}`);
}

function renderAttribute({ tag, children: [type, value, ...more] }: Der): string {
  const isPair = tag === 0x30 && type?.tag === 0x06 && more.length === 0;
  if (!isPair || value === undefined || !nameTexts.has(value.tag)) {
    throw new Fault("CERT_MALFORMED", "a name is not of types and texts");
  }
  const dotted = renderDotted(type);
  return `${short[dotted] ?? dotted}=${escape(parseUtf8(value.content))}`;
}

/**
 * A distinguished name as people read it (RFC 4514, first part first). Never compared: paths are built from
 * the encoded names.
 *
 * @throws {Fault} CERT_MALFORMED
 */
export function renderName({ tag, children }: Der): string {
  const isWhole = children.every((part) => part.tag === 0x31 && part.children.length > 0);
  if (tag !== 0x30 || !isWhole) {
    throw new Fault("CERT_MALFORMED", "a name is not of types and texts");
  }
  return children.map((part) => part.children.map(renderAttribute).join("+")).join(", ");
}
