import { z } from "zod";

import { typeOptions } from "../../schemas/index.ts";
import type { TwoOfficersCase } from "../exchange/index.ts";
import { handlings } from "../people/index.ts";
import type { Store } from "../store/index.ts";

/** A type, or all of a family, such as `fiu.*`. */
const pattern = z
  .string()
  .max(60)
  .regex(/^[a-z_]{2,30}\.(?:\*|[a-z_]{2,30})$/);

/** The part `fourEyes` of a gateway's file: what takes two officers. `off` is never; left out: see `makeFourEyes`. */
export const fourEyesShape = z.union([
  z.literal("off"),
  z.strictObject({
    /** From this handling on, whatever may hold data about people. */
    handlingFrom: z.enum(handlings).default("H2"),
    /** Whatever names sensitive categories, or is of a type that is made of them. */
    sensitive: z.boolean().default(true),
    /** Types that always take two. */
    types: z.array(pattern).max(100).default([]),
  }),
]); // prettier-ignore

/** What an operator chose. */
export type FourEyesChoice = z.infer<typeof fourEyesShape>;

type Rule = Exclude<FourEyesChoice, "off">;

const usual: Rule = { handlingFrom: "H2", sensitive: true, types: [] };

/** What these hold about people is no content about anybody: ids, offices. To withdraw or to acknowledge waits for nobody. */
const impersonal: ReadonlySet<string> = new Set(["NONE", "IDS", "CONTACTS"]);

function isOf(type: string, wanted: string): boolean {
  return wanted.endsWith(".*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

function isFrom(handling: string, from: Rule["handlingFrom"]): boolean {
  const order: readonly string[] = handlings;
  // a code that is none of ours counts as the strictest
  return order.indexOf(handling) < 0 || order.indexOf(handling) >= order.indexOf(from);
}

/** Why a draft takes two officers by a rule: HANDLING, SENSITIVE, TYPE; empty when one is enough. */
export function findReasons(rule: Rule, { type, header, inner }: TwoOfficersCase): readonly string[] {
  const { personalData = "" } = typeOptions(type) ?? {};
  const isPersonal = !impersonal.has(personalData);
  const { handling } = header;
  const byHandling = isFrom(handling, rule.handlingFrom) && (isPersonal || handling === "H3");
  const isSensitive = inner.sensitiveCategories.length > 0 || personalData === "SPECIAL";
  return [
    ...(byHandling ? ["HANDLING"] : []),
    ...(rule.sensitive && isSensitive ? ["SENSITIVE"] : []),
    ...(rule.types.some((wanted) => isOf(type, wanted)) ? ["TYPE"] : []),
  ];
} // prettier-ignore

/** Whether anybody works here now who may release what another wrote. */
export function hasApprover({ people }: Pick<Store, "people">): boolean {
  return people.all().some(({ state, roles }) => state === "active" && roles.includes("approver"));
}

/**
 * The rule of one gateway. One that the operator wrote holds always: with no approver there, what takes two waits. Where he
 * wrote none the usual one holds from the moment that somebody here is an approver, and that takes two people to change.
 */
export function makeFourEyes(
  choice: FourEyesChoice | undefined,
  store: Pick<Store, "people">,
): (draft: TwoOfficersCase) => readonly string[] {
  if (choice === "off") return () => [];
  return (draft) => {
    const reasons = findReasons(choice ?? usual, draft);
    const isAsked = reasons.length > 0 && (choice !== undefined || hasApprover(store));
    return isAsked ? reasons : [];
  };
}
