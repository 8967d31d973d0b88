import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, describe, expect, it } from "vitest";

import { type EpochMs, makeSeededChance, renderHex, sha256 } from "../../schemas/ground/index.ts";
import { makeKeyPair } from "../keys/index.ts";
import { isSignedBy, parseCertificate } from "../shape/index.ts";
import { proveLeaf } from "../trust/index.ts";
import { makeAuthority } from "./authority.ts";
import { makeRequest } from "./csr.ts";
import { issueLeaf, type LeafOrder } from "./issue.ts";
import { startJournal, tryJournal } from "./journal.ts";
import { issueCrl } from "./crl.ts";
import { revokeCertificate } from "./revoke.ts";
import { issuerId } from "./issuer.ts";

const folder = mkdtempSync(join(tmpdir(), "issue-"));
afterAll(() => rmSync(folder, { recursive: true }));

const now: EpochMs = 1_780_272_000_123;
const day = 86_400_000;
const chance = makeSeededChance("issue");
const authority = await makeAuthority({ authority: "ng", now, chance });
const refused = (code: string): unknown => expect.objectContaining({ code });
let journals = 0;

async function makeOrder(change: Partial<LeafOrder> = {}): Promise<LeafOrder> {
  journals += 1;
  const journal = startJournal(join(folder, `${journals}.jsonl`));
  const { agency = "ng/tcu" } = change;
  const request = await makeRequest(agency, makeKeyPair("P-256"));
  return { authority, journal, request, agency, kind: "SIGNING", now, chance, ...change };
}

describe("makeAuthority", () => {
  it("the same name as a spelling of another is refused", async () => {
    for (const bad of ["NG", "n", "ng.atumpan", "ng/tcu", ""]) {
      await expect(makeAuthority({ authority: bad, now, chance })).rejects.toThrow(
        refused("CERT_NAME_NOT_PERMITTED"),
      );
    }
  });

  it("the root may have one CA beneath it and the issuing one none", () => {
    expect(authority.root.certificate).toMatchObject({ pathLength: 1, keyType: "P-384" });
    expect(authority.issuing.certificate).toMatchObject({ pathLength: 0, keyType: "P-256" });
  });
});

describe("issueLeaf", () => {
  it("every kind issued is proved by the path validator, for its agency", async () => {
    for (const kind of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
      const order = await makeOrder({ kind });
      const leaf = await issueLeaf(order);
      const lists = { authority, journal: order.journal, now };
      const crls = [
        await issueCrl({ ...lists, issuer: "ROOT" }),
        await issueCrl({ ...lists, issuer: "ISSUING" }),
      ];
      const proof = proveLeaf({
        leaf,
        intermediates: [authority.issuing.certificate],
        roots: [authority.root.certificate],
        crls,
        kind,
        agency: "ng/tcu",
        at: now,
      });
      expect(proof.certificate).toBe(leaf);
    }
  });

  it("by a journal that only tries the CA signs nothing: neither a leaf nor a list", async () => {
    const order = await makeOrder();
    const journal = tryJournal(join(folder, "tried.jsonl"));
    const leaf = await issueLeaf({ ...order, journal });
    const list = await issueCrl({ authority, journal, now, issuer: "ISSUING" });
    const { certificate: ca } = authority.issuing;
    expect([leaf.notAfter, list.crlNumber]).toEqual([expect.any(Number), "01"]);
    expect([isSignedBy(leaf, ca), isSignedBy(list, ca)]).toEqual([false, false]);
  });

  it("is on record before it is given out", async () => {
    const order = await makeOrder();
    const leaf = await issueLeaf(order);
    const { serial } = leaf;
    expect(order.journal.events()).toEqual([
      {
        event: "issued",
        at: now,
        issuer: issuerId(authority.issuing),
        serial,
        thumbprint: renderHex(leaf.thumbprint),
        agency: "ng/tcu",
        kind: "SIGNING",
        key: renderHex(sha256(leaf.spki)),
        until: leaf.notAfter,
      },
    ]);
    order.journal.stop();
    await expect(issueLeaf(order)).rejects.toThrow(refused("STORE_WRITE_FAILED"));
  });

  it("is good for ninety days from five minutes ago, in whole seconds, unless said otherwise", async () => {
    const usual = await issueLeaf(await makeOrder());
    expect(usual.notBefore).toBe(now - 123 - 300_000);
    expect(usual.notAfter).toBe(now - 123 + 90 * day);
    const short = await issueLeaf(await makeOrder({ days: 2 }));
    expect(short.notAfter).toBe(now - 123 + 2 * day);
  });

  it("never outlives the CA that issued it, nor begins before it", async () => {
    const ca = authority.issuing.certificate;
    const late = await issueLeaf(await makeOrder({ now: ca.notAfter - day }));
    expect(late.notAfter).toBe(ca.notAfter);
    const early = await issueLeaf(await makeOrder({ now: ca.notBefore + 1000 }));
    expect(early.notBefore).toBe(ca.notBefore);
    for (const outside of [ca.notAfter, ca.notBefore - 1]) {
      await expect(issueLeaf(await makeOrder({ now: outside }))).rejects.toThrow(
        refused("CERT_EXPIRED"),
      );
    }
  });

  it("serial numbers differ and hold 128 bits of chance", async () => {
    const order = await makeOrder();
    const serials = await Promise.all([issueLeaf(order), issueLeaf(order), issueLeaf(order)]);
    expect(new Set(serials.map(({ serial }) => serial)).size).toBe(3);
    for (const { serial } of serials) expect(serial).toMatch(/^01[0-9a-f]{32}$/);
  });

  it("gives nothing for a request that is not proved; the refusal is recorded once", async () => {
    const order = await makeOrder();
    const request = await makeRequest("gh/tcu", makeKeyPair("P-256"));
    for (let time = 0; time < 3; time += 1) {
      await expect(issueLeaf({ ...order, request })).rejects.toThrow(
        refused("CSR_NAME_NOT_PERMITTED"),
      );
    }
    expect(order.journal.events()).toMatchObject([
      { event: "refused", act: "LEAF", code: "CSR_NAME_NOT_PERMITTED" },
    ]);
  });

  it("gives nothing without the issuing key", async () => {
    const offline = { ...authority, issuing: { certificate: authority.issuing.certificate } };
    const order = await makeOrder({ authority: offline });
    await expect(issueLeaf(order)).rejects.toThrow(refused("KEY_UNUSABLE"));
  });
});

describe("revokeCertificate and issueCrl", () => {
  it("the next list names what was revoked, with its time and reason; the number goes up", async () => {
    const order = await makeOrder();
    const { journal } = order;
    const leaf = await issueLeaf(order);
    const first = await issueCrl({ authority, journal, issuer: "ISSUING", now });
    expect(first.revoked.size).toBe(0);
    const act = { authority, journal, serial: leaf.serial, now: now + 1000 };
    revokeCertificate({ ...act, reason: "KEY_COMPROMISE" });
    revokeCertificate({ ...act, reason: "SUPERSEDED" });
    const second = await issueCrl({ authority, journal, issuer: "ISSUING", now: now + 2000 });
    expect([...second.revoked]).toEqual([[leaf.serial, { at: now - 123 + 1000, reason: 1 }]]);
    expect([first.crlNumber, second.crlNumber]).toEqual(["01", "02"]);
    expect(second.nextUpdate - second.thisUpdate).toBe(7 * day);
  });

  it("an issuing CA is revoked on the root's list, and its leaves are refused", async () => {
    const order = await makeOrder();
    const { journal } = order;
    const leaf = await issueLeaf(order);
    const { serial } = authority.issuing.certificate;
    revokeCertificate({ authority, journal, serial, reason: "CA_COMPROMISE", now });
    const crls = [
      await issueCrl({ authority, journal, issuer: "ROOT", now, days: 3 }),
      await issueCrl({ authority, journal, issuer: "ISSUING", now }),
    ];
    expect(crls.map(({ revoked }) => revoked.size)).toEqual([1, 0]);
    expect(crls[0]!.nextUpdate - crls[0]!.thisUpdate).toBe(3 * day);
    const question = {
      leaf: parseCertificate(leaf.der),
      intermediates: [authority.issuing.certificate],
      roots: [authority.root.certificate],
      crls,
    } as const;
    expect(() => proveLeaf({ ...question, kind: "SIGNING", agency: "ng/tcu", at: now })).toThrow(
      refused("CERT_REVOKED"),
    );
  });

  it("what the authority never issued cannot be revoked", async () => {
    const { journal } = await makeOrder();
    const act = { authority, journal, serial: "01ff", reason: "SUPERSEDED", now } as const;
    expect(() => revokeCertificate(act)).toThrow(refused("CERT_UNKNOWN"));
    expect(journal.events()).toEqual([]);
  });

  it("a list of an issuer whose key is elsewhere cannot be made", async () => {
    const { journal } = await makeOrder();
    const online = { ...authority, root: { certificate: authority.root.certificate } };
    const list = { authority: online, journal, now } as const;
    await expect(issueCrl({ ...list, issuer: "ROOT" })).rejects.toThrow(refused("KEY_UNUSABLE"));
    expect((await issueCrl({ ...list, issuer: "ISSUING" })).crlNumber).toBe("01");
  });
});
