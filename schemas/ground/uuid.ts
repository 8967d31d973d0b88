import type { Bytes } from "./bytes.ts";
import { renderHex } from "./bytes.ts";
import type { Chance } from "./chance.ts";
import type { EpochMs } from "./clock.ts";
import { Fault } from "./fault.ts";

const text = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A new UUIDv7 (RFC 9562 §5.7): 48 bits of time, 74 of chance. 16 bytes. */
export function makeUuid(now: EpochMs, chance: Chance): Bytes {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes.set(chance.bytes(10), 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** Whether 16 bytes are a UUID of version 7 and the RFC 9562 variant. */
export function isUuid(bytes: Bytes): boolean {
  return bytes.length === 16 && (bytes[6] ?? 0) >> 4 === 7 && (bytes[8] ?? 0) >> 6 === 2;
}

/** The lower-case text form, 36 characters. */
export function renderUuid(bytes: Bytes): string {
  const hex = renderHex(bytes);
  return [0, 8, 12, 16, 20].map((at, i, all) => hex.slice(at, all[i + 1])).join("-");
}

/**
 * Reads the lower-case text form of a UUIDv7.
 *
 * @throws {Fault} ID_INVALID
 */
export function parseUuid(value: string): Bytes {
  const bytes = Buffer.from(value.replaceAll("-", ""), "hex");
  if (!text.test(value) || !isUuid(bytes)) {
    throw new Fault("ID_INVALID", "an id is a UUID of version 7 in lower case");
  }
  return bytes;
}
