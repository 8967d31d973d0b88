import { z } from "zod";

import { limits } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseBase64url,
  parseUtf8,
  tryShape,
} from "../../schemas/ground/index.ts";

const maxHeaderChars = 4096;
/** Base64url of 1 to `max` characters. By pattern: zod asks the length of anything that says it has one. */
const text = (max: number): z.ZodString =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{1,${max}}$`));
const listed = z.looseObject({ recipients: z.array(z.unknown()) });
const epk = z.looseObject({ kty: z.string(), crv: z.string() });
const recipientHeader = z.looseObject({
  alg: z.literal("ECDH-ES+A256KW").optional(),
  kid: z.string().optional(),
  epk: epk.optional(),
});
const sealedBody = z.strictObject({
  protected: text(maxHeaderChars),
  unprotected: recipientHeader.optional(),
  recipients: z
    .array(z.strictObject({ header: recipientHeader.optional(), encrypted_key: text(200) }))
    .min(1)
    .max(limits.maxSealedRecipients),
  iv: text(64),
  ciphertext: z.string().regex(/^[A-Za-z0-9_-]*$/),
  tag: text(64),
  aad: text(maxHeaderChars).optional(),
});
const encryption = z.enum(["A256GCM", "A256CBC-HS512"]);
const protectedHeader = recipientHeader.extend({
  enc: encryption,
  zip: z.never().optional(),
});

function refuse(detail: string, cause?: unknown): never {
  throw new Fault("SCHEMA_INVALID", `the sealed body is not a JWE we carry: ${detail}`, { cause });
}

function parseJson(bytes: Bytes): unknown {
  try {
    return JSON.parse(parseUtf8(bytes));
  } catch (cause) {
    return refuse("not JSON", cause);
  }
}

/** Five pieces of which the second, a carried key, is empty. */
const compact =
  /^([A-Za-z0-9_-]{1,4096})\.\.([A-Za-z0-9_-]{16,22})\.[A-Za-z0-9_-]*\.([A-Za-z0-9_-]{22,43})$/;
/** Characters of the IV and the tag that each encryption has: 12 and 16 bytes, 16 and 32. */
const lengths: Readonly<Record<z.infer<typeof encryption>, string>> = {
  A256GCM: "16 22",
  "A256CBC-HS512": "22 43",
};
const feedHeader = z.looseObject({
  alg: z.literal("dir"),
  enc: encryption,
  kid: z.string().regex(/^[0-9a-f]{32}$/),
  zip: z.never().optional(),
});

/**
 * Refuses a sealed feed body that is not a JWE in compact form with a key that its readers were given before.
 * Says nothing of what is inside or who they are.
 *
 * @returns the content encryption it asks for
 * @throws {Fault} SCHEMA_INVALID
 */
export function checkSealedFeed(bytes: Bytes): string {
  // what is not ASCII matches nothing
  const [, encoded, iv = "", tag = ""] = compact.exec(Buffer.from(bytes).toString("latin1")) ?? [];
  if (encoded === undefined) return refuse("not in compact form with an audience key");
  const header = tryShape(feedHeader, parseJson(parseBase64url(encoded)));
  if (!header.success) {
    return refuse(
      "the protected header does not ask for an audience key and an encryption of ours",
    );
  }
  const { enc } = header.data;
  if (lengths[enc] === `${iv.length} ${tag.length}`) return enc;
  return refuse("an IV or tag has not the length of its encryption");
}

/**
 * Refuses a sealed direct body that is not a JWE in General JSON form with keys by ECDH-ES+A256KW, for 1 to 8
 * readers. Says nothing of what is inside: the hub cannot open it.
 *
 * @returns the content encryption it asks for
 * @throws {Fault} SCHEMA_INVALID, SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS
 */
export function checkSealed(bytes: Bytes): string {
  const json = parseJson(bytes);
  const count = tryShape(listed, json);
  if (!count.success) refuse("it lists no recipients");
  const { length } = count.data.recipients;
  if (length === 0) throw new Fault("SEAL_NO_RECIPIENTS", "nobody could open it");
  if (length > limits.maxSealedRecipients) {
    throw new Fault("SEAL_TOO_MANY_RECIPIENTS", `at most ${limits.maxSealedRecipients} readers`);
  }
  const body = tryShape(sealedBody, json);
  if (!body.success) refuse("a member is missing, unknown or misspelt");
  const header = tryShape(protectedHeader, parseJson(parseBase64url(body.data.protected)));
  if (!header.success) refuse("the protected header does not ask for an encryption of ours");
  const shared = header.data.alg ?? body.data.unprotected?.alg;
  const named = body.data.recipients.every((one) => (one.header?.alg ?? shared) !== undefined);
  if (!named) refuse("a recipient's key is not by ECDH-ES+A256KW");
  return header.data.enc;
}
