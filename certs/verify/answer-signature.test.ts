import { createPublicKey, createSecretKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, it } from "vitest";

import { jwsAlgorithms, jwsKey, makeDetached, makeJws, signBytes } from "../../test/kit/jws.ts";
import { makeKeyPair, makeSigner, makeSigningKey, publicHalf } from "../keys/index.ts";
import { rawToDer } from "../shape/index.ts";
import { type Bytes, renderBase64url, sha256, utf8 } from "../../schemas/ground/index.ts";
import { answerRequest } from "./answer.ts";
import { answerSignature } from "./answer-signature.ts";

function ask(request: object): string {
  const { ok, code } = answerRequest(utf8(JSON.stringify(request)), answerSignature);
  return ok ? "good" : (code ?? "no code");
}

function askAbout(alg: string, jws: string, more: object = {}): string {
  return ask({ jws, jwk: jwsKey(alg).jwk, alg, ...more });
}

function headed(header: unknown, alg = "ES256"): string {
  return makeJws(alg, { header: typeof header === "string" ? header : JSON.stringify(header) });
}

const es256 = makeJws("ES256");
const [header = "", payload = "", signature = ""] = es256.split(".");
const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function octets(value: bigint, length = 32): Buffer {
  return Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex");
}

function sOf(text: string): bigint {
  return BigInt(`0x${Buffer.from(text, "base64url").subarray(32).toString("hex")}`);
}

/** The other of the two signatures that ECDSA has for one statement. */
function twin(text: string): string {
  const r = Buffer.from(text, "base64url").subarray(0, 32);
  return renderBase64url(Buffer.concat([r, octets(order - sOf(text))]));
}

const isLow = (text: string): boolean => sOf(text) <= order / 2n;

describe("a signature", () => {
  it.each(jwsAlgorithms)("of %s that its key made holds, and for no other bytes", (alg) => {
    const jws = makeJws(alg);
    expect(askAbout(alg, jws)).toBe("good");
    const [head = "", , value = ""] = jws.split(".");
    expect(askAbout(alg, `${head}.${renderBase64url(utf8("another"))}.${value}`)).toBe("SIGNATURE_INVALID");
    const other = `${head}.${payload}.${makeJws(alg, { payload: "other" }).split(".")[2]}`;
    expect(askAbout(alg, other)).toBe("SIGNATURE_INVALID");
    expect(askAbout(alg, makeJws(alg, { payload: "" }))).toBe("good");
  }); // prettier-ignore

  it.each(jwsAlgorithms)("of %s that is cut, or longer, is refused", (alg) => {
    const [head = "", middle = "", value = ""] = makeJws(alg).split(".");
    const raw = Buffer.from(value, "base64url");
    for (const changed of [raw.subarray(1), raw.subarray(0, -1), Buffer.concat([raw, Buffer.of(0)]), Buffer.concat([Buffer.of(0), raw]), Buffer.alloc(0), Buffer.alloc(raw.length)]) {
      expect(askAbout(alg, `${head}.${middle}.${renderBase64url(changed)}`)).toBe("SIGNATURE_INVALID");
    }
  }); // prettier-ignore

  it("whose r or s is not between nought and the order is refused, and so is DER", () => {
    const edges = [0n, order, 2n ** 256n - 1n].map((value) => octets(value));
    const fine = octets(1n);
    for (const edge of edges) {
      for (const raw of [[edge, fine], [fine, edge], [edge, edge]]) {
        const value = renderBase64url(Buffer.concat(raw));
        expect(askAbout("ES256", `${header}.${payload}.${value}`)).toBe("SIGNATURE_INVALID");
      }
    }
    const low = isLow(signature) ? signature : twin(signature);
    const der = renderBase64url(rawToDer(Buffer.from(low, "base64url")));
    expect(askAbout("ES256", `${header}.${payload}.${der}`)).toBe("SIGNATURE_INVALID");
  }); // prettier-ignore

  it("of ECDSA has a twin: both hold, and both are one statement", () => {
    const both = [es256, `${header}.${payload}.${twin(signature)}`].map((jws) =>
      answerSignature({ jws, jwk: jwsKey("ES256").jwk, alg: "ES256" }),
    );
    expect(both[0]).toEqual({ ok: true, signed: renderBase64url(sha256(utf8(`${header}.${payload}`))) }); // prettier-ignore
    expect(both[1]).toEqual(both[0]);
  });

  it("of another algorithm than the caller's is refused, whatever the key could do", () => {
    const code = "SIGNATURE_ALGORITHM_NOT_PERMITTED";
    expect(askAbout("PS256", makeJws("RS256"))).toBe(code);
    expect(askAbout("RS512", makeJws("RS256"))).toBe(code);
    expect(askAbout("ES256", headed({ alg: "none" }))).toBe(code);
    expect(askAbout("ES256", `${renderBase64url(utf8('{"alg":"none"}'))}.${payload}.`)).toBe(code);
    for (const alg of ["none", "NONE", "", "HS1", "RS1", "ES256K", "Ed448", "es256", "toString", "__proto__"]) {
      expect(ask({ jws: headed({ alg }), jwk: jwsKey("ES256").jwk, alg })).toBe(code);
    }
  }); // prettier-ignore

  it("by a public key taken for a secret is refused, and by a secret taken for a public key", () => {
    const code = "SIGNATURE_KEY_NOT_PERMITTED";
    for (const alg of ["RS256", "ES256", "EdDSA"]) {
      const { jwk } = jwsKey(alg);
      const spki = createPublicKey({ key: jwk, format: "jwk" }).export({
        format: "pem",
        type: "spki",
      });
      for (const secret of [spki, JSON.stringify(jwk), jwk.n ?? jwk.x ?? ""]) {
        const key = createSecretKey(utf8(secret.toString()));
        expect(ask({ jws: makeJws("HS256", { key }), jwk, alg: "HS256" })).toBe(code);
      }
    }
    expect(ask({ jws: es256, jwk: jwsKey("HS256").jwk, alg: "ES256" })).toBe(code);
  });
});

describe("the spelling of a signature", () => {
  const raw = Buffer.from(signature, "base64url");
  it.each<[string, string]>([
    ["padding", `${es256}==`],
    ["padding of the header", `${header}=.${payload}.${signature}`],
    ["a space", `${header}.${payload}. ${signature}`],
    ["a line feed at the end", `${es256}\n`],
    ["trailing bits", `${es256.slice(0, -1)}${signature.endsWith("A") || signature.endsWith("Q") ? "B" : "h"}`],
    ["letters of the other alphabet", `${header}.${payload}.${raw.toString("base64").replaceAll("=", "").replace(/^./, "+")}`],
    ["a letter outside", `${header}.${payload}?.${signature}`],
    ["a letter that is no ASCII", `${header}.${payload}.${signature}\u00e9`],
  ])("with %s is refused", (_, jws) => {
    expect(askAbout("ES256", jws)).toBe("BYTES_NOT_CANONICAL");
  }); // prettier-ignore

  it.each<[string, string]>([
    ["two parts", `${header}.${payload}`],
    ["four parts", `${es256}.`],
    ["five parts", `${es256}..`],
    ["nothing", ""],
  ])("as %s is refused", (_, jws) => {
    expect(askAbout("ES256", jws)).toBe("SIGNATURE_MALFORMED");
  });

  it("in the JSON form is refused", () => {
    const json = JSON.stringify({ payload, protected: header, signature });
    expect(askAbout("ES256", json)).toBe("SIGNATURE_MALFORMED");
  });
});

describe("the header", () => {
  it("may stand in any order with any white space, and hold what nobody must understand", () => {
    expect(askAbout("ES256", headed('{ "kid" : "k",\n\t"alg":"ES256", "other": [1] }'))).toBe("good");
    expect(askAbout("ES256", headed({ alg: "ES256", typ: "JOSE", cty: "text/plain" }))).toBe("good");
  }); // prettier-ignore

  it("that names a member twice, in whatever spelling, is refused", () => {
    for (const text of ['{"alg":"ES256","alg":"ES256"}', '{"alg":"ES256","\\u0061lg":"none"}', '{"alg":"ES256","x":{"y":1,"y":1}}']) {
      expect(askAbout("ES256", headed(text))).toBe("JSON_MALFORMED");
    }
  }); // prettier-ignore

  it.each<[string, string, string]>([
    ["no JSON", "ES256", "JSON_MALFORMED"],
    ["a list", '["ES256"]', "SIGNATURE_MALFORMED"],
    ["null", "null", "SIGNATURE_MALFORMED"],
    ["without alg", "{}", "SIGNATURE_MALFORMED"],
    ["with an alg that is a list", '{"alg":["ES256"]}', "SIGNATURE_MALFORMED"],
    ["with a byte order mark", '\ufeff{"alg":"ES256"}', "JSON_MALFORMED"],
    ["with something behind it", '{"alg":"ES256"}{}', "JSON_MALFORMED"],
    ["that nests without end", `{"alg":"ES256","x":${"[".repeat(40)}${"]".repeat(40)}}`, "CODEC_TOO_DEEP"],
    ["that is too long", JSON.stringify({ alg: "ES256", x: "y".repeat(20_000) }), "SIGNATURE_MALFORMED"],
  ])("%s is refused", (_, text, code) => {
    expect(askAbout("ES256", headed(text))).toBe(code);
  }); // prettier-ignore

  it("that is not UTF-8 is refused", () => {
    const encoded = renderBase64url(Buffer.from('{"alg":"ES256","kid":"\xff"}', "latin1"));
    const value = signBytes("ES256", jwsKey("ES256").key, utf8(`${encoded}.${payload}`));
    expect(askAbout("ES256", `${encoded}.${payload}.${renderBase64url(value)}`)).toBe("BYTES_NOT_TEXT"); // prettier-ignore
  });

  it.each(["jku", "jwk", "x5u", "x5c"])("that brings a key as %s is refused", (member) => {
    for (const value of ["https://keys.example", jwsKey("ES256").jwk, ["AAAA"], null]) {
      expect(askAbout("ES256", headed({ alg: "ES256", [member]: value }))).toBe("SIGNATURE_MALFORMED");
    }
  }); // prettier-ignore

  it("with an extension that must be understood and is not is refused", () => {
    for (const extension of [
      { crit: ["exp"], exp: 1 },
      { crit: [] },
      { crit: "b64", b64: true },
      { crit: ["b64"] },
      { b64: true },
      { b64: false },
      { crit: ["b64", "b64"], b64: true },
      { crit: ["b64", "exp"], b64: true, exp: 1 },
      { crit: ["b64"], b64: "false" },
      { crit: ["alg"] },
    ]) {
      const jws = headed({ alg: "ES256", ...extension });
      expect([extension, askAbout("ES256", jws)]).toEqual([extension, "SIGNATURE_MALFORMED"]);
    }
    expect(askAbout("ES256", headed({ alg: "ES256", crit: ["b64"], b64: true }))).toBe("good");
  });
});

describe("a payload beside the signature", () => {
  const bytes = utf8("$.02 and more. Even dots.");
  const beside = { payload: renderBase64url(bytes) };

  it.each(jwsAlgorithms)("is signed as it is, with %s", (alg) => {
    expect(askAbout(alg, makeDetached(alg, bytes), beside)).toBe("good");
    const other = { payload: renderBase64url(utf8("$.03")) };
    expect(askAbout(alg, makeDetached(alg, bytes), other)).toBe("SIGNATURE_INVALID");
  });

  it("may be signed in base64url as well, RFC 7515 appendix F", () => {
    expect(askAbout("ES256", `${header}..${signature}`, { payload })).toBe("good");
    expect(askAbout("ES256", `${header}..${signature}`)).toBe("SIGNATURE_INVALID");
  });

  it("is there once: not inside and beside, and not nowhere", () => {
    expect(askAbout("ES256", es256, { payload })).toBe("SIGNATURE_MALFORMED");
    expect(askAbout("ES256", makeDetached("ES256", bytes))).toBe("SIGNATURE_MALFORMED");
    const inside = makeDetached("ES256", utf8("abcd")).replace("..", ".abcd.");
    expect(askAbout("ES256", inside)).toBe("SIGNATURE_MALFORMED");
  });

  it("in another spelling than base64url is refused", () => {
    const jws = makeDetached("ES256", bytes);
    for (const wrong of [`${beside.payload}=`, ` ${beside.payload}`, bytes.toString()]) {
      expect(askAbout("ES256", jws, { payload: wrong })).toBe("BYTES_NOT_CANONICAL");
    }
  });
});

describe("published examples", () => {
  const secret =
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
  const hs256 = { alg: "HS256", jwk: { kty: "oct", k: secret } }; // prettier-ignore

  it("of RFC 7515 A.1, A.3 and A.4 hold", () => {
    const claims = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    expect(ask({ ...hs256, jws: `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${claims}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk` })).toBe("good");
    const p256 = { kty: "EC", crv: "P-256", x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0" };
    expect(ask({ alg: "ES256", jwk: p256, jws: `eyJhbGciOiJFUzI1NiJ9.${claims}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q` })).toBe("good");
    const p521 = {
      kty: "EC", crv: "P-521",
      x: "AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLFV1jSfS9tsz4qUxcWceqwQGk",
      y: "ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd0AZMaZmh9ubmf63e3kyMj2",
    };
    const value = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
    expect(ask({ alg: "ES512", jwk: p521, jws: `eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.${value}` })).toBe("good");
  }); // prettier-ignore

  it("of RFC 7797 §4.2 and RFC 8037 A.5 hold", () => {
    const detached = "eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2UsImNyaXQiOlsiYjY0Il19..A5dxf2s96_n5FLueVuW1Z_vh161FwXZC4YLPff6dmDY";
    expect(ask({ ...hs256, jws: detached, payload: renderBase64url(utf8("$.02")) })).toBe("good");
    const jwk = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
    const jws = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    expect(ask({ alg: "EdDSA", jwk, jws })).toBe("good");
  }); // prettier-ignore
});

describe("certs/README.md", () => {
  it("shows a request that holds", () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const [, request = ""] = /```json\n([^`]+)```/.exec(readme) ?? [];
    expect(answerRequest(utf8(request), answerSignature)).toMatchObject({ id: "rfc8037", ok: true });
  });
}); // prettier-ignore

describe("a statement of our own", () => {
  const key = makeKeyPair("P-256");
  const signer = makeSigner({ signer: "ng/tcu", key: makeSigningKey(key), thumbprint: sha256(utf8("a certificate")) });
  const bytes: Bytes = utf8("an envelope");
  const jws = signer.sign("atumpan-envelope", bytes);
  const jwk = publicHalf(key).publicKey.export({ format: "jwk" });
  const own = { alg: "ES256", jwk, payload: renderBase64url(bytes) };

  it("is judged as hubs and gateways judge it: of the two signatures only the lower holds", () => {
    expect(ask({ ...own, jws })).toBe("good");
    const [head = "", , value = ""] = jws.split(".");
    expect(ask({ ...own, jws: `${head}..${twin(value)}` })).toBe("SIGNATURE_MALFORMED");
  });

  it("whose header is in another spelling is refused, though it was signed so", () => {
    const json = Buffer.from(jws.split(".")[0] ?? "", "base64url").toString();
    const low = (text: string): string => {
      const [head = "", , value = ""] = text.split(".");
      return isLow(value) ? text : `${head}..${twin(value)}`;
    };
    const signed = (spelling: string): string =>
      ask({ ...own, jws: low(makeDetached("ES256", bytes, { key, header: spelling })) });
    expect(signed(json)).toBe("good");
    expect(signed(json.replace(",", ", "))).toBe("SIGNATURE_MALFORMED");
    expect(signed(json.replace("ng", "\\u006eg"))).toBe("SIGNATURE_MALFORMED");
    expect(signed(json.replace("envelope", "other"))).toBe("SIGNATURE_MALFORMED");
  });
}); // prettier-ignore
