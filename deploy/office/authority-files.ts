import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import { parsePem } from "../../certs/shape/index.ts";
import { type Bytes, Fault } from "../../schemas/ground/index.ts";
import type { AuthorityWorld } from "./world.ts";

const maxRequestFileBytes = 64 * 1024;

function refuse(detail: string): never {
  throw new Fault("USAGE_INVALID", detail);
}

/** Reads a file that was named on the command line. @throws {Fault} USAGE_INVALID */
export function readNamed({ cwd }: AuthorityWorld, name: string): Bytes {
  let bytes: Bytes;
  try {
    bytes = readFileSync(resolve(cwd, name));
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${name} cannot be read`, { cause });
  }
  return bytes.length > maxRequestFileBytes * 32 ? refuse(`${name} is too large`) : bytes;
}

/** A certificate request in a file, PEM or DER. @throws {Fault} USAGE_INVALID, CERT_MALFORMED */
export function readRequest(world: AuthorityWorld, name: string): Bytes {
  const bytes = readNamed(world, name);
  if (bytes.length > maxRequestFileBytes) return refuse(`${name} is too large for a request`);
  if (bytes[0] === 0x30) return bytes;
  const [der, ...more] = parsePem("CERTIFICATE REQUEST", Buffer.from(bytes).toString("latin1"));
  return der === undefined || more.length > 0 ? refuse(`${name} holds one request`) : der;
}
