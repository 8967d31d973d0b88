import {
  type Bytes,
  Fault,
  type FaultCode,
  isFault,
  renderHex,
} from "../../schemas/ground/index.ts";
import { type Der, parseDer } from "./der.ts";
import { certLimits } from "./limits.ts";

/** What a reader says on purpose; everything else is a field that is not of its type. */
const known: ReadonlySet<FaultCode> = new Set<FaultCode>([
  "CERT_MALFORMED",
  "CERT_OUTSIDE_PROFILE",
  "CERT_TOO_COMPLEX",
]);

/**
 * Reads a document that came from outside with `read`. Its size is checked first, it is copied so that it
 * cannot change under its reader, and whatever a library throws over it becomes one code.
 *
 * @throws {Fault} CERT_MALFORMED; CERT_OUTSIDE_PROFILE, CERT_TOO_COMPLEX where `read` does
 */
export function readDocument<T>(
  bytes: Bytes,
  maxBytes: number,
  read: (outer: Der, der: Bytes) => T,
): T {
  if (bytes.length > maxBytes) throw new Fault("CERT_MALFORMED", `more than ${maxBytes} bytes`);
  try {
    const der = Buffer.from(bytes);
    return read(parseDer(der), der);
  } catch (error) {
    if (isFault(error) && known.has(error.code)) throw error;
    throw new Fault("CERT_MALFORMED", "a field is not of its type", { cause: error });
  }
}

/** A serial number without its padding octet: 1 to 20 octets, above zero (RFC 5280 §4.1.2.2). */
export function readSerial({ content }: Der): string {
  const [first = 0] = content;
  const octets = first === 0 ? content.subarray(1) : content;
  if (first >= 0x80 || octets.length === 0 || content.length > certLimits.maxSerialBytes) {
    throw new Fault("CERT_MALFORMED", "the serial number is not positive or too long");
  }
  return renderHex(octets);
}
