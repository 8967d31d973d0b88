import { afterAll, describe, expect, it } from "vitest";

import { makeSoftTokens, softLibrary, tokenNeeds } from "../../../test/kit/soft-token.ts";
import { parseTokenPlace } from "./place.ts";
import { makeTokenCipher, openTokenCipher } from "./token-cipher.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const iv = Buffer.alloc(16, 3);
const secret = Buffer.from("thirty-two bytes of some secret!");

describe.skipIf(softLibrary === undefined)(`an AES key in a token ${tokenNeeds}`, () => {
  const tokens = makeSoftTokens();
  afterAll(() => tokens.remove());

  it("what it encrypts it decrypts, and no other key does", () => {
    const make = tokens.make("aes");
    const cipher = makeTokenCipher({ place: parseTokenPlace(make("store")) });
    const other = makeTokenCipher({ place: parseTokenPlace(make("other")) });
    const box = cipher.encrypt(iv, secret);
    expect(Buffer.from(box).includes(secret)).toBe(false);
    expect(Buffer.from(cipher.decrypt(iv, box)).equals(secret)).toBe(true);
    expect(Buffer.from(other.decrypt(iv, box)).equals(secret)).toBe(false);
  });

  it("a label is given once, a key that is not there is told, and a half block is refused", () => {
    const place = parseTokenPlace(tokens.make("rules")("store"));
    expect(() => openTokenCipher({ place }).encrypt(iv, secret)).toThrow(refused("KEY_UNUSABLE"));
    const cipher = makeTokenCipher({ place });
    expect(() => makeTokenCipher({ place })).toThrow(refused("KEY_UNUSABLE"));
    expect(() => cipher.encrypt(iv, secret.subarray(1))).toThrow(refused("KEY_UNUSABLE"));
  });

  it("after the end the PIN is asked for anew: a wrong one no longer opens it", () => {
    const place = parseTokenPlace(tokens.make("ended", "1234")("store"));
    const cipher = makeTokenCipher({ place, pin: "1234" });
    const box = cipher.encrypt(iv, secret);
    // while it is logged in nobody asks for a PIN
    expect(openTokenCipher({ place, pin: "9999" }).decrypt(iv, box)).toHaveLength(32);
    cipher.end();
    expect(() => openTokenCipher({ place, pin: "9999" }).decrypt(iv, box)).toThrow(
      refused("KEY_UNUSABLE"),
    );
  });
});
