import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeEach, describe, expect, it } from "vitest";

import { makeSeededChance } from "../../schemas/ground/index.ts";
import { makeHeldKey, makeKeyPair } from "../keys/index.ts";
import { type Certificate, type Crl, type LeafKind, parseCertificate } from "../shape/index.ts";
import { proveLeaf } from "../trust/index.ts";
import { makeAuthority, replaceIssuing } from "./authority.ts";
import { issueCrl, issueLists } from "./crl.ts";
import { makeRequest } from "./csr.ts";
import { issueLeaf } from "./issue.ts";
import { type Authority, issuersOf } from "./issuer.ts";
import { type Journal, startJournal } from "./journal.ts";
import { makeIssuing } from "./make-ca.ts";
import { revokeCertificate } from "./revoke.ts";

const folder = mkdtempSync(join(tmpdir(), "crl-"));
afterAll(() => rmSync(folder, { recursive: true }));

const now = 1_780_272_000_000;
const day = 86_400_000;
const hour = day / 24;
const chance = makeSeededChance("crl");
const authority = await makeAuthority({ authority: "ng", now, chance });
const refused = (code: string): unknown => expect.objectContaining({ code });

let count = 0;
let journal: Journal;
beforeEach(() => {
  count += 1;
  journal = startJournal(join(folder, `${count}.jsonl`));
});

async function makeLeaf(by: Authority, kind: LeafKind, at: number): Promise<Certificate> {
  const request = await makeRequest("ng/tcu", makeKeyPair("P-256"));
  return await issueLeaf({
    authority: by,
    journal,
    request,
    agency: "ng/tcu",
    kind,
    now: at,
    chance,
  });
}

function prove(
  by: Authority,
  { leaf, crls, at }: { leaf: Certificate; crls: readonly Crl[]; at: number },
): void {
  proveLeaf({
    leaf: parseCertificate(leaf.der),
    intermediates: issuersOf(by).map(({ certificate }) => certificate),
    roots: [by.root.certificate],
    crls,
    kind: "SIGNING",
    agency: "ng/tcu",
    at,
  });
}

describe("issueCrl", () => {
  it("a list is made though nothing changed, and its number rises, also after opening again", async () => {
    const list = { authority, issuer: "ISSUING", now } as const;
    const first = await issueCrl({ ...list, journal });
    const second = await issueCrl({ ...list, journal });
    journal.stop();
    const reopened = startJournal(join(folder, `${count}.jsonl`));
    const third = await issueCrl({ ...list, journal: reopened, now: now + hour });
    expect([first, second, third].map(({ crlNumber }) => crlNumber)).toEqual(["01", "02", "03"]);
  });

  it("lists asked for at once bear different numbers", async () => {
    const list = { authority, journal, issuer: "ISSUING", now } as const;
    const made = await Promise.all([issueCrl(list), issueCrl(list), issueCrl(list)]);
    expect(new Set(made.map(({ crlNumber }) => crlNumber)).size).toBe(3);
  });

  it("numbers go on past 127 and 255", async () => {
    const list = { authority, journal, issuer: "ISSUING", now } as const;
    const numbers: bigint[] = [];
    for (let i = 0; i < 258; i += 1) {
      numbers.push(BigInt(`0x${(await issueCrl(list)).crlNumber}`));
    }
    expect(numbers).toEqual(Array.from({ length: 258 }, (_, at) => BigInt(at + 1)));
  });

  it("a list may live an hour, and 31 days at most for leaves, 400 for CAs", async () => {
    const list = { authority, journal, now };
    const lifeOf = async (issuer: "ROOT" | "ISSUING", days: number): Promise<number> => {
      const { thisUpdate, nextUpdate } = await issueCrl({ ...list, issuer, days });
      return nextUpdate - thisUpdate;
    };
    expect(await lifeOf("ISSUING", 1 / 24)).toBe(hour);
    expect(await lifeOf("ISSUING", 31)).toBe(31 * day);
    expect(await lifeOf("ROOT", 400)).toBe(400 * day);
    for (const [issuer, days] of [
      ["ISSUING", 1 / 25],
      ["ISSUING", 31.5],
      ["ROOT", 401],
    ] as const) {
      await expect(issueCrl({ ...list, issuer, days })).rejects.toThrow(refused("USAGE_INVALID"));
    }
  });

  it("a leaf leaves the list a month after its end, when a list made since has named it", async () => {
    const leaf = await makeLeaf(authority, "SIGNING", now);
    revokeCertificate({ authority, journal, serial: leaf.serial, reason: "KEY_COMPROMISE", now });
    const at = async (moment: number): Promise<number> =>
      (await issueCrl({ authority, journal, issuer: "ISSUING", now: moment })).revoked.size;
    expect(await at(now)).toBe(1);
    expect(await at(leaf.notAfter + 31 * day)).toBe(1);
    expect(await at(leaf.notAfter + 31 * day)).toBe(0);
  });

  it("a leaf stays on the list for a month after its end, however often lists are made", async () => {
    const leaf = await makeLeaf(authority, "SIGNING", now);
    revokeCertificate({ authority, journal, serial: leaf.serial, reason: "SUPERSEDED", now });
    for (const days of [-1, 1, 10, 29]) {
      const moment = leaf.notAfter + days * day;
      const list = await issueCrl({ authority, journal, issuer: "ISSUING", now: moment });
      expect(list.revoked.has(leaf.serial)).toBe(true);
    }
  });

  it("each list is accepted where paths are proved, and refused there once it is over", async () => {
    const leaf = await makeLeaf(authority, "SIGNING", now);
    const lists = { authority, journal, now };
    const crls = [
      await issueCrl({ ...lists, issuer: "ROOT" }),
      await issueCrl({ ...lists, issuer: "ISSUING", days: 1 / 24 }),
    ];
    prove(authority, { leaf, crls, at: now + hour });
    expect(() => prove(authority, { leaf, crls, at: now + hour + 1000 })).toThrow(
      refused("CERT_STATUS_UNKNOWN"),
    );
  });
});

describe("replaceIssuing", () => {
  async function rollOver(): Promise<Authority> {
    const key = makeHeldKey(makeKeyPair("P-256"));
    const order = { root: authority.root, spki: key.spki, number: 2 };
    const certificate = await makeIssuing(order, { authority: "ng", now, chance, journal });
    return replaceIssuing(authority, { certificate, key });
  }

  it("leaves of the old and of the new CA verify side by side", async () => {
    const old = await makeLeaf(authority, "SIGNING", now);
    const both = await rollOver();
    const young = await makeLeaf(both, "SIGNING", now);
    expect(young.issuer).not.toBe(old.issuer);
    const crls = await issueLists({ authority: both, journal, now });
    expect(crls).toHaveLength(3);
    for (const leaf of [old, young]) prove(both, { leaf, crls, at: now });
  });

  it("a leaf of the old CA is revoked on the old CA's list, and only there", async () => {
    const old = await makeLeaf(authority, "SIGNING", now);
    const both = await rollOver();
    revokeCertificate({ authority: both, journal, serial: old.serial, reason: "SUPERSEDED", now });
    const crls = await issueLists({ authority: both, journal, now });
    expect(crls.map(({ revoked }) => revoked.size)).toEqual([0, 0, 1]);
    expect(() => prove(both, { leaf: old, crls, at: now })).toThrow(refused("CERT_REVOKED"));
  });

  it("once the old CA is revoked its leaves are refused and those of the new one are not", async () => {
    const old = await makeLeaf(authority, "SIGNING", now);
    const both = await rollOver();
    const young = await makeLeaf(both, "SIGNING", now);
    const { serial } = authority.issuing.certificate;
    revokeCertificate({ authority: both, journal, serial, reason: "SUPERSEDED", now });
    const crls = await issueLists({ authority: both, journal, now });
    expect(() => prove(both, { leaf: old, crls, at: now })).toThrow(refused("CERT_REVOKED"));
    prove(both, { leaf: young, crls, at: now });
  });

  it("a root is on no list, nor can it be revoked", async () => {
    const { serial } = authority.root.certificate;
    expect(() =>
      revokeCertificate({ authority, journal, serial, reason: "CA_COMPROMISE", now }),
    ).toThrow(refused("CERT_UNKNOWN"));
  });
});
