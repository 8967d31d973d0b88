import { describe, expect, it } from "vitest";

import { codeOfPath } from "../../../test/kit/code-of.ts";
import {
  caExtensions,
  certify,
  type Holder,
  leafExtensions,
  madeAt,
  makeHolder,
} from "../../../test/vectors/made-chain.ts";
import { type ExtensionValue, oids, renderDer, renderOid } from "../../shape/index.ts";
import type { PolicyQuestion } from "./question.ts";

const P1 = "1.2.3.4.1";
const P2 = "1.2.3.4.2";
const P3 = "1.2.3.4.3";
const { anyPolicy } = oids;
const refused = "CERT_POLICY_NOT_PERMITTED";

function policies(...list: readonly string[]): ExtensionValue {
  const value = renderDer(0x30, ...list.map((one) => renderDer(0x30, renderOid(one))));
  return { oid: oids.certificatePolicies, critical: false, value };
}

function maps(...pairs: readonly (readonly [string, string])[]): ExtensionValue {
  const value = renderDer(0x30, ...pairs.map((pair) => renderDer(0x30, ...pair.map(renderOid))));
  return { oid: oids.policyMappings, critical: true, value };
}

function limits(
  { explicit, mapping }: { explicit?: number; mapping?: number },
  critical = true,
): ExtensionValue {
  const field = (tag: number, count: number | undefined): readonly Uint8Array[] =>
    count === undefined ? [] : [renderDer(tag, Buffer.of(count))];
  const value = renderDer(0x30, ...field(0x80, explicit), ...field(0x81, mapping));
  return { oid: oids.policyConstraints, critical, value };
}

function inhibitAny(count: number): ExtensionValue {
  return { oid: oids.inhibitAnyPolicy, critical: true, value: renderDer(0x02, Buffer.of(count)) };
}

const root = makeHolder("root");
const anchors = [certify(root, root, { extensions: caExtensions() })];
const cas = ["a", "b", "c"].map((name) => makeHolder(name));

type Bears = readonly ExtensionValue[];

/** A chain of CAs by what each bears, and a leaf; `*` names the CA above once more: it is self-issued. */
function verdict(
  chain: readonly Bears[],
  policy: PolicyQuestion = {},
  selfIssued: readonly number[] = [],
): string {
  let by: Holder = root;
  const intermediates = chain.slice(0, -1).map((bears, index) => {
    const holder = cas[index]!;
    const subject = selfIssued.includes(index) ? { ...holder, name: by.name } : holder;
    const der = certify(subject, by, { extensions: [...caExtensions(), ...bears] });
    by = subject;
    return der;
  });
  const extensions = [...leafExtensions, ...(chain.at(-1) ?? [])];
  const leaf = certify(makeHolder("leaf"), by, { extensions });
  return codeOfPath({ anchors, intermediates, leaf, at: madeAt, usage: "any", policy });
}

const explicit = { requireExplicit: true } as const;

describe("policies", () => {
  it("are not asked where nothing requires one", () => {
    expect(verdict([[], []])).toBe("accepted");
    expect(verdict([[policies(P1)], [policies(P2)]])).toBe("accepted");
    expect(verdict([[policies(P1)], [policies(P2)]], { acceptable: [P3] })).toBe("accepted");
  });

  it("where one is required, one holds along the whole path", () => {
    expect(verdict([[policies(P1)], [policies(P1)]], explicit)).toBe("accepted");
    expect(verdict([[policies(P1, P2)], [policies(P2, P3)]], explicit)).toBe("accepted");
    expect(verdict([[policies(P1)], [policies(P2)]], explicit)).toBe(refused);
    expect(verdict([[], [policies(P1)]], explicit)).toBe(refused);
    expect(verdict([[policies(P1)], []], explicit)).toBe(refused);
  });

  it("any policy stands for each", () => {
    expect(verdict([[policies(anyPolicy)], [policies(P1)]], explicit)).toBe("accepted");
    expect(verdict([[policies(P1)], [policies(anyPolicy)]], explicit)).toBe("accepted");
    expect(verdict([[policies(anyPolicy)], [policies(anyPolicy)]], explicit)).toBe("accepted");
    expect(verdict([[policies(P2, anyPolicy)], [policies(P1, anyPolicy)]], explicit)).toBe(
      "accepted",
    );
    expect(verdict([[policies(P1, anyPolicy)], [policies(P1, anyPolicy)]], explicit)).toBe(
      "accepted",
    );
  });

  it("one that is acceptable holds, where one is required", () => {
    const chain = [[policies(P1, P2)], [policies(P1)]];
    expect(verdict(chain, { ...explicit, acceptable: [P1] })).toBe("accepted");
    expect(verdict(chain, { ...explicit, acceptable: [P2] })).toBe(refused);
    expect(verdict(chain, { ...explicit, acceptable: [anyPolicy] })).toBe("accepted");
    expect(verdict(chain, { ...explicit, acceptable: [] })).toBe(refused);
    expect(
      verdict([[policies(anyPolicy)], [policies(anyPolicy)]], { ...explicit, acceptable: [P3] }),
    ).toBe("accepted");
    expect(
      verdict([[policies(anyPolicy)], [policies(P1)]], { ...explicit, acceptable: [P3] }),
    ).toBe(refused);
  });
});

describe("requiring an explicit policy", () => {
  it("holds after as many certificates as it says", () => {
    expect(verdict([[limits({ explicit: 0 })], []])).toBe(refused);
    expect(verdict([[limits({ explicit: 1 })], []])).toBe(refused);
    expect(verdict([[limits({ explicit: 2 })], []])).toBe("accepted");
    expect(verdict([[limits({ explicit: 2 })], [], []])).toBe(refused);
    expect(verdict([[policies(P1), limits({ explicit: 0 })], [policies(P1)]])).toBe("accepted");
  });

  it("a later CA makes it sooner and never later", () => {
    expect(verdict([[limits({ explicit: 3 })], [limits({ explicit: 0 })], []])).toBe(refused);
    expect(verdict([[limits({ explicit: 0 })], [limits({ explicit: 9 })], []])).toBe(refused);
  });

  it("may be the last certificate's own wish, when that is a CA", () => {
    const ask = (bears: Bears, policy: PolicyQuestion = {}): string => {
      const extensions = [...caExtensions(), ...bears];
      const leaf = certify(makeHolder("sub"), root, { extensions });
      return codeOfPath({ anchors, intermediates: [], leaf, at: madeAt, usage: "any", policy });
    };
    expect(ask([limits({ explicit: 0 })])).toBe(refused);
    expect(ask([limits({ explicit: 1 })])).toBe("accepted");
    expect(ask([policies(P1), limits({ explicit: 0 })])).toBe("accepted");
    expect(ask([policies(P1), limits({ explicit: 0 })], { acceptable: [P2] })).toBe(refused);
  });

  it("a self-issued CA is not counted", () => {
    const chain = [[limits({ explicit: 2 })], [], []];
    expect(verdict(chain)).toBe(refused);
    expect(verdict(chain, {}, [1])).toBe("accepted");
  });

  it("without its critical mark it holds at once, whatever number it gives", () => {
    expect(verdict([[limits({ explicit: 9 }, false)], []])).toBe(refused);
    expect(verdict([[limits({ explicit: 9 })], []])).toBe("accepted");
  });
});

describe("policy mapping", () => {
  it("lets a policy of the subject stand for one of the issuer", () => {
    const chain = [[policies(P1), maps([P1, P2])], [policies(P2)]];
    expect(verdict(chain, explicit)).toBe("accepted");
    expect(verdict(chain, { ...explicit, acceptable: [P1] })).toBe("accepted");
    expect(verdict(chain, { ...explicit, acceptable: [P2] })).toBe(refused);
    expect(verdict([[policies(P1), maps([P1, P2])], [policies(P1)]], explicit)).toBe(refused);
  });

  it("one policy may become several, several one", () => {
    const several = [policies(P1), maps([P1, P2], [P1, P3])];
    expect(verdict([several, [policies(P3)]], explicit)).toBe("accepted");
    const one = [policies(P1, P2), maps([P1, P3], [P2, P3])];
    for (const acceptable of [[P1], [P2]]) {
      expect(verdict([one, [policies(P3)]], { ...explicit, acceptable })).toBe("accepted");
    }
    expect(verdict([one, [policies(anyPolicy)]], explicit)).toBe("accepted");
  });

  it("of a policy that only any policy covers counts as well", () => {
    const chain = [[policies(anyPolicy), maps([P1, P2])], [policies(P2)]];
    expect(verdict(chain, { ...explicit, acceptable: [P1] })).toBe("accepted");
    expect(verdict([[policies(P3), maps([P1, P2])], [policies(P2)]], explicit)).toBe(refused);
  });

  it("from or to any policy is refused, required or not", () => {
    expect(verdict([[policies(P1), maps([anyPolicy, P1])], []])).toBe(refused);
    expect(verdict([[policies(P1), maps([P1, anyPolicy])], []])).toBe(refused);
  });

  it("inhibited, takes the policy away", () => {
    const chain = [[policies(P1), maps([P1, P2])], [policies(P2)]];
    expect(verdict(chain, { ...explicit, inhibitMapping: true })).toBe(refused);
    const second = [[policies(P1), limits({ mapping: 0 })], ...chain];
    expect(verdict(second, explicit)).toBe(refused);
    const later = [[policies(P1), limits({ mapping: 1 })], ...chain];
    expect(verdict(later, explicit)).toBe("accepted");
    expect(verdict([[policies(P1), limits({ mapping: 9 }, false)], ...chain], explicit)).toBe(
      refused,
    );
  });
});

describe("inhibiting any policy", () => {
  it("holds after as many certificates as it says", () => {
    const below = [policies(anyPolicy)];
    expect(verdict([[policies(P1), inhibitAny(0)], below], explicit)).toBe(refused);
    expect(verdict([[policies(P1), inhibitAny(1)], below], explicit)).toBe("accepted");
    expect(verdict([[policies(P1), inhibitAny(1)], below, below], explicit)).toBe(refused);
    expect(
      verdict([[policies(anyPolicy)], [policies(P1)]], { ...explicit, inhibitAny: true }),
    ).toBe(refused);
  });

  it("leaves it to self-issued CAs", () => {
    const chain = [[policies(P1), inhibitAny(0)], [policies(anyPolicy)], [policies(P1)]];
    expect(verdict(chain, explicit)).toBe(refused);
    expect(verdict(chain, explicit, [1])).toBe("accepted");
  });
});

describe("the work on policies is bounded", () => {
  const many = (count: number, from = 0): readonly string[] =>
    Array.from({ length: count }, (_, i) => `1.2.3.5.${from + i}`);

  it("as many as allowed, each mapped to the next, along a whole path, are judged in no time", () => {
    const all = many(64);
    const ring = all.map((one, i) => [one, all[(i + 1) % 64]!] as const);
    const ca = [policies(...all), maps(...ring)];
    // this thread's own work, in microseconds: what else the machine does is not in it
    const start = process.threadCpuUsage().user;
    expect(verdict([ca, ca, ca, [policies(all[0]!)]], explicit)).toBe("accepted");
    expect(process.threadCpuUsage().user - start).toBeLessThan(1_000_000);
  });

  it("more than that are not read", () => {
    expect(verdict([[], [policies(...many(65))]])).toBe("CERT_TOO_COMPLEX");
    const pairs = many(65).map((one) => [P1, one] as const);
    expect(verdict([[maps(...pairs)], []])).toBe("CERT_TOO_COMPLEX");
  });
});
