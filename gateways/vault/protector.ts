import {
  type Bytes,
  type Chance,
  type Clock,
  parseBase64url,
  renderBase64url,
} from "../../schemas/ground/index.ts";
import { openTokenCipher, type TokenAccess, type TokenCipher } from "../../certs/keys/index.ts";
import { makeKeyFile, readKeyFile } from "./key-material.ts";
import { measureCost, type ScryptCost, stretchPassphrase } from "./passphrase.ts";
import { parseRecoveryCode } from "./recovery-code.ts";
import type { Protector } from "./store-keys-shape.ts";
import { unwrapKey, wrapKey } from "./wrap.ts";

/** What somebody brings to open a store, or to open it with from now on. */
export type Proof =
  | { readonly kind: "passphrase"; readonly passphrase: string }
  | { readonly kind: "file"; readonly file: string }
  | { readonly kind: "token"; readonly access: TokenAccess }
  | { readonly kind: "recovery"; readonly code: string };

/** The store a key is of: what its boxes are bound to. */
export interface KeyPlace {
  readonly dir: string;
  readonly agency: string;
  readonly keyId: string;
}

/** What protectors are made with. */
export interface ProtectorMeans {
  readonly chance: Chance;
  readonly clock: Clock;
  /** Measured here unless given. */
  readonly cost?: ScryptCost | undefined;
}

const saltBytes = 16;
const tokenSecretBytes = 32;

type Head = Pick<Protector, "kind" | "name">;

function aboutOf({ agency, keyId }: KeyPlace, { kind, name }: Head): string {
  return ["atumpan store key 1", agency, keyId, kind, name].join("\n");
}

/** A PIN that was typed is asked of the token, whoever has logged in there before; and nobody stays logged in by it. */
function withToken(access: TokenAccess, act: (cipher: TokenCipher) => Bytes): Buffer {
  const cipher = openTokenCipher(access);
  if (access.pin !== undefined) cipher.end();
  try {
    return Buffer.from(act(cipher));
  } finally {
    if (access.pin !== undefined) cipher.end();
  }
}

async function secretOf(
  proof: Proof,
  protector: Protector,
  dir: string,
): Promise<Buffer | undefined> {
  if (proof.kind === "passphrase" && protector.kind === "passphrase") {
    const { pepper, cost } = protector;
    return await stretchPassphrase(proof.passphrase, parseBase64url(pepper), cost);
  }
  if (proof.kind === "file" && protector.kind === "file") return readKeyFile(proof.file, dir);
  if (proof.kind === "recovery" && protector.kind === "recovery")
    return parseRecoveryCode(proof.code);
  if (proof.kind !== "token" || protector.kind !== "token") return undefined;
  const [iv, box] = [parseBase64url(protector.token.iv), parseBase64url(protector.token.box)];
  return withToken(proof.access, (cipher) => cipher.decrypt(iv, box));
}

/**
 * The store's key by what was brought; undefined when it opens no protector of its kind. The caller erases the key.
 *
 * @throws {Fault} REQUEST_INVALID, CONFIG_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function openProtectors(
  protectors: readonly Protector[],
  proof: Proof,
  place: KeyPlace,
): Promise<Buffer | undefined> {
  for (const protector of protectors) {
    const secret = await secretOf(proof, protector, place.dir);
    if (secret === undefined) continue;
    const key = unwrapKey(protector, { secret, about: aboutOf(place, protector) });
    secret.fill(0);
    if (key !== undefined) return key;
  }
  return undefined;
}

/** A protector without its box, and the secret that will open it. */
interface Prepared {
  readonly secret: Buffer;
  readonly make: (box: ReturnType<typeof wrapKey>, name: string) => Protector;
}

async function preparePassphrase(text: string, means: ProtectorMeans): Promise<Prepared> {
  const pepper = means.chance.bytes(saltBytes);
  const cost = { ...(means.cost ?? (await measureCost(means.clock))) };
  return {
    secret: await stretchPassphrase(text, pepper, cost),
    make: (box, name) => ({
      kind: "passphrase",
      name,
      ...box,
      pepper: renderBase64url(pepper),
      cost,
    }),
  };
}

function prepareToken(access: TokenAccess, { chance }: ProtectorMeans): Prepared {
  const secret = Buffer.from(chance.bytes(tokenSecretBytes));
  const iv = chance.bytes(saltBytes);
  const held = withToken(access, (cipher) => cipher.encrypt(iv, secret));
  const token = { iv: renderBase64url(iv), box: renderBase64url(held) };
  return { secret, make: (box, name) => ({ kind: "token", name, ...box, token }) };
}

async function prepare(proof: Proof, dir: string, means: ProtectorMeans): Promise<Prepared> {
  if (proof.kind === "passphrase") return await preparePassphrase(proof.passphrase, means);
  if (proof.kind === "token") return prepareToken(proof.access, means);
  if (proof.kind === "recovery") {
    const secret = parseRecoveryCode(proof.code);
    return { secret, make: (box, name) => ({ kind: "recovery", name, ...box }) };
  }
  makeKeyFile(proof.file, dir, means.chance);
  const secret = readKeyFile(proof.file, dir);
  return { secret, make: (box, name) => ({ kind: "file", name, ...box }) };
}

/** What a new protector is to be. */
export interface ProtectorOrder {
  readonly name: string;
  readonly proof: Proof;
}

/**
 * A protector of a store's key, which what `proof` is will open. Makes the key file when it names one that is not there.
 *
 * @throws {Fault} REQUEST_INVALID, CONFIG_INVALID, KEY_UNUSABLE, KEY_TOKEN_AWAY
 */
export async function makeProtector(
  key: Bytes,
  { name, proof, place }: ProtectorOrder & { readonly place: KeyPlace },
  means: ProtectorMeans,
): Promise<Protector> {
  const { secret, make } = await prepare(proof, place.dir, means);
  const about = aboutOf(place, { kind: proof.kind, name });
  const box = wrapKey(key, { secret, about }, means.chance);
  secret.fill(0);
  return make(box, name);
}
