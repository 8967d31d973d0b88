import { parseBase64url, renderBase64url } from "./base64.ts";
import { listOf, membersOf, textOf } from "./members.ts";

/** What a passkey answered, as the API takes it. */
export interface PasskeyAnswer {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle?: string;
  };
}

/** A passkey that was made, as the API takes it. */
export interface MadePasskey {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: { readonly clientDataJSON: string; readonly attestationObject: string };
}

function readHeld(value: unknown): PublicKeyCredentialDescriptor[] {
  return listOf(value).map((one) => ({
    type: "public-key",
    id: parseBase64url(textOf(membersOf(one)["id"])),
  }));
}

const fiveMinutes = 300_000;

/** Has the person prove by a passkey that it is she; undefined when she would not. Browsers older than the JSON forms of WebAuthn take part too. */
export async function askPasskey(options: unknown): Promise<PasskeyAnswer | undefined> {
  const said = membersOf(options);
  const publicKey: PublicKeyCredentialRequestOptions = {
    challenge: parseBase64url(textOf(said["challenge"])),
    rpId: textOf(said["rpId"]),
    allowCredentials: readHeld(said["allowCredentials"]),
    userVerification: "required",
    timeout: fiveMinutes,
  };
  const made = await navigator.credentials.get({ publicKey }).catch(() => null);
  if (!(made instanceof PublicKeyCredential)) return undefined;
  const { response } = made;
  if (!(response instanceof AuthenticatorAssertionResponse)) return undefined;
  const { userHandle } = response;
  return {
    id: made.id,
    rawId: made.id,
    type: "public-key",
    response: {
      clientDataJSON: renderBase64url(response.clientDataJSON),
      authenticatorData: renderBase64url(response.authenticatorData),
      signature: renderBase64url(response.signature),
      ...(userHandle === null ? {} : { userHandle: renderBase64url(userHandle) }),
    },
  };
}

function readUser(value: unknown): PublicKeyCredentialUserEntity {
  const { id, name, displayName } = membersOf(value);
  return { id: parseBase64url(textOf(id)), name: textOf(name), displayName: textOf(displayName) };
}

function readParameters(value: unknown): PublicKeyCredentialParameters[] {
  return listOf(value).map((one) => ({ type: "public-key", alg: Number(membersOf(one)["alg"]) }));
}

/** Has the person make a passkey; undefined when she would not. */
export async function makePasskey(options: unknown): Promise<MadePasskey | undefined> {
  const said = membersOf(options);
  const rp = membersOf(said["rp"]);
  const publicKey: PublicKeyCredentialCreationOptions = {
    challenge: parseBase64url(textOf(said["challenge"])),
    rp: { id: textOf(rp["id"]), name: textOf(rp["name"]) },
    user: readUser(said["user"]),
    pubKeyCredParams: readParameters(said["pubKeyCredParams"]),
    excludeCredentials: readHeld(said["excludeCredentials"]),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    attestation: "none",
    timeout: fiveMinutes,
  };
  const made = await navigator.credentials.create({ publicKey }).catch(() => null);
  if (!(made instanceof PublicKeyCredential)) return undefined;
  const { response } = made;
  if (!(response instanceof AuthenticatorAttestationResponse)) return undefined;
  const { clientDataJSON, attestationObject } = response;
  return {
    id: made.id,
    rawId: made.id,
    type: "public-key",
    response: {
      clientDataJSON: renderBase64url(clientDataJSON),
      attestationObject: renderBase64url(attestationObject),
    },
  };
}
