import { createPublicKey, verify } from "node:crypto";
import { chmodSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { makeSoftTokens, softLibrary, tokenNeeds } from "../../../test/kit/soft-token.ts";
import { rawToDer } from "../../shape/index.ts";
import { makeAgreementKey } from "../agreement-key.ts";
import { loadHeldKey, loadSigningKey } from "../key-file.ts";
import { makeKeyPair } from "../key-pair.ts";
import { publicHalf } from "../public-half.ts";
import { makeTokenKey } from "./make-token-key.ts";
import { parseTokenPlace } from "./place.ts";
import { useToken } from "./session.ts";
import { openTokenAgreement } from "./token-agreement.ts";
import { openTokenKey } from "./token-key.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const words = Buffer.from("words to be signed");
const publicKeyOf = (spki: Uint8Array) =>
  createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });

describe.skipIf(softLibrary === undefined)(`keys in a token ${tokenNeeds}`, () => {
  const tokens = makeSoftTokens();
  afterAll(() => tokens.remove());
  const sign = { keyType: "P-256", use: "sign" } as const;

  /** What a cable pulled out does: every session of the process ends. */
  function loseSessions(): void {
    const driver = createRequire(import.meta.url)("pkcs11js") as typeof import("pkcs11js");
    const calls = new driver.PKCS11(softLibrary ?? "");
    for (const slot of calls.C_GetSlotList(true)) calls.C_CloseAllSessions(slot);
  }

  it.each(["P-256", "P-384"] as const)(
    "a %s key that a token made signs, verified by the platform",
    (keyType) => {
      const place = parseTokenPlace(tokens.make(`made-${keyType}`)("ca"));
      const key = makeTokenKey({ place }, { keyType, use: "sign" });
      expect(key.keyType).toBe(keyType);
      expect(key.exportable).toBeUndefined();
      for (let i = 0; i < 40; i += 1) {
        const signature = key.sign(words);
        const hash = keyType === "P-256" ? "sha256" : "sha384";
        expect(verify(hash, words, publicKeyOf(key.spki), signature)).toBe(true);
      }
    },
  );

  it("as a signing key it signs as JWS has it, with the lower s, from the place in a configuration", () => {
    const place = tokens.make("signing")("tcu");
    makeTokenKey({ place: parseTokenPlace(place) }, sign);
    const key = loadSigningKey(place);
    expect(key.algorithm).toBe("ES256");
    for (let i = 0; i < 40; i += 1) {
      // rawToDer refuses the higher s
      const der = rawToDer(key.sign(words));
      expect(verify("sha256", words, publicKeyOf(key.spki), der)).toBe(true);
    }
  });

  it("a secret agreed with a token is the one the other side reaches", () => {
    const place = parseTokenPlace(tokens.make("sealing")("tcu"));
    makeTokenKey({ place }, { keyType: "P-256", use: "agree" });
    const key = openTokenAgreement({ place });
    for (let i = 0; i < 20; i += 1) {
      const other = makeKeyPair("P-256");
      const secret = key.agree(publicHalf(other).spki);
      expect(Buffer.from(secret)).toEqual(Buffer.from(makeAgreementKey(other).agree(key.spki)));
    }
    const wrong = publicHalf(makeKeyPair("P-384")).spki;
    expect(() => key.agree(wrong)).toThrow(refused("KEY_UNUSABLE"));
  });

  it("a key for signing agrees on nothing, and one for agreeing signs nothing", () => {
    const make = tokens.make("uses");
    const [a, b] = ["a", "b"].map((name) => parseTokenPlace(make(name)));
    makeTokenKey({ place: a! }, sign);
    const agreeing = makeTokenKey({ place: b! }, { keyType: "P-256", use: "agree" });
    const peer = publicHalf(makeKeyPair("P-256")).spki;
    expect(() => openTokenAgreement({ place: a! }).agree(peer)).toThrow(refused("KEY_TOKEN_AWAY"));
    expect(() => agreeing.sign(words)).toThrow(refused("KEY_TOKEN_AWAY"));
  });

  it("a session that is lost is opened again, unseen by who signs", () => {
    const place = tokens.make("lost")("k");
    const key = makeTokenKey({ place: parseTokenPlace(place) }, sign);
    for (let i = 0; i < 3; i += 1) {
      loseSessions();
      expect(verify("sha256", words, publicKeyOf(key.spki), key.sign(words))).toBe(true);
    }
  });

  it("a token that is away says so, takes no other key in its place, and signs again when it is back", () => {
    const place = tokens.make("away")("k");
    const key = makeTokenKey({ place: parseTokenPlace(place) }, sign);
    const at = join(tokens.folder, "tokens");
    loseSessions();
    renameSync(at, `${at}-elsewhere`);
    try {
      expect(() => key.sign(words)).toThrow(refused("KEY_TOKEN_AWAY"));
      expect(() => key.sign(words)).toThrow(refused("KEY_TOKEN_AWAY"));
    } finally {
      renameSync(`${at}-elsewhere`, at);
    }
    expect(verify("sha256", words, publicKeyOf(key.spki), key.sign(words))).toBe(true);
  });

  it("a wrong PIN is tried once: asking again does not reach the token, though the file be mended", () => {
    const place = tokens.make("wrong", "9876")("k");
    const { pinFile = "" } = parseTokenPlace(place);
    writeFileSync(pinFile, "1111\n");
    expect(() => loadHeldKey(place)).toThrow(/refuses the PIN/);
    writeFileSync(pinFile, "9876\n");
    for (let i = 0; i < 5; i += 1) expect(() => loadHeldKey(place)).toThrow(/refused its PIN/);
    expect(() => loadHeldKey(place)).toThrow(refused("KEY_UNUSABLE"));
  });

  it("a locked token is said to be locked", () => {
    const place = parseTokenPlace(tokens.make("locked")("k"));
    const locked = (): never => {
      throw new Error("CKR_PIN_LOCKED:164");
    };
    expect(() => useToken({ place }, locked)).toThrow(/is locked after wrong PINs/);
    expect(() => useToken({ place }, locked)).toThrow(refused("KEY_UNUSABLE"));
  });

  it("a PIN that was typed in is used; without one and without a file the key is not", () => {
    const make = tokens.make("typed", "2468");
    const place = { ...parseTokenPlace(make("k")), pinFile: undefined };
    expect(() => openTokenKey({ place })).toThrow(/no PIN for token typed/);
    const key = makeTokenKey({ place, pin: "2468" }, sign);
    expect(key.sign(words).length).toBeGreaterThan(60);
  });

  it("a PIN file that others may read is refused", () => {
    const place = tokens.make("open")("k");
    chmodSync(parseTokenPlace(place).pinFile ?? "", 0o644);
    expect(() => loadHeldKey(place)).toThrow(/others may read this PIN/);
  });

  it("a label that is taken is not made again, and one that is not there is no key", () => {
    const make = tokens.make("labels");
    makeTokenKey({ place: parseTokenPlace(make("k")) }, sign);
    expect(() => makeTokenKey({ place: parseTokenPlace(make("k")) }, sign)).toThrow(
      refused("KEY_UNUSABLE"),
    );
    expect(() => loadHeldKey(make("other"))).toThrow(refused("KEY_UNUSABLE"));
  });

  it("a token nobody plugged in is away; what is no library cannot be used", () => {
    const place = tokens.make("there")("k");
    expect(() => loadHeldKey(place.replace("token=there", "token=nowhere"))).toThrow(
      refused("KEY_TOKEN_AWAY"),
    );
    const other = place.replace(softLibrary ?? "", "/etc/hostname");
    expect(() => loadHeldKey(other)).toThrow(refused("KEY_UNUSABLE"));
  });

  it("two tokens of one label are refused: which of them signs must not be chance", () => {
    const place = tokens.make("twins")("k");
    tokens.make("twins");
    expect(() => loadHeldKey(place)).toThrow(refused("KEY_UNUSABLE"));
  });

  it("a key that could be taken out of its token is refused", () => {
    const place = parseTokenPlace(tokens.make("loose")("k"));
    useToken({ place }, ({ calls, numbers, session }) => {
      const named = [
        { type: numbers.CKA_TOKEN, value: true },
        { type: numbers.CKA_LABEL, value: place.object },
      ];
      const params = Buffer.from("06082a8648ce3d030107", "hex");
      calls.C_GenerateKeyPair(
        session,
        { mechanism: numbers.CKM_EC_KEY_PAIR_GEN },
        [...named, { type: numbers.CKA_EC_PARAMS, value: params }],
        [
          ...named,
          { type: numbers.CKA_SIGN, value: true },
          { type: numbers.CKA_SENSITIVE, value: false },
          { type: numbers.CKA_EXTRACTABLE, value: true },
        ],
      );
    });
    expect(() => openTokenKey({ place })).toThrow(/could be taken out/);
  });
});
