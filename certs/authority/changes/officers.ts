import { z } from "zod";

import {
  type Bytes,
  Fault,
  parseBase64url,
  renderBase64url,
  sameBytes,
  sha256,
} from "../../../schemas/ground/index.ts";
import { parsePublicKey } from "../../shape/index.ts";
import type { PublicKey } from "../../shape/index.ts";

/** Somebody who may propose and accept changes for an office. */
export interface Officer {
  readonly name: string;
  readonly key: PublicKey;
}

const maxOfficers = 30;
const shape = z
  .array(
    z.strictObject({
      name: z
        .string()
        .min(2)
        .max(80)
        .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u),
      key: z.string().min(20).max(200),
    }),
  )
  .min(2)
  .max(maxOfficers);

function refuse(detail: string, cause?: unknown): never {
  throw new Fault("CHANGE_INVALID", detail, { cause });
}

function readKey(text: string): PublicKey {
  try {
    const key = parsePublicKey(parseBase64url(text));
    if (key.keyType === "P-256" || key.keyType === "Ed25519") return key;
  } catch (cause) {
    return refuse("an officer's key is not a public key in base64url", cause);
  }
  return refuse("an officer's key is of P-256 or Ed25519");
}

function readList(json: unknown): z.infer<typeof shape> {
  try {
    return shape.parse(json);
  } catch (cause) {
    // the library throws in two ways: it also asks the length of whatever says it has one
    return refuse(`officers are a list of 2 to ${maxOfficers} of {name, key}, names up to 80 signs`, cause);
  }
} // prettier-ignore

/** One person has one name, however it is written. */
function plain(name: string): string {
  return name.normalize("NFKC").trim().replace(/ +/g, " ").toLowerCase();
}

/**
 * Reads a list of officers: two at least, nobody twice, no key twice.
 *
 * @throws {Fault} CHANGE_INVALID
 */
export function parseOfficers(json: unknown): readonly Officer[] {
  const officers = readList(json).map(({ name, key }) => ({ name, key: readKey(key) }));
  if (new Set(officers.map(({ name }) => plain(name))).size < officers.length) {
    return refuse("one person stands twice among the officers; each has one name and one key");
  }
  const keys = officers.map(({ key }) => renderBase64url(key.spki));
  if (new Set(keys).size < keys.length) return refuse("two officers have one key; each makes an own");
  return officers;
} // prettier-ignore

/** Officers as they are written down. */
export function renderOfficers(
  officers: readonly Officer[],
): readonly { readonly name: string; readonly key: string }[] {
  return officers.map(({ name, key }) => ({ name, key: renderBase64url(key.spki) }));
}

/**
 * Finds the officer whose key this is.
 *
 * @throws {Fault} CHANGE_NOT_PERMITTED
 */
export function findOfficer(
  { office, officers }: { readonly office: string; readonly officers: readonly Officer[] },
  thumbprint: Bytes,
): Officer {
  const found = officers.find(({ key }) => sameBytes(sha256(key.spki), thumbprint));
  if (found !== undefined) return found;
  throw new Fault(
    "CHANGE_NOT_PERMITTED",
    `the key belongs to no officer of ${office}; those of the office are in officers.json, and are changed like everything else: propose, accept`,
  );
}
