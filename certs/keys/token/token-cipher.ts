import { type Bytes, Fault } from "../../../schemas/ground/index.ts";
import type { TokenHandle } from "./driver.ts";
import { refuseKey } from "./objects.ts";
import { endTokenSessions, type TokenSession, useToken } from "./session.ts";
import type { TokenAccess } from "./token-key.ts";

const blockBytes = 16;
const keyBytes = 32;

/** An AES key in a token, for whole blocks of 16 bytes. */
export interface TokenCipher {
  encrypt(iv: Bytes, blocks: Bytes): Bytes;
  decrypt(iv: Bytes, blocks: Bytes): Bytes;
  /** Logs out: whoever uses the token next gives its PIN anew. */
  end(): void;
}

function attributesOf({ numbers }: TokenSession, label: string) {
  return [
    { type: numbers.CKA_CLASS, value: numbers.CKO_SECRET_KEY },
    { type: numbers.CKA_KEY_TYPE, value: numbers.CKK_AES },
    { type: numbers.CKA_LABEL, value: label },
  ];
}

function findAll(opened: TokenSession, { place }: TokenAccess): readonly TokenHandle[] {
  const { calls, session } = opened;
  calls.C_FindObjectsInit(session, attributesOf(opened, place.object));
  const found = calls.C_FindObjects(session, 2);
  calls.C_FindObjectsFinal(session);
  if (found.length > 1) refuseKey(place, "has a twin of the same label; give each its own");
  return found;
}

function findAes(opened: TokenSession, access: TokenAccess): TokenHandle {
  const [key] = findAll(opened, access);
  return key ?? refuseKey(access.place, "is no AES key, or not there");
}

function run(
  access: TokenAccess,
  act: "encrypt" | "decrypt",
  [iv, blocks]: readonly [Bytes, Bytes],
): Bytes {
  if (iv.length !== blockBytes || blocks.length === 0 || blocks.length % blockBytes !== 0)
    throw new Fault("KEY_UNUSABLE", "a token's AES key takes whole blocks of 16 bytes");
  return useToken(access, (opened) => {
    const { calls, numbers, session } = opened;
    const mechanism = { mechanism: numbers.CKM_AES_CBC, parameter: Buffer.from(iv) };
    const out = Buffer.alloc(blocks.length + blockBytes);
    const key = findAes(opened, access);
    if (act === "encrypt") {
      calls.C_EncryptInit(session, mechanism, key);
      return calls.C_Encrypt(session, Buffer.from(blocks), out);
    }
    calls.C_DecryptInit(session, mechanism, key);
    return calls.C_Decrypt(session, Buffer.from(blocks), out);
  });
}

/**
 * The AES key of a place in a token. CBC without padding, which every token has; it proves nothing by itself, so what
 * is decrypted has to be proved by whoever uses it.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function openTokenCipher(access: TokenAccess): TokenCipher {
  return {
    encrypt: (iv, blocks) => run(access, "encrypt", [iv, blocks]),
    decrypt: (iv, blocks) => run(access, "decrypt", [iv, blocks]),
    end: () => endTokenSessions(access.place),
  };
}

/**
 * Has a token make an AES key of 256 bits under the label of the place, never to leave the token. A label that is
 * taken is refused.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function makeTokenCipher(access: TokenAccess): TokenCipher {
  useToken(access, (opened) => {
    if (findAll(opened, access).length > 0) refuseKey(access.place, "is there already");
    const { calls, numbers, session } = opened;
    calls.C_GenerateKey(session, { mechanism: numbers.CKM_AES_KEY_GEN }, [
      ...attributesOf(opened, access.place.object),
      { type: numbers.CKA_TOKEN, value: true },
      { type: numbers.CKA_PRIVATE, value: true },
      { type: numbers.CKA_SENSITIVE, value: true },
      { type: numbers.CKA_EXTRACTABLE, value: false },
      { type: numbers.CKA_ENCRYPT, value: true },
      { type: numbers.CKA_DECRYPT, value: true },
      { type: numbers.CKA_VALUE_LEN, value: keyBytes },
    ]);
  });
  return openTokenCipher(access);
}
