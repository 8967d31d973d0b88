import { describe, expect, it } from "vitest";

import { codeOfPath } from "../../../test/kit/code-of.ts";
import {
  caExtensions,
  certify,
  having,
  leafExtensions,
  madeAt,
  madeName,
  madeNames,
  makeHolder,
  makeWorld,
} from "../../../test/vectors/made-chain.ts";
import { type ExtensionValue, oids, renderDer, renderOid } from "../../shape/index.ts";
import { verifyPath } from "../verify-path.ts";

type Name = readonly [tag: number, content: Uint8Array | string];

const render = ([tag, content]: Name): Uint8Array =>
  renderDer(tag, typeof content === "string" ? Buffer.from(content, "latin1") : content);

function altNames(...names: readonly Name[]): ExtensionValue {
  return {
    oid: oids.subjectAltName,
    critical: false,
    value: renderDer(0x30, ...names.map(render)),
  };
}

interface Bases {
  readonly permitted?: readonly Name[];
  readonly excluded?: readonly Name[];
}

function constraints({ permitted = [], excluded = [] }: Bases): ExtensionValue {
  const list = (tag: number, names: readonly Name[]): readonly Uint8Array[] =>
    names.length === 0
      ? []
      : [renderDer(tag, ...names.map((name) => renderDer(0x30, render(name))))];
  const value = renderDer(0x30, ...list(0xa0, permitted), ...list(0xa1, excluded));
  return { oid: oids.nameConstraints, critical: true, value };
}

function verdict(bases: Bases, ...names: readonly Name[]): string {
  const leaf = names.length === 0 ? {} : having(altNames(...names));
  return codeOfPath(makeWorld({ issuing: having(constraints(bases)), leaf }).question);
}

const refused = "CERT_NAME_NOT_PERMITTED";
const dns = (text: string): Name => [0x82, text];
const mail = (text: string): Name => [0x81, text];
const uri = (text: string): Name => [0x86, text];
const ip = (...octets: readonly number[]): Name => [0x87, Buffer.from(octets)];
const directory = (...parts: readonly Uint8Array[]): Name => [0xa4, madeNames(...parts)];
const organisation = (text: string): Uint8Array => madeName(text, { oid: "2.5.4.10" });

/** Bases, names inside them, names outside them. */
const rows: readonly (readonly [string, Name, readonly Name[], readonly Name[]])[] = [
  [
    "a DNS base covers itself and all beneath",
    dns("ng.example"),
    [dns("ng.example"), dns("a.b.NG.Example"), dns("*.ng.example")],
    [dns("xng.example"), dns("example"), dns("ng.example.org")],
  ],
  [
    "a mailbox covers itself",
    mail("desk@ng.example"),
    [mail("desk@NG.example")],
    [mail("other@ng.example"), mail("desk@gh.example")],
  ],
  [
    "a mail host covers its mailboxes",
    mail("ng.example"),
    [mail("a@ng.example")],
    [mail("a@sub.ng.example"), mail("a@gh.example")],
  ],
  [
    "a mail domain covers hosts beneath",
    mail(".ng.example"),
    [mail("a@x.ng.example")],
    [mail("a@ng.example")],
  ],
  [
    "a URI host covers itself",
    uri("ng.example"),
    [uri("https://u@NG.example:80/a?b#c"), uri("spiffe://ng.example")],
    [
      uri("https://x.ng.example/"),
      uri("https://gh.example/ng.example"),
      uri("https://gh.example@x"),
    ],
  ],
  [
    "a URI domain covers hosts beneath",
    uri(".ng.example"),
    [uri("a://x.ng.example")],
    [uri("a://ng.example")],
  ],
  [
    "a block covers its addresses",
    ip(10, 0, 0, 0, 255, 0, 0, 0),
    [ip(10, 255, 1, 2)],
    [ip(11, 0, 0, 1), ip(...Buffer.alloc(16, 10))],
  ],
  [
    "a block of the other family",
    ip(...Buffer.alloc(15), 1, ...Buffer.alloc(16, 255)),
    [ip(...Buffer.alloc(15), 1)],
    [ip(...Buffer.alloc(15), 2), ip(0, 0, 0, 1)],
  ],
];

describe("name constraints", () => {
  it.each(rows)("%s, permitted and excluded", (...[, base, inside, beyond]) => {
    for (const name of inside) {
      expect(verdict({ permitted: [base] }, name)).toBe("accepted");
      expect(verdict({ excluded: [base] }, name)).toBe(refused);
    }
    for (const name of beyond) {
      expect(verdict({ permitted: [base] }, name)).toBe(refused);
      expect(verdict({ excluded: [base] }, name)).toBe("accepted");
    }
  });

  it("an empty base covers every name of its form", () => {
    for (const [base, name] of [
      [dns(""), dns("a.example")],
      [mail(""), mail("a@b.example")],
      [uri(""), uri("a://b.example")],
    ] as const) {
      expect(verdict({ excluded: [base] }, name)).toBe(refused);
      expect(verdict({ permitted: [base] }, name)).toBe("accepted");
    }
  });

  it("one of several permitted bases is enough, one excluded base too much", () => {
    const permitted = [dns("gh.example"), dns("ng.example")];
    expect(verdict({ permitted }, dns("a.ng.example"))).toBe("accepted");
    expect(verdict({ permitted, excluded: [dns("a.ng.example")] }, dns("a.ng.example"))).toBe(
      refused,
    );
  });

  it("a base speaks of its own form only", () => {
    expect(verdict({ permitted: [dns("ng.example")] }, mail("a@gh.example"))).toBe("accepted");
    expect(verdict({ excluded: [dns("")] }, uri("a://gh.example"))).toBe("accepted");
  });

  it("a wildcard that may stand for an excluded host is refused", () => {
    expect(verdict({ excluded: [dns("a.ng.example")] }, dns("*.ng.example"))).toBe(refused);
    expect(verdict({ permitted: [dns("a.ng.example")] }, dns("*.ng.example"))).toBe(refused);
  });

  it("a URI without a host is refused where URIs are constrained, and good where not", () => {
    for (const text of ["urn:a:b", "https://10.0.0.1/", "https://[::1]/"]) {
      expect(verdict({ permitted: [uri("ng.example")] }, uri(text))).toBe(refused);
      expect(verdict({ excluded: [uri("ng.example")] }, uri(text))).toBe(refused);
      expect(verdict({ excluded: [dns("ng.example")] }, uri(text))).toBe("accepted");
    }
  });

  it("a constraint on a form that is not read refuses every name of the form", () => {
    const other = (text: string): Name => [
      0xa0,
      Buffer.concat([renderOid("1.2.3"), renderDer(0xa0, renderDer(0x0c, Buffer.from(text)))]),
    ];
    expect(verdict({ excluded: [other("a")] }, other("b"))).toBe(refused);
    expect(verdict({ permitted: [other("a")] }, other("a"))).toBe(refused);
    expect(verdict({ excluded: [other("a")] }, dns("a.example"))).toBe("accepted");
    expect(verdict({ excluded: [other("a")] }, [0x88, Buffer.of(0x2a)])).toBe("accepted");
  });
});

describe("constraints on directory names", () => {
  const ng = directory(organisation("Ng"));

  function ask(bases: Bases, subject: Uint8Array): string {
    const names = ["a root", "an issuing CA", subject] as const;
    return codeOfPath(makeWorld({ names, issuing: having(constraints(bases)) }).question);
  }

  it("are for the subject and for alternative names, by whole parts from the first", () => {
    const inside = madeNames(organisation("ng"), madeName("desk"));
    const beyond = madeNames(madeName("desk"), organisation("ng"));
    expect(ask({ permitted: [ng] }, inside)).toBe("accepted");
    expect(ask({ permitted: [ng] }, beyond)).toBe(refused);
    expect(ask({ excluded: [ng] }, inside)).toBe(refused);
    expect(ask({ excluded: [ng] }, beyond)).toBe("accepted");
    expect(verdict({ excluded: [ng] }, directory(organisation("NG"), madeName("x")))).toBe(refused);
    expect(verdict({ excluded: [directory(organisation("ng"), madeName("x"))] }, ng)).toBe(
      "accepted",
    );
  });

  it("an excluded name is found however its letters are written, a permitted one only as it is", () => {
    // a Kelvin sign, a letter with a mark, wide letters, a soft hyphen
    for (const text of ["\u212Aenya", "K\u00E9nya", "\uFF2Benya", "Ken\u00ADya"]) {
      const subject = madeNames(organisation(text));
      expect(ask({ excluded: [directory(organisation("kenya"))] }, subject)).toBe(refused);
      expect(ask({ permitted: [directory(organisation("kenya"))] }, subject)).toBe(refused);
    }
  });

  it("mail addresses in the subject are mail addresses", () => {
    const email = { oid: "1.2.840.113549.1.9.1", tag: 0x16 };
    const subject = madeNames(madeName("a@gh.example", email));
    expect(ask({ permitted: [mail("ng.example")] }, subject)).toBe(refused);
    expect(ask({ excluded: [mail("gh.example")] }, subject)).toBe(refused);
    expect(ask({ permitted: [mail("gh.example")] }, subject)).toBe("accepted");
    const odd = madeNames(madeName("a@b@gh.example", email));
    expect(ask({ permitted: [mail("gh.example")] }, odd)).toBe(refused);
    expect(ask({ excluded: [mail("ng.example")] }, odd)).toBe(refused);
  });

  it("a certificate without a subject is asked for its other names alone", () => {
    const critical = { ...altNames(dns("a.example")), critical: true };
    const change = { issuing: having(constraints({ permitted: [ng] })), leaf: having(critical) };
    const names = ["a root", "an issuing CA", madeNames()] as const;
    expect(verifyPath(makeWorld({ ...change, names }).question).ok).toBe(true);
  });
});

describe("constraints along a path", () => {
  const root = makeHolder("root");
  const ca = makeHolder("ca");
  const limits = (text: string): ExtensionValue => constraints({ permitted: [dns(text)] });

  function ask({
    anchor,
    sub,
    name,
  }: {
    anchor: ExtensionValue;
    sub: readonly ExtensionValue[];
    name: string;
  }) {
    return codeOfPath({
      anchors: [certify(root, root, { extensions: [...caExtensions(), anchor] })],
      intermediates: [certify(ca, root, { extensions: [...caExtensions(), ...sub] })],
      leaf: certify(makeHolder("leaf"), ca, {
        extensions: [...leafExtensions, altNames(dns(name))],
      }),
      at: madeAt,
      usage: "any",
    });
  }

  it("every CA's hold, the anchor's too; a lower one narrows and never widens", () => {
    const anchor = limits("ng.example");
    expect(ask({ anchor, sub: [], name: "a.ng.example" })).toBe("accepted");
    expect(ask({ anchor, sub: [], name: "a.gh.example" })).toBe(refused);
    expect(ask({ anchor, sub: [limits("example")], name: "a.gh.example" })).toBe(refused);
    expect(ask({ anchor, sub: [limits("a.ng.example")], name: "b.ng.example" })).toBe(refused);
  });

  it("a CA's own names are asked as well", () => {
    const anchor = limits("ng.example");
    expect(ask({ anchor, sub: [altNames(dns("gh.example"))], name: "a.ng.example" })).toBe(refused);
  });

  it("a self-issued CA is passed over, a self-issued leaf is not", () => {
    const renewed = makeHolder("root");
    const strange = altNames(dns("gh.example"));
    const anchors = [
      certify(root, root, { extensions: [...caExtensions(), limits("ng.example")] }),
    ];
    const rollover = certify(renewed, root, { extensions: [...caExtensions(), strange] });
    const leaf = certify(makeHolder("leaf"), renewed, { extensions: leafExtensions });
    const asked = { anchors, intermediates: [rollover], at: madeAt, usage: "any" } as const;
    expect(verifyPath({ ...asked, leaf }).ok).toBe(true);
    expect(verifyPath({ ...asked, leaf: rollover, intermediates: [] })).toMatchObject({
      code: refused,
    });
  });

  it("the work on them is bounded", () => {
    const many = (tag: number, count: number): readonly Name[] =>
      Array.from({ length: count }, (_, i) => [tag, `n${i}.example`] as const);
    const answer = verifyPath(
      makeWorld({
        issuing: having(constraints({ permitted: many(0x82, 500) })),
        leaf: having(altNames(...many(0x82, 500))),
      }).question,
    );
    expect(answer).toMatchObject({ ok: false, code: "CERT_TOO_COMPLEX" });
  });
});
