import { describe, expect, it } from "vitest";

import { codeOf } from "../../test/kit/code-of.ts";
import { oids, type ExtensionValue, renderDer, renderExtension } from "../shape/index.ts";
import {
  day,
  type Made,
  makeCa,
  makeCrl,
  makeLeaf,
  makePki,
  makeStrangerKey,
  type PkiChange,
  pkiNow,
  replacing,
  without,
} from "../../test/kit/pki.ts";
import { type PathQuestion, proveLeaf } from "./path.ts";

async function verdict(change: PkiChange, asked: Partial<PathQuestion> = {}): Promise<string> {
  const { question } = await makePki(change);
  return codeOf(() => proveLeaf({ ...question, ...asked }));
}

const unknownCritical: ExtensionValue = {
  oid: "1.3.6.1.4.1.55555.1",
  critical: true,
  value: renderDer(0x05),
};

function subtrees(uris: readonly string[]): Uint8Array[] {
  return uris.map((uri) => renderDer(0x30, renderDer(0x86, Buffer.from(uri))));
}

function constraints(permitted: string, ...excluded: readonly string[]): ExtensionValue {
  const lists = [
    renderDer(0xa0, ...subtrees([permitted])),
    ...(excluded.length > 0 ? [renderDer(0xa1, ...subtrees(excluded))] : []),
  ];
  return { oid: oids.nameConstraints, critical: true, value: renderDer(0x30, ...lists) };
}

function altNames(...names: readonly [number, string][]): ExtensionValue {
  const items = names.map(([tag, text]) => renderDer(tag, Buffer.from(text)));
  return { oid: oids.subjectAltName, critical: false, value: renderDer(0x30, ...items) };
}

async function refused(change: PkiChange, asked?: Partial<PathQuestion>): Promise<void> {
  expect(await verdict(change, asked)).toBe("CERT_PATH_INVALID");
}

function withNames(...names: readonly [number, string][]): PkiChange {
  return { leaf: { extensions: replacing(altNames(...names)) } };
}

const tcu = "spiffe://ng.atumpan/tcu";

describe("proveLeaf", () => {
  it("a leaf of each kind that leads to its root is proved", async () => {
    for (const kind of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
      const { question } = await makePki({ kind });
      const proof = proveLeaf(question);
      expect(proof).toMatchObject({ agency: "ng/tcu", kind, certificate: question.leaf });
      expect(proof.path).toEqual([question.leaf, ...question.intermediates, ...question.roots]);
    }
  });

  it("roots of P-384 and keys of Ed25519 are proved as well", async () => {
    const root = { keyType: "P-384" } as const;
    const other = { keyType: "Ed25519" } as const;
    expect(await verdict({ root, issuing: other, leaf: other })).toBe("accepted");
    expect(await verdict({ root: other })).toBe("accepted");
  });

  it("the proof holds for as long as every certificate and list it rests on", async () => {
    const { question } = await makePki({
      leaf: { notBefore: pkiNow - 3600_000 },
      rootCrl: { nextUpdate: pkiNow + 2000 },
    });
    expect(proveLeaf(question).holds).toEqual({ from: pkiNow - 3600_000, until: pkiNow + 2000 });
  });
});

describe("proveLeaf refuses as CERT_PATH_INVALID", () => {
  it("a leaf whose root is not among the roots", async () => {
    await refused({}, { roots: (await makePki()).question.roots });
    await refused({}, { roots: [] });
  });

  it("a leaf whose issuing CA is not given", async () => {
    await refused({}, { intermediates: [] });
  });

  it("a signature by another key under the right name and key identifier", async () => {
    await refused({ leaf: { signer: makeStrangerKey() } });
    await refused({ issuing: { signer: makeStrangerKey() } });
  });

  it("an issuer of another name", async () => {
    await refused({ leaf: { issuer: "CN=gh issuing" } });
  });

  it("a leaf that does not name its issuer's key", async () => {
    await refused({ leaf: { extensions: without(oids.authorityKeyId) } });
  });

  it("two certificates that both leave out the issuer's key: nothing joins them", async () => {
    const leaf = { extensions: without(oids.authorityKeyId) };
    await refused({ leaf, issuing: { extensions: without(oids.subjectKeyId) } });
  });

  it("an issuer that is not a CA", async () => {
    await refused({ issuing: { extensions: without(oids.basicConstraints) } });
  });

  it("an issuer whose CA flag is not critical", async () => {
    const flag = { ...renderExtension.basicConstraints(0), critical: false };
    await refused({ issuing: { extensions: replacing(flag) } });
  });

  it("more CAs beneath one than it may have", async () => {
    await refused({ root: { extensions: replacing(renderExtension.basicConstraints(0)) } });
  });

  it("a critical extension that is not known, in the leaf and in a CA", async () => {
    await refused({ leaf: { extensions: replacing(unknownCritical) } });
    await refused({ issuing: { extensions: replacing(unknownCritical) } });
    await refused({ root: { extensions: replacing(unknownCritical) } });
    const harmless = replacing({ ...unknownCritical, critical: false });
    expect(await verdict({ leaf: { extensions: harmless } })).toBe("accepted");
  });

  it("a path of more than four certificates, even where each CA allows more", async () => {
    const roomy = { extensions: replacing(renderExtension.basicConstraints(9)) };
    const { root } = await makePki({ root: roomy });
    const a = await makeCa(root, "CN=ng a", roomy);
    const b = await makeCa(a, "CN=ng b", roomy);
    const c = await makeCa(b, "CN=ng c", roomy);
    const ask = async (by: Made): Promise<string> => {
      const leaf = (await makeLeaf(by)).certificate;
      const crls = await Promise.all([root, a, b, c].map((ca) => makeCrl(ca, leaf, {})));
      const intermediates = [a, b, c].map(({ certificate }) => certificate);
      const asked = { kind: "SIGNING", agency: "ng/tcu", at: pkiNow } as const;
      const sources = { leaf, intermediates, roots: [root.certificate], crls };
      return codeOf(() => proveLeaf({ ...sources, ...asked }));
    };
    expect(await ask(b)).toBe("accepted");
    expect(await ask(c)).toBe("CERT_PATH_INVALID");
  });

  it("more possible issuers than are looked at, however many are right", async () => {
    const { question } = await makePki();
    const intermediates = Array.from({ length: 16 }, () => question.intermediates).flat();
    expect(() => proveLeaf({ ...question, intermediates })).toThrow(
      /more than 16 possible issuers/,
    );
    const fewer = intermediates.slice(0, 15);
    expect(codeOf(() => proveLeaf({ ...question, intermediates: fewer }))).toBe("accepted");
  });
});

describe("proveLeaf judges time", () => {
  it("each certificate of the path has its own validity", async () => {
    for (const which of ["root", "issuing", "leaf"] as const) {
      expect(await verdict({ [which]: { notAfter: pkiNow - 1000 } })).toBe("CERT_EXPIRED");
      expect(await verdict({ [which]: { notBefore: pkiNow + 1000 } })).toBe("CERT_NOT_YET_VALID");
    }
  });

  it("the first and the last moment are inside", async () => {
    expect(await verdict({ leaf: { notAfter: pkiNow } })).toBe("accepted");
    expect(await verdict({ leaf: { notBefore: pkiNow } })).toBe("accepted");
    const { question } = await makePki({ leaf: { notAfter: pkiNow } });
    expect(codeOf(() => proveLeaf({ ...question, at: pkiNow + 1 }))).toBe("CERT_EXPIRED");
  });

  it("an expired issuing CA does not stand in the way of its renewed twin", async () => {
    const good = await makePki();
    const old = await makePki({ issuing: { notAfter: pkiNow - 1000 } });
    const intermediates = [...old.question.intermediates, ...good.question.intermediates];
    expect(codeOf(() => proveLeaf({ ...good.question, intermediates }))).toBe("accepted");
  });
});

describe("proveLeaf refuses as CERT_USAGE_NOT_PERMITTED", () => {
  const usage = "CERT_USAGE_NOT_PERMITTED";

  it("a leaf of one kind asked for as another", async () => {
    const kinds = ["LINK", "SERVER", "SIGNING", "SEALING"] as const;
    for (const kind of kinds) {
      const { question } = await makePki({ kind });
      const accepted = kinds.filter(
        (asked) => codeOf(() => proveLeaf({ ...question, kind: asked })) === "accepted",
      );
      expect(accepted).toEqual([kind]);
    }
  });

  it("a leaf with more purposes than its kind has", async () => {
    const both = renderExtension.extendedKeyUsage([oids.clientAuth, oids.serverAuth]);
    expect(await verdict({ kind: "LINK", leaf: { extensions: replacing(both) } })).toBe(usage);
  });

  it("a leaf whose key usage is not critical", async () => {
    const loose = { ...renderExtension.keyUsage(["digitalSignature"]), critical: false };
    expect(await verdict({ leaf: { extensions: replacing(loose) } })).toBe(usage);
  });

  it("a leaf that is a CA", async () => {
    const ca = replacing(renderExtension.basicConstraints(0));
    const change = { leaf: { extensions: ca }, issuing: {} };
    expect(await verdict(change)).toBe(usage);
  });

  it("a leaf that constrains names, as only a CA may", async () => {
    const bound = replacing(renderExtension.nameConstraints("ng.atumpan"));
    expect(await verdict({ leaf: { extensions: bound } })).toBe(usage);
  });

  it("a leaf with a key of a type its kind does not have", async () => {
    expect(await verdict({ leaf: { keyType: "P-384" } })).toBe(usage);
    expect(await verdict({ kind: "SEALING", leaf: { keyType: "Ed25519" } })).toBe(usage);
  });

  it("a CA that may not sign certificates, or is for something besides", async () => {
    const lists = replacing(renderExtension.keyUsage(["cRLSign"]));
    expect(await verdict({ issuing: { extensions: lists } })).toBe(usage);
    const loose = { ...renderExtension.keyUsage(["keyCertSign", "cRLSign"]), critical: false };
    expect(await verdict({ issuing: { extensions: replacing(loose) } })).toBe(usage);
    const tls = replacing(renderExtension.extendedKeyUsage([oids.serverAuth]));
    expect(await verdict({ issuing: { extensions: tls } })).toBe(usage);
  });
});

describe("proveLeaf refuses as CERT_NAME_NOT_PERMITTED", () => {
  const name = "CERT_NAME_NOT_PERMITTED";
  it("a leaf of another agency", async () => {
    expect(await verdict({ agency: "ng/fiu" }, { agency: "ng/tcu" })).toBe(name);
  });

  it("a leaf with a second name of any form", async () => {
    expect(await verdict(withNames([0x86, tcu], [0x86, "spiffe://ng.atumpan/fiu"]))).toBe(name);
    expect(await verdict(withNames([0x86, tcu], [0x82, "tcu.example"]))).toBe(name);
    expect(await verdict(withNames([0x86, tcu], [0x81, "a@tcu.example"]))).toBe(name);
    expect(await verdict(withNames([0x86, tcu], [0x87, "\x7f\x00\x00\x01"]))).toBe(name);
  });

  it("a leaf without a name, or with the agency's in another spelling", async () => {
    expect(await verdict({ leaf: { extensions: without(oids.subjectAltName) } })).toBe(name);
    for (const uri of [
      "SPIFFE://ng.atumpan/tcu",
      `${tcu}/`,
      `${tcu}?`,
      "spiffe://ng.atumpan./tcu",
    ]) {
      expect(await verdict(withNames([0x86, uri]))).toBe(name);
    }
  });

  it("a name outside what a CA may give, whichever CA it is", async () => {
    const foreign = replacing(constraints("gh.atumpan"));
    expect(await verdict({ issuing: { extensions: foreign } })).toBe(name);
    expect(await verdict({ root: { extensions: foreign } })).toBe(name);
    expect(await verdict({ agency: "gh/tcu" })).toBe(name);
  });

  it("a constraint on a parent domain's subdomains covers them and not itself", async () => {
    const parent = replacing(constraints(".atumpan"));
    expect(await verdict({ issuing: { extensions: parent } })).toBe("accepted");
    const itself = replacing(constraints(".ng.atumpan"));
    expect(await verdict({ issuing: { extensions: itself } })).toBe(name);
  });

  it("a name that a CA may give but not to this host", async () => {
    const except = replacing(constraints(".atumpan", "ng.atumpan"));
    expect(await verdict({ issuing: { extensions: except } })).toBe(name);
  });

  it("a CA without name constraints, or with some that are not critical", async () => {
    const none = without(oids.nameConstraints);
    expect(await verdict({ issuing: { extensions: none } })).toBe(name);
    const loose = replacing({ ...constraints("ng.atumpan"), critical: false });
    expect(await verdict({ root: { extensions: loose } })).toBe(name);
  });

  it("a CA constrained by directory names, which are not processed", async () => {
    const directory = renderDer(0x30, renderDer(0xa4, renderDer(0x30)));
    const value = renderDer(
      0x30,
      renderDer(0xa0, renderDer(0x30, renderDer(0x86, Buffer.from("ng.atumpan"))), directory),
    );
    const change = { oid: oids.nameConstraints, critical: true, value };
    expect(await verdict({ root: { extensions: replacing(change) } })).toBe(name);
  });

  it("a CA that bears a name itself", async () => {
    const named = replacing(altNames([0x86, "spiffe://ng.atumpan/ca"]));
    expect(await verdict({ issuing: { extensions: named } })).toBe(name);
  });
});

describe("proveLeaf and what is no refusal", () => {
  it("a mistake of ours is thrown as it is, not taken for another path's turn", async () => {
    const { question } = await makePki();
    const crls = question.crls.map((crl) => ({ ...crl, criticalUnknown: undefined }) as never);
    expect(() => proveLeaf({ ...question, crls })).toThrow(TypeError);
  });
});

describe("proveLeaf judges revocation", () => {
  const unknown = "CERT_STATUS_UNKNOWN";

  it("a revoked certificate is refused even inside its validity period, leaf or CA", async () => {
    expect(await verdict({ issuingCrl: { lists: true } })).toBe("CERT_REVOKED");
    expect(await verdict({ rootCrl: { lists: true } })).toBe("CERT_REVOKED");
  });

  it("without a list of each issuer nothing is known", async () => {
    const { question } = await makePki();
    for (const crls of [[], question.crls.slice(0, 1), question.crls.slice(1)]) {
      expect(codeOf(() => proveLeaf({ ...question, crls }))).toBe(unknown);
    }
  });

  it("a list is fresh from its first moment to its last", async () => {
    expect(await verdict({ issuingCrl: { nextUpdate: pkiNow } })).toBe("accepted");
    expect(await verdict({ issuingCrl: { nextUpdate: pkiNow - 1000 } })).toBe(unknown);
    expect(await verdict({ rootCrl: { thisUpdate: pkiNow } })).toBe("accepted");
    expect(await verdict({ rootCrl: { thisUpdate: pkiNow + 1000 } })).toBe(unknown);
  });

  it("a list that another key signed says nothing", async () => {
    const signer = makeStrangerKey();
    expect(await verdict({ issuingCrl: { signer } })).toBe(unknown);
    expect(await verdict({ issuingCrl: { signer, lists: true } })).toBe(unknown);
  });

  it("a list of part of the certificates says nothing", async () => {
    const part = replacing({ oid: "2.5.29.28", critical: true, value: renderDer(0x30) });
    expect(await verdict({ issuingCrl: { extensions: part } })).toBe(unknown);
  });

  it("a listing on a stale list still counts, and a newer silent one does not lift it", async () => {
    const stale = { lists: true, nextUpdate: pkiNow - 1000 };
    expect(await verdict({ issuingCrl: stale })).toBe("CERT_REVOKED");
  });

  it("the proof ends before a later list begins", async () => {
    const { question, issuing, leaf } = await makePki();
    const later = await makeCrl(issuing, leaf.certificate, {
      thisUpdate: pkiNow + 5000,
      nextUpdate: pkiNow + 7 * day,
      lists: true,
    });
    const crls = [...question.crls, later];
    expect(proveLeaf({ ...question, crls }).holds.until).toBe(pkiNow + 4999);
    expect(codeOf(() => proveLeaf({ ...question, crls, at: pkiNow + 5000 }))).toBe("CERT_REVOKED");
  });
});
