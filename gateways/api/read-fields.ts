import { Fault } from "../../schemas/ground/index.ts";

/** Which members of a list's items are wanted; all when it is undefined. */
export interface FieldsWish {
  readonly fields?: ReadonlySet<string>;
  /** The query without them. */
  readonly rest: URLSearchParams;
}

const maxLength = 400;

/**
 * Takes `fields` out of a query: names of members with commas between them, so that a list costs fewer bytes.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function takeFields(search: URLSearchParams, known: readonly string[]): FieldsWish {
  const rest = new URLSearchParams(search);
  const [said, ...more] = search.getAll("fields");
  rest.delete("fields");
  if (said === undefined) return { rest };
  const fields = new Set(said.slice(0, maxLength).split(","));
  const isGood =
    more.length === 0 &&
    said.length <= maxLength &&
    [...fields].every((one) => known.includes(one));
  if (isGood) return { fields, rest };
  throw new Fault("REQUEST_INVALID", `fields is one or more of ${known.join(",")}, once`);
}

/** The members of an item that are wanted. */
export function pickFields(
  item: Readonly<Record<string, unknown>>,
  fields: ReadonlySet<string> | undefined,
): Readonly<Record<string, unknown>> {
  if (fields === undefined) return item;
  return Object.fromEntries(Object.entries(item).filter(([name]) => fields.has(name)));
}
