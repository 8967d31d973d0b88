import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";

import { createAccount, createCurve, createUser, type KeyPair } from "@nats-io/nkeys";

import { type Bytes, Fault } from "../../schemas/ground/index.ts";

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/** Prefix bytes of the kinds we meet: server, account, user, curve. */
const prefixes = { N: 0x68, A: 0x00, U: 0xa0, X: 0xb8 } as const;
const seedPrefix = 0x90;
/** DER in front of 32 raw bytes: PKCS #8 and SubjectPublicKeyInfo of Ed25519 (RFC 8410). */
const privateHead = Buffer.from("302e020100300506032b657004220420", "hex");
const publicHead = Buffer.from("302a300506032b6570032100", "hex");

/** Kinds of nkey by their first letter. */
export type NkeyKind = keyof typeof prefixes;

/** One nkey: its public name, and the seed that is it. */
export interface Nkey {
  readonly publicKey: string;
  readonly seed: string;
}

function decodeBase32(text: string): Bytes {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text) {
    const digit = alphabet.indexOf(character);
    if (digit < 0) throw new Fault("KEY_UNUSABLE", "an nkey is base 32 in capitals");
    value = (value << 5) | digit;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((value >>> bits) & 0xff);
      value &= (1 << bits) - 1;
    }
  }
  if (value !== 0 || bits >= 5) {
    throw new Fault("KEY_UNUSABLE", "an nkey has no stray bits at its end");
  }
  return Buffer.from(bytes);
}

/** CRC-16 XMODEM, which every nkey ends with, low byte first. */
function checksum(bytes: Bytes): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let i = 0; i < 8; i += 1)
      crc = ((crc << 1) ^ ((crc & 0x8000) === 0 ? 0 : 0x1021)) & 0xffff;
  }
  return crc;
}

function decodeChecked(text: string): Bytes {
  const bytes = decodeBase32(text);
  const body = bytes.subarray(0, -2);
  const sum = (bytes.at(-2) ?? 0) | ((bytes.at(-1) ?? 0) << 8);
  if (bytes.length < 35 || checksum(body) !== sum) {
    throw new Fault("KEY_UNUSABLE", "an nkey's checksum does not fit");
  }
  return body;
}

/**
 * The 32 raw bytes of a public nkey of one kind.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function publicNkeyBytes(text: string, kind: NkeyKind): Bytes {
  const body = decodeChecked(text);
  if (body.length !== 33 || body[0] !== prefixes[kind]) {
    throw new Fault("KEY_UNUSABLE", `not a public nkey of kind ${kind}`);
  }
  return body.subarray(1);
}

/**
 * The 32 raw bytes of a seed of one kind.
 *
 * @throws {Fault} KEY_UNUSABLE
 */
export function seedNkeyBytes(text: string, kind: NkeyKind): Bytes {
  const body = decodeChecked(text);
  const [first = 0, second = 0] = body;
  const found = ((first & 0x07) << 5) | (second >>> 3);
  if (body.length !== 34 || (first & 0xf8) !== seedPrefix || found !== prefixes[kind]) {
    throw new Fault("KEY_UNUSABLE", `not a seed of kind ${kind}`);
  }
  return body.subarray(2);
}

/** A server's nkey as a key that verifies. @throws {Fault} KEY_UNUSABLE */
export function importServerNkey(text: string): KeyObject {
  const der = Buffer.concat([publicHead, publicNkeyBytes(text, "N")]);
  return createPublicKey({ key: der, format: "der", type: "spki" });
}

/** An account's seed as a key that signs. @throws {Fault} KEY_UNUSABLE */
export function importAccountSeed(seed: string): KeyObject {
  const der = Buffer.concat([privateHead, seedNkeyBytes(seed, "A")]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** Makes a fresh nkey of one kind. */
export function makeNkey(kind: "A" | "U" | "X"): Nkey {
  const makers: Readonly<Record<typeof kind, () => KeyPair>> = {
    A: createAccount,
    U: createUser,
    X: createCurve,
  };
  const pair = makers[kind]();
  return { publicKey: pair.getPublicKey(), seed: Buffer.from(pair.getSeed()).toString("ascii") };
}
