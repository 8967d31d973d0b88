import { Fault } from "../../../schemas/ground/index.ts";
import { type GeneralCertificate, oids } from "../../shape/index.ts";
import type { Budget } from "./budget.ts";
import type { GeneralPath, PolicyQuestion } from "./question.ts";

/**
 * One policy that holds at one depth. The tree of RFC 5280 §6.1.2 grows with the product of policies; this
 * is the same in one node for each policy and depth (RFC 9618 §4).
 */
interface PolicyNode {
  /** Policies that the next certificate may name in its place. */
  expected: ReadonlySet<string>;
  /** Policies of the anchor's domain that this one came from; `anyPolicy` when it came from all. */
  readonly origins: Set<string>;
}

/** Nodes of one depth by policy. Empty: no policy holds any more (NULL in RFC 5280). */
type Depth = Map<string, PolicyNode>;

/** How many more certificates may pass before each rule holds, RFC 5280 §6.1.2 (d) to (f). */
interface Counters {
  explicit: number;
  mapping: number;
  any: number;
}

const { anyPolicy } = oids;

function addNode(depth: Depth, policy: string, origins: Iterable<string>): void {
  const node = depth.get(policy);
  if (node === undefined)
    depth.set(policy, { expected: new Set([policy]), origins: new Set(origins) });
  else for (const origin of origins) node.origins.add(origin);
}

/** Where a policy named by a certificate comes from: what expects it, else `anyPolicy` above. */
function originsOf(above: Depth, policy: string): readonly string[] {
  const parents = [...above.values()].filter(({ expected }) => expected.has(policy));
  if (parents.length > 0) return parents.flatMap(({ origins }) => [...origins]);
  return above.has(anyPolicy) ? [policy] : [];
}

/** §6.1.3 (d): the policies that hold after a certificate which names `policies`. */
function descend(above: Depth, policies: readonly string[], isAnyAllowed: boolean): Depth {
  const depth: Depth = new Map();
  for (const policy of policies.filter((one) => one !== anyPolicy)) {
    const origins = originsOf(above, policy);
    if (origins.length > 0) addNode(depth, policy, origins);
  }
  if (!policies.includes(anyPolicy) || !isAnyAllowed) return depth;
  const named = new Set(depth.keys());
  for (const { expected, origins } of above.values()) {
    for (const policy of expected) {
      if (!named.has(policy)) addNode(depth, policy, origins);
    }
  }
  return depth;
}

/** §6.1.4 (a), (b): what the next certificate may say in place of each mapped policy. */
function applyMappings(
  depth: Depth,
  { policyMappings }: GeneralCertificate,
  mapping: number,
): void {
  const mapped = Map.groupBy(policyMappings, ({ issuerPolicy }) => issuerPolicy);
  const named = policyMappings.flatMap((one) => [one.issuerPolicy, one.subjectPolicy]);
  if (named.includes(anyPolicy)) {
    throw new Fault("CERT_POLICY_NOT_PERMITTED", "a mapping from or to any policy is forbidden");
  }
  for (const [policy, targets] of mapped) {
    if (mapping === 0) {
      depth.delete(policy);
      continue;
    }
    if (!depth.has(policy) && depth.has(anyPolicy)) addNode(depth, policy, [policy]);
    const node = depth.get(policy);
    if (node !== undefined) node.expected = new Set(targets.map((one) => one.subjectPolicy));
  }
}

/** §6.1.4 (h) to (j): rules draw nearer with each certificate, and a certificate may draw them nearer. */
function countDown(counters: Counters, ca: GeneralCertificate): void {
  const step = ca.isSelfIssued ? 0 : 1;
  const next = (count: number, limit = Number.MAX_SAFE_INTEGER): number =>
    Math.min(Math.max(count - step, 0), limit);
  counters.explicit = next(counters.explicit, ca.requireExplicitPolicy);
  counters.mapping = next(counters.mapping, ca.inhibitPolicyMapping);
  counters.any = next(counters.any, ca.inhibitAnyPolicy);
}

/** §6.1.5 (a), (b): the last certificate counts too, self-issued or not. */
function countLast(counters: Counters, leaf: GeneralCertificate): void {
  const counted = Math.max(counters.explicit - 1, 0);
  counters.explicit = leaf.requireExplicitPolicy === 0 ? 0 : counted;
}

function begin(
  { requireExplicit, inhibitMapping, inhibitAny }: PolicyQuestion,
  length: number,
): Counters {
  const count = (isHeld: boolean | undefined): number => (isHeld === true ? 0 : length + 1);
  return {
    explicit: count(requireExplicit),
    mapping: count(inhibitMapping),
    any: count(inhibitAny),
  };
}

/** §6.1.5 (g): whether some policy that holds at the end came from an acceptable one. */
function isAcceptable(depth: Depth, acceptable: readonly string[] | undefined): boolean {
  if (acceptable === undefined || acceptable.includes(anyPolicy)) return depth.size > 0;
  const wanted = new Set([...acceptable, anyPolicy]);
  return [...depth.values()].some(({ origins }) => [...origins].some((one) => wanted.has(one)));
}

/**
 * RFC 5280 §6.1.3 (d) to (f), §6.1.4 (a), (b), (h) to (j), §6.1.5 (a), (b), (g): policies, their mapping, and
 * what inhibits them. The anchor's own policies are not asked.
 *
 * @throws {Fault} CERT_POLICY_NOT_PERMITTED, CERT_TOO_COMPLEX
 */
export function checkPolicies(path: GeneralPath, question: PolicyQuestion, budget: Budget): void {
  const certificates = path.slice(0, -1).toReversed();
  const counters = begin(question, certificates.length);
  let depth: Depth = new Map([
    [anyPolicy, { expected: new Set([anyPolicy]), origins: new Set([anyPolicy]) }],
  ]);
  certificates.forEach((certificate, index) => {
    const isLast = index === certificates.length - 1;
    const isAnyAllowed = counters.any > 0 || (!isLast && certificate.isSelfIssued);
    const { policies = [] } = certificate;
    budget.compare((policies.length + 1) * (depth.size + 1));
    depth = descend(depth, policies, isAnyAllowed);
    if (counters.explicit === 0 && depth.size === 0) {
      throw new Fault("CERT_POLICY_NOT_PERMITTED", "no policy holds where one is required");
    }
    if (isLast) {
      countLast(counters, certificate);
      return;
    }
    applyMappings(depth, certificate, counters.mapping);
    countDown(counters, certificate);
  });
  if (counters.explicit === 0 && !isAcceptable(depth, question.acceptable)) {
    throw new Fault("CERT_POLICY_NOT_PERMITTED", "no acceptable policy holds for the certificate");
  }
}
