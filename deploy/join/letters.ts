import { z } from "zod";

import { parseJsonText } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  isFault,
  renderHex,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { isMac, makeMac } from "./seal.ts";

/** The kinds of key that a gateway has, in the order in which they are asked for. */
export const joinKinds = ["LINK", "SIGNING", "SEALING"] as const;
/** One of them. */
export type JoinKind = (typeof joinKinds)[number];

/** What the newcomer sends its office, and what the office sends back: something of each kind, for one kit. */
export interface Letter {
  readonly kit: string;
  readonly agency: string;
  /** Of a request, its PKCS #10 alone; of an answer, the certificate and those between it and its root. DER. */
  readonly parts: Readonly<Record<JoinKind, readonly Bytes[]>>;
}

/** Which of the two it is. */
export type LetterKind = "request" | "answer";

/** Bytes of either at most: three times a certificate and what is between, with room. */
export const maxLetterBytes = 64 * 1024;
const maxPartChars = 8192;
const maxParts = 4;

const part = z
  .base64()
  .min(4)
  .max(maxPartChars)
  .transform((text): Bytes => Buffer.from(text, "base64"));
const parts = z.array(part).min(1).max(maxParts);
const shape = z.strictObject({
  join: z.enum(["request", "answer"]),
  kit: z.uuid(),
  agency: z.string().regex(/^[a-z]{2,10}\/[a-z][a-z0-9-]{0,30}$/),
  parts: z.strictObject({ LINK: parts, SIGNING: parts, SEALING: parts }),
  mac: z.string().regex(/^[0-9a-f]{64}$/),
});

function renderContent(kind: LetterKind, { kit, agency, parts: all }: Letter): Bytes {
  const texts = joinKinds.map((one) => [one, all[one].map((der) => Buffer.from(der).toString("base64"))]);
  return utf8(JSON.stringify([kind, kit, agency, texts]));
} // prettier-ignore

/** Writes a letter with the code that proves it. */
export function renderLetter(kind: LetterKind, letter: Letter, key: Bytes): Bytes {
  const { kit, agency, parts: all } = letter;
  const encode = (one: JoinKind): readonly string[] => all[one].map((der) => Buffer.from(der).toString("base64"));
  const mac = renderHex(makeMac(key, kind, renderContent(kind, letter)));
  const texts = { LINK: encode("LINK"), SIGNING: encode("SIGNING"), SEALING: encode("SEALING") };
  return utf8(`${JSON.stringify({ join: kind, kit, agency, parts: texts, mac }, undefined, 2)}\n`);
} // prettier-ignore

/** A letter that was read and not yet believed. */
export interface UnprovedLetter extends Letter {
  readonly mac: Bytes;
}

function refuse(kind: LetterKind, cause?: unknown): never {
  throw new Fault("KIT_INVALID", `the ${kind} is not one of a join kit`, { cause });
}

/** Reads a letter. @throws {Fault} KIT_INVALID */
export function parseLetter(kind: LetterKind, bytes: Bytes): UnprovedLetter {
  try {
    const text = Buffer.from(bytes).toString("utf8");
    const read = tryShape(shape, parseJsonText(text, maxLetterBytes));
    if (!read.success || read.data.join !== kind) return refuse(kind);
    const { join: _, mac, ...letter } = read.data;
    return { ...letter, mac: Buffer.from(mac, "hex") };
  } catch (cause) {
    if (isFault(cause, "KIT_INVALID") || !isFault(cause)) throw cause;
    return refuse(kind, cause);
  }
}

/**
 * Checks that a letter was written by who has this kit's folder and code.
 *
 * @throws {Fault} KIT_CODE_WRONG
 */
export function checkLetter(kind: LetterKind, { mac, ...letter }: UnprovedLetter, key: Bytes): void {
  if (isMac(makeMac(key, kind, renderContent(kind, letter)), mac)) return;
  throw new Fault("KIT_CODE_WRONG", `the ${kind} was not made with this kit's folder and code`);
} // prettier-ignore
