import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { findAgencyName, parseAgencyUri, renderAgencyUri } from "./names.ts";

const refused: unknown = expect.objectContaining({ code: "CERT_NAME_NOT_PERMITTED" });
const authority = fc.stringMatching(/^[a-z]{2,10}$/);
const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/);

describe("parseAgencyUri and renderAgencyUri", () => {
  it("are inverse", () => {
    fc.assert(
      fc.property(authority, name, (a, n) => {
        const uri = renderAgencyUri(`${a}/${n}`);
        expect(parseAgencyUri(uri)).toEqual({ authority: a, name: n, agency: `${a}/${n}` });
      }),
    );
  });

  it("the name of an agency is its one spelling", () => {
    expect(renderAgencyUri("ng/tcu")).toBe("spiffe://ng.atumpan/tcu");
    for (const uri of [
      "spiffe://ng.atumpan/tcu/",
      "spiffe://ng.atumpan/tcu\n",
      "spiffe://ng.atumpan//tcu",
      "spiffe://ng.atumpan/TCU",
      "spiffe://NG.atumpan/tcu",
      "spiffe://ng.atumpan:443/tcu",
      "spiffe://x@ng.atumpan/tcu",
      "spiffe://ng.atumpan/tcu?x",
      "spiffe://ng.atumpan/%74cu",
      "spiffe://ng.atumpan.example/tcu",
      "spiffe://n.atumpan/tcu",
      "spiffe://ngatumpan/tcu",
      "spiffe://ng.atumpan/1tcu",
      `spiffe://ng.atumpan/${"a".repeat(32)}`,
      "https://ng.atumpan/tcu",
      "",
    ]) {
      expect(findAgencyName(uri)).toBeUndefined();
      expect(() => parseAgencyUri(uri)).toThrow(refused);
    }
  });

  it("what is not an agency has no name", () => {
    for (const agency of ["", "ng", "ng/", "/tcu", "ng/tcu/x", "ng.atumpan/tcu", "NG/tcu"]) {
      expect(() => renderAgencyUri(agency)).toThrow(refused);
    }
  });
});
