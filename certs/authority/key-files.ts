import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { Fault, utf8 } from "../../schemas/ground/index.ts";
import { type HeldKey, loadHeldKey, saveKey } from "../keys/index.ts";
import type { Issuer } from "./issuer.ts";

/** How a PIN that was typed in is come by, for a token by its place; undefined where the place names a file. */
export type PinOf = (place: string) => string | undefined;

const maxPlaceBytes = 1024;

/**
 * Writes a CA's key to a folder: `name.key`, or for a key in a token `name.token` with its place. Overwrites
 * nothing.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function saveIssuerKey(
  folder: string,
  name: string,
  { key, place }: { readonly key: HeldKey; readonly place?: string | undefined },
): void {
  if (key.exportable !== undefined) return saveKey(join(folder, `${name}.key`), key.exportable);
  if (place === undefined)
    throw new Fault("KEY_UNUSABLE", `${name}: it is not known where the key lies`);
  try {
    writeFileSync(join(folder, `${name}.token`), `${place}\n`, {
      flag: "wx",
      mode: 0o600,
      flush: true,
    });
  } catch (cause) {
    throw new Fault("KEY_UNUSABLE", `${name}.token could not be written to a new file`, { cause });
  }
}

function readPlace(file: string): string {
  const text = readFileSync(file, "utf8");
  if (utf8(text).length > maxPlaceBytes)
    throw new Fault("KEY_UNUSABLE", `${file}: too large for a place`);
  return text.replace(/\n$/, "");
}

/**
 * Opens a CA's key where it lies. A folder that names both a file and a token is refused: which of the two
 * signs must not be chance, and a file never stands in for a token.
 *
 * @returns undefined when the key is not at hand
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function loadIssuerKey(
  folder: string,
  name: string,
  pinOf: PinOf = () => undefined,
): Pick<Issuer, "key" | "place"> | undefined {
  const file = join(folder, `${name}.key`);
  const token = join(folder, `${name}.token`);
  const inToken = existsSync(token);
  if (!existsSync(file)) {
    if (!inToken) return undefined;
    const place = readPlace(token);
    return { key: loadHeldKey(place, pinOf(place)), place };
  }
  if (inToken) throw new Fault("KEY_UNUSABLE", `${name}: both a key file and a token; leave one`);
  return { key: loadHeldKey(file) };
}
