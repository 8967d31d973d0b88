import { z } from "zod";

import { limits } from "../../schemas/index.ts";
import { type Bytes, Fault, parseBase64url, parseUtf8 } from "../../schemas/ground/index.ts";

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
const protectedHeader = recipientHeader.extend({
  enc: z.literal("A256GCM"),
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

/**
 * Refuses a sealed body that is not a JWE in General JSON form, A256GCM with keys by ECDH-ES+A256KW, for 1
 * to 64 readers. Says nothing of what is inside: the hub cannot open it.
 *
 * @throws {Fault} SCHEMA_INVALID, SEAL_NO_RECIPIENTS, SEAL_TOO_MANY_RECIPIENTS
 */
export function checkSealed(bytes: Bytes): void {
  const json = parseJson(bytes);
  const count = listed.safeParse(json);
  if (!count.success) refuse("it lists no recipients");
  const { length } = count.data.recipients;
  if (length === 0) throw new Fault("SEAL_NO_RECIPIENTS", "nobody could open it");
  if (length > limits.maxSealedRecipients) {
    throw new Fault("SEAL_TOO_MANY_RECIPIENTS", `at most ${limits.maxSealedRecipients} readers`);
  }
  const body = sealedBody.safeParse(json);
  if (!body.success) refuse("a member is missing, unknown or misspelt");
  const header = protectedHeader.safeParse(parseJson(parseBase64url(body.data.protected)));
  if (!header.success) refuse("the protected header does not ask for A256GCM");
  const shared = header.data.alg ?? body.data.unprotected?.alg;
  const named = body.data.recipients.every((one) => (one.header?.alg ?? shared) !== undefined);
  if (!named) refuse("a recipient's key is not by ECDH-ES+A256KW");
}
