import { checkMessage } from "./check/index.ts";
import {
  checkRegisterOffer,
  checkRegisterOffered,
  decodeRegisterOffer,
  decodeRegisterOffered,
  type RegisterOffer,
  type RegisterOffered,
} from "./gen/index.ts";
import type { Bytes } from "./ground/index.ts";

/**
 * Reads a piece of a register that somebody brings to a hub.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID
 */
export function parseRegisterOffer(bytes: Bytes): RegisterOffer {
  const offer = decodeRegisterOffer(bytes);
  checkMessage(checkRegisterOffer, offer);
  return offer;
}

/**
 * Reads what a hub answers to it.
 *
 * @throws {Fault} CODEC_MALFORMED, SCHEMA_INVALID
 */
export function parseRegisterOffered(bytes: Bytes): RegisterOffered {
  const offered = decodeRegisterOffered(bytes);
  checkMessage(checkRegisterOffered, offered);
  return offered;
}
