import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemChance, systemClock } from "../../schemas/ground/index.ts";
import { makeKeyPair } from "../keys/index.ts";
import { type Certificate, type LeafKind, renderExtension, renderPem } from "../shape/index.ts";
import { makeAuthority } from "./authority.ts";
import { makeRequest } from "./csr.ts";
import { issueLeaf } from "./issue.ts";
import { startJournal } from "./journal.ts";
import { keyIdOf } from "./key-id.ts";
import { issueCrl, revokeCertificate } from "./revoke.ts";
import { makeSerial } from "./serial.ts";
import { signCertificate } from "./sign.ts";

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

const root = save("root.crt", renderPem("CERTIFICATE", authority.root.certificate.der));
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
  const trust = ["-CAfile", root, "-untrusted", issuing, "-CRLfile", lists];
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
    const der = await signCertificate(
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
      ca.key!,
    );
    expect(judge(der, "any", lists)).toContain(`${no} subtree violation`);
  });
});
