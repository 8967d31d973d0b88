import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { parsePem, renderPem } from "./pem.ts";

const malformed: unknown = expect.objectContaining({ code: "CERT_MALFORMED" });

describe("parsePem and renderPem", () => {
  it("are inverse for any documents, in order", () => {
    const documents = fc.array(fc.uint8Array({ minLength: 1, maxLength: 200 }), { minLength: 1 });
    fc.assert(
      fc.property(documents, (list) => {
        const read = parsePem("CERTIFICATE", renderPem("CERTIFICATE", ...list));
        expect(read.map((one) => Buffer.from(one))).toEqual(list.map((one) => Buffer.from(one)));
      }),
    );
  });

  it("text around the blocks is passed over", () => {
    const text = `subject=CN = ng\n${renderPem("CERTIFICATE", Buffer.of(1, 2))}\n# end`;
    expect(parsePem("CERTIFICATE", text)).toHaveLength(1);
  });

  it("a block of another kind, none at all, or one that is not base64 is refused", () => {
    const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    const odd = "-----BEGIN CERTIFICATE-----\nAA_A\n-----END CERTIFICATE-----\n";
    const both = renderPem("CERTIFICATE", Buffer.of(1)) + key;
    for (const text of ["", "AAAA", key, odd, both]) {
      expect(() => parsePem("CERTIFICATE", text)).toThrow(malformed);
    }
  });
});
