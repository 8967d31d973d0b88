import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import { parsePublicKey } from "../../shape/index.ts";
import type { AgreementKey } from "../agreement-key.ts";
import { type TokenSession, useToken } from "./session.ts";
import { findPrivateKey } from "./objects.ts";
import { openTokenKey, type TokenAccess } from "./token-key.ts";
import type { TokenPlace } from "./place.ts";

const secretOctets = 32;
/** `04 x y` ends a SubjectPublicKeyInfo of P-256. */
const pointOctets = 65;

/** The secret is of this one message and is meant for us: it may be read, and is gone with the session. */
function derive(opened: TokenSession, place: TokenPlace, point: Buffer): Bytes {
  const { calls, numbers, session } = opened;
  const mechanism = {
    mechanism: numbers.CKM_ECDH1_DERIVE,
    parameter: { type: numbers.CK_PARAMS_EC_DH, kdf: numbers.CKD_NULL, publicData: point },
  };
  const secret = calls.C_DeriveKey(session, mechanism, findPrivateKey(opened, place), [
    { type: numbers.CKA_CLASS, value: numbers.CKO_SECRET_KEY },
    { type: numbers.CKA_KEY_TYPE, value: numbers.CKK_GENERIC_SECRET },
    { type: numbers.CKA_TOKEN, value: false },
    { type: numbers.CKA_SENSITIVE, value: false },
    { type: numbers.CKA_EXTRACTABLE, value: true },
    { type: numbers.CKA_VALUE_LEN, value: secretOctets },
  ]);
  try {
    const [value] = calls.C_GetAttributeValue(session, secret, [{ type: numbers.CKA_VALUE }]);
    return value?.value ?? Buffer.alloc(0);
  } finally {
    calls.C_DestroyObject(session, secret);
  }
}

/**
 * The agreement of a P-256 key in a token. Each secret is made in the token and read from it; the key stays.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function openTokenAgreement(access: TokenAccess): AgreementKey {
  const { place } = access;
  const { keyType, spki } = openTokenKey(access);
  if (keyType !== "P-256") throw new Fault("KEY_UNUSABLE", "a sealing key is of P-256");
  return {
    spki,
    agree: (peer) => {
      const other = parsePublicKey(peer);
      if (other.keyType !== "P-256")
        throw new Fault("KEY_UNUSABLE", "the other's key is not P-256");
      const point = Buffer.from(other.spki.subarray(other.spki.length - pointOctets));
      const secret = useToken(access, (opened) => derive(opened, place, point));
      if (secret.length === secretOctets) return secret;
      throw new Fault("KEY_UNUSABLE", `token ${place.token} made a secret of another length`);
    },
  };
}
