import { createHash, createPublicKey, verify } from "node:crypto";

import { type Bytes, sameBytes } from "../../../schemas/ground/index.ts";
import { parsePublicKey, type PublicKey, renderDer, renderOid } from "../../shape/index.ts";
import { hashOf, type HeldKey } from "../held-key.ts";
import { findObject, findPrivateKey, readAttribute, refuseKey } from "./objects.ts";
import type { TokenPlace } from "./place.ts";
import { type TokenSession, useToken } from "./session.ts";

/** Curves of keys in tokens, as their parameters name them (RFC 5480 §2.1.1.1). */
export const tokenCurves = {
  "P-256": { params: renderOid("1.2.840.10045.3.1.7"), octets: 32 },
  "P-384": { params: renderOid("1.3.132.0.34"), octets: 48 },
} as const;

/** Kinds of key that we use in tokens: those that devices have. */
export type TokenKeyType = keyof typeof tokenCurves;

/** A token and, when it was typed in, its PIN. */
export interface TokenAccess {
  readonly place: TokenPlace;
  readonly pin?: string | undefined;
}

const maxSignatureBytes = 256;

/** A key that could be taken out of its token is one that lies in a file, for whoever logs in. */
function checkKept(opened: TokenSession, place: TokenPlace): void {
  const { CKA_SENSITIVE, CKA_EXTRACTABLE } = opened.numbers;
  const key = findPrivateKey(opened, place);
  const [sensitive] = readAttribute(opened, key, CKA_SENSITIVE);
  const [extractable] = readAttribute(opened, key, CKA_EXTRACTABLE);
  if (sensitive !== 1 || extractable !== 0)
    refuseKey(place, "could be taken out; make one that is sensitive and not extractable");
}

/** The point is an OCTET STRING around `04 x y`; tokens of some makers leave the wrapping out. */
function readPoint(value: Bytes, octets: number): Bytes | undefined {
  const size = 1 + 2 * octets;
  const point = value.length === size ? value : value.subarray(value.length - size);
  const isWrapped = value.length === size || sameBytes(value, renderDer(0x04, point));
  return isWrapped && point[0] === 0x04 ? point : undefined;
}

function readPublicHalf(opened: TokenSession, place: TokenPlace): PublicKey {
  const { CKA_EC_PARAMS, CKA_EC_POINT } = opened.numbers;
  const half =
    findObject(opened, place, "public") ?? refuseKey(place, "has no public half beside it");
  const params = readAttribute(opened, half, CKA_EC_PARAMS);
  const value = readAttribute(opened, half, CKA_EC_POINT);
  for (const crv of ["P-256", "P-384"] as const) {
    const { params: wanted, octets } = tokenCurves[crv];
    const point = sameBytes(params, wanted) ? readPoint(value, octets) : undefined;
    if (point === undefined) continue;
    const [x, y] = [point.subarray(1, 1 + octets), point.subarray(1 + octets)].map((part) =>
      Buffer.from(part).toString("base64url"),
    );
    const jwk = {
      kty: "EC",
      crv,
      ...(x === undefined ? {} : { x }),
      ...(y === undefined ? {} : { y }),
    };
    const spki = createPublicKey({ key: jwk, format: "jwk" }).export({
      format: "der",
      type: "spki",
    });
    return parsePublicKey(spki);
  }
  return refuseKey(place, "is not of P-256 or P-384");
}

function renderInteger(value: Bytes): Bytes {
  let start = 0;
  while (start < value.length - 1 && value[start] === 0) start += 1;
  const octets = value.subarray(start);
  const pad = (octets[0] ?? 0) >= 0x80 ? [0] : [];
  return renderDer(0x02, Buffer.from(pad), octets);
}

/** Tokens give r and s side by side; X.509 has them in DER. */
function toDer(raw: Bytes): Bytes {
  const half = raw.length / 2;
  return renderDer(0x30, renderInteger(raw.subarray(0, half)), renderInteger(raw.subarray(half)));
}

function signWith(opened: TokenSession, place: TokenPlace, digest: Buffer): Bytes {
  const { calls, numbers, session } = opened;
  calls.C_SignInit(session, { mechanism: numbers.CKM_ECDSA }, findPrivateKey(opened, place));
  return calls.C_Sign(session, digest, Buffer.alloc(maxSignatureBytes));
}

/**
 * The handle of a key in a token: P-256 or P-384, with its public half beside it, and one that cannot be
 * taken out. It signs synchronously. A session that is lost is opened again; there is no other key behind it.
 *
 * @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export function openTokenKey(access: TokenAccess): HeldKey {
  const { place } = access;
  const { keyType, spki, publicKey } = useToken(access, (opened) => {
    checkKept(opened, place);
    return readPublicHalf(opened, place);
  });
  const hash = hashOf[keyType] ?? refuseKey(place, "is not of a kind that signs a digest");
  return {
    keyType,
    spki,
    sign: (bytes) => {
      const digest = createHash(hash).update(bytes).digest();
      const signature = toDer(useToken(access, (opened) => signWith(opened, place, digest)));
      // a device may fail, or its library mix up two keys: neither may leave with our name on it
      if (verify(hash, bytes, publicKey, signature)) return signature;
      return refuseKey(place, "signed what its public half does not verify");
    },
  };
}
