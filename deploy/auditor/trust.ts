import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

import { readPrivateFile } from "../../certs/keys/index.ts";
import { parseVerifierKey, type VerifierKey } from "../../certs/log/index.ts";
import { renderPem } from "../../certs/shape/index.ts";
import { proveCertificate, type RegisterView, verifyRegister } from "../../certs/trust/index.ts";
import { type Bytes, type EpochMs, Fault, isFault, sha256 } from "../../schemas/ground/index.ts";
import type { HttpTrust } from "./http-source.ts";

/** By what the follower knows the log: a register and the hub's name in it, or keys that he was given. */
export interface TrustOptions {
  readonly register?: string;
  readonly root?: string;
  readonly hub?: string;
  readonly logKey?: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
}

/** What was proved of it. */
export interface LogTrust {
  readonly keys: readonly VerifierKey[];
  readonly http?: HttpTrust | undefined;
}

const maxFileBytes = 64 * 1024 * 1024;
const maxKeyBytes = 16 * 1024;

function refuse(detail: string): never {
  throw new Fault("USAGE_INVALID", detail);
}

/** Reads a file that a command named. @throws {Fault} USAGE_INVALID */
export function readNamedFile(path: string): Bytes {
  try {
    if (statSync(path).size <= maxFileBytes) return readFileSync(path);
  } catch (cause) {
    throw new Fault("USAGE_INVALID", `${path} cannot be read`, { cause });
  }
  return refuse(`${path} has more than ${maxFileBytes} bytes`);
}

function readRegister(cwd: string, { register = "", root }: TrustOptions): RegisterView {
  const named = resolve(cwd, register);
  const within = join(named, "register.bin");
  const file = existsSync(within) ? within : named;
  const rootFile = root === undefined ? join(dirname(file), "root.json") : resolve(cwd, root);
  return verifyRegister(readNamedFile(file), { root: readNamedFile(rootFile) });
}

function makeHttpTrust(cwd: string, options: TrustOptions, at: EpochMs): HttpTrust | undefined {
  const { certificate, key, hub = "" } = options;
  if (certificate === undefined || key === undefined) return undefined;
  const view = readRegister(cwd, options);
  const { roots = [], intermediates = [] } = view.authority(view.agency(hub)?.authority ?? "") ?? {};
  return {
    certificatePem: Buffer.from(readNamedFile(resolve(cwd, certificate))).toString(),
    keyPem: readPrivateFile(resolve(cwd, key), { what: "the key of the link", maxBytes: maxKeyBytes }),
    authorities: renderPem("CERTIFICATE", ...roots, ...intermediates),
    isServer: (bytes) => {
      try {
        proveCertificate(view, { agency: hub, kind: "SERVER", thumbprint: sha256(bytes) }, at);
        return true;
      } catch (error) {
        if (isFault(error)) return false;
        throw error;
      }
    },
  };
} // prettier-ignore

/**
 * Finds by which keys a log is known.
 *
 * @throws {Fault} USAGE_INVALID, REGISTER_*, LOG_NOTE_INVALID, KEY_UNUSABLE
 */
export function chooseTrust(cwd: string, options: TrustOptions, at: EpochMs): LogTrust {
  const { register, hub, logKey = [] } = options;
  if (logKey.length > 0) return { keys: logKey.map(parseVerifierKey) };
  if (register === undefined || hub === undefined) {
    return refuse("name the register and the hub (--register DIR --hub HUB), or a key of its log (--log-key KEY)");
  }
  const keys = readRegister(cwd, options).logKeys(hub, at);
  if (keys.length === 0) refuse(`the register names no key for a log of ${hub}`);
  return { keys, http: makeHttpTrust(cwd, options, at) };
} // prettier-ignore
