import { createECDH, createPublicKey } from "node:crypto";

import { describe, expect, it } from "vitest";

import { makeKeyPair, publicHalf } from "../keys/index.ts";
import { parsePublicKey, type PublicKey } from "../shape/index.ts";
import { checkKeyStrength } from "./weak-key.ts";

const refused: unknown = expect.objectContaining({ code: "CSR_KEY_NOT_PERMITTED" });

/** The public key of a private number on a curve. */
function keyOf(crv: "P-256" | "P-384", number: string): PublicKey {
  const octets = crv === "P-256" ? 32 : 48;
  const curve = createECDH(crv === "P-256" ? "prime256v1" : "secp384r1");
  curve.setPrivateKey(number.padStart(2 * octets, "0"), "hex");
  const point = curve.getPublicKey();
  const [x, y] = [point.subarray(1, 1 + octets), point.subarray(1 + octets)];
  const jwk = { kty: "EC", crv, x: x.toString("base64url"), y: y.toString("base64url") };
  const key = createPublicKey({ key: jwk, format: "jwk" });
  return parsePublicKey(key.export({ format: "der", type: "spki" }));
}

function edwards(point: string): PublicKey {
  return parsePublicKey(Buffer.from(`302a300506032b6570032100${point}`, "hex"));
}

describe("checkKeyStrength", () => {
  it("keys from a good generator are let through, of every kind", () => {
    for (const kind of ["P-256", "P-384", "Ed25519"] as const) {
      for (let i = 0; i < 20; i += 1) checkKeyStrength(publicHalf(makeKeyPair(kind)));
    }
  });

  it("a private half that is a small number is refused, and so is its negative", () => {
    for (const number of ["1", "2", "ff", "100"]) {
      expect(() => checkKeyStrength(keyOf("P-256", number))).toThrow(refused);
      expect(() => checkKeyStrength(keyOf("P-384", number))).toThrow(refused);
    }
    // the order of P-256 less one, and less two
    const order = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325";
    expect(() => checkKeyStrength(keyOf("P-256", `${order}50`))).toThrow(refused);
    expect(() => checkKeyStrength(keyOf("P-256", `${order}4f`))).toThrow(refused);
    expect(() => checkKeyStrength(keyOf("P-256", "101"))).not.toThrow();
  });

  it("a key whose private half is printed in a standard is refused", () => {
    const p256 = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";
    const p384 =
      "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8" +
      "96d5724e4c70a825f872c9ea60d2edf5";
    expect(() => checkKeyStrength(keyOf("P-256", p256))).toThrow(refused);
    expect(() => checkKeyStrength(keyOf("P-384", p384))).toThrow(refused);
    for (const point of [
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
    ]) {
      expect(() => checkKeyStrength(edwards(point))).toThrow(refused);
    }
  });

  it("a point of small order, with either sign, or in a second spelling is refused", () => {
    for (const [first, last] of [
      ["01", "00"],
      ["01", "80"],
      ["ec", "7f"],
      ["ec", "ff"],
      ["00", "00"],
      ["ee", "7f"],
    ]) {
      const between = last === "7f" || last === "ff" ? "ff" : "00";
      const point = `${first}${between.repeat(30)}${last}`;
      expect(() => checkKeyStrength(edwards(point))).toThrow(refused);
    }
  });
});
