import { describe, expect, it } from "vitest";

import { codeOfPath } from "../../../test/kit/code-of.ts";
import {
  caExtensions,
  certify,
  type Change,
  dayMs,
  having,
  type Holder,
  lacking,
  leafExtensions,
  type ListEntry,
  madeAt,
  madeName,
  madeNames,
  makeHolder,
  makeList,
  makeWorld,
  reasonCode,
} from "../../../test/vectors/made-chain.ts";
import { type ExtensionValue, oids, renderDer, renderExtension } from "../../shape/index.ts";

const revoked = "CERT_REVOKED";
const unknown = "CERT_STATUS_UNKNOWN";
const serial = Buffer.from([9, 9]);
const uri = (text: string): Uint8Array => renderDer(0x86, Buffer.from(text));
const yes = (tag: number): Uint8Array => renderDer(tag, Buffer.of(0xff));

/** A distribution point by the names of its lists, RFC 5280 §4.2.1.13. */
function fullName(...names: readonly Uint8Array[]): Uint8Array {
  return renderDer(0xa0, renderDer(0xa0, ...names));
}

function points(...list: readonly (readonly Uint8Array[])[]): Change {
  const value = renderDer(0x30, ...list.map((fields) => renderDer(0x30, ...fields)));
  return { serial, ...having({ oid: oids.crlDistributionPoints, critical: false, value }) };
}

function scope(...fields: readonly Uint8Array[]): Change {
  return having({
    oid: oids.issuingDistributionPoint,
    critical: true,
    value: renderDer(0x30, ...fields),
  });
}

interface Asked {
  readonly leaf?: Change;
  /** The issuing CA's lists, each by how it differs and what stands on it. */
  readonly lists: readonly (Change & { readonly entries?: readonly ListEntry[] })[];
}

const world = makeWorld();

function verdict({ leaf = { serial }, lists }: Asked): string {
  const { issuing, question } = world;
  const certificate = certify(world.leaf, issuing, { extensions: leafExtensions, change: leaf });
  const made = lists.map(({ entries = [], ...change }) => makeList(issuing, { entries, change }));
  return codeOfPath({ ...question, leaf: certificate, crls: [question.crls[0]!, ...made] });
}

const listing = { entries: [{ serial }] };

describe("a revoked certificate", () => {
  it("is refused, the leaf or a CA", () => {
    expect(verdict({ lists: [{}] })).toBe("accepted");
    expect(verdict({ lists: [listing] })).toBe(revoked);
    const { root, question } = makeWorld({ issuing: { serial } });
    const crls = [makeList(root, listing), question.crls[1]!];
    expect(codeOfPath({ ...question, crls })).toBe(revoked);
  });

  it("is refused for any reason, unless the entry lifts a hold on a delta list", () => {
    const entry = (reason: number): ListEntry => ({ serial, extensions: [reasonCode(reason)] });
    expect(verdict({ lists: [{ entries: [entry(6)] }] })).toBe(revoked);
    const delta = having({
      oid: oids.deltaCrlIndicator,
      critical: true,
      value: renderDer(0x02, Buffer.of(1)),
    });
    expect(verdict({ lists: [{}, { ...delta, entries: [entry(8)] }] })).toBe("accepted");
    expect(verdict({ lists: [{}, { ...delta, entries: [entry(6)] }] })).toBe(revoked);
    expect(verdict({ lists: [{ entries: [entry(6)] }, { ...delta, entries: [entry(8)] }] })).toBe(
      revoked,
    );
    expect(verdict({ lists: [delta] })).toBe(unknown);
  });

  it("is refused by a stale list, a partial one, and one that bears what is not known", () => {
    const critical = { oid: "1.3.6.1.4.1.55555.3", critical: true, value: renderDer(0x05) };
    const entry = { serial, extensions: [critical] };
    expect(verdict({ lists: [{}, { ...listing, until: madeAt - 1000 }] })).toBe(revoked);
    expect(verdict({ lists: [{}, { ...listing, ...scope(yes(0x82)) }] })).toBe(revoked);
    expect(verdict({ lists: [{}, { ...listing, ...having(critical) }] })).toBe(revoked);
    expect(verdict({ lists: [{}, { entries: [entry] }] })).toBe(revoked);
  });

  it("is not yet known by a list that is made later, and not by one of another issuer", () => {
    expect(verdict({ lists: [{}, { ...listing, from: madeAt + 1000 }] })).toBe("accepted");
    expect(verdict({ lists: [{}, { ...listing, issuerName: madeNames(madeName("x")) }] })).toBe(
      "accepted",
    );
  });
});

describe("silence", () => {
  it("counts while a list is fresh", () => {
    expect(verdict({ lists: [{ until: madeAt }] })).toBe("accepted");
    expect(verdict({ lists: [{ until: madeAt - 1000 }] })).toBe(unknown);
    expect(verdict({ lists: [{ from: madeAt + 1000, until: madeAt + dayMs }] })).toBe(unknown);
    expect(verdict({ lists: [] })).toBe(unknown);
  });

  it("of a list with a critical extension that is not known counts for nothing", () => {
    const strange = { oid: "1.3.6.1.4.1.55555.2", critical: true, value: renderDer(0x05) };
    expect(verdict({ lists: [having(strange)] })).toBe(unknown);
    expect(verdict({ lists: [having({ ...strange, critical: false })] })).toBe("accepted");
    const other = { serial: Buffer.of(5), extensions: [strange] };
    expect(verdict({ lists: [{ entries: [other] }] })).toBe(unknown);
  });

  it("of a list of other certificates counts for nothing", () => {
    const ca = {
      extensions: () => [
        ...caExtensions(),
        renderExtension.subjectKeyId(world.leaf.keyId),
        renderExtension.authorityKeyId(world.issuing.keyId),
      ],
    };
    expect(verdict({ lists: [scope(yes(0x81))] })).toBe("accepted");
    expect(verdict({ leaf: ca, lists: [scope(yes(0x81))] })).toBe(unknown);
    expect(verdict({ lists: [scope(yes(0x82))] })).toBe(unknown);
    expect(verdict({ leaf: ca, lists: [scope(yes(0x82))] })).toBe("accepted");
    expect(verdict({ lists: [scope(yes(0x85))] })).toBe(unknown);
  });

  it("of an indirect list counts for nothing, nor is it read for a listing", () => {
    expect(verdict({ lists: [scope(yes(0x84))] })).toBe(unknown);
    expect(verdict({ lists: [{}, { ...listing, ...scope(yes(0x84)) }] })).toBe("accepted");
  });
});

describe("a list of one distribution point", () => {
  const here = fullName(uri("http://ng.example/1"));

  it("covers the certificates that name it", () => {
    const leaf = points([here]);
    expect(verdict({ leaf, lists: [scope(here)] })).toBe("accepted");
    expect(verdict({ leaf, lists: [scope(fullName(uri("http://ng.example/2")))] })).toBe(unknown);
    expect(verdict({ lists: [scope(here)] })).toBe(unknown);
    expect(verdict({ leaf, lists: [{}] })).toBe("accepted");
  });

  it("one common name is enough", () => {
    const both = fullName(uri("a://b"), uri("http://ng.example/1"));
    expect(verdict({ leaf: points([both]), lists: [scope(here)] })).toBe("accepted");
    expect(verdict({ leaf: points([fullName(uri("a://c"))], [here]), lists: [scope(here)] })).toBe(
      "accepted",
    );
  });

  it("names of every form are compared, each with its own", () => {
    const names = [
      renderDer(0x87, Buffer.from([10, 0, 0, 1])),
      renderDer(0x88, Buffer.of(0x2a)),
      renderDer(0x82, Buffer.from("a.example")),
    ];
    for (const name of names) {
      const leaf = points([fullName(name)]);
      const others = names.filter((one) => one !== name);
      expect(verdict({ leaf, lists: [scope(fullName(name))] })).toBe("accepted");
      expect(verdict({ leaf, lists: [scope(fullName(...others))] })).toBe(unknown);
    }
  });

  it("may be named beside its issuer, or be its issuer", () => {
    const part = renderDer(
      0x30,
      Buffer.from("0603550403", "hex"),
      renderDer(0x0c, Buffer.from("one")),
    );
    const relative = renderDer(0xa0, renderDer(0xa1, part));
    const whole = madeNames(madeName("an issuing CA"), madeName("ONE"));
    expect(verdict({ leaf: points([relative]), lists: [scope(relative)] })).toBe("accepted");
    const directory = fullName(renderDer(0xa4, whole));
    expect(verdict({ leaf: points([directory]), lists: [scope(relative)] })).toBe("accepted");
    const issuer = fullName(renderDer(0xa4, madeNames(madeName("An Issuing CA"))));
    expect(verdict({ lists: [scope(issuer)] })).toBe("accepted");
  });

  it("of another list's maker is not followed", () => {
    const maker = renderDer(0xa2, renderDer(0xa4, madeNames(madeName("x"))));
    expect(verdict({ leaf: points([here, maker]), lists: [scope(here)] })).toBe(unknown);
    expect(verdict({ leaf: points([maker]), lists: [{}] })).toBe("accepted");
    expect(verdict({ leaf: points([maker]), lists: [scope(here)] })).toBe(unknown);
  });
});

describe("lists by reasons", () => {
  const reasons = (tag: number, bits: string): Uint8Array =>
    renderDer(tag, Buffer.from(bits, "hex"));
  // key and CA compromise; all others
  const some = "0560";
  const others = "071f80";

  it("together cover what each covers in part", () => {
    expect(verdict({ lists: [scope(reasons(0x83, some))] })).toBe(unknown);
    expect(verdict({ lists: [scope(reasons(0x83, others))] })).toBe(unknown);
    expect(verdict({ lists: [scope(reasons(0x83, some)), scope(reasons(0x83, others))] })).toBe(
      "accepted",
    );
    const stale = { ...scope(reasons(0x83, others)), until: madeAt - 1000 };
    expect(verdict({ lists: [scope(reasons(0x83, some)), stale] })).toBe(unknown);
  });

  it("a point of some reasons covers those", () => {
    const here = fullName(uri("a://b"));
    const leaf = points([here, reasons(0x81, some)]);
    expect(verdict({ leaf, lists: [scope(here)] })).toBe(unknown);
    const both = points(
      [here, reasons(0x81, some)],
      [fullName(uri("a://c")), reasons(0x81, others)],
    );
    expect(verdict({ leaf: both, lists: [scope(here), scope(fullName(uri("a://c")))] })).toBe(
      "accepted",
    );
  });
});

describe("the maker of a list", () => {
  it("may sign lists, where it says what it may", () => {
    const noLists = having(renderExtension.keyUsage(["keyCertSign"]));
    const { question } = makeWorld({ issuing: noLists });
    expect(codeOfPath(question)).toBe(unknown);
    const open = makeWorld({ issuing: lacking(oids.keyUsage) });
    expect(codeOfPath(open.question)).toBe("accepted");
    const rootless = makeWorld({ root: noLists });
    expect(codeOfPath(rootless.question)).toBe(unknown);
  });

  it("signed it: a list by a stranger says nothing, for or against", () => {
    const { issuing, question } = world;
    const stranger = { ...issuing, key: makeHolder("x").key };
    const forged = makeList(stranger, { entries: [{ serial }] });
    const leaf = certify(world.leaf, issuing, { extensions: leafExtensions, change: { serial } });
    expect(codeOfPath({ ...question, leaf, crls: [...question.crls, forged] })).toBe("accepted");
    expect(codeOfPath({ ...question, leaf, crls: [question.crls[0]!, makeList(stranger)] })).toBe(
      unknown,
    );
  });
});

/** A CA that signs certificates with one key and lists with another. */
function makeTwoKeys() {
  const root = makeHolder("root");
  const ca = makeHolder("ca");
  const lister = makeHolder("ca");
  const forLists: readonly ExtensionValue[] = [renderExtension.keyUsage(["cRLSign"])];
  const anchors = [certify(root, root, { extensions: caExtensions() })];
  const issuing = certify(ca, root, { extensions: caExtensions() });
  const leaf = certify(makeHolder("leaf"), ca, { extensions: leafExtensions });
  const ask = (signer: Uint8Array, crls: readonly Uint8Array[], by = anchors): string =>
    codeOfPath({
      anchors: by,
      intermediates: [issuing, signer],
      leaf,
      crls,
      at: madeAt,
      usage: "any",
    });
  const certifyLister = (by: Holder, change: Change = {}, extensions = forLists): Uint8Array =>
    certify(lister, by, { extensions, change });
  return { root, ca, lister, ask, certifyLister, anchors };
}

describe("a list signed by another key of the issuer", () => {
  const { root, ca, lister, ask, certifyLister, anchors } = makeTwoKeys();
  const crls = [makeList(root), makeList(lister)];

  it("counts when the key's certificate leads to the same anchor", () => {
    expect(ask(certifyLister(root), crls)).toBe("accepted");
  });

  it("does not when that certificate is expired, revoked, of no use, or by a stranger", () => {
    expect(ask(certifyLister(root, { until: madeAt - 1000 }), crls)).toBe(unknown);
    const gone = [makeList(root, { entries: [{ serial }] }), makeList(lister)];
    expect(ask(certifyLister(root, { serial }), gone)).toBe(unknown);
    expect(ask(certifyLister(root, {}, leafExtensions), crls)).toBe(unknown);
    expect(ask(certifyLister(makeHolder("root")), crls)).toBe(unknown);
  });

  it("does not when that certificate leads to another anchor only", () => {
    const other = makeHolder("other");
    const both = [...anchors, certify(other, other, { extensions: caExtensions() })];
    expect(ask(certifyLister(other), [...crls, makeList(other)], both)).toBe(unknown);
  });

  it("does not when only the key itself says that it is not revoked", () => {
    expect(ask(certifyLister(ca), crls)).toBe(unknown);
    expect(ask(certifyLister(ca), [...crls, makeList(ca)])).toBe("accepted");
  });

  it("is proved once for all the certificates it speaks of", () => {
    const second = makeHolder("sub");
    const intermediates = [
      certify(ca, root, { extensions: caExtensions() }),
      certify(second, ca, { extensions: caExtensions() }),
      certifyLister(root),
    ];
    const leaf = certify(makeHolder("leaf"), second, { extensions: leafExtensions });
    const lists = [...crls, makeList(lister), makeList(second)];
    const question = {
      anchors,
      intermediates,
      leaf,
      crls: lists,
      at: madeAt,
      usage: "any",
    } as const;
    expect(codeOfPath(question)).toBe("accepted");
  });
});
