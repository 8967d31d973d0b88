import { createRequire } from "node:module";
import type { Handle, PKCS11 } from "pkcs11js";

import { Fault } from "../../../schemas/ground/index.ts";
import { findRefusal } from "./refusal.ts";

type Driver = typeof import("pkcs11js");

/** A PKCS #11 library that was loaded and begun, with the numbers of the standard. */
export interface TokenLibrary {
  readonly numbers: Driver;
  readonly calls: PKCS11;
}

/** What the library knows a session or an object by. */
export type TokenHandle = Handle;

const requireHere = createRequire(import.meta.url);
/** A library is begun once in a process: its state is the process's, not a caller's. */
const libraries = new Map<string, TokenLibrary>();

function isDriver(value: unknown): value is Driver {
  return typeof value === "object" && value !== null && "PKCS11" in value;
}

function loadDriver(): Driver {
  try {
    const loaded: unknown = requireHere("pkcs11js");
    if (isDriver(loaded)) return loaded;
  } catch (cause) {
    throw new Fault(
      "KEY_UNUSABLE",
      "keys in tokens need the native part of pkcs11js: build it with npm run pkcs11",
      { cause },
    );
  }
  throw new Fault("KEY_UNUSABLE", "pkcs11js is not what it was");
}

/** Whether keys in tokens can be used here at all. */
export function hasTokenDriver(): boolean {
  try {
    return loadDriver() !== undefined;
  } catch {
    return false;
  }
}

function begin(calls: PKCS11, numbers: Driver): void {
  try {
    calls.C_Initialize({ flags: numbers.CKF_OS_LOCKING_OK });
  } catch (error) {
    if (findRefusal(error) !== "CKR_CRYPTOKI_ALREADY_INITIALIZED") throw error;
  }
}

/**
 * Ends a library and begins it again; every session of it is over.
 *
 * @throws {Error} what the library refuses with
 */
export function beginAnew({ calls, numbers }: TokenLibrary): void {
  try {
    calls.C_Finalize();
  } catch (error) {
    if (findRefusal(error) !== "CKR_CRYPTOKI_NOT_INITIALIZED") throw error;
  }
  begin(calls, numbers);
}

/**
 * Loads a PKCS #11 library, once in a process.
 *
 * @throws {Fault} KEY_UNUSABLE when the native part is not built here, or the library is none
 */
export function openLibrary(path: string): TokenLibrary {
  const held = libraries.get(path);
  if (held !== undefined) return held;
  const numbers = loadDriver();
  try {
    const calls = new numbers.PKCS11(path);
    begin(calls, numbers);
    const opened = { numbers, calls };
    libraries.set(path, opened);
    return opened;
  } catch (cause) {
    throw new Fault("KEY_UNUSABLE", `${path} is not a PKCS #11 library that works here`, { cause });
  }
}
