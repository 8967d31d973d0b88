import * as fc from "fast-check";
import { describe, expect, it } from "vitest";

import { codeOfPath } from "../../test/kit/code-of.ts";
import { makePki, type Pki, pkiNow, replacing, without } from "../../test/kit/pki.ts";
import {
  caExtensions,
  certify,
  dayMs,
  having,
  leafExtensions,
  madeAt,
  makeHolder,
  makeWorld,
  type WorldChange,
} from "../../test/vectors/made-chain.ts";
import { oids, renderDer, renderOid } from "../shape/index.ts";
import { type EncodedQuestion, verifyPath } from "./verify-path.ts";

function verdict(change: WorldChange = {}, asked: Partial<EncodedQuestion> = {}): string {
  return codeOfPath({ ...makeWorld(change).question, ...asked });
}

function encode({ question }: Pki, asked: Partial<EncodedQuestion> = {}): EncodedQuestion {
  return {
    leaf: question.leaf.der,
    intermediates: question.intermediates.map(({ der }) => der),
    anchors: question.roots.map(({ der }) => der),
    crls: question.crls.map(({ der }) => der),
    at: pkiNow,
    usage: "SIGNING",
    ...asked,
  };
}

const good = makeWorld().question;
const anyPolicy = having({
  oid: oids.certificatePolicies,
  critical: false,
  value: renderDer(0x30, renderDer(0x30, renderOid(oids.anyPolicy))),
});
const own = await makePki();

describe("verifyPath", () => {
  it("a good path is given from leaf to anchor", () => {
    const path = [good.leaf, good.intermediates[0]!, good.anchors[0]!];
    const answer = verifyPath(good);
    expect(answer.ok && answer.path.map((der) => Buffer.from(der))).toEqual(path);
  });

  it("every kind of key and signature is verified", () => {
    for (const type of ["P-256", "P-384", "P-521", "Ed25519", "RSA", "RSA-PSS"] as const) {
      expect(verdict({ keyTypes: [type, type, type] })).toBe("accepted");
    }
  });

  it("a signature by a key of another kind than its scheme is none", () => {
    const ca = makeHolder("ca", { keyType: "RSA" });
    const posing = { ...makeHolder("ca"), keyId: ca.keyId };
    const anchors = [certify(ca, ca, { extensions: caExtensions() })];
    for (const keyType of ["P-256", "Ed25519", "P-384"] as const) {
      const signer = { ...posing, ...makeHolder("ca", { keyType }), keyId: ca.keyId };
      const leaf = certify(makeHolder("leaf"), signer, { extensions: leafExtensions });
      expect(codeOfPath({ ...good, anchors, leaf })).toBe("CERT_PATH_INVALID");
    }
  });

  it("a leaf that is an anchor itself leads to none", () => {
    const [anchor] = good.anchors;
    expect(codeOfPath({ ...good, leaf: anchor! })).toBe("CERT_PATH_INVALID");
  });

  it("a leaf without an issuer, or below a strange root, leads to no anchor", () => {
    expect(verdict({}, { intermediates: [] })).toBe("CERT_PATH_INVALID");
    expect(verdict({}, { anchors: [] })).toBe("CERT_PATH_INVALID");
    expect(verdict({}, { anchors: makeWorld().question.anchors })).toBe("CERT_PATH_INVALID");
  });

  it("documents in any order, twice, or among others change nothing", () => {
    const other = makeWorld().question;
    const intermediates = [...other.intermediates, ...good.intermediates, good.leaf];
    const crls = [...other.crls, ...good.crls.toReversed(), ...good.crls];
    expect(codeOfPath({ ...good, intermediates: [...intermediates, ...intermediates], crls })).toBe(
      "accepted",
    );
  });

  it("what cannot be read is passed over, and named when it was needed", () => {
    const junk = Buffer.from("junk");
    const intermediates = [junk, ...good.intermediates];
    const anchors = [junk, ...good.anchors];
    expect(codeOfPath({ ...good, intermediates, anchors, crls: [junk, ...good.crls] })).toBe(
      "accepted",
    );
    expect(codeOfPath({ ...good, intermediates: [junk] })).toBe("CERT_MALFORMED");
    expect(codeOfPath({ ...good, crls: [good.crls[0]!, junk] })).toBe("CERT_MALFORMED");
    expect(codeOfPath({ ...good, leaf: junk })).toBe("CERT_MALFORMED");
  });

  it("revocation is asked when lists are given, though none of them", () => {
    expect(codeOfPath({ ...good, crls: undefined })).toBe("accepted");
    expect(codeOfPath({ ...good, crls: [] })).toBe("CERT_STATUS_UNKNOWN");
  });

  it("time is judged in whole seconds", () => {
    const leaf = { until: madeAt };
    expect(verdict({ leaf }, { at: madeAt + 999 })).toBe("accepted");
    expect(verdict({ leaf }, { at: madeAt + 1000 })).toBe("CERT_EXPIRED");
    expect(verdict({ leaf: { from: madeAt } }, { at: madeAt - 1 })).toBe("CERT_NOT_YET_VALID");
  });

  it("no time at all is not a time anything is good at", () => {
    for (const at of [Number.NaN, Infinity, -Infinity]) {
      expect(codeOfPath({ ...good, at, crls: undefined })).toBe("CERT_NOT_YET_VALID");
    }
  });
});

describe("verifyPath is bounded", () => {
  const complex = "CERT_TOO_COMPLEX";

  it("more documents, or larger ones, than allowed are not read", () => {
    const many = Array.from({ length: 257 }, () => Buffer.alloc(1));
    const large = [Buffer.alloc(2 * 1024 * 1024)];
    for (const kind of ["anchors", "intermediates", "crls"] as const) {
      expect(codeOfPath({ ...good, [kind]: many })).toBe(complex);
      expect(codeOfPath({ ...good, [kind]: large })).toBe(complex);
    }
  });

  it("two hundred cross-certificates are given up before they cost much", () => {
    const cas = Array.from({ length: 15 }, (_, i) => makeHolder(`ca ${i}`));
    const cross = cas.flatMap((subject) =>
      cas
        .filter((by) => by !== subject)
        .map((by) => certify(subject, by, { extensions: caExtensions(60) })),
    );
    const leaf = certify(makeHolder("leaf"), cas[0]!, { extensions: leafExtensions });
    const twins = Array.from({ length: 200 }, () => {
      const twin = { ...makeHolder("ca 0"), keyId: cas[0]!.keyId };
      return certify(twin, twin, { extensions: caExtensions() });
    });
    for (const intermediates of [cross, twins]) {
      // the processor's time, of which all ways through them would take hours
      const start = process.cpuUsage();
      expect(codeOfPath({ ...good, leaf, intermediates })).toBe(complex);
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(10_000);
    }
  });

  it("a path of more than twelve certificates is none", () => {
    const [first, ...more] = Array.from({ length: 12 }, (_, i) => makeHolder(`ca ${i}`));
    const ca = caExtensions(60);
    const anchors = [certify(first!, first!, { extensions: ca })];
    let above = first!;
    const intermediates: Uint8Array[] = [];
    const ask = (): string => {
      const leaf = certify(makeHolder("leaf"), above, { extensions: leafExtensions });
      return codeOfPath({ ...good, anchors, intermediates, leaf, crls: undefined });
    };
    for (const holder of more.slice(0, 10)) {
      intermediates.push(certify(holder, above, { extensions: ca }));
      above = holder;
    }
    expect(ask()).toBe("accepted");
    intermediates.push(certify(more[10]!, above, { extensions: ca }));
    above = more[10]!;
    expect(ask()).toBe("CERT_PATH_INVALID");
  });

  it("never throws, whatever octets its documents have", () => {
    const documents = ["leaf", "intermediates", "anchors", "crls"] as const;
    const change = fc.tuple(fc.nat(600), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...documents),
        fc.array(change, { minLength: 1, maxLength: 3 }),
        (which, changes) => {
          const edit = (der: Uint8Array): Uint8Array => {
            const bytes = Buffer.from(der);
            for (const [at, octet] of changes) bytes[at % bytes.length] = octet;
            return bytes;
          };
          const asked =
            which === "leaf" ? { leaf: edit(good.leaf) } : { [which]: good[which].map(edit) };
          expect(codeOfPath({ ...good, ...asked })).toMatch(/^(?:accepted|CERT_[A-Z_]+)$/);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("what is no document at all is answered, not thrown", () => {
    const leaf = undefined as unknown as Uint8Array;
    expect(verifyPath({ ...good, leaf })).toMatchObject({ ok: false, code: "INTERNAL" });
    const acceptable = { includes: undefined } as unknown as readonly string[];
    const policy = { requireExplicit: true, acceptable };
    const required = makeWorld({ issuing: anyPolicy, leaf: anyPolicy }).question;
    expect(verifyPath({ ...required, policy })).toMatchObject({ ok: false, code: "INTERNAL" });
    let times = 0;
    const fickle = {
      get length(): number {
        times += 1;
        if (times > 1) throw new TypeError("read twice");
        return 1;
      },
    };
    const intermediates = [fickle as unknown as Uint8Array];
    expect(verifyPath({ ...good, intermediates })).toMatchObject({ ok: false, code: "INTERNAL" });
    const anchors = [null as unknown as Uint8Array];
    expect(verifyPath({ ...good, anchors })).toMatchObject({ ok: false, code: "INTERNAL" });
  });
});

describe("verifyPath for our own kinds", () => {
  it("accepts what the register's proof accepts, by the name the leaf bears or the one asked for", async () => {
    for (const usage of ["LINK", "SERVER", "SIGNING", "SEALING"] as const) {
      const pki = await makePki({ kind: usage });
      expect(codeOfPath(encode(pki, { usage }))).toBe("accepted");
      expect(codeOfPath(encode(pki, { usage, agency: "ng/tcu" }))).toBe("accepted");
      expect(codeOfPath(encode(pki, { usage: "any" }))).toBe("accepted");
    }
  });

  it("gives the path from leaf to anchor", () => {
    const question = encode(own);
    const answer = verifyPath(question);
    const path = [question.leaf, question.intermediates[0]!, question.anchors[0]!];
    expect(answer.ok && answer.path.map((der) => Buffer.from(der))).toEqual(
      path.map((der) => Buffer.from(der)),
    );
  });

  it("always asks for lists", () => {
    expect(codeOfPath(encode(own, { crls: undefined }))).toBe("CERT_STATUS_UNKNOWN");
  });

  it("refuses another kind, another agency, and a leaf that names none", async () => {
    expect(codeOfPath(encode(own, { usage: "LINK" }))).toBe("CERT_USAGE_NOT_PERMITTED");
    expect(codeOfPath(encode(own, { agency: "ng/fiu" }))).toBe("CERT_NAME_NOT_PERMITTED");
    const nameless = await makePki({ leaf: { extensions: without(oids.subjectAltName) } });
    expect(codeOfPath(encode(nameless))).toBe("CERT_NAME_NOT_PERMITTED");
  });

  it("refuses a path that is good by RFC 5280 alone", async () => {
    expect(codeOfPath({ ...good, usage: "SIGNING" })).toBe("CERT_NAME_NOT_PERMITTED");
    const unbound = await makePki({ root: { extensions: without(oids.nameConstraints) } });
    expect(codeOfPath(encode(unbound, { usage: "any" }))).toBe("accepted");
    expect(codeOfPath(encode(unbound))).toBe("CERT_NAME_NOT_PERMITTED");
  });

  it("accepts nothing that RFC 5280 refuses, whatever octets are changed", async () => {
    const odd = { oid: "2.5.29.36", critical: false, value: renderDer(0x30) };
    const worlds = [own, await makePki({ leaf: { extensions: replacing(odd) } })].map((pki) =>
      encode(pki),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...worlds),
        fc.constantFrom("leaf", "issuing", "lists"),
        fc.nat(700),
        fc.integer({ min: 1, max: 255 }),
        (...[question, which, at, octet]) => {
          const edit = (der: Uint8Array): Uint8Array => {
            const bytes = Buffer.from(der);
            bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ octet;
            return bytes;
          };
          const changed = {
            leaf: { leaf: edit(question.leaf) },
            issuing: { intermediates: question.intermediates.map(edit) },
            lists: { crls: question.crls?.map(edit) },
          }[which];
          const asked = { ...question, ...changed };
          if (verifyPath(asked).ok) expect(codeOfPath({ ...asked, usage: "any" })).toBe("accepted");
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("verifyPath asks besides the path", () => {
  const { serverAuth, clientAuth, anyExtendedKeyUsage } = oids;
  const purposes = (...list: readonly string[]) => {
    const encoded = list.map((oid) => {
      const arcs = oid.split(".").map(Number);
      const [a = 0, b = 0, ...rest] = arcs;
      return renderDer(0x06, Buffer.from([a * 40 + b, ...rest]));
    });
    return having({
      oid: oids.extendedKeyUsage,
      critical: false,
      value: renderDer(0x30, ...encoded),
    });
  };
  const names = (...list: readonly (readonly [number, Uint8Array])[]) =>
    having({
      oid: oids.subjectAltName,
      critical: false,
      value: renderDer(0x30, ...list.map(([tag, bytes]) => renderDer(tag, bytes))),
    });

  it("a purpose that is asked for is named by the leaf and allowed by every CA", () => {
    const usage = "CERT_USAGE_NOT_PERMITTED";
    const asked = { purpose: serverAuth };
    expect(verdict({ leaf: purposes(serverAuth) }, asked)).toBe("accepted");
    expect(verdict({ leaf: purposes(clientAuth) }, asked)).toBe(usage);
    expect(verdict({}, asked)).toBe(usage);
    expect(verdict({ leaf: purposes(serverAuth, anyExtendedKeyUsage) }, asked)).toBe(usage);
    const leaf = purposes(serverAuth);
    expect(verdict({ leaf, issuing: purposes(clientAuth) }, asked)).toBe(usage);
    expect(verdict({ leaf, issuing: purposes(anyExtendedKeyUsage) }, asked)).toBe("accepted");
  });

  it("a purpose is not asked of a CA", () => {
    const { root, question } = makeWorld();
    const extensions = [...caExtensions(), ...(purposes(serverAuth).extensions?.([]) ?? [])];
    const leaf = certify(makeHolder("sub"), root, { extensions });
    const crls = question.crls;
    expect(codeOfPath({ ...question, leaf, crls })).toBe("accepted");
    expect(codeOfPath({ ...question, leaf, purpose: serverAuth })).toBe("CERT_USAGE_NOT_PERMITTED");
  });

  it("where none is asked for, CAs leave the leaf at least one", () => {
    const usage = "CERT_USAGE_NOT_PERMITTED";
    expect(verdict({ leaf: purposes(serverAuth), issuing: purposes(clientAuth) })).toBe(usage);
    expect(verdict({ leaf: purposes(serverAuth), issuing: purposes(serverAuth) })).toBe("accepted");
    expect(verdict({ issuing: purposes(clientAuth) })).toBe("accepted");
    expect(verdict({ leaf: purposes(anyExtendedKeyUsage) })).toBe("accepted");
  });

  it("a host that is asked for is named whole", () => {
    const leaf = names([0x82, Buffer.from("Host.example")], [0x87, Buffer.from([10, 0, 0, 1])]);
    const name = "CERT_NAME_NOT_PERMITTED";
    expect(verdict({ leaf }, { host: { dns: "host.EXAMPLE" } })).toBe("accepted");
    expect(verdict({ leaf }, { host: { dns: "other.example" } })).toBe(name);
    expect(verdict({ leaf }, { host: { ip: Buffer.from([10, 0, 0, 1]) } })).toBe("accepted");
    expect(verdict({ leaf }, { host: { ip: Buffer.from([10, 0, 0, 2]) } })).toBe(name);
    expect(verdict({}, { host: { dns: "a leaf" } })).toBe(name);
    const pattern = names([0x82, Buffer.from("*.example")]);
    expect(verdict({ leaf: pattern }, { host: { dns: "host.example" } })).toBe(name);
  });

  it("no more CAs than asked for stand between", () => {
    expect(verdict({}, { maxIntermediates: 1 })).toBe("accepted");
    expect(verdict({}, { maxIntermediates: 0 })).toBe("CERT_PATH_INVALID");
  });

  it("a list of a day ago is fresh for a day", () => {
    expect(verdict({}, { at: madeAt + dayMs })).toBe("accepted");
    expect(verdict({}, { at: madeAt + dayMs + 1000 })).toBe("CERT_STATUS_UNKNOWN");
  });
});
