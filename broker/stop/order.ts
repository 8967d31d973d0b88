import { join } from "node:path";

import { z } from "zod";

import { type SigningKey } from "../../certs/keys/index.ts";
import {
  isSignatureValid,
  parseSignature,
  renderSignature,
  renderSignatureHeader,
  signingInput,
} from "../../certs/trust/index.ts";
import { isKnownCode } from "../../schemas/index.ts";
import {
  type Bytes,
  Fault,
  parseUtf8,
  renderHex,
  sha256,
  tryShape,
  utf8,
} from "../../schemas/ground/index.ts";
import { type DutyKey, signersNeeded } from "./duty.ts";

const time = z.int().min(0);
const orderShape = z.discriminatedUnion("act", [
  z.strictObject({
    act: z.literal("STOP"),
    hub: z.string().max(60),
    at: time,
    reason: z.string().refine((code) => isKnownCode("HUB_STOP_REASON", code)),
  }),
  z.strictObject({
    act: z.literal("RESUME"),
    hub: z.string().max(60),
    at: time,
    /** Which stop is ended: an order that was signed for another ends nothing. */
    since: time,
  }),
]);
const signedShape = z.strictObject({
  order: z.string().max(1_000),
  signatures: z.array(z.string().max(1_000)).max(16),
});

/** What somebody asks of the hub: to take in nothing new, or to go on. */
export type StopOrder = Readonly<z.infer<typeof orderShape>>;

/** An order as it lies in the hub's folder: its JSON as it was signed, and who signed. */
export type SignedOrder = Readonly<z.infer<typeof signedShape>>;

const maxOrderBytes = 32 * 1024;

/** Where an order is put for the hub's broker. */
export function orderFileOf(dir: string): string {
  return join(dir, "stop-order.json");
}

/** An order that nobody signed yet. */
export function makeOrder(order: StopOrder): SignedOrder {
  return { order: JSON.stringify(order), signatures: [] };
}

/** What an order is known by in the hub's answer. */
export function orderDigest({ order }: SignedOrder): string {
  return renderHex(sha256(utf8(order)));
}

/** Adds a signature by the holder of a duty officer's key. @throws {Fault} KEY_UNUSABLE, KEY_TOKEN_AWAY */
export function signOrder({ order, signatures }: SignedOrder, key: SigningKey): SignedOrder {
  const thumbprint = sha256(key.spki);
  const header = renderSignatureHeader({ alg: key.algorithm, kid: "duty", typ: "atumpan-hub-order", thumbprint });
  const signature = renderSignature(header, key.sign(signingInput(header, utf8(order))));
  return { order, signatures: [...signatures, signature] };
} // prettier-ignore

/** The file's bytes. */
export function renderSignedOrder(signed: SignedOrder): Bytes {
  return utf8(`${JSON.stringify(signed)}\n`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // what stands there is not told
    return undefined;
  }
}

/**
 * Reads an order: its shape alone. At most 32 KiB.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function parseSignedOrder(bytes: Bytes): { readonly signed: SignedOrder; readonly order: StopOrder } {
  const text = bytes.length > maxOrderBytes ? "" : parseUtf8(bytes);
  const signed = tryShape(signedShape, parse(text));
  const order = signed.success ? tryShape(orderShape, parse(signed.data.order)) : undefined;
  if (signed.success && order?.success === true) return { signed: signed.data, order: order.data };
  throw new Fault("REQUEST_INVALID", "this is no order to a hub");
} // prettier-ignore

function signerOf({ order }: SignedOrder, signature: string, duty: readonly DutyKey[]): string | undefined {
  const parsed = parseSignature(signature);
  const signer = duty.find(({ fingerprint }) => fingerprint === renderHex(parsed.thumbprint));
  const isHis =
    signer !== undefined &&
    parsed.typ === "atumpan-hub-order" &&
    isSignatureValid(parsed, utf8(order), signer.key);
  return isHis ? signer.fingerprint : undefined;
} // prettier-ignore

/**
 * Who of the duty officers signed, each once. An order of a hub that names none is signed by nobody: whoever may write into its
 * folder gives it.
 *
 * @throws {Fault} ROLE_MISSING when none did, SECOND_PERSON_NEEDED when it takes another; SIGNATURE_MALFORMED
 */
export function checkSigners(
  { signed, order }: { readonly signed: SignedOrder; readonly order: StopOrder },
  duty: readonly DutyKey[],
): readonly string[] {
  const found = signed.signatures.flatMap((one) => signerOf(signed, one, duty) ?? []);
  const signers = [...new Set(found)];
  const needed = signersNeeded(order.act, duty.length);
  if (signers.length >= needed) return signers;
  const words = `signed by ${signers.length} of ${needed} duty officers`;
  throw new Fault(signers.length === 0 ? "ROLE_MISSING" : "SECOND_PERSON_NEEDED", words);
}
