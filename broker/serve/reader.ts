import { X509Certificate } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

import { parseAgencyUri } from "../../certs/shape/index.ts";
import type { RegisterView } from "../../certs/trust/index.ts";
import { type EpochMs, Fault, sha256, toFault } from "../../schemas/ground/index.ts";
import { checkLink } from "../callout/index.ts";

const maxNames = 2_000;

/** The one name in a certificate; whoever signed it is not asked here, the register is. */
function agencyOf({ subjectAltName = "" }: X509Certificate): string {
  const name = subjectAltName.length > maxNames ? "" : subjectAltName;
  const [uri = "", ...more] = name.split(", ");
  if (more.length > 0 || !uri.startsWith("URI:")) {
    throw new Fault("CERT_NAME_NOT_PERMITTED", "a link certificate bears exactly one name");
  }
  return parseAgencyUri(uri.slice("URI:".length)).agency;
}

/**
 * Who reads: an agency whose link certificate the register names, proved by the handshake.
 *
 * @throws {Fault} CERT_*, AGENCY_UNKNOWN, MANDATE_SUSPENDED
 */
export function findReader(request: IncomingMessage, register: RegisterView, now: EpochMs): string {
  const { socket } = request;
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) throw new Fault("CERT_UNKNOWN", "no certificate was shown");
  try {
    const agency = agencyOf(certificate);
    checkLink(register, { agency, thumbprint: sha256(certificate.raw) }, now);
    return agency;
  } catch (error) {
    throw toFault(error, "CERT_UNKNOWN", "the certificate is not one of a link");
  }
}

const hostText = /^(?:127\.0\.0\.1|localhost)(?::\d{1,5})?$/;

/** Whether a request without TLS was meant for this machine: a browser's page from elsewhere was not. */
export function isMeantForLoopback({ headers }: IncomingMessage): boolean {
  const { host = "", origin } = headers;
  return origin === undefined && host.length < 30 && hostText.test(host);
}
