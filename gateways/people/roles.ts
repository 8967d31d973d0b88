/**
 * What people and systems of one agency may do at its gateway. A role is a set of routes (`for` in the route table of
 * gateways/api), no more; what the agency itself may do is the register's word.
 *
 * officer: writes, sends and reads. approver: releases what another wrote. integrator: a case system's hands, and its
 * webhooks. analyst: searches, counts, exports. administrator: people, keys, machines; reads no content by that role.
 * auditor: the audit record and the state of things; reads no content. inspector: of the state's own inspection or
 * data-protection authority; reads nothing by the role, and what another key opened for him (gateways/inspection).
 */
export const roles = [
  "officer",
  "approver",
  "integrator",
  "analyst",
  "administrator",
  "auditor",
  "inspector",
] as const;

/** One of `roles`. */
export type Role = (typeof roles)[number];

/** Every role that reads content. */
export const readers = ["officer", "approver", "integrator", "analyst"] as const;
/** Every role that writes messages. */
export const writers = ["officer", "integrator"] as const;

/** Whether one person may have these roles together: whoever inspects has no other part in what he inspects. */
export function mayCombine(words: readonly string[]): boolean {
  return !words.includes("inspector") || words.every((role) => role === "inspector" || role === "auditor");
} // prettier-ignore
