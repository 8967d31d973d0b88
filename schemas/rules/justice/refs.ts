import type { BodyContext, Rule } from "../rule.ts";
import { fieldIn, findMessages } from "../walk.ts";

/** The messages that bear a name others refer to, and where the name stands. */
const named = ["Person", "Organisation", "Account"] as const;

function namesOf(context: BodyContext<object>): ReadonlySet<unknown> {
  const { message, body } = context;
  return new Set(
    named.flatMap((wanted) =>
      findMessages(wanted, { name: message.name, value: body }).map(({ value }) =>
        fieldIn(value, "ref"),
      ),
    ),
  );
}

function listed(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined ? [] : [value];
}

/**
 * A `ref` or `refs` of these messages names a person, an organisation or an account of the same body: a
 * sentence or a measure about nobody is worse than none.
 */
export function refsAreKnown(
  holders: readonly string[],
  field: "ref" | "refs" = "ref",
): Rule<BodyContext<object>> {
  return {
    code: "RULE_JUSTICE_REF_UNKNOWN",
    says: "the reference names nobody in this message; give that person, organisation or account the same ref",
    find: (context) => {
      const known = namesOf(context);
      const { message, body } = context;
      return holders
        .flatMap((holder) => findMessages(holder, { name: message.name, value: body }))
        .flatMap(({ path, value }) =>
          listed(fieldIn(value, field)).flatMap((ref, at) =>
            known.has(ref) ? [] : [`${path}/${field}${field === "refs" ? `/${at}` : ""}`],
          ),
        );
    },
  };
}
