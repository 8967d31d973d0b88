import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { type HeldKey, makeHeldKey, makeKeyPair, publicHalf } from "../keys/index.ts";
import {
  type ExtensionValue,
  leafProfiles,
  type LeafKind,
  oids,
  renderExtension,
} from "../shape/index.ts";
import { makeAuthority } from "./authority.ts";
import { issueCrl } from "./crl.ts";
import { makeRequest } from "./csr.ts";
import { issueLeaf, leafExtensions, type LeafOrder } from "./issue.ts";
import { type Journal, startJournal } from "./journal.ts";
import { keyIdOf } from "./key-id.ts";
import { lintCa, lintCrl, lintLeaf } from "./lint.ts";
import { makeIssuing } from "./make-ca.ts";
import { revokeCertificate } from "./revoke.ts";
import { makeSerial } from "./serial.ts";
import type { CertificateOrder, CrlOrder } from "./orders.ts";
import { draftCertificate, draftCrl } from "./sign.ts";

const folder = mkdtempSync(join(tmpdir(), "lint-"));
afterAll(() => rmSync(folder, { recursive: true }));

const now = 1_780_272_000_000;
const day = 86_400_000;
const chance = makeSeededChance("lint");
const authority = await makeAuthority({ authority: "ng", now, chance });
const ca = authority.issuing.certificate;
const refused = (code: string): unknown => expect.objectContaining({ code });

let count = 0;
let journal: Journal;
let asked = 0;
beforeEach(() => {
  count += 1;
  journal = startJournal(join(folder, `${count}.jsonl`));
  asked = 0;
});

/** The CA's key, counting how often it is asked. */
function watch(key: HeldKey): HeldKey {
  return {
    ...key,
    sign: (bytes) => {
      asked += 1;
      return key.sign(bytes);
    },
  };
}

const watched = {
  ...authority,
  root: { ...authority.root, key: watch(authority.root.key!) },
  issuing: { ...authority.issuing, key: watch(authority.issuing.key!) },
};

async function orderOf(change: Partial<LeafOrder> = {}): Promise<LeafOrder> {
  const { agency = "ng/tcu" } = change;
  const request = await makeRequest(agency, makeKeyPair("P-256"));
  const usual = { authority: watched, journal, request, agency, kind: "SIGNING", now, chance };
  return { ...usual, kind: "SIGNING", ...change };
}

describe("issueLeaf", () => {
  it("asks the CA's key once for what it gives out", async () => {
    await issueLeaf(await orderOf());
    expect(asked).toBe(1);
  });

  it("never asks the CA's key for what it refuses", async () => {
    const key = makeKeyPair("P-256");
    const request = await makeRequest("ng/tcu", key);
    await issueLeaf(await orderOf({ request }));
    asked = 0;
    const stuck = { bytes: (length: number) => Buffer.alloc(length, 7) };
    await issueLeaf(await orderOf({ chance: stuck }));
    asked = 0;
    const cases: readonly (readonly [string, LeafOrder])[] = [
      ["CSR_NAME_NOT_PERMITTED", await orderOf({ request, agency: "ng/fiu" })],
      ["CSR_KEY_NOT_PERMITTED", await orderOf({ request, kind: "LINK" })],
      ["SERIAL_REPEATED", await orderOf({ chance: stuck })],
      ["CERT_EXPIRED", await orderOf({ now: ca.notAfter })],
      ["CERT_EXPIRED", await orderOf({ days: -1 })],
    ];
    for (const [code, order] of cases) {
      await expect(issueLeaf(order)).rejects.toThrow(refused(code));
    }
    expect(asked).toBe(0);
    const told = journal.events().filter((one) => one.event === "refused");
    expect(told.map(({ code }) => code)).toEqual(cases.map(([code]) => code));
  });

  it("a CA that stands in for another authority cannot name that one's agencies", async () => {
    const usurper = await makeAuthority({ authority: "gh", now, chance });
    const issuing = { ...usurper.issuing, key: watch(usurper.issuing.key!) };
    const order = await orderOf({ authority: { ...usurper, issuing, authority: "ng" } });
    await expect(issueLeaf(order)).rejects.toThrow(refused("CERT_NAME_NOT_PERMITTED"));
    expect(asked).toBe(0);
  });

  it("a key that is not the CA's own is noticed before anything is given out", async () => {
    const issuing = { ...authority.issuing, key: makeHeldKey(makeKeyPair("P-256")) };
    const order = await orderOf({ authority: { ...authority, issuing } });
    await expect(issueLeaf(order)).rejects.toThrow(refused("KEY_UNUSABLE"));
    expect(journal.events().filter((one) => one.event === "issued")).toEqual([]);
  });

  it("one key serves one agency and one kind, and may be renewed for the same", async () => {
    const key = makeKeyPair("P-256");
    const tcu = await makeRequest("ng/tcu", key);
    const first = await issueLeaf(await orderOf({ request: tcu, kind: "SEALING" }));
    const again = await issueLeaf(await orderOf({ request: tcu, kind: "SEALING" }));
    expect(again.serial).not.toBe(first.serial);
    const reused: unknown = refused("CSR_KEY_NOT_PERMITTED");
    await expect(issueLeaf(await orderOf({ request: tcu, kind: "SIGNING" }))).rejects.toThrow(
      reused,
    );
    const fiu = await makeRequest("ng/fiu", key);
    const other = await orderOf({ request: fiu, agency: "ng/fiu", kind: "SEALING" });
    await expect(issueLeaf(other)).rejects.toThrow(reused);
  });

  it("two orders at once cannot certify one key for two uses", async () => {
    const request = await makeRequest("ng/tcu", makeKeyPair("P-256"));
    const orders = await Promise.all([
      orderOf({ request, kind: "SEALING" }),
      orderOf({ request, kind: "SIGNING" }),
    ]);
    const results = await Promise.allSettled(orders.map((order) => issueLeaf(order)));
    // which of them is first is nobody's to say
    const no = results.filter((result) => result.status === "rejected");
    expect(no.map(({ reason }): unknown => reason)).toEqual([refused("CSR_KEY_NOT_PERMITTED")]);
  });

  it("a key revoked as known to others is never certified again; one superseded may be", async () => {
    for (const [reason, isRefused] of [
      ["KEY_COMPROMISE", true],
      ["SUPERSEDED", false],
    ] as const) {
      const request = await makeRequest("ng/tcu", makeKeyPair("P-256"));
      const { serial } = await issueLeaf(await orderOf({ request }));
      revokeCertificate({ authority, journal, serial, reason, now });
      const again = issueLeaf(await orderOf({ request }));
      if (isRefused) await expect(again).rejects.toThrow(refused("CSR_KEY_NOT_PERMITTED"));
      else expect((await again).serial).not.toBe(serial);
    }
  });
});

describe("makeIssuing", () => {
  it("a key that stands in a certificate already is refused as a CA's, the root's own too", async () => {
    const { spki } = await issueLeaf(await orderOf());
    const terms = { authority: "ng", now, chance, journal };
    asked = 0;
    for (const used of [spki, authority.root.certificate.spki]) {
      const order = { root: watched.root, spki: used, number: 2 };
      await expect(makeIssuing(order, terms)).rejects.toThrow(refused("CSR_KEY_NOT_PERMITTED"));
    }
    expect(asked).toBe(0);
  });
});

const { spki } = publicHalf(makeKeyPair("P-256"));

function certificateOrder(
  extensions: readonly ExtensionValue[],
  change: Partial<CertificateOrder> = {},
): CertificateOrder {
  return {
    serial: makeSerial(chance),
    subject: "CN=ng/tcu",
    issuer: ca.subjectName,
    notBefore: now,
    notAfter: now + day,
    spki,
    extensions: [
      ...extensions,
      renderExtension.subjectKeyId(keyIdOf(spki)),
      renderExtension.authorityKeyId(keyIdOf(ca.spki)),
    ],
    ...change,
  };
}

async function judgeLeaf(order: CertificateOrder, kind: LeafKind = "SIGNING"): Promise<void> {
  const draft = await draftCertificate(order, ca.keyType);
  lintLeaf({ draft, order, issuer: ca }, { agency: "ng/tcu", kind });
}

describe("lintLeaf", () => {
  const good = leafExtensions("SIGNING", "ng/tcu");

  it("a leaf as its kind is to be is let through, every kind", async () => {
    for (const kind of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
      await judgeLeaf(certificateOrder(leafExtensions(kind, "ng/tcu")), kind);
      expect(leafProfiles[kind].keyUsage.length).toBe(1);
    }
  });

  it.each<[string, string, () => CertificateOrder]>([
    ["of another kind", "CERT_USAGE_NOT_PERMITTED", () => certificateOrder(leafExtensions("LINK", "ng/tcu"))],
    ["that names another agency", "CERT_NAME_NOT_PERMITTED", () => certificateOrder(leafExtensions("SIGNING", "ng/fiu"))],
    ["that would be a CA", "CERT_MALFORMED", () => certificateOrder([...good, renderExtension.basicConstraints(0)])],
    ["with an unknown critical extension", "INTERNAL", () => certificateOrder([...good, { oid: "1.2.3.4", critical: true, value: Buffer.of(5, 0) }])],
    ["that begins before its issuer", "CERT_EXPIRED", () => certificateOrder(good, { notBefore: ca.notBefore - 1000 })],
    ["that outlives its issuer", "CERT_EXPIRED", () => certificateOrder(good, { notAfter: ca.notAfter + 1000 })],
    ["that is over before it begins", "CERT_EXPIRED", () => certificateOrder(good, { notAfter: now - 1000 })],
    ["of another issuer", "INTERNAL", () => certificateOrder(good, { issuer: "CN=nobody" })],
    ["without a subject", "CERT_MALFORMED", () => certificateOrder(good, { subject: "" })],
    ["with a critical name beside a subject", "CERT_MALFORMED", () => certificateOrder(good.map((one) => one.oid === oids.subjectAltName ? { ...one, critical: true } : one))],
    ["with a serial number over 20 octets", "CERT_MALFORMED", () => certificateOrder(good, { serial: "01".repeat(21) })],
    ["with a serial number of nought, which the library writes as another", "INTERNAL", () => certificateOrder(good, { serial: "00" })],
  ])("a leaf %s is refused", async (...[, code, make]) => {
    await expect(judgeLeaf(make())).rejects.toThrow(refused(code));
  }); // prettier-ignore

  it("a draft that is not what was ordered is refused, whichever field differs", async () => {
    const order = certificateOrder(good);
    const draft = await draftCertificate(order, ca.keyType);
    const changes: readonly Partial<CertificateOrder>[] = [
      { serial: makeSerial(chance) },
      { spki: publicHalf(makeKeyPair("P-256")).spki },
      { notBefore: now + 1000 },
      { notAfter: now + 2 * day },
    ];
    for (const change of changes) {
      const question = { draft, order: { ...order, ...change }, issuer: ca };
      expect(() => lintLeaf(question, { agency: "ng/tcu", kind: "SIGNING" })).toThrow(
        refused("INTERNAL"),
      );
    }
    const other = { der: draft.der, by: publicHalf(makeKeyPair("P-256")) };
    expect(() =>
      lintLeaf({ draft: other, order, issuer: ca }, { agency: "ng/tcu", kind: "SIGNING" }),
    ).toThrow(refused("INTERNAL"));
  });
});

describe("lintCa", () => {
  const root = authority.root.certificate;
  const usual = [
    renderExtension.basicConstraints(0),
    renderExtension.keyUsage(["keyCertSign", "cRLSign"]),
    renderExtension.nameConstraints("ng.atumpan"),
  ];

  async function judge(extensions: readonly ExtensionValue[], name = "ng"): Promise<void> {
    const order = {
      ...certificateOrder([], { issuer: root.subjectName, subject: "CN=ng issuing 2" }),
      extensions: [
        ...extensions,
        renderExtension.subjectKeyId(keyIdOf(spki)),
        renderExtension.authorityKeyId(keyIdOf(root.spki)),
      ],
    };
    const draft = await draftCertificate(order, root.keyType);
    lintCa({ draft, order, issuer: root }, { authority: name, role: "ISSUING" });
  }

  it("an issuing CA as it is to be is let through", async () => {
    await judge(usual);
  });

  it.each<[string, string, readonly ExtensionValue[], string?]>([
    ["that may have CAs beneath it", "CERT_PATH_INVALID", usual.with(0, renderExtension.basicConstraints(1))],
    ["that is none", "CERT_MALFORMED", usual.slice(1)],
    ["that may also sign messages", "CERT_USAGE_NOT_PERMITTED", usual.with(1, renderExtension.keyUsage(["digitalSignature", "keyCertSign", "cRLSign"]))],
    ["that is bound to no names", "CERT_NAME_NOT_PERMITTED", usual.slice(0, 2)],
    ["bound to another authority's names", "CERT_NAME_NOT_PERMITTED", usual.with(2, renderExtension.nameConstraints("gh.atumpan"))],
    ["of another authority than its root", "CERT_NAME_NOT_PERMITTED", usual.with(2, renderExtension.nameConstraints("gh.atumpan")), "gh"],
    ["with an agency's name", "CERT_NAME_NOT_PERMITTED", [...usual, renderExtension.subjectAltName("spiffe://ng.atumpan/tcu")]],
  ])("a CA %s is refused", async (...[, code, extensions, name]) => {
    await expect(judge(extensions, name)).rejects.toThrow(refused(code));
  }); // prettier-ignore
});

describe("lintCrl", () => {
  const order: CrlOrder = {
    issuer: ca.subjectName,
    thisUpdate: now,
    nextUpdate: now + day,
    revoked: [{ serial: "01aa", at: now, reason: 1 }],
    extensions: [renderExtension.authorityKeyId(keyIdOf(ca.spki)), renderExtension.crlNumber(200)],
  };

  async function judge(made: Partial<CrlOrder>, ordered: Partial<CrlOrder> = {}): Promise<void> {
    const draft = await draftCrl({ ...order, ...made }, ca.keyType);
    lintCrl({ draft, order: { ...order, ...ordered }, issuer: ca }, 200);
  }

  it("a list as it is to be is let through", async () => {
    await judge({});
    await judge({ revoked: [] }, { revoked: [] });
  });

  it.each<[string, string, Partial<CrlOrder>]>([
    ["in another's name", "INTERNAL", { issuer: authority.root.certificate.subjectName }],
    ["for another key", "INTERNAL", { extensions: [renderExtension.authorityKeyId(keyIdOf(spki)), renderExtension.crlNumber(200)] }],
    ["with another number", "INTERNAL", { extensions: [order.extensions[0]!, renderExtension.crlNumber(199)] }],
    ["that lacks what was revoked", "INTERNAL", { revoked: [] }],
    ["that names what was not revoked", "INTERNAL", { revoked: [...order.revoked, { serial: "01bb", at: now, reason: 1 }] }],
    ["with another reason", "INTERNAL", { revoked: [{ serial: "01aa", at: now, reason: 4 }] }],
    ["that is over before it begins", "CERT_STATUS_UNKNOWN", { nextUpdate: now }],
    ["from before its issuer", "CERT_STATUS_UNKNOWN", { thisUpdate: ca.notBefore - 1000 }],
    ["with a critical extension nobody reads", "INTERNAL", { extensions: [...order.extensions, { oid: "1.2.3.4", critical: true, value: Buffer.of(5, 0) }] }],
  ])("a list %s is refused", async (...[, code, made]) => {
    await expect(judge(made)).rejects.toThrow(refused(code));
  }); // prettier-ignore

  it("what cannot be a list is never signed", async () => {
    asked = 0;
    for (const days of [0, 1 / 25, -1, 32, Number.NaN, Number.POSITIVE_INFINITY]) {
      const list = { authority: watched, journal, issuer: "ISSUING", now, days } as const;
      await expect(issueCrl(list)).rejects.toThrow(refused("USAGE_INVALID"));
    }
    const early = {
      authority: watched,
      journal,
      issuer: "ISSUING",
      now: ca.notBefore - day,
    } as const;
    await expect(issueCrl(early)).rejects.toThrow(refused("CERT_STATUS_UNKNOWN"));
    expect(asked).toBe(0);
  });
});
