import type { KeyObject } from "node:crypto";
import { z } from "zod";

import { Fault, renderBase64url, sha256 } from "../../schemas/ground/index.ts";
import { isSignatureValid, parseSignature } from "../trust/index.ts";
import { type Algorithm, findAlgorithm, isSignedWith } from "./algorithms.ts";
import type { Answer } from "./answer.ts";
import { parseJwk } from "./jwk.ts";
import { type Jws, parseJws } from "./jws.ts";
import { readShape } from "./read-shape.ts";

const shape = z.strictObject({
  jws: z.string(),
  jwk: z.looseObject({}),
  alg: z.string().max(32),
  payload: z.string().optional(),
});

/** The answer about a signature, with what two spellings of one statement have in common. */
export interface SignatureAnswer extends Answer {
  /** SHA-256 of the bytes that were signed, base64url. */
  readonly signed: string;
}

const ownTypes = "atumpan-";

/** Our own statements are judged as hubs and gateways judge them: one header, one spelling, the lower s. */
function isOwnSigned(text: string, { payload }: Jws, key: KeyObject): boolean {
  return isSignatureValid(parseSignature(text), payload, key);
}

interface Asked {
  readonly text: string;
  readonly jws: Jws;
  readonly key: KeyObject;
  readonly algorithm: Algorithm;
}

function isSigned({ text, jws, key, algorithm }: Asked): boolean {
  if (jws.typ?.startsWith(ownTypes) === true) return isOwnSigned(text, jws, key);
  return isSignedWith(algorithm, key, jws);
}

/**
 * Checks a JWS by a key and an algorithm that the caller names; the header's word counts for neither. Of the two
 * signatures that ECDSA has for one statement both are taken, as RFC 7518 has it, and both have one `signed`; of
 * our own statements only the lower.
 *
 * @throws {Fault} REQUEST_INVALID, SIGNATURE_*, BYTES_NOT_CANONICAL, BYTES_NOT_TEXT, JSON_MALFORMED, CODEC_TOO_*
 */
export function answerSignature(request: unknown): SignatureAnswer {
  const { jws: text, jwk, alg, payload } = readShape(shape, request);
  const algorithm = findAlgorithm(alg);
  if (algorithm === undefined) {
    throw new Fault("SIGNATURE_ALGORITHM_NOT_PERMITTED", "this algorithm is not one we verify");
  }
  const jws = parseJws(text, payload);
  if (jws.alg !== alg) {
    throw new Fault("SIGNATURE_ALGORITHM_NOT_PERMITTED", "the header names another algorithm");
  }
  const key = parseJwk(jwk, alg, algorithm);
  if (!isSigned({ text, jws, key, algorithm })) {
    throw new Fault(
      "SIGNATURE_INVALID",
      "the signature does not fit the bytes, or is by another key",
    );
  }
  return { ok: true, signed: renderBase64url(sha256(jws.input)) };
}
