import {
  type Bytes,
  type Chance,
  renderBase64url,
  sameBytes,
  sha256,
  utf8,
} from "../../schemas/ground/index.ts";

/** 256 bits: guessing is hopeless without any limit on tries, and a plain digest is enough to keep it by. */
const secretBytes = 32;

/** A new secret of 43 characters, to be shown once. */
export function makeSecret(chance: Chance): string {
  return renderBase64url(chance.bytes(secretBytes));
}

/** Under which a secret is kept and looked for. */
export function digestSecret(secret: string): Bytes {
  return sha256(utf8(secret));
}

const spelling = /^[A-Za-z0-9_-]{43}$/;

/** Whether a text can be one of our secrets at all. */
export function isSecret(text: string): boolean {
  return spelling.test(text);
}

/** Whether a secret is the one kept by its digest; takes as long whatever it is, and when none is kept. */
export function isSameSecret(secret: string, kept: Bytes | undefined): boolean {
  const given = digestSecret(secret);
  const isSame = sameBytes(given, kept ?? decoy);
  return isSame && kept !== undefined;
}

/** Compared with where nothing is kept. */
const decoy = sha256(utf8("nothing"));
