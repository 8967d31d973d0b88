import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import type { TokenHandle } from "./driver.ts";
import type { TokenPlace } from "./place.ts";
import type { TokenSession } from "./session.ts";

/** Refuses a key, naming it by its label. @throws {Fault} KEY_UNUSABLE */
export function refuseKey({ object, token }: TokenPlace, detail: string): never {
  throw new Fault("KEY_UNUSABLE", `key ${object} in token ${token} ${detail}`);
}

/** The one object of a class with the place's label; undefined when there is none. */
export function findObject(
  { calls, numbers, session }: TokenSession,
  place: TokenPlace,
  objectClass: "private" | "public",
): TokenHandle | undefined {
  const { CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKA_CLASS, CKA_LABEL } = numbers;
  calls.C_FindObjectsInit(session, [
    { type: CKA_CLASS, value: objectClass === "private" ? CKO_PRIVATE_KEY : CKO_PUBLIC_KEY },
    { type: CKA_LABEL, value: place.object },
  ]);
  const objects = calls.C_FindObjects(session, 2);
  calls.C_FindObjectsFinal(session);
  if (objects.length > 1) refuseKey(place, "has a twin of the same label; give each its own");
  return objects[0];
}

/** The value of one attribute; empty when the object has none. */
export function readAttribute(opened: TokenSession, object: TokenHandle, type: number): Bytes {
  const { calls, session } = opened;
  const [attribute] = calls.C_GetAttributeValue(session, object, [{ type }]);
  return attribute?.value ?? Buffer.alloc(0);
}

/** Handles found in a session; a later session looks again, for its handles may be other keys'. */
const found = new WeakMap<TokenSession, Map<string, TokenHandle>>();

/** The private key of a place. @throws {Fault} KEY_UNUSABLE */
export function findPrivateKey(opened: TokenSession, place: TokenPlace): TokenHandle {
  const held = found.get(opened) ?? new Map<string, TokenHandle>();
  const key =
    held.get(place.object) ??
    findObject(opened, place, "private") ??
    refuseKey(place, "is not there");
  found.set(opened, held.set(place.object, key));
  return key;
}
