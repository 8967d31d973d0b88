import { Fault } from "../../../schemas/ground/index.ts";
import type { HeldKey } from "../held-key.ts";
import type { TokenPlace } from "./place.ts";
import { type TokenSession, useToken } from "./session.ts";
import { findObject } from "./objects.ts";
import { openTokenKey, type TokenAccess, tokenCurves, type TokenKeyType } from "./token-key.ts";

/** What a key is to be, and for. */
export interface TokenKeyOrder {
  readonly keyType: TokenKeyType;
  readonly use: "sign" | "agree";
}

function generate(
  { calls, numbers, session }: TokenSession,
  { object }: TokenPlace,
  { keyType, use }: TokenKeyOrder,
): void {
  const signs = use === "sign";
  const shared = [
    { type: numbers.CKA_TOKEN, value: true },
    { type: numbers.CKA_LABEL, value: object },
    { type: numbers.CKA_ID, value: Buffer.from(object, "utf8").subarray(0, 32) },
  ];
  const publicHalf = [
    { type: numbers.CKA_VERIFY, value: signs },
    { type: numbers.CKA_EC_PARAMS, value: Buffer.from(tokenCurves[keyType].params) },
  ];
  const privateHalf = [
    { type: numbers.CKA_PRIVATE, value: true },
    { type: numbers.CKA_SENSITIVE, value: true },
    { type: numbers.CKA_EXTRACTABLE, value: false },
    { type: numbers.CKA_SIGN, value: signs },
    { type: numbers.CKA_DERIVE, value: !signs },
  ];
  const mechanism = { mechanism: numbers.CKM_EC_KEY_PAIR_GEN };
  calls.C_GenerateKeyPair(
    session,
    mechanism,
    [...shared, ...publicHalf],
    [...shared, ...privateHalf],
  );
}

/**
 * Has a token make a key pair under the label of `place`: for one use, never to leave the token. A label
 * that is taken is refused.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function makeTokenKey(access: TokenAccess, order: TokenKeyOrder): HeldKey {
  const { place } = access;
  useToken(access, (opened) => {
    if (findObject(opened, place, "private") ?? findObject(opened, place, "public"))
      throw new Fault("KEY_UNUSABLE", `token ${place.token} has a key ${place.object} already`);
    generate(opened, place, order);
  });
  return openTokenKey(access);
}
