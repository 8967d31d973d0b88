import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** What the browser is told to ask; only what an authenticator needs. */
interface Options {
  readonly challenge: string;
  readonly rp?: { readonly id?: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
  readonly allowCredentials?: readonly { readonly id: string }[];
}

/** How an answer is to differ from a good one. */
export interface PasskeyChange {
  readonly origin?: string;
  readonly rpId?: string;
  readonly type?: string;
  readonly challenge?: string;
  /** Flags; 0x05 is present and verified. */
  readonly flags?: number;
  readonly counter?: number;
  /** Signs in place of the true key. */
  readonly key?: KeyObject;
  readonly fmt?: string;
}

/** An authenticator and browser in software: one ES256 key, as WebAuthn level 2 has them. */
export interface SoftPasskey {
  readonly id: string;
  /** How often it was used. */
  counter: number;
  create(options: unknown, origin: string, change?: PasskeyChange): Record<string, unknown>;
  get(options: unknown, origin: string, change?: PasskeyChange): Record<string, unknown>;
}

const b64 = (bytes: Uint8Array | string): string => Buffer.from(bytes).toString("base64url");
const hash = (data: Uint8Array | string): Buffer => createHash("sha256").update(data).digest();

function head(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

const cborInt = (value: number): Buffer => (value < 0 ? head(1, -1 - value) : head(0, value));
const cborText = (text: string): Buffer =>
  Buffer.concat([head(3, Buffer.byteLength(text)), Buffer.from(text)]);
const cborBytes = (bytes: Uint8Array): Buffer => Buffer.concat([head(2, bytes.length), bytes]);
const cborMap = (pairs: readonly (readonly [Buffer, Buffer])[]): Buffer =>
  Buffer.concat([head(5, pairs.length), ...pairs.flat()]);

function coseOf(publicKey: KeyObject): Buffer {
  const { x = "", y = "" } = publicKey.export({ format: "jwk" });
  const coordinate = (text: string): Buffer => cborBytes(Buffer.from(text, "base64url"));
  return cborMap([
    [cborInt(1), cborInt(2)],
    [cborInt(3), cborInt(-7)],
    [cborInt(-1), cborInt(1)],
    [cborInt(-2), coordinate(x)],
    [cborInt(-3), coordinate(y)],
  ]);
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

/** Makes a new one. */
export function makeSoftPasskey(): SoftPasskey {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const credential = randomBytes(32);
  const id = b64(credential);
  const authData = (rpId: string, change: PasskeyChange, tail: Uint8Array): Buffer => {
    const counter = Buffer.alloc(4);
    counter.writeUInt32BE(change.counter ?? made.counter);
    return Buffer.concat([hash(rpId), Buffer.from([change.flags ?? 0x05]), counter, tail]);
  };
  const made: SoftPasskey = {
    id,
    counter: 0,
    create: (given, origin, change = {}) => {
      const options = given as Options;
      const rpId = change.rpId ?? options.rp?.id ?? "";
      const data = clientData(change.type ?? "webauthn.create", change.challenge ?? options.challenge, change.origin ?? origin);
      const length = Buffer.from([credential.length >> 8, credential.length & 255]);
      const attested = Buffer.concat([Buffer.alloc(16), length, credential, coseOf(publicKey)]);
      const flags = (change.flags ?? 0x05) | 0x40;
      const attestation = cborMap([
        [cborText("fmt"), cborText(change.fmt ?? "none")],
        [cborText("attStmt"), cborMap([])],
        [cborText("authData"), cborBytes(authData(rpId, { ...change, flags }, attested))],
      ]);
      const response = { clientDataJSON: b64(data), attestationObject: b64(attestation), transports: ["internal"] };
      return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
    },
    get: (given, origin, change = {}) => {
      const options = given as Options;
      made.counter += 1;
      const rpId = change.rpId ?? options.rpId ?? "";
      const data = clientData(change.type ?? "webauthn.get", change.challenge ?? options.challenge, change.origin ?? origin);
      const bytes = authData(rpId, change, new Uint8Array());
      const signature = sign("sha256", Buffer.concat([bytes, hash(data)]), change.key ?? privateKey);
      const response = { clientDataJSON: b64(data), authenticatorData: b64(bytes), signature: b64(signature), userHandle: null };
      return { id, rawId: id, type: "public-key", clientExtensionResults: {}, response };
    },
  };
  return made;
} // prettier-ignore
