import { bodyMessageName, type MessageType, parseBody } from "../../schemas/body/index.ts";
import { codeList } from "../../schemas/codes/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { descriptors } from "../../schemas/gen/index.ts";
import { Fault } from "../../schemas/ground/index.ts";
import type { Dice } from "./dice.ts";

type Json = Readonly<Record<string, unknown>>;
type Field = NonNullable<(typeof descriptors)[string]>["fields"][number];

interface Draw {
  readonly dice: Dice;
  /** Ids that the fields which name messages are drawn from. */
  readonly ids: readonly string[];
  /** One in so many fields that may be left out is. */
  readonly dropped: number;
  /** One in so many values is another. */
  readonly changed: number;
}

const attempts = 4;

function pickFrom(dice: Dice, all: readonly string[], fallback: unknown): unknown {
  return all[dice(Math.max(1, all.length))] ?? fallback;
}

/** Another value for one that says what a message means: a code, a yes or no, an id; every other stays. */
function drawValue(
  { code, format, kind, message, required }: Field,
  value: unknown,
  draw: Draw,
): unknown {
  const { dice, ids, changed } = draw;
  if (message !== undefined && typeof value === "object" && value !== null) {
    return drawFields(message, Object.fromEntries(Object.entries(value)), draw);
  }
  // a code that must be there says most of what a message means
  const often = required && code !== undefined ? 2 : changed;
  if (dice(often) > 0) return value;
  if (code !== undefined) {
    const codes = codeList(code)?.codes ?? [];
    return pickFrom(dice, codes, value);
  }
  if (format === "uuid7") return pickFrom(dice, ids, value);
  return kind === "bool" ? dice(2) === 0 : value;
}

/** What the example does not say: a message named, or a code. */
function drawMissing({ name, code, format, repeated }: Field, { dice, ids, changed }: Draw): readonly (readonly [string, unknown])[] {
  // where a rule wants it, it is said
  if ((changed > 0 && dice(changed * 2) > 0) || (code === undefined && format !== "uuid7")) return [];
  const all = code === undefined ? ids : (codeList(code)?.codes ?? []);
  const value = pickFrom(dice, all, undefined);
  return value === undefined ? [] : [[name, repeated ? [value] : value]];
} // prettier-ignore

function drawFields(name: string, json: Json, draw: Draw): Json {
  const entries = (descriptors[name]?.fields ?? []).flatMap((field) => {
    const value = json[field.name];
    if (value === undefined) return drawMissing(field, draw);
    if (!field.required && draw.dice(draw.dropped) === 0) return [];
    if (!Array.isArray(value)) return [[field.name, drawValue(field, value, draw)] as const];
    const items: readonly unknown[] = value;
    const drawn = items.map((item) => drawValue(field, item, draw));
    return [[field.name, field.message === undefined ? [...new Set(drawn)] : drawn] as const];
  });
  return Object.fromEntries(entries);
}

/** What a rule complains of is taken out where it is there, and said where it is missing. */
function repair(name: string, json: Json, { path, draw }: { readonly path: readonly string[]; readonly draw: Draw }): Json {
  const [head = "", ...rest] = path;
  const field = descriptors[name]?.fields.find((one) => one.name === head);
  if (field === undefined) return json;
  const value = json[head];
  const inside = (item: unknown, left: readonly string[]): unknown =>
    typeof item === "object" && item !== null && field.message !== undefined && left.length > 0
      ? repair(field.message, Object.fromEntries(Object.entries(item)), { path: left, draw })
      : item;
  if (Array.isArray(value) && rest.length > 1) {
    const items: readonly unknown[] = value;
    return { ...json, [head]: items.map((item, i) => (String(i) === rest[0] ? inside(item, rest.slice(1)) : item)) };
  }
  if (value !== undefined && rest.length > 0 && !Array.isArray(value)) return { ...json, [head]: inside(value, rest) };
  if (value === undefined) return { ...json, ...Object.fromEntries(drawMissing(field, { ...draw, changed: 0 })) };
  return field.required ? json : Object.fromEntries(Object.entries(json).filter(([key]) => key !== head));
} // prettier-ignore

/** Where a body breaks a rule; undefined when it keeps them all. */
function brokenAt(type: MessageType, body: Json): readonly string[] | undefined {
  try {
    parseBody(type, body);
    return undefined;
  } catch (error) {
    if (error instanceof Fault) return error.violations.map(({ path }) => path);
    throw error;
  }
}

function drawValid(type: MessageType, draw: Draw): Json | undefined {
  const name = bodyMessageName(type);
  let drawn = drawFields(name, exampleOf(type).body, draw);
  for (let i = 0; i < attempts; i += 1) {
    const broken = brokenAt(type, drawn);
    if (broken === undefined) return drawn;
    for (const path of broken)
      drawn = repair(name, drawn, { path: path.split("/").slice(1), draw });
  }
  return undefined;
}

/**
 * What a body of this type can say otherwise than its example: codes, yes and no, and ids drawn anew, fields left out. It
 * is given as changes to the example, undefined for what is left out, and keeps every rule; empty when it
 * cannot be made to.
 */
export function drawChange(type: MessageType, dice: Dice, ids: readonly string[]): Json {
  const [dropped = 8, changed = 2] = [[4, 8, 1000][dice(3)], [2, 5, 15][dice(3)]];
  const drawn = drawValid(type, { dice, ids, dropped, changed });
  if (drawn === undefined) return {};
  const left = Object.keys(exampleOf(type).body).map((name) => [name, undefined] as const);
  return { ...Object.fromEntries(left), ...drawn };
}
