import { isAbsolute } from "node:path";

import { Fault } from "../../../schemas/ground/index.ts";

/** A key in a token, as a PKCS #11 URI names it (RFC 7512). */
export interface TokenPlace {
  /** The driver: an absolute path of a PKCS #11 library. */
  readonly library: string;
  /** Label of the token. */
  readonly token: string;
  /** Label of the key pair. */
  readonly object: string;
  /** A file that holds the PIN, absolute and readable to its owner alone; none when the PIN is asked for. */
  readonly pinFile?: string | undefined;
}

const maxPlaceLength = 1024;
const prefix = "pkcs11:";

function refuse(detail: string): never {
  throw new Fault("KEY_UNUSABLE", detail);
}

/** Whether a place of a key is in a token; otherwise it is a file. */
export function isTokenPlace(place: string): boolean {
  return place.startsWith(prefix);
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return refuse("a PKCS #11 URI has a percent sign that begins no octet");
  }
}

/** One attribute, once: two answers to one question are none. */
function readAttributes(text: string, between: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const piece of text === "" ? [] : text.split(between)) {
    const at = piece.indexOf("=");
    const name = piece.slice(0, at);
    if (at < 1 || found.has(name))
      refuse("a PKCS #11 URI names each attribute once, as name=value");
    found.set(name, decode(piece.slice(at + 1)));
  }
  return found;
}

const pathNames = new Set(["token", "object", "type"]);
const queryNames = new Set(["module-path", "pin-source"]);

function checkKnown(found: ReadonlyMap<string, string>, known: ReadonlySet<string>): void {
  if (found.has("pin-value"))
    refuse("a PIN never stands in a place; put it into a file and name that by pin-source");
  const unknown = [...found.keys()].find((name) => !known.has(name));
  // an attribute passed over could be the one that told two keys apart
  if (unknown !== undefined) {
    const read = [...pathNames, ...queryNames].join(", ");
    refuse(`a PKCS #11 URI has an attribute that is not read here; those that are: ${read}`);
  }
}

function absolute(name: string, value: string | undefined): string {
  const path = (value ?? "").replace(/^file:(?:\/\/)?/, "");
  if (!isAbsolute(path)) refuse(`${name} of a PKCS #11 URI is an absolute path`);
  return path;
}

function readParts(text: string): Readonly<Record<"named" | "asked", ReadonlyMap<string, string>>> {
  const [path = "", query = "", ...more] = text.split("?");
  if (more.length > 0) refuse("a PKCS #11 URI has one question mark");
  const asked = readAttributes(query, "&");
  checkKnown(asked, queryNames);
  const named = readAttributes(path, ";");
  checkKnown(named, pathNames);
  return { named, asked };
}

/**
 * Reads `pkcs11:token=…;object=…?module-path=…&pin-source=…`. Token, object and module-path must be there.
 * A PIN in the URI is refused: it would stand in configurations and process lists.
 *
 * @throws {Fault} KEY_UNUSABLE
 * @see RFC 7512 §2
 */
export function parseTokenPlace(place: string): TokenPlace {
  if (!isTokenPlace(place) || place.length > maxPlaceLength)
    refuse(`a key's place in a token is a PKCS #11 URI of at most ${maxPlaceLength} characters`);
  const { named, asked } = readParts(place.slice(prefix.length));
  const token = named.get("token") ?? "";
  const object = named.get("object") ?? "";
  if (token === "" || object === "") refuse("a PKCS #11 URI names token and object");
  if ((named.get("type") ?? "private") !== "private") refuse("the key to be used is a private one");
  const pin = asked.get("pin-source");
  return {
    token,
    object,
    library: absolute("module-path", asked.get("module-path")),
    pinFile: pin === undefined ? undefined : absolute("pin-source", pin),
  };
}
