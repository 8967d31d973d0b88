import { generateKeyPairSync, sign } from "node:crypto";

import { isAmong } from "../../../gateways/people/addresses.ts";
import { isSignedBy, readAssertion, readBasic } from "../../../gateways/people/client-auth.ts";
import { readCookie, sessionCookie } from "../../../gateways/people/cookies.ts";
import {
  answerShape,
  creationShape,
  verifyAnswer,
  verifyCreation,
} from "../../../gateways/people/webauthn.ts";
import { Fault, parseBase64url, tryShape } from "../../../schemas/ground/index.ts";
import { parseJsonText } from "../../../schemas/index.ts";
import { makeSoftPasskey } from "../../kit/soft-passkey.ts";
import { hold } from "../promises.ts";
import { jsonTarget, type Target, textTarget } from "../target.ts";

const origin = { origin: "https://gateway.example", rpId: "gateway.example", isSecure: true };
const challenge = "Y2hhbGxlbmdlIG9mIHRoZSBmdXp6IHRhcmdldA";
const maxText = 64 * 1024;

function malformed(): Fault {
  return new Fault("REQUEST_INVALID", "not of the shape");
}

/** Answers of passkeys: read through the library that knows CBOR, never a plain error, never a wrong yes. */
function passkeyTargets(): readonly Target[] {
  const passkey = makeSoftPasskey();
  const ceremony = { origin, challenge };
  const made = passkey.create({ challenge, rp: { id: origin.rpId } }, origin.origin);
  const answer = passkey.get({ challenge, rpId: origin.rpId }, origin.origin);
  const known = verifyCreation(ceremony, creationShape.parse(made));
  return [
    {
      ...jsonTarget("people/verifyCreation", [made], async (text) => {
        const { data } = tryShape(creationShape, parseJsonText(text, maxText));
        if (data === undefined) throw malformed();
        const { id } = await verifyCreation(ceremony, data);
        hold(id === data.id, "a passkey of another name is enrolled");
      }),
      codes: ["SIGN_IN_REFUSED", "REQUEST_INVALID", "JSON_", "CODEC_", "BYTES_"],
    },
    {
      ...jsonTarget("people/verifyAnswer", [answer], async (text) => {
        const { data } = tryShape(answerShape, parseJsonText(text, maxText));
        if (data === undefined) throw malformed();
        const at = { person: "p", name: "n", addedAt: 0, usedAt: 0, isSuspect: false };
        await verifyAnswer(ceremony, { ...(await known), ...at }, data);
        const { clientDataJSON } = data.response;
        const said = Buffer.from(parseBase64url(clientDataJSON)).toString("utf8");
        hold(said.includes(challenge) && said.includes(origin.origin), "a changed answer signs in");
      }),
      codes: ["SIGN_IN_REFUSED", "REQUEST_INVALID", "JSON_", "CODEC_", "BYTES_"],
    },
  ];
}

function assertionTarget(): Target {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ format: "der", type: "spki" });
  const pack = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { iss: "m", sub: "m", jti: "jti-00000001", exp: 1_780_272_060, aud: ["https://gateway.example"] };
  const text = `${pack({ alg: "ES256" })}.${pack(claims)}`;
  const signature = sign("sha256", Buffer.from(text), { key: privateKey, dsaEncoding: "ieee-p1363" });
  const whole = `${text}.${signature.toString("base64url")}`;
  return textTarget("people/readAssertion", [whole], (input) => {
    const shown = readAssertion(input);
    if (shown?.kind !== "ASSERTION") throw malformed();
    const isTrue = isSignedBy(shown.assertion, spki);
    hold(!isTrue || input.startsWith(`${text}.`), "a changed assertion is signed");
  });
} // prettier-ignore

/** What people and machines send to prove who they are. */
export function makePeopleTargets(): readonly Target[] {
  return [
    ...passkeyTargets(),
    assertionTarget(),
    textTarget("people/readBasic", [`Basic ${Buffer.from("id:secret").toString("base64")}`], (text) => {
      const shown = readBasic(text);
      hold(shown === undefined || shown.kind === "SECRET", "a secret is something else");
    }),
    textTarget("people/readCookie", ["__Host-atumpan-session=abc; other=1"], (text) => {
      const headers = new Map([["cookie", text]]);
      const request = { headers: { get: (name: string) => headers.get(name) ?? null } } as unknown as Request;
      const value = readCookie(request, sessionCookie, origin);
      hold(value === undefined || text.includes(value), "a cookie is made up");
    }),
    textTarget("people/isAmong", ["10.1.0.0/16", "2001:db8::/32"], (text) => {
      isAmong([text.slice(0, 50)], "10.1.2.3");
    }),
  ];
} // prettier-ignore
