import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeHeldKey, makeKeyPair } from "../keys/index.ts";
import {
  type Certificate,
  type KeyType,
  type LeafKind,
  renderExtension,
  renderPem,
} from "../shape/index.ts";
import { makeAuthority, replaceIssuing } from "./authority.ts";
import { issueCrl, issueLists } from "./crl.ts";
import { makeRequest } from "./csr.ts";
import { issueLeaf } from "./issue.ts";
import { startJournal } from "./journal.ts";
import { type Authority, issuersOf } from "./issuer.ts";
import { keyIdOf } from "./key-id.ts";
import { makeIssuing } from "./make-ca.ts";
import { revokeCertificate } from "./revoke.ts";
import { makeSerial } from "./serial.ts";
import { draftCertificate, signDraft } from "./sign.ts";

// Another implementation judges what we issue. It knows its own time only, so this one test uses the
// machine's clock.
const now = systemClock.now();
const chance = systemChance;
const folder = mkdtempSync(join(tmpdir(), "openssl-"));
const journal = startJournal(join(folder, "journal.jsonl"));
const authority = await makeAuthority({ authority: "ng", now, chance });
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, text);
  return file;
}

const rootFile = save("root.crt", renderPem("CERTIFICATE", authority.root.certificate.der));
const issuing = save("issuing.crt", renderPem("CERTIFICATE", authority.issuing.certificate.der));

async function saveLists(name: string): Promise<string> {
  const lists = { authority, journal, now };
  const crls = [
    await issueCrl({ ...lists, issuer: "ROOT" }),
    await issueCrl({ ...lists, issuer: "ISSUING" }),
  ];
  return save(name, renderPem("X509 CRL", ...crls.map(({ der }) => der)));
}

async function makeLeaf(kind: LeafKind): Promise<Certificate> {
  const request = await makeRequest("ng/tcu", makeKeyPair("P-256"));
  return await issueLeaf({ authority, journal, request, agency: "ng/tcu", kind, now, chance });
}

/** What it says of a certificate, as its own words; every list it needs must be given. */
function judge(leaf: Uint8Array, purpose: string, lists: string): string {
  const file = save(`leaf-${purpose}.crt`, renderPem("CERTIFICATE", leaf));
  const flags = ["-x509_strict", "-crl_check_all", "-purpose", purpose];
  const trust = ["-CAfile", rootFile, "-untrusted", issuing, "-CRLfile", lists];
  const { stdout, stderr } = spawnSync("openssl", ["verify", ...flags, ...trust, file], {
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.replaceAll(file, "leaf");
}

let lists = "";

beforeAll(async () => {
  try {
    execFileSync("openssl", ["version"]);
  } catch (cause) {
    throw new Error("these tests need the openssl command: install the package openssl", { cause });
  }
  lists = await saveLists("lists.crl");
});

describe("what we issue, judged by openssl verify", () => {
  it.each<[LeafKind, string]>([
    ["LINK", "sslclient"],
    ["SERVER", "sslserver"],
    ["SIGNING", "any"],
    ["SEALING", "any"],
  ])("a leaf of kind %s is accepted for purpose %s", async (kind, purpose) => {
    expect(judge((await makeLeaf(kind)).der, purpose, lists)).toBe("leaf: OK\n");
  });

  it("a link certificate is no server's and a server's is no link", async () => {
    expect(judge((await makeLeaf("LINK")).der, "sslserver", lists)).toContain("purpose");
    expect(judge((await makeLeaf("SERVER")).der, "sslclient", lists)).toContain("purpose");
    expect(judge((await makeLeaf("SIGNING")).der, "sslclient", lists)).toContain("purpose");
  });

  it("a revoked leaf is refused", async () => {
    const leaf = await makeLeaf("LINK");
    expect(judge(leaf.der, "sslclient", lists)).toBe("leaf: OK\n");
    revokeCertificate({ authority, journal, serial: leaf.serial, reason: "KEY_COMPROMISE", now });
    const after = await saveLists("after.crl");
    expect(judge(leaf.der, "sslclient", after)).toContain("certificate revoked");
  });

  it.each([
    { what: "another state's agency", tag: 0x86, name: "spiffe://gh.atumpan/tcu", no: "permitted" },
    { what: "a DNS name", tag: 0x82, name: "gateway.example", no: "excluded" },
    { what: "an address", tag: 0x87, name: "\x7f\x00\x00\x01", no: "excluded" },
  ])("our CA's key cannot be used to name $what", async ({ tag, name, no }) => {
    const { spki } = await makeLeaf("LINK");
    const ca = authority.issuing;
    const value = Buffer.concat([Buffer.of(tag, name.length), Buffer.from(name, "latin1")]);
    const draft = await draftCertificate(
      {
        serial: makeSerial(chance),
        subject: "CN=ng/tcu",
        issuer: ca.certificate.subjectName,
        notBefore: now - 1000,
        notAfter: now + 86_400_000,
        spki,
        extensions: [
          renderExtension.keyUsage(["digitalSignature"]),
          {
            ...renderExtension.subjectAltName(""),
            value: Buffer.concat([Buffer.of(0x30, value.length), value]),
          },
          renderExtension.subjectKeyId(keyIdOf(spki)),
          renderExtension.authorityKeyId(keyIdOf(ca.certificate.spki)),
        ],
      },
      "P-256",
    );
    const der = signDraft(draft, ca.key!);
    expect(judge(der, "any", lists)).toContain(`${no} subtree violation`);
  });
});

/** Judges a leaf of an authority by all its CAs and the lists it makes now. */
async function judgeOf(by: Authority, leaf: Certificate, at = now): Promise<string> {
  const dir = mkdtempSync(join(folder, "of-"));
  const put = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const crls = await issueLists({ authority: by, journal, now: at });
  const between = issuersOf(by).map(({ certificate }) => certificate.der);
  const root = put("root.crt", renderPem("CERTIFICATE", by.root.certificate.der));
  const untrusted = put("between.crt", renderPem("CERTIFICATE", ...between));
  const listed = put("lists.crl", renderPem("X509 CRL", ...crls.map(({ der }) => der)));
  const trust = ["-CAfile", root, "-untrusted", untrusted, "-CRLfile", listed];
  const file = put("leaf.crt", renderPem("CERTIFICATE", leaf.der));
  const flags = ["-x509_strict", "-crl_check_all", "-purpose", "any"];
  const { stdout, stderr } = spawnSync("openssl", ["verify", ...flags, ...trust, file], {
    encoding: "utf8",
  });
  return `${stdout}${stderr}`.replaceAll(file, "leaf");
}

async function leafOf(by: Authority, kind: LeafKind, keyType: KeyType): Promise<Certificate> {
  const request = await makeRequest("ng/tcu", makeKeyPair(keyType));
  return await issueLeaf({ authority: by, journal, request, agency: "ng/tcu", kind, now, chance });
}

describe("every kind of key we issue with and for, judged by openssl verify", () => {
  it.each<[KeyType, KeyType]>([
    ["P-384", "P-256"],
    ["P-384", "P-384"],
    ["P-256", "P-256"],
    ["P-256", "P-384"],
  ])("a root of %s above an issuing CA of %s", async (rootKey, issuingKey) => {
    const by = await makeAuthority({ authority: "ng", now, chance, rootKey, issuingKey });
    for (const kind of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
      expect(await judgeOf(by, await leafOf(by, kind, "P-256"))).toBe("leaf: OK\n");
    }
    for (const kind of ["LINK", "SERVER", "SIGNING"] as const) {
      expect(await judgeOf(by, await leafOf(by, kind, "Ed25519"))).toBe("leaf: OK\n");
    }
  });

  it("a certificate renewed for the same key and one for a new key hold beside the first", async () => {
    const key = makeKeyPair("P-256");
    const order = { authority, journal, agency: "ng/tcu", kind: "SIGNING", now, chance } as const;
    const request = await makeRequest("ng/tcu", key);
    const first = await issueLeaf({ ...order, request });
    const renewed = await issueLeaf({ ...order, request });
    const next = await issueLeaf({
      ...order,
      request: await makeRequest("ng/tcu", makeKeyPair("P-256")),
    });
    for (const leaf of [first, renewed, next])
      expect(await judgeOf(authority, leaf)).toBe("leaf: OK\n");
  });

  it("before, while and after an issuing CA is replaced", async () => {
    const by = await makeAuthority({ authority: "ng", now, chance });
    const old = await leafOf(by, "SIGNING", "P-256");
    const key = makeHeldKey(makeKeyPair("P-256"));
    const order = { root: by.root, spki: key.spki, number: 2 };
    const certificate = await makeIssuing(order, { authority: "ng", now, chance, journal });
    const both = replaceIssuing(by, { certificate, key });
    const young = await leafOf(both, "SIGNING", "P-256");
    expect(await judgeOf(both, old)).toBe("leaf: OK\n");
    expect(await judgeOf(both, young)).toBe("leaf: OK\n");
    const { serial } = by.issuing.certificate;
    revokeCertificate({ authority: both, journal, serial, reason: "SUPERSEDED", now });
    expect(await judgeOf(both, old)).toContain("certificate revoked");
    expect(await judgeOf(both, young)).toBe("leaf: OK\n");
  });

  it("a request of ours is verified by openssl req", async () => {
    for (const keyType of ["P-256", "P-384", "Ed25519"] as const) {
      const file = save(
        `${keyType}.csr`,
        renderPem("CERTIFICATE REQUEST", await makeRequest("ng/tcu", makeKeyPair(keyType))),
      );
      const { stdout, stderr } = spawnSync(
        "openssl",
        ["req", "-in", file, "-verify", "-noout", "-text"],
        {
          encoding: "utf8",
        },
      );
      expect(`${stdout}${stderr}`).toContain("verify OK");
      expect(stdout).toContain("URI:spiffe://ng.atumpan/tcu");
    }
  });
});
