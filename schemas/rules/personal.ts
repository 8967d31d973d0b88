import { descriptors } from "../gen/index.ts";
import type { BodyContext, Rule } from "./rule.ts";
import { fieldIn } from "./walk.ts";

function isPresent(value: unknown): boolean {
  return value !== undefined && !(Array.isArray(value) && value.length === 0);
}

/**
 * Pointers of every field with a value that its schema declares to be about a person, at any depth.
 * Words that a person wrote may still name someone: no schema can see that.
 */
export function findPersonal(messageName: string, value: object): readonly string[] {
  return (descriptors[messageName]?.fields ?? []).flatMap((field) => {
    const held = fieldIn(value, field.name);
    if (!isPresent(held)) return [];
    if (field.personal !== undefined) return [`/${field.name}`];
    if (field.message === undefined) return [];
    const items: readonly unknown[] = Array.isArray(held) ? held : [held];
    return items.flatMap((item, at) =>
      typeof item === "object" && item !== null
        ? findPersonal(field.message ?? "", item).map(
            (path) => `/${field.name}${field.repeated ? `/${at}` : ""}${path}`,
          )
        : [],
    );
  });
}

/** An open message is readable by the carrier, so it holds nothing about a person (domain.md §2.12). */
export const noPersonalDataInOpen: Rule<BodyContext<object>> = {
  code: "RULE_PERSONAL_DATA_IN_OPEN",
  says: "a message that travels open holds no data about a person; leave the field out or send a sealed type",
  find: ({ form, message, body }) => (form === "OPEN" ? findPersonal(message.name, body) : []),
};
