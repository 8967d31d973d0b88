import { X509Certificate } from "node:crypto";
import { describe, expect, it } from "vitest";

import { isRoutePair, makeRoutePair } from "./route-pair.ts";

const hosts = ["one.hub.example", "192.0.2.7", "2001:db8::7"];
const pair = makeRoutePair("au.hub-one-a", hosts);

describe("makeRoutePair", () => {
  it("the certificate is the key's own, for each host it is dialled at, and for dialling too", () => {
    const certificate = new X509Certificate(pair.certificatePem);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.subject).toBe("CN=au.hub-one-a");
    expect(certificate.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]);
    expect(isRoutePair(pair, hosts)).toBe(true);
  });

  it.each([["two.hub.example"], ["192.0.2.8"], ["2001:db8::8"]])("it is not for %s", (host) => {
    expect(isRoutePair(pair, [host])).toBe(false);
  });

  it("a key of another, or no key at all, makes no pair", () => {
    const { keyPem } = makeRoutePair("au.hub-one-b", hosts);
    expect(isRoutePair({ ...pair, keyPem }, hosts)).toBe(false);
    expect(isRoutePair({ ...pair, keyPem: "" }, hosts)).toBe(false);
    expect(isRoutePair({ ...pair, certificatePem: "" }, hosts)).toBe(false);
  });
});
