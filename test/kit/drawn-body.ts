import { bodyMessageName, type MessageType, parseBody } from "../../schemas/body/index.ts";
import { codeList } from "../../schemas/codes/index.ts";
import { exampleOf } from "../../schemas/examples/index.ts";
import { descriptors } from "../../schemas/gen/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** A whole number below another, drawn. */
export type Dice = (below: number) => number;

type Json = Readonly<Record<string, unknown>>;
type Field = NonNullable<(typeof descriptors)[string]>["fields"][number];

interface Draw {
  readonly dice: Dice;
  /** Ids that the fields which name messages are drawn from. */
  readonly ids: readonly string[];
  /** One in so many fields that may be left out is. */
  readonly dropped: number;
}

const attempts = 8;

function pickFrom(dice: Dice, all: readonly string[], fallback: unknown): unknown {
  return all[dice(Math.max(1, all.length))] ?? fallback;
}

/** Another value for one that says what a message means: a code, a yes or no, an id; every other stays. */
function drawValue({ code, format, kind, message }: Field, value: unknown, draw: Draw): unknown {
  const { dice, ids } = draw;
  if (message !== undefined && typeof value === "object" && value !== null) {
    return drawFields(message, Object.fromEntries(Object.entries(value)), draw);
  }
  if (dice(2) === 0) return value;
  if (code !== undefined) {
    const codes = codeList(code)?.codes.map((one) => one.code) ?? [];
    return pickFrom(dice, codes, value);
  }
  if (format === "uuid7") return pickFrom(dice, ids, value);
  return kind === "bool" ? dice(2) === 0 : value;
}

/** What the example does not say: a message named, or a code. */
function drawMissing({ name, code, format, repeated }: Field, { dice, ids }: Draw): readonly (readonly [string, unknown])[] {
  if (dice(4) > 0 || (code === undefined && format !== "uuid7")) return [];
  const all = code === undefined ? ids : (codeList(code)?.codes.map((one) => one.code) ?? []);
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

function isValid(type: MessageType, body: Json): boolean {
  try {
    parseBody(type, body);
    return true;
  } catch (error) {
    if (error instanceof Fault) return false;
    throw error;
  }
}

/**
 * What a body of this type can say otherwise than its example: codes, yes and no, and ids drawn anew, fields left out. It
 * is given as changes to the example, undefined for what is left out, and keeps every rule; empty when none of a few
 * draws does.
 */
export function drawChange(type: MessageType, dice: Dice, ids: readonly string[]): Json {
  const example = exampleOf(type).body;
  for (let i = 0; i < attempts; i += 1) {
    const draw = { dice, ids, dropped: [2, 4, 8, 1000][dice(4)] ?? 8 };
    const drawn = drawFields(bodyMessageName(type), example, draw);
    if (isValid(type, drawn)) {
      const left = Object.keys(example).map((name) => [name, undefined] as const);
      return { ...Object.fromEntries(left), ...drawn };
    }
  }
  return {};
}
