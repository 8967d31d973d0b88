import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import {
  type HeldKey,
  isTokenPlace,
  makeHeldKey,
  makeKeyPair,
  makeTokenKey,
  parseTokenPlace,
} from "../../keys/index.ts";
import type { PinOf } from "../key-files.ts";
import type { CeremonyDesk } from "./desk.ts";

/** Places of keys in tokens that a folder names under these names. */
export function findTokenPlaces(folder: string, names: readonly string[]): readonly string[] {
  const files = names
    .map((name) => join(folder, `${name}.token`))
    .filter((file) => existsSync(file));
  return files.map((file) => readFileSync(file, "utf8").slice(0, 1025).trim());
}

/**
 * Asks for the PIN of every token whose place names no file of it, once for each token.
 *
 * @throws {Fault} KEY_UNUSABLE when a place is none
 */
export async function askPins(
  { askPin }: Pick<CeremonyDesk, "askPin">,
  places: readonly string[],
): Promise<PinOf> {
  const pins = new Map<string, string>();
  for (const place of places) {
    const { token, pinFile } = parseTokenPlace(place);
    if (pinFile === undefined && !pins.has(token)) pins.set(token, await askPin(token));
  }
  return (place) => pins.get(parseTokenPlace(place).token);
}

/** A new key and, when a token made it, where it lies. */
export interface NewKey {
  readonly key: HeldKey;
  readonly place?: string | undefined;
}

/**
 * Makes the key of a CA: in the token at `place`, or in this process when there is none.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function makeCaKey(
  desk: Pick<CeremonyDesk, "askPin">,
  { place, keyType }: { readonly place?: string | undefined; readonly keyType: "P-256" | "P-384" },
): Promise<NewKey> {
  if (place === undefined || !isTokenPlace(place))
    return { key: makeHeldKey(makeKeyPair(keyType)) };
  const pinOf = await askPins(desk, [place]);
  const access = { place: parseTokenPlace(place), pin: pinOf(place) };
  return { key: makeTokenKey(access, { keyType, use: "sign" }), place };
}
