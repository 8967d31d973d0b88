import { type Chance, Fault, renderHex } from "../../schemas/ground/index.ts";
import type { Ledger } from "./ledger.ts";
import { authorityLimits } from "./limits.ts";

/** A serial number nobody can guess: a leading 01 keeps it positive and of one length. Hexadecimal. */
export function makeSerial(chance: Chance): string {
  return `01${renderHex(chance.bytes(authorityLimits.serialBytes))}`;
}

/**
 * A serial number that stands in no certificate of the ledger. One that does is no bad luck at 128 bits: the
 * generator is stuck, so nothing is issued instead of trying again.
 *
 * @throws {Fault} SERIAL_REPEATED
 */
export function makeFreshSerial(chance: Chance, ledger: Ledger | undefined): string {
  const serial = makeSerial(chance);
  checkSerial(serial, ledger);
  return serial;
}

/**
 * Refuses a serial number that stands in a certificate of the ledger.
 *
 * @throws {Fault} SERIAL_REPEATED
 */
export function checkSerial(serial: string, ledger: Ledger | undefined): void {
  if (ledger?.certificate(serial) === undefined) return;
  throw new Fault(
    "SERIAL_REPEATED",
    "the generator gave a number twice; mend it before issuing on",
  );
}
