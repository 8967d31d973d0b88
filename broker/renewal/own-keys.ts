import { join } from "node:path";

import type { Clock } from "../../schemas/ground/index.ts";
import { type KeySigner, makeSigningRing, type Signer } from "../../certs/keys/index.ts";
import type { CertificateEnd, OwnServer, RenewalPlace } from "../../certs/renewal/index.ts";
import { type RegisterView, renewalName } from "../../certs/trust/index.ts";

/** The hub's certificate for its own connections, with its issuing CA, and its key, PEM. */
export interface OwnLinkPem {
  readonly certificatePem: string;
  readonly keyPem: string;
}

/** The files of the server's certificate with its issuing CA, and of its key. */
export interface ServerPair {
  readonly certificateFile: string;
  readonly keyFile: string;
}

/** A hub's own keys, as they change. */
export interface OwnKeys {
  /** Signs with the key of the moment. */
  readonly signer: Signer;
  /** What is shown to its server at the next dial. */
  link(): OwnLinkPem;
  /** What its server is to show. The same object as long as nothing changed. */
  server(): ServerPair;
  /** The server would not take this pair. Says whether there is another, which is then to be shown for some time. */
  refuse(pair: ServerPair): boolean;
  /** Asks for what is due, takes what came, chooses anew, and tells of what ends. Never rejects. */
  tend(): Promise<void>;
  ends(): readonly CertificateEnd[];
  /** When it returns, nothing is written any more. */
  stop(): Promise<void>;
}

/** What keys that nobody renews are made of. */
export interface StillKeys {
  readonly signers: readonly [KeySigner, ...KeySigner[]];
  readonly link: OwnLinkPem;
  readonly server: ServerPair;
  readonly register: () => RegisterView;
  readonly clock: Clock;
}

/** The keys of a hub that has no folder to renew them in: those it was started with are all it ever uses. */
export function makeStillKeys({ signers, link, server, register, clock }: StillKeys): OwnKeys {
  return {
    signer: makeSigningRing({ signers, register, clock }),
    link: () => link,
    server: () => server,
    refuse: () => false,
    tend: () => Promise.resolve(),
    ends: () => [],
    stop: () => Promise.resolve(),
  };
}

/** Where the server finds a pair: where the configuration says, or among the renewed keys. */
export function serverPairOf(
  { keys, configured }: Pick<RenewalPlace, "keys" | "configured">,
  found: OwnServer,
  named: ServerPair,
): ServerPair {
  if (configured.includes(found)) return named;
  const file = join(keys, renewalName("SERVER", found.certificate.spki));
  return { certificateFile: `${file}.pem`, keyFile: `${file}.key` };
}
