import { connect, type TLSSocket } from "node:tls";
import { isIP } from "node:net";

import type { Clock } from "../../schemas/ground/index.ts";
import type { Greeting, Identity, Place } from "./probes.ts";

/** What the machine calls a failure, such as ECONNREFUSED; never a sentence. */
export function nameFailure(error: unknown): string {
  const code: unknown =
    typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code.slice(0, 64) : "unknown";
}

/** Whom to greet, and how long to wait for each step. */
export interface GreetOptions {
  readonly place: Place;
  readonly identity: Identity | undefined;
  readonly clock: Clock;
  readonly patienceMs: number;
}

/**
 * Begins a connection as a gateway does and ends it at the server's first word. The certificate is not judged here, so
 * that whoever shows a wrong one can be named.
 */
export async function greet(options: GreetOptions): Promise<Greeting> {
  const { place, identity, clock, patienceMs } = options;
  const began = clock.elapsed();
  return await new Promise((resolve) => {
    let raw: Buffer | undefined;
    const socket: TLSSocket = connect({
      ...place,
      ...(isIP(place.host) === 0 ? { servername: place.host } : {}),
      rejectUnauthorized: false,
      minVersion: "TLSv1.3",
      ...(identity === undefined ? {} : { cert: identity.certificatePem, key: identity.keyPem }),
    });
    const end = (failed?: string): void => {
      timer.stop();
      socket.destroy();
      resolve({
        ms: Math.round(clock.elapsed() - began),
        isGreeted: failed === undefined,
        ...(raw === undefined ? {} : { certificate: raw }),
        ...(failed === undefined ? {} : { failed }),
      });
    };
    const timer = clock.after(patienceMs, () => end("ETIMEDOUT"));
    socket.once("secureConnect", () => {
      const { raw: der } = socket.getPeerCertificate();
      raw = Buffer.isBuffer(der) ? der : undefined;
    });
    socket.once("data", () => end());
    socket.once("error", (error) => end(nameFailure(error)));
    socket.once("close", () => end("ECONNRESET"));
  });
}
