import { describe, expect, it } from "vitest";

import { codeOfPath } from "../../../test/kit/code-of.ts";
import {
  caExtensions,
  certify,
  type Change,
  having,
  type Holder,
  lacking,
  leafExtensions,
  madeAt,
  madeName,
  madeNames,
  makeHolder,
  makeList,
  makeWorld,
  type WorldChange,
} from "../../../test/vectors/made-chain.ts";
import { type ExtensionValue, oids, renderDer, renderExtension } from "../../shape/index.ts";

function verdict(change: WorldChange): string {
  return codeOfPath(makeWorld(change).question);
}

const critical: ExtensionValue = {
  oid: "1.3.6.1.4.1.55555.1",
  critical: true,
  value: renderDer(0x05),
};
const badPath = "CERT_PATH_INVALID";
const outside = "CERT_OUTSIDE_PROFILE";

describe("every certificate of a path", () => {
  it("is in its period, from the first second to the last", () => {
    for (const which of ["root", "issuing", "leaf"] as const) {
      expect(verdict({ [which]: { until: madeAt } })).toBe("accepted");
      expect(verdict({ [which]: { from: madeAt } })).toBe("accepted");
      expect(verdict({ [which]: { until: madeAt - 1000 } })).toBe("CERT_EXPIRED");
      expect(verdict({ [which]: { from: madeAt + 1000 } })).toBe("CERT_NOT_YET_VALID");
    }
  });

  it("bears no critical extension that is not known, and any other one", () => {
    for (const which of ["root", "issuing", "leaf"] as const) {
      expect(verdict({ [which]: having(critical) })).toBe(outside);
      expect(verdict({ [which]: having({ ...critical, critical: false }) })).toBe("accepted");
    }
  });
});

describe("an issuer", () => {
  const notCa = { oid: oids.basicConstraints, critical: true, value: renderDer(0x30) };
  const plain = renderExtension.keyUsage(["digitalSignature"]);

  it("is a CA", () => {
    expect(verdict({ issuing: { extensions: (usual) => [notCa, plain, ...usual.slice(2)] } })).toBe(
      badPath,
    );
    expect(verdict({ issuing: { extensions: (usual) => [plain, ...usual.slice(2)] } })).toBe(
      badPath,
    );
  });

  it("may sign certificates, where it says what it may", () => {
    const lists = renderExtension.keyUsage(["cRLSign"]);
    const open = renderExtension.basicConstraints(0);
    const noLength = { ...open, value: renderDer(0x30, renderDer(0x01, Buffer.of(0xff))) };
    expect(verdict({ issuing: having(lists, noLength) })).toBe("CERT_USAGE_NOT_PERMITTED");
    expect(verdict({ issuing: lacking(oids.keyUsage) })).toBe("accepted");
  });

  it("is one whether its flag is critical or not; an anchor's is", () => {
    const loose = { ...renderExtension.basicConstraints(9), critical: false };
    expect(verdict({ issuing: having(loose) })).toBe("accepted");
    expect(verdict({ root: having(loose) })).toBe(outside);
  });

  it("has the name that is asked for, in any case and spacing of printable or UTF-8 text", () => {
    const spelt = (text: string, tag = 0x13): Change => ({
      issuerName: madeNames(madeName(text, { tag })),
    });
    for (const text of ["A ROOT", "  a   root ", "a root"]) {
      expect(verdict({ issuing: spelt(text) })).toBe("accepted");
    }
    for (const text of ["aroot", "a-root", "a roo"]) {
      expect(verdict({ issuing: spelt(text) })).toBe(badPath);
    }
    expect(verdict({ issuing: spelt("a root", 0x16) })).toBe(badPath);
    // letters that some reader may fold are other letters here
    expect(verdict({ issuing: spelt("ａ root", 0x0c) })).toBe(badPath);
  });

  it("is refused with the code of its own fault when it is the only one", () => {
    const { root, issuing, question } = makeWorld();
    const old = certify(issuing, root, {
      extensions: caExtensions(),
      change: { until: madeAt - 1000 },
    });
    expect(codeOfPath({ ...question, intermediates: [old] })).toBe("CERT_EXPIRED");
    expect(codeOfPath({ ...question, intermediates: [old, ...question.intermediates] })).toBe(
      "accepted",
    );
  });
});

describe("an anchor", () => {
  it("is a plain CA: what it says beyond that would not be enforced", () => {
    const count = renderDer(0x02, Buffer.of(0));
    const mapping = renderDer(
      0x30,
      renderDer(0x06, Buffer.of(0x2a)),
      renderDer(0x06, Buffer.of(0x2b)),
    );
    const more: readonly ExtensionValue[] = [
      { oid: oids.inhibitAnyPolicy, critical: true, value: count },
      {
        oid: oids.policyConstraints,
        critical: true,
        value: renderDer(0x30, renderDer(0x80, Buffer.of(0))),
      },
      {
        oid: oids.policyConstraints,
        critical: true,
        value: renderDer(0x30, renderDer(0x81, Buffer.of(0))),
      },
      { oid: oids.policyMappings, critical: true, value: renderDer(0x30, mapping) },
      renderExtension.extendedKeyUsage([oids.serverAuth]),
      renderExtension.authorityKeyId(Buffer.alloc(20, 7)),
    ];
    for (const one of more) expect(verdict({ root: having(one) })).toBe(outside);
  });

  it("may leave out its issuer's key, and may be below another CA", () => {
    expect(verdict({ root: lacking(oids.authorityKeyId) })).toBe("accepted");
    const { question } = makeWorld();
    expect(codeOfPath({ ...question, anchors: question.intermediates, intermediates: [] })).toBe(
      "accepted",
    );
  });

  it("binds those beneath it by its own path length", () => {
    expect(verdict({ root: having(renderExtension.basicConstraints(1)) })).toBe("accepted");
    expect(verdict({ root: having(renderExtension.basicConstraints(0)) })).toBe(badPath);
  });
});

interface Chain {
  readonly holders: readonly [Holder, Holder];
  readonly ask: (leafBy: Holder, intermediates: readonly Uint8Array[]) => string;
}

function makeChain(): Chain {
  const root = makeHolder("root");
  const anchors = [certify(root, root, { extensions: caExtensions() })];
  const ask = (leafBy: Holder, intermediates: readonly Uint8Array[]): string => {
    const leaf = certify(makeHolder("leaf"), leafBy, { extensions: leafExtensions });
    return codeOfPath({ anchors, intermediates, leaf, at: madeAt, usage: "any" });
  };
  return { holders: [root, makeHolder("ca")], ask };
}

describe("path length", () => {
  it("counts the CAs between, and no self-issued one", () => {
    const { holders, ask } = makeChain();
    const [root, ca] = holders;
    const renewed = makeHolder("ca");
    const sub = makeHolder("sub");
    const first = certify(ca, root, { extensions: caExtensions(0) });
    const rollover = certify(renewed, ca, { extensions: caExtensions(0) });
    const below = certify(sub, renewed, { extensions: caExtensions(0) });
    expect(ask(ca, [first])).toBe("accepted");
    expect(ask(renewed, [first, rollover])).toBe("accepted");
    expect(ask(sub, [first, rollover, below])).toBe(badPath);
  });
});

describe("purposes are narrowed by every CA", () => {
  it("one purpose in each of two CAs leaves none when they differ", () => {
    const { holders, ask } = makeChain();
    const [root, ca] = holders;
    const sub = makeHolder("sub");
    const purposed = (purpose: string) => [
      ...caExtensions(),
      renderExtension.extendedKeyUsage([purpose]),
    ];
    const first = certify(ca, root, { extensions: purposed(oids.serverAuth) });
    const same = certify(sub, ca, { extensions: purposed(oids.serverAuth) });
    const other = certify(sub, ca, { extensions: purposed(oids.clientAuth) });
    expect(ask(sub, [first, same])).toBe("accepted");
    expect(ask(sub, [first, other])).toBe("CERT_USAGE_NOT_PERMITTED");
  });
});

describe("key identifiers", () => {
  it("a certificate without its issuer's is outside the profile, and so is a CA without its own", () => {
    expect(verdict({ leaf: lacking(oids.authorityKeyId) })).toBe(outside);
    expect(verdict({ issuing: lacking(oids.subjectKeyId) })).toBe(outside);
    expect(verdict({ leaf: lacking(oids.subjectKeyId) })).toBe("accepted");
  });

  it("a self-signed CA may leave its issuer's out; it is no anchor for that", () => {
    const { root, question } = makeWorld();
    const twin = certify(root, root, {
      extensions: caExtensions(),
      change: lacking(oids.authorityKeyId),
    });
    const asked = { ...question, intermediates: [...question.intermediates, twin] };
    expect(codeOfPath(asked)).toBe("accepted");
    expect(codeOfPath({ ...asked, anchors: [twin] })).toBe("accepted");
    expect(codeOfPath({ ...asked, anchors: makeWorld().question.anchors })).toBe(badPath);
  });

  it("the right name with another key identifier is another CA", () => {
    expect(verdict({ leaf: having(renderExtension.authorityKeyId(Buffer.alloc(20))) })).toBe(
      badPath,
    );
  });

  it("a CA with two keys under one name is found by the key that signed", () => {
    const { holders, ask } = makeChain();
    const [root, old] = holders;
    const renewed = makeHolder("ca");
    const both = [old, renewed].map((ca) => certify(ca, root, { extensions: caExtensions() }));
    expect(ask(old, both)).toBe("accepted");
    expect(ask(renewed, both)).toBe("accepted");
    expect(ask({ ...renewed, key: makeHolder("x").key }, both)).toBe(badPath);
  });

  it("a list is of the key that its authority key identifier names", () => {
    const { issuing, question } = makeWorld();
    const list = makeList(issuing, {
      change: having(renderExtension.authorityKeyId(Buffer.alloc(20))),
    });
    expect(codeOfPath({ ...question, crls: [question.crls[0]!, list] })).toBe(
      "CERT_STATUS_UNKNOWN",
    );
  });
});
