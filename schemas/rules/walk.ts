import type { FieldDescriptor } from "../codec/index.ts";
import { descriptors } from "../gen/index.ts";

/** A message found inside another, and where. */
export interface Found {
  readonly path: string;
  readonly value: object;
}

/** One field of a message in memory. */
export function fieldIn(value: object, name: string): unknown {
  const held: unknown = Reflect.get(value, name);
  return held;
}

const ways = new Map<string, ReadonlyMap<string, readonly FieldDescriptor[]>>();

/** For each message, those of its fields through which the wanted one can be reached. */
function waysTo(wanted: string): ReadonlyMap<string, readonly FieldDescriptor[]> {
  const known = ways.get(wanted);
  if (known !== undefined) return known;
  const reaches = new Map<string, boolean>();
  const canReach = (name: string): boolean => {
    const asked = reaches.get(name);
    if (asked !== undefined) return asked;
    const fields = descriptors[name]?.fields ?? [];
    const can =
      name === wanted || fields.some(({ message }) => message !== undefined && canReach(message));
    reaches.set(name, can);
    return can;
  };
  const found = new Map(
    Object.values(descriptors).map(({ name, fields }) => [
      name,
      fields.filter(({ message }) => message !== undefined && canReach(message)),
    ]),
  );
  ways.set(wanted, found);
  return found;
}

interface Start {
  readonly name: string;
  readonly value: object;
  readonly path?: string;
}

/**
 * Every message of this name inside `value`, at any depth, `value` itself if it is one. Only fields that can hold
 * one are looked at. Depth is the schema's: no message holds itself.
 */
export function findMessages(wanted: string, start: Start): readonly Found[] {
  const found: Found[] = [];
  collect(wanted, start, found);
  return found;
}

function collect(wanted: string, { name, value, path = "" }: Start, found: Found[]): void {
  if (name === wanted) found.push({ path, value });
  const fields = waysTo(wanted).get(name);
  if (fields === undefined) return;
  for (const field of fields) {
    const held = fieldIn(value, field.name);
    if (held === undefined) continue;
    if (!Array.isArray(held))
      collectOne(wanted, { field, held, path: `${path}/${field.name}` }, found);
    else {
      for (let at = 0; at < held.length; at += 1) {
        const item: unknown = held[at];
        collectOne(wanted, { field, held: item, path: `${path}/${field.name}/${at}` }, found);
      }
    }
  }
}

interface Held {
  readonly field: FieldDescriptor;
  readonly held: unknown;
  readonly path: string;
}

function collectOne(wanted: string, { field, held, path }: Held, found: Found[]): void {
  if (typeof held !== "object" || held === null) return;
  collect(wanted, { name: field.message ?? "", value: held, path }, found);
}
