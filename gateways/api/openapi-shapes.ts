import { z } from "zod";

/** A value of JSON as it is written out. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Turns shapes into JSON Schema, and keeps those with a name apart, each once. */
export interface ShapeBook {
  /** Of what is sent to us `input`, of what we answer `output`. */
  render(shape: z.ZodType, io: "input" | "output"): JsonObject;
  /** All that have a name, by it. */
  named(): JsonObject;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const ownDefs = "#/$defs/";
const sharedDefs = "#/components/schemas/";

/** References lead to the shared part; what names a schema goes, for its place names it. */
function rewrite(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(rewrite);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([name, member]) =>
      name !== "$schema" && name !== "$defs" && !(name === "id" && typeof member === "string"),
  );
  return Object.fromEntries(
    kept.map(([name, member]) =>
      name === "$ref" && typeof member === "string"
        ? [name, member.replace(ownDefs, sharedDefs)]
        : [name, rewrite(member)],
    ),
  );
}

function rewritten(value: unknown): JsonObject {
  const done = rewrite(value);
  return isObject(done) ? done : {};
}

/** One parameter of a query or a header. */
export interface Parameter {
  readonly name: string;
  readonly required: boolean;
  readonly schema: JsonObject;
}

/** The members of a shape, each as a parameter. */
export function parametersOfShape(
  shape: z.ZodObject | undefined,
  book: ShapeBook,
): readonly Parameter[] {
  if (shape === undefined) return [];
  const { properties, required } = book.render(shape, "input");
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(isObject(properties) ? properties : {}).map(([name, schema]) => ({
    name,
    required: needed.includes(name),
    schema: isObject(schema) ? schema : {},
  }));
}

/** Builds an empty one. */
export function makeShapeBook(): ShapeBook {
  const shared = new Map<string, JsonObject>();
  return {
    render: (shape, io) => {
      const json: unknown = z.toJSONSchema(shape, {
        target: "draft-2020-12",
        io,
        unrepresentable: "any",
      });
      if (!isObject(json)) return {};
      const { $defs, id } = json;
      if (isObject($defs))
        for (const [name, one] of Object.entries($defs)) shared.set(name, rewritten(one));
      if (typeof id !== "string") return rewritten(json);
      shared.set(id, rewritten(json));
      return { $ref: `${sharedDefs}${id}` };
    },
    named: () => Object.fromEntries([...shared].toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}
