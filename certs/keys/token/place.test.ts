import { describe, expect, it } from "vitest";

import { isTokenPlace, parseTokenPlace } from "./place.ts";

const refused: unknown = expect.objectContaining({ code: "KEY_UNUSABLE" });
const good =
  "pkcs11:token=ng%20ca;object=root;type=private?module-path=/lib/p.so&pin-source=file:/run/pin";

describe("parseTokenPlace", () => {
  it("reads token, object, library and the file of the PIN", () => {
    expect(parseTokenPlace(good)).toEqual({
      token: "ng ca",
      object: "root",
      library: "/lib/p.so",
      pinFile: "/run/pin",
    });
    const short = parseTokenPlace("pkcs11:object=a;token=b?module-path=/p.so");
    expect(short).toEqual({ token: "b", object: "a", library: "/p.so", pinFile: undefined });
  });

  it("a PIN in the place is refused and not repeated", () => {
    for (const end of ["&pin-value=1234", "&pin-value=1234&pin-source=/run/pin"]) {
      const place = `pkcs11:token=a;object=b?module-path=/p.so${end}`;
      expect(() => parseTokenPlace(place)).toThrow(refused);
      expect(() => parseTokenPlace(place)).not.toThrow("1234");
    }
  });

  it.each([
    ["a file", "/keys/root.key"],
    ["no token", "pkcs11:object=b?module-path=/p.so"],
    ["no object", "pkcs11:token=a?module-path=/p.so"],
    ["an empty object", "pkcs11:token=a;object=?module-path=/p.so"],
    ["no library", "pkcs11:token=a;object=b"],
    ["a library by a relative path", "pkcs11:token=a;object=b?module-path=p.so"],
    ["a PIN file by a relative path", "pkcs11:token=a;object=b?module-path=/p.so&pin-source=pin"],
    ["an attribute twice", "pkcs11:token=a;token=c;object=b?module-path=/p.so"],
    ["an attribute that is not read", "pkcs11:token=a;object=b;serial=9?module-path=/p.so"],
    ["an attribute without a value", "pkcs11:token=a;object=b;type?module-path=/p.so"],
    ["a public key", "pkcs11:token=a;object=b;type=public?module-path=/p.so"],
    ["a second question mark", "pkcs11:token=a;object=b?module-path=/p.so?x=1"],
    ["a broken percent sign", "pkcs11:token=a%zz;object=b?module-path=/p.so"],
    ["too long", `pkcs11:token=${"a".repeat(1100)};object=b?module-path=/p.so`],
  ])("%s is refused", (_, place) => {
    expect(() => parseTokenPlace(place)).toThrow(refused);
  });

  it("tells a place in a token from a file", () => {
    expect(isTokenPlace(good)).toBe(true);
    expect(isTokenPlace("keys/pkcs11:x")).toBe(false);
  });
});
