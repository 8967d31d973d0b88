import { Fault } from "../../schemas/ground/index.ts";
import type { Der } from "./der.ts";
import { readGeneralNames } from "./general-name.ts";

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

/**
 * Holds that access descriptions (RFC 5280 §4.2.2) are of their shape; nothing is ever fetched from them.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX
 */
export function checkAccess(value: Der | undefined): void {
  if (value === undefined) return;
  const places = value.children.map(({ tag, children: [method, place, ...more] }) => {
    const isPair = tag === 0x30 && method?.tag === 0x06 && more.length === 0;
    if (!isPair || place === undefined) throw malformed("an access is not a method and a place");
    return place;
  });
  if (value.tag !== 0x30) throw malformed("access to information is not a list");
  readGeneralNames({ ...value, children: places });
}
