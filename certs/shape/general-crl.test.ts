import { describe, expect, it } from "vitest";

import {
  type Change,
  having,
  lacking,
  type ListEntry,
  madeAt,
  makeHolder,
  makeList,
  reasonCode,
} from "../../test/vectors/made-chain.ts";
import { codeOf } from "../../test/kit/code-of.ts";
import { extension } from "../../test/kit/general-documents.ts";
import { hex } from "../../test/kit/octets.ts";
import { renderDer, renderOid } from "./der.ts";
import { renderExtension } from "./extensions.ts";
import { readGeneralCrl } from "./general-crl.ts";
import { oids } from "./oids.ts";

const ca = makeHolder("a CA");
const malformed = "CERT_MALFORMED";

function codeOfList(change: Change, entries: readonly ListEntry[] = []): string {
  return codeOf(() => readGeneralCrl(makeList(ca, { entries, change })));
}

const delta = extension(oids.deltaCrlIndicator, renderDer(0x02, Buffer.of(1)), true);

describe("readGeneralCrl", () => {
  it("reads every field", () => {
    const serial = Buffer.from([1, 2]);
    const list = readGeneralCrl(
      makeList(ca, { entries: [{ serial, extensions: [reasonCode(4)] }] }),
    );
    expect(list).toMatchObject({
      thisUpdate: madeAt - 86_400_000,
      nextUpdate: madeAt + 86_400_000,
      authorityKeyId: Buffer.from(ca.keyId).toString("hex"),
      scope: undefined,
      isDelta: false,
      criticalUnknown: [],
    });
    expect(list.revoked.get("0102")).toMatchObject({ reason: 4 });
  });

  it("tells a delta list, in which alone an entry may lift a hold", () => {
    const lifted = [{ serial: Buffer.of(5), extensions: [reasonCode(8)] }];
    expect(codeOfList({}, lifted)).toBe(malformed);
    expect(codeOfList(having(delta), lifted)).toBe("accepted");
    expect(readGeneralCrl(makeList(ca, { change: having(delta) })).isDelta).toBe(true);
  });

  it("tells critical extensions that are not acted on, of the list and its entries", () => {
    const strange = extension("1.3.6.1.4.1.55555.9", renderDer(0x05), true);
    const entries = [
      { serial: Buffer.of(5), extensions: [{ ...strange, oid: oids.certificateIssuer }] },
    ];
    const list = readGeneralCrl(makeList(ca, { entries, change: having(strange, delta) }));
    expect(list.criticalUnknown).toEqual([strange.oid, oids.certificateIssuer]);
  });

  it.each<[string, Change]>([
    ["without a number", lacking(oids.crlNumber)],
    ["without its issuer's key", lacking(oids.authorityKeyId)],
    ["with a critical number", having({ ...renderExtension.crlNumber(1), critical: true })],
    [
      "with a critical key",
      having({ ...renderExtension.authorityKeyId(ca.keyId), critical: true }),
    ],
    ["with a number that is none", having(extension(oids.crlNumber, renderDer(0x05)))],
    ["of another version", { fields: (fields) => fields.with(0, renderDer(0x02, Buffer.of(0))) }],
    ["without next update", { fields: (fields) => fields.toSpliced(4, 1) }],
    ["without extensions", { fields: (fields) => fields.slice(0, 5) }],
    ["with more fields", { fields: (fields) => [...fields, renderDer(0x05)] }],
    ["of one time", { fields: (fields) => fields.slice(0, 4) }],
    [
      "with two names of its algorithm",
      { fields: (fields) => fields.with(1, renderDer(0x30, renderOid("1.2.840.10045.4.3.3"))) },
    ],
  ])("refuses one %s", (_, change) => {
    expect(codeOfList(change)).toBe(malformed);
  });

  it("an algorithm that is not verified is outside", () => {
    const identifier = renderDer(0x30, renderOid("1.2.840.10045.4.1"));
    expect(codeOfList({ identifier })).toBe("CERT_OUTSIDE_PROFILE");
  });

  it("refuses more than a mebibyte", () => {
    expect(() => readGeneralCrl(Buffer.alloc(1024 * 1024 + 1))).toThrow(/more than 1048576 bytes/);
  });
});

describe("the scope of a list", () => {
  const scoped = (...fields: readonly Uint8Array[]): Change =>
    having(extension(oids.issuingDistributionPoint, renderDer(0x30, ...fields), true));

  it("is read into flags, names and reasons", () => {
    const fields = [
      renderDer(0xa0, renderDer(0xa0, renderDer(0x86, Buffer.from("a://b")))),
      renderDer(0x81, hex("ff")),
      renderDer(0x83, hex("0640")),
      renderDer(0x84, hex("ff")),
    ];
    expect(readGeneralCrl(makeList(ca, { change: scoped(...fields) })).scope).toEqual({
      names: ["uri a://b"],
      onlyUserCertificates: true,
      onlyCaCertificates: false,
      onlyAttributeCertificates: false,
      reasons: 0b10,
      isIndirect: true,
    });
  });

  it("says something, and does not contradict itself", () => {
    const yes = hex("ff");
    expect(codeOfList(scoped())).toBe(malformed);
    expect(codeOfList(scoped(renderDer(0x81, yes), renderDer(0x82, yes)))).toBe(malformed);
    expect(codeOfList(scoped(renderDer(0x82, yes), renderDer(0x85, yes)))).toBe(malformed);
    expect(codeOfList(scoped(renderDer(0x82, hex("00"))))).toBe(malformed);
    expect(codeOfList(scoped(renderDer(0x82, hex("ffff"))))).toBe(malformed);
    expect(codeOfList(scoped(renderDer(0x86, yes)))).toBe(malformed);
    expect(
      codeOfList(having(extension(oids.issuingDistributionPoint, renderDer(0x05), true))),
    ).toBe(malformed);
  });
});
