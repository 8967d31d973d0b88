import type { Bytes, EpochMs } from "../../schemas/ground/index.ts";
import type { ExtensionValue } from "../shape/index.ts";

/** A certificate to be drafted; every field is written as it stands, nothing is added or judged. */
export interface CertificateOrder {
  /** Hexadecimal; the first octet is below 0x80 and not zero. */
  readonly serial: string;
  /** Text like `CN=ng/tcu,O=ng.atumpan`, or a name's DER to repeat it byte by byte. */
  readonly subject: string | Bytes;
  readonly issuer: string | Bytes;
  readonly notBefore: EpochMs;
  readonly notAfter: EpochMs;
  readonly spki: Bytes;
  readonly extensions: readonly ExtensionValue[];
}

/** A full CRL to be drafted. */
export interface CrlOrder {
  readonly issuer: Bytes;
  readonly thisUpdate: EpochMs;
  readonly nextUpdate: EpochMs;
  readonly revoked: readonly {
    readonly serial: string;
    readonly at: EpochMs;
    readonly reason: number;
    /** Since when it is invalid, where that is before `at`. */
    readonly since?: EpochMs | undefined;
  }[];
  readonly extensions: readonly ExtensionValue[];
}
