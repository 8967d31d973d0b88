import { z } from "zod";

import {
  type Bytes,
  bytesKey,
  type EpochMs,
  Fault,
  sha256,
  toFault,
  tryShape,
} from "../../schemas/ground/index.ts";
import { parseCertificate, parsePem } from "../../certs/shape/index.ts";
import { verifyServerJwt } from "./jwt.ts";

/** The last second of a year of four digits. */
const maxSeconds = 253_402_300_799;

const claims = z.looseObject({
  aud: z.literal("nats-authorization-request"),
  iss: z.string(),
  iat: z.int().min(1).max(maxSeconds),
  exp: z.int().min(1).max(maxSeconds),
  nats: z.looseObject({
    server_id: z.looseObject({ id: z.string(), name: z.string().max(300).default("") }),
    user_nkey: z.string().regex(/^U[A-Z2-7]{55}$/),
    client_info: z.looseObject({
      host: z.string().default(""),
      id: z.number(),
      kind: z.string(),
      type: z.string().default(""),
    }),
    client_tls: z
      .looseObject({ verified_chains: z.array(z.array(z.string())).nullish() })
      .nullish(),
  }),
});

/** A login as the server asks about it: proved to be the server's own question, nothing of the client believed. */
export interface LoginRequest {
  /** The server's public nkey. */
  readonly server: string;
  /** What it calls itself. */
  readonly serverName: string;
  /** When it asked, by the server's own clock, which also ends the session; whole seconds. */
  readonly askedAt: EpochMs;
  /** The one-time key the answer must name. */
  readonly userNkey: string;
  /** The server's number for the connection. */
  readonly connection: number;
  readonly host: string;
  /** "Client" over "nats" is the one way in. */
  readonly kind: string;
  readonly protocol: string;
  /** The certificate of the TLS handshake (DER), and its one name; absent when none was verified. */
  readonly certificate?: ShownCertificate | undefined;
}

/** What a client showed in a handshake that the server verified against its roots. */
export interface ShownCertificate {
  /** SHA-256 of the certificate. */
  readonly thumbprint: Bytes;
  readonly uris: readonly string[];
  /** Why it cannot be read, when it cannot. */
  readonly fault?: Fault | undefined;
}

function readPem(text: string): Bytes {
  try {
    return parsePem("CERTIFICATE", text)[0] ?? new Uint8Array();
  } catch (cause) {
    throw new Fault("CALLOUT_REQUEST_INVALID", "a certificate is not in PEM", { cause });
  }
}

/** What certificates say never changes, and gateways show the same one at each login. */
const maxShown = 4_096;
const shown = new Map<string, ShownCertificate>();

function parseShown(der: Bytes, thumbprint: Bytes): ShownCertificate {
  try {
    return { thumbprint, uris: parseCertificate(der).uris };
  } catch (error) {
    // The server's verifier knows more shapes than ours; it is refused later, by its own code.
    return { thumbprint, uris: [], fault: toFault(error, "CERT_MALFORMED") };
  }
}

/** Only a verified chain counts; `certs` beside it are what the client merely sent. */
function readCertificate(chains: readonly (readonly string[])[]): ShownCertificate | undefined {
  const leaf = chains[0]?.[0];
  if (leaf === undefined) return undefined;
  const der = readPem(leaf);
  const thumbprint = sha256(der);
  const key = bytesKey(thumbprint);
  const made = shown.get(key) ?? parseShown(der, thumbprint);
  shown.delete(key);
  const [oldest] = shown.keys();
  if (shown.size >= maxShown && oldest !== undefined) shown.delete(oldest);
  shown.set(key, made);
  return made;
}

/**
 * Reads a login request that the server sealed to us: signed by the server it names, meant for a callout,
 * and of a time in which it could be answered. Its times are the server's; whether it waits for the answer still is for
 * the server alone to know, and nobody else can use one.
 *
 * @throws {Fault} CALLOUT_REQUEST_INVALID
 */
export function parseLoginRequest(jwt: Bytes): LoginRequest {
  const parsed = tryShape(claims, verifyServerJwt(jwt));
  if (!parsed.success) {
    throw new Fault(
      "CALLOUT_REQUEST_INVALID",
      "the request lacks a claim, or is not for a callout",
    );
  }
  const { iss, iat, exp, nats } = parsed.data;
  if (iss !== nats.server_id.id) {
    throw new Fault(
      "CALLOUT_REQUEST_INVALID",
      "the request speaks of another server than its signer",
    );
  }
  if (exp <= iat) {
    throw new Fault("CALLOUT_REQUEST_INVALID", "the request was past its time when it was made");
  }
  return {
    server: iss,
    serverName: nats.server_id.name,
    askedAt: iat * 1000,
    userNkey: nats.user_nkey,
    connection: nats.client_info.id,
    host: nats.client_info.host,
    kind: nats.client_info.kind,
    protocol: nats.client_info.type,
    certificate: readCertificate(nats.client_tls?.verified_chains ?? []),
  };
}
