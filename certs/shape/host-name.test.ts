import { describe, expect, it } from "vitest";

import { findUriHost, isHostName, isHostPattern, splitMailbox } from "./host-name.ts";

describe("host names", () => {
  it("are labels of letters, digits and hyphens, the last not of digits alone", () => {
    for (const text of ["a", "a.b", "A-1.example", "1.example", `${"a".repeat(63)}.b`, "xn--a.b"]) {
      expect(isHostName(text)).toBe(true);
    }
    for (const text of [
      "",
      ".",
      "a.",
      ".a",
      "a..b",
      "a_b",
      "-a",
      "a-",
      "1",
      "10.0.0.1",
      "é",
      `${"a".repeat(64)}.b`,
    ]) {
      expect(isHostName(text)).toBe(false);
    }
    expect(isHostName(`${"a.".repeat(126)}a`)).toBe(true);
    expect(isHostName(`${"a.".repeat(127)}a`)).toBe(false);
  });

  it("a pattern has its star as a whole first label", () => {
    expect(isHostPattern("*.a.example")).toBe(true);
    for (const text of ["*", "*a.example", "a.*.example", "*.*.example", "**.a"]) {
      expect(isHostPattern(text)).toBe(false);
    }
  });

  it("a mailbox has one host and a plain local part", () => {
    expect(splitMailbox("a.b+c@d.example")).toEqual({ local: "a.b+c", host: "d.example" });
    for (const text of ["a", "@a", "a@", "a@b@c", '"a"@b', "a b@c", `${"a".repeat(65)}@b`]) {
      expect(splitMailbox(text)).toBeUndefined();
    }
  });

  it("the host of a URI stands after its user and before its port", () => {
    expect(findUriHost("https://u:p@a.example:80/x@y?z#w")).toBe("a.example");
    expect(findUriHost("spiffe://a.example")).toBe("a.example");
    for (const text of [
      "urn:a",
      "https:///a",
      "https://10.0.0.1",
      "https://[::1]/",
      "//a.example",
      "a.example",
      "h://a@b@c",
    ]) {
      expect(findUriHost(text)).toBeUndefined();
    }
  });
});
