import type { Hub } from "../../schemas/index.ts";
import { hasRight } from "./decide.ts";
import type { RegisterView } from "./register.ts";

function hasAnyRight(register: RegisterView, agency: string, scope: string): boolean {
  return (["PUBLISH", "READ"] as const).some((action) =>
    hasRight(register, { agency, action, scope }),
  );
}

/** A hub without communities carries mail alone, for whoever may send or read any. */
function isServedBy({ hub, recs }: Hub, register: RegisterView, agency: string): boolean {
  if (register.relays.some((one) => one.relay === agency && one.hubs.includes(hub))) return true;
  if (recs.length === 0) return hasAnyRight(register, agency, "direct");
  return recs.some((rec) => hasAnyRight(register, agency, rec));
}

const linked = new WeakMap<RegisterView, Map<string, readonly Hub[]>>();

/**
 * The hubs an agency is linked to, in the register's order: each that serves a community it has a right in, and each that
 * carries mail alone where it may send or read any, and each that it relays at; where there is none such, the register's first.
 */
export function hubsOf(register: RegisterView, agency: string): readonly Hub[] {
  const known = linked.get(register) ?? new Map<string, readonly Hub[]>();
  linked.set(register, known);
  const held = known.get(agency);
  if (held !== undefined) return held;
  const served = register.hubs.filter((hub) => isServedBy(hub, register, agency));
  const found = served.length > 0 ? served : register.hubs.slice(0, 1);
  known.set(agency, found);
  return found;
}

/** The hub by which two agencies write to each other: the first in the register's order that both are linked to. */
export function findMailHub(register: RegisterView, one: string, other: string): string | undefined {
  const theirs = hubsOf(register, other);
  return hubsOf(register, one).find((hub) => theirs.includes(hub))?.hub;
} // prettier-ignore
