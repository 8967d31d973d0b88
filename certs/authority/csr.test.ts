import { execFileSync } from "node:child_process";

import { describe, expect, it } from "vitest";

import { makeHeldKey, makeKeyPair, renderRequest } from "../keys/index.ts";
import { oids, parseDer, renderDer, renderExtension, renderPem } from "../shape/index.ts";
import { makeRequest, type RequestTerms, verifyCaRequest, verifyRequest } from "./csr.ts";

const key = makeKeyPair("P-256");
const held = makeHeldKey(key);
const subject = { commonName: "ng/tcu", organisation: "ng.atumpan" };
const good = await makeRequest("ng/tcu", key);
const terms: RequestTerms = { authority: "ng", agency: "ng/tcu", kind: "LINK" };
const refused = (code: string): unknown => expect.objectContaining({ code });

function requestWith(names: Uint8Array): Uint8Array {
  const value = { oid: oids.subjectAltName, critical: false, value: names };
  return renderRequest({ subject, extensions: [value] }, held);
}

function uri(text: string): Uint8Array {
  return renderDer(0x86, Buffer.from(text));
}

describe("verifyRequest", () => {
  it("a request for its own name by the holder of its key is proved, for every kind", () => {
    for (const kind of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
      const proven = verifyRequest(good, { ...terms, kind });
      expect(proven).toMatchObject({ agency: "ng/tcu", kind });
      expect(proven.spki).toHaveLength(91);
    }
  });

  it("another implementation reads and verifies our request", () => {
    const input = renderPem("CERTIFICATE REQUEST", good);
    const text = execFileSync("openssl", ["req", "-verify", "-noout", "-text"], {
      input,
      encoding: "utf8",
      stdio: ["pipe", "pipe", "pipe"],
    });
    expect(text).toContain("URI:spiffe://ng.atumpan/tcu");
  });

  it("a request that another key signed does not prove possession", () => {
    const outer = parseDer(good);
    const [body, algorithm] = outer.children.map(({ bytes }) => bytes);
    const signature = Buffer.from(outer.children[2]?.bytes ?? []);
    signature.writeUInt8((signature.at(-1) ?? 0) ^ 1, signature.length - 1);
    const forged = renderDer(
      0x30,
      body ?? Buffer.alloc(0),
      algorithm ?? Buffer.alloc(0),
      signature,
    );
    expect(() => verifyRequest(forged, terms)).toThrow(refused("CSR_POSSESSION_UNPROVEN"));
  });

  it("a request for another agency, another authority's, or in another's hands is refused", async () => {
    const name = refused("CSR_NAME_NOT_PERMITTED");
    expect(() => verifyRequest(good, { ...terms, agency: "ng/fiu" })).toThrow(name);
    expect(() => verifyRequest(good, { ...terms, authority: "gh" })).toThrow(name);
    const foreign = await makeRequest("gh/tcu", key);
    expect(() => verifyRequest(foreign, terms)).toThrow(name);
    expect(() => verifyRequest(foreign, { ...terms, agency: "gh/tcu" })).toThrow(name);
  });

  it("a request for a second name of any form, or for none of ours, is refused", async () => {
    const own = uri("spiffe://ng.atumpan/tcu");
    const name = refused("CSR_NAME_NOT_PERMITTED");
    for (const names of [
      renderDer(0x30, own, uri("spiffe://ng.atumpan/fiu")),
      renderDer(0x30, own, renderDer(0x82, Buffer.from("tcu.example"))),
      renderDer(0x30, uri("https://ng.atumpan/tcu")),
      renderDer(0x30, renderDer(0x82, Buffer.from("ng.atumpan"))),
    ]) {
      const request = requestWith(names);
      expect(() => verifyRequest(request, terms)).toThrow(name);
    }
  });

  it("a request with a key that its kind does not take is refused", async () => {
    const edwards = await makeRequest("ng/tcu", makeKeyPair("Ed25519"));
    expect(verifyRequest(edwards, { ...terms, kind: "SIGNING" }).agency).toBe("ng/tcu");
    const invalid = refused("CSR_INVALID");
    expect(() => verifyRequest(edwards, { ...terms, kind: "SEALING" })).toThrow(invalid);
    const large = await makeRequest("ng/tcu", makeKeyPair("P-384"));
    expect(() => verifyRequest(large, terms)).toThrow(invalid);
  });

  it("what is not a request is invalid: cut, changed, too large, without extensions", async () => {
    const invalid = refused("CSR_INVALID");
    for (let length = 0; length < good.length; length += 1) {
      expect(() => verifyRequest(good.subarray(0, length), terms)).toThrow(invalid);
    }
    const bare = renderRequest({ subject, extensions: [] }, held);
    for (const bad of [bare, Buffer.alloc(5000), Buffer.concat([good, Buffer.of(0)])]) {
      expect(() => verifyRequest(bad, terms)).toThrow(invalid);
    }
  });

  it("a request with a field too many, or that asks twice for extensions, is invalid", () => {
    const outer = parseDer(good);
    const [body, ...rest] = outer.children;
    const fields = body!.children.map(({ bytes }) => bytes);
    const asked = body!.children[3]!.children.map(({ bytes }) => bytes);
    const rebuilt = (...list: readonly Uint8Array[]): Uint8Array =>
      renderDer(0x30, renderDer(0x30, ...list), ...rest.map(({ bytes }) => bytes));
    const twice = renderDer(0xa0, ...asked, ...asked);
    expect(Buffer.from(rebuilt(...fields))).toEqual(Buffer.from(good));
    for (const bad of [rebuilt(...fields, renderDer(5)), rebuilt(...fields.with(3, twice))]) {
      expect(() => verifyRequest(bad, terms)).toThrow(refused("CSR_INVALID"));
    }
  });

  it("whatever else it asks for is passed over", async () => {
    const extensions = [
      renderExtension.subjectAltName("spiffe://ng.atumpan/tcu"),
      renderExtension.basicConstraints(3),
    ];
    const request = renderRequest({ subject, extensions }, held);
    expect(Object.keys(verifyRequest(request, terms)).toSorted()).toEqual([
      "agency",
      "kind",
      "spki",
    ]);
  });
});

describe("verifyCaRequest", () => {
  const asking = (kind: "P-256" | "P-384" | "Ed25519", names: readonly string[] = []): Uint8Array =>
    renderRequest(
      {
        subject: { commonName: "ng issuing", organisation: "ng.atumpan" },
        extensions: [
          renderExtension.basicConstraints(0),
          ...names.map((name) => renderExtension.subjectAltName(name)),
        ],
      },
      makeHeldKey(makeKeyPair(kind)),
    );

  it("a CA's request is proved by its own key, of either curve", () => {
    expect(verifyCaRequest(asking("P-256")).keyType).toBe("P-256");
    expect(verifyCaRequest(asking("P-384")).keyType).toBe("P-384");
  });

  it("a CA that asks for an agency's name or has another kind of key is refused", () => {
    expect(() => verifyCaRequest(asking("P-256", ["spiffe://ng.atumpan/tcu"]))).toThrow(
      refused("CSR_NAME_NOT_PERMITTED"),
    );
    expect(() => verifyCaRequest(asking("Ed25519"))).toThrow(refused("CSR_INVALID"));
  });

  it("a CA's request that another key signed is refused", () => {
    const [one, two] = [parseDer(asking("P-256")), parseDer(asking("P-256"))];
    const forged = renderDer(
      0x30,
      one.children[0]!.bytes,
      one.children[1]!.bytes,
      two.children[2]!.bytes,
    );
    expect(() => verifyCaRequest(forged)).toThrow(refused("CSR_POSSESSION_UNPROVEN"));
  });
});
