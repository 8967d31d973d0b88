import { existsSync } from "node:fs";
import { join } from "node:path";

import type { Hub } from "../../schemas/index.ts";
import { type EpochMs, Fault, sameBytes } from "../../schemas/ground/index.ts";
import { loadSigningKey } from "../../certs/keys/index.ts";
import {
  logOriginOf,
  makeNoteSigner,
  type NoteSigner,
  parseVerifierKey,
  renderVerifierKey,
  type VerifierKey,
} from "../../certs/log/index.ts";

/** What of a register says by which keys a hub's log is known. */
export interface LogKeyRegister {
  readonly hubs: readonly Pick<Hub, "hub" | "log">[];
  logKeys(hub: string, at: EpochMs): readonly VerifierKey[];
}

const keyFile = "log.key";

/** The name that the register has for a key: the hub's log may have begun anew under a name below its first one. */
function findName(register: LogKeyRegister, hub: string, { raw }: VerifierKey): string | undefined {
  return listLogKeys(register, hub).find((one) => sameBytes(one.raw, raw))?.name;
}

/**
 * Opens the key of a hub's log, which lies beside its other keys, under the name that the register has for it; undefined when
 * there is none: a hub without a log.
 *
 * @throws {Fault} KEY_UNUSABLE when there is a file and it holds no Ed25519 key of its owner alone
 */
export function openLogKey(dir: string, hub: string, register: LogKeyRegister): NoteSigner | undefined {
  const file = join(dir, keyFile);
  if (!existsSync(file)) return undefined;
  const key = loadSigningKey(file);
  if (key.algorithm !== "EdDSA") throw new Fault("KEY_UNUSABLE", `${file}: not an Ed25519 key`);
  const first = makeNoteSigner(logOriginOf(hub), key);
  const name = findName(register, hub, first.verifierKey);
  return name === undefined ? first : makeNoteSigner(name, key);
} // prettier-ignore

/** Every key that a hub's log was ever signed with, whether or not it still may be: what stands in the log stays readable. */
export function listLogKeys({ hubs }: LogKeyRegister, hub: string): readonly VerifierKey[] {
  const lines = hubs.find((one) => one.hub === hub)?.log?.keys ?? [];
  return lines.map(({ verifierKey }) => parseVerifierKey(verifierKey));
}

/**
 * Refuses to sign with a key that nobody would verify by: the register has to name it for this hub at that time.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function checkLogKey(register: LogKeyRegister, { hub, key, at }: { hub: string; key: VerifierKey; at: EpochMs }): void {
  const own = renderVerifierKey(key);
  const named = register.logKeys(hub, at);
  if (named.some((one) => renderVerifierKey(one) === own)) return;
  const why = named.length === 0 ? "names no key for this hub's log now" : "names another key for this hub's log now";
  const wayOut = "have this one registered (register key verifier), or put back the one that is";
  throw new Fault("KEY_UNUSABLE", `${keyFile}: the register ${why} (hubs, log.keys); ${wayOut}`);
} // prettier-ignore
