import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  type Bytes,
  type Chance,
  Fault,
  renderBase64url,
  sameBytes,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";

/** 256 bits, so that guessing is hopeless without any limit on tries. */
const tokenBytes = 32;
const spelling = /^[A-Za-z0-9_-]{43}$/;

function makeTokenFile(file: string, chance: Chance): void {
  // "wx": two processes that start at once do not overwrite each other's token
  writeFileSync(file, `${renderBase64url(chance.bytes(tokenBytes))}\n`, {
    mode: 0o600,
    flag: "wx",
  });
}

/**
 * The bearer token of the API, from `<dir>/api-token`; made there, readable by its owner only, when there is
 * none. 32 random bytes in base64url.
 *
 * @throws {Fault} CONFIG_INVALID when the file holds no such token or others may read it
 */
export function loadToken(dir: string, chance: Chance): string {
  const file = join(dir, "api-token");
  mkdirSync(dir, { recursive: true });
  if (!existsSync(file)) makeTokenFile(file, chance);
  const token = readFileSync(file, "utf8").trim();
  if (!spelling.test(token)) {
    throw new Fault("CONFIG_INVALID", `${file} holds no token; remove it and start again`);
  }
  const shared = process.platform !== "win32" && (statSync(file).mode & 0o077) !== 0;
  if (shared) throw new Fault("CONFIG_INVALID", `others may read ${file}; chmod 600 it`);
  return token;
}

/** Digest under which a token is kept in memory and compared. */
export function digestToken(token: string): Bytes {
  return sha256(utf8(token));
}

/**
 * Refuses a request that does not bear the token. Digests are compared, in constant time, so neither length
 * nor a common beginning can be measured.
 *
 * @throws {Fault} NOT_AUTHENTICATED
 */
export function checkBearer(authorization: string | null, digest: Bytes): void {
  const token = /^Bearer ([A-Za-z0-9_-]{1,200})$/i.exec(authorization ?? "")?.[1];
  if (token === undefined || !sameBytes(digestToken(token), digest)) {
    throw new Fault("NOT_AUTHENTICATED", "send Authorization: Bearer with the gateway's api-token");
  }
}
