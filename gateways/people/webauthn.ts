import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { z } from "zod";

import { type Bytes, Fault, parseBase64url, utf8 } from "../../schemas/ground/index.ts";
import type { PasskeyRow, PersonRow } from "../store/index.ts";
import type { Origin } from "./origin.ts";

/** ES256 first: every authenticator has it. Then Ed25519, and RS256 for old Windows. */
const algorithms = [-7, -8, -257];
const timeoutMs = 5 * 60_000;

/** Base64url within bounds; the library reads whatever it is given. */
const packed = (max: number): z.ZodString => z.string().min(1).max(max).regex(/^[A-Za-z0-9_-]+$/); // prettier-ignore
const credentialId = packed(1_400);
const transports = z
  .array(z.enum(["ble", "cable", "hybrid", "internal", "nfc", "smart-card", "usb"]))
  .max(8);

/** What a browser makes of `navigator.credentials.create`, as JSON; what we do not read is left. */
export const creationShape = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: packed(4_096),
    attestationObject: packed(8_192),
    transports: transports.optional().catch(undefined),
  }),
});

/** What a browser makes of `navigator.credentials.get`, as JSON. */
export const answerShape = z.object({
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  response: z.object({
    clientDataJSON: packed(4_096),
    authenticatorData: packed(4_096),
    signature: packed(2_048),
    userHandle: packed(200).nullish(),
  }),
});

/** What was proved of a new passkey. */
export type NewPasskey = Pick<PasskeyRow, "id" | "publicKey" | "counter" | "transports">;

/** Where a ceremony happens, and what was asked. */
export interface Ceremony {
  readonly origin: Origin;
  readonly challenge: string;
}

function refuse(cause?: unknown): Fault {
  return new Fault("SIGN_IN_REFUSED", "the passkey's answer was not proved; begin again", {
    cause,
  });
}

function bytesOfText(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(parseBase64url(text));
}

/** What a browser needs for a new passkey: bound to our name, with the person checked by the device, no attestation. */
export async function makeCreation({ origin, challenge }: Ceremony, person: PersonRow, held: readonly PasskeyRow[]): Promise<unknown> {
  return await generateRegistrationOptions({
    rpName: "Atumpan",
    rpID: origin.rpId,
    userID: new Uint8Array(utf8(person.id)),
    userName: person.name,
    userDisplayName: person.name,
    challenge: bytesOfText(challenge),
    timeout: timeoutMs,
    attestationType: "none",
    excludeCredentials: held.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    supportedAlgorithmIDs: algorithms,
  });
} // prettier-ignore

/** Whether an attestation brings certificates; we asked for none, and read no stranger's. */
function isPlain(attestationObject: string): boolean {
  const decoded = decodeAttestationObject(bytesOfText(attestationObject));
  const fmt = decoded.get("fmt");
  return fmt === "none" || (fmt === "packed" && decoded.get("attStmt").get("x5c") === undefined);
}

/**
 * Proves that a new passkey was made for this challenge, at our origin, with the person checked by the device.
 *
 * @throws {Fault} SIGN_IN_REFUSED
 */
export async function verifyCreation(
  { origin, challenge }: Ceremony,
  answer: z.infer<typeof creationShape>,
): Promise<NewPasskey> {
  try {
    const { response, ...rest } = answer;
    const { clientDataJSON, attestationObject, transports: ways = [] } = response;
    if (!isPlain(attestationObject)) throw refuse();
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: { ...rest, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin.origin,
      expectedRPID: origin.rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: algorithms,
    });
    if (!verified || registrationInfo.credential.id !== answer.id) throw refuse();
    const { id, publicKey, counter } = registrationInfo.credential;
    return { id, publicKey, counter, transports: ways };
  } catch (cause) {
    // the library throws plain errors whose texts quote the answer
    throw refuse(cause);
  }
} // prettier-ignore

/** What a browser needs to answer with a passkey; none are named unless the person is known already. */
export async function makeQuestion({ origin, challenge }: Ceremony, held: readonly PasskeyRow[] = []): Promise<unknown> {
  return await generateAuthenticationOptions({
    rpID: origin.rpId,
    challenge: bytesOfText(challenge),
    timeout: timeoutMs,
    userVerification: "required",
    allowCredentials: held.map(({ id, transports: ways }) => ({ id, transports: [...ways] })),
  });
} // prettier-ignore

function cosePlain(bytes: Bytes): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/**
 * Proves that the passkey answered this challenge, at our origin, with the person checked by the device.
 *
 * @returns the counter it now stands at; whether that is right is for the caller to judge
 * @throws {Fault} SIGN_IN_REFUSED
 */
export async function verifyAnswer(
  { origin, challenge }: Ceremony,
  passkey: PasskeyRow,
  answer: z.infer<typeof answerShape>,
): Promise<number> {
  try {
    const { response, ...rest } = answer;
    const { clientDataJSON, authenticatorData, signature } = response;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...rest, response: { clientDataJSON, authenticatorData, signature }, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin.origin,
      expectedRPID: origin.rpId,
      requireUserVerification: true,
      // the counter is judged by us: a copy is to be told from a wrong signature
      credential: { id: passkey.id, publicKey: cosePlain(passkey.publicKey), counter: 0 },
    });
    if (!verified) throw refuse();
    return authenticationInfo.newCounter;
  } catch (cause) {
    throw refuse(cause);
  }
} // prettier-ignore
