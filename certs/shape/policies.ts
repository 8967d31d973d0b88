import { Fault, renderHex } from "../../schemas/ground/index.ts";
import type { Der } from "./der.ts";
import { renderDotted } from "./dotted.ts";
import { certLimits } from "./limits.ts";
import { oids } from "./oids.ts";

/** A policy of the issuer's domain that counts as one of the subject's, RFC 5280 §4.2.1.5. */
export interface PolicyMapping {
  readonly issuerPolicy: string;
  readonly subjectPolicy: string;
}

/** What a certificate says of policies; each field is there when its extension is. */
export interface PolicyFields {
  /** Identifiers; undefined when the certificate says nothing of its policies. */
  readonly policies?: readonly string[] | undefined;
  readonly policyMappings: readonly PolicyMapping[];
  /** After how many certificates an explicit policy is needed, and mapping is no longer allowed. */
  readonly requireExplicitPolicy?: number | undefined;
  readonly inhibitPolicyMapping?: number | undefined;
  /** After how many certificates `anyPolicy` counts for nothing. */
  readonly inhibitAnyPolicy?: number | undefined;
}

function malformed(detail: string): Fault {
  return new Fault("CERT_MALFORMED", detail);
}

function checkList({ tag, children }: Der): void {
  if (tag !== 0x30 || children.length === 0) throw malformed("a list of policies is empty");
  if (children.length > certLimits.maxListedPolicies) {
    throw new Fault("CERT_TOO_COMPLEX", `more than ${certLimits.maxListedPolicies} policies`);
  }
}

/** RFC 5280 §4.2.1.4. Qualifiers are for people: their outer shape is judged and they are passed over. */
function readPolicies(list: Der): readonly string[] {
  checkList(list);
  const found = list.children.map(({ tag, children: [policy, qualifiers, ...more] }) => {
    const isQualified = qualifiers === undefined || qualifiers.tag === 0x30;
    if (tag !== 0x30 || policy?.tag !== 0x06 || !isQualified || more.length > 0) {
      throw malformed("a policy is not an identifier and its qualifiers");
    }
    return renderDotted(policy);
  });
  if (new Set(found).size !== found.length) throw malformed("a policy stands twice");
  return found;
}

function readMappings(list: Der | undefined): readonly PolicyMapping[] {
  if (list === undefined) return [];
  checkList(list);
  return list.children.map(({ tag, children: [issuer, subject, ...more] }) => {
    if (tag !== 0x30 || issuer?.tag !== 0x06 || subject?.tag !== 0x06 || more.length > 0) {
      throw malformed("a policy mapping is not two identifiers");
    }
    return { issuerPolicy: renderDotted(issuer), subjectPolicy: renderDotted(subject) };
  });
}

/** A count of certificates; more than any path has is one number. */
function readCount({ content }: Der): number {
  if (content.length === 0 || (content[0] ?? 0x80) >= 0x80) throw malformed("a count is negative");
  return content.length > 2 ? 65_536 : parseInt(renderHex(content), 16);
}

function readConstraints(
  value: Der | undefined,
): Pick<PolicyFields, "requireExplicitPolicy" | "inhibitPolicyMapping"> {
  if (value === undefined) return {};
  const tags = value.children.map(({ tag }) => tag).join();
  if (value.tag !== 0x30 || !["128", "129", "128,129"].includes(tags)) {
    throw malformed("policy constraints are empty or not of their shape");
  }
  const count = (wanted: number): number | undefined => {
    const found = value.children.find(({ tag }) => tag === wanted);
    return found === undefined ? undefined : readCount(found);
  };
  return { requireExplicitPolicy: count(0x80), inhibitPolicyMapping: count(0x81) };
}

function readInhibitAny(value: Der | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value.tag !== 0x02) throw malformed("a count of certificates is not a number");
  return readCount(value);
}

/**
 * Reads all that a certificate says of policies.
 *
 * A policy constraint that is not marked critical, as RFC 5280 §4.2.1.11 asks, is read as strictly as one
 * can be: what it asks for holds at once, whatever number it gives.
 *
 * @throws {Fault} CERT_MALFORMED, CERT_TOO_COMPLEX
 */
export function readPolicyFields(
  value: (oid: string) => Der | undefined,
  critical: ReadonlySet<string>,
): PolicyFields {
  const policies = value(oids.certificatePolicies);
  const constraints = readConstraints(value(oids.policyConstraints));
  const isConforming = critical.has(oids.policyConstraints);
  const count = (given: number | undefined): number | undefined =>
    isConforming || given === undefined ? given : 0;
  return {
    policies: policies === undefined ? undefined : readPolicies(policies),
    policyMappings: readMappings(value(oids.policyMappings)),
    requireExplicitPolicy: count(constraints.requireExplicitPolicy),
    inhibitPolicyMapping: count(constraints.inhibitPolicyMapping),
    inhibitAnyPolicy: readInhibitAny(value(oids.inhibitAnyPolicy)),
  };
}
