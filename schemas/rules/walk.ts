import type { FieldDescriptor } from "../codec/index.ts";
import { descriptors } from "../gen/index.ts";

/** A message found inside another, and where. */
export interface Found {
  /** JSON Pointer from the message that was searched. */
  readonly path: string;
  readonly value: object;
}

/** One field of a message in memory. */
export function fieldIn(value: object, name: string): unknown {
  const held: unknown = Reflect.get(value, name);
  return held;
}

/** A place in a message: its path is only written when somebody asks, which is when a rule is broken. */
class Place implements Found {
  readonly value: object;
  readonly #above: Place | undefined;
  readonly #step: string;
  /** The number of an item of a list; below zero when the field is none. */
  at = -1;

  constructor(value: object, above?: Place, step = "") {
    this.value = value;
    this.#above = above;
    this.#step = step;
  }

  get path(): string {
    if (this.#above === undefined) return "";
    return `${this.#above.path}/${this.#step}${this.at < 0 ? "" : `/${this.at}`}`;
  }
}

/** What the rules of every type look for: found in one walk, for a walk costs more than a rule. */
const soughtOften = ["PartialDate", "LocalizedText", "Consignment", "Person", "Attachment"];

type Ways = ReadonlyMap<string, readonly FieldDescriptor[]>;

/** For each message, those of its fields through which one of the wanted can be reached. */
function waysTo(wanted: readonly string[]): Ways {
  const reaches = new Map<string, boolean>();
  const canReach = (name: string): boolean => {
    const asked = reaches.get(name);
    if (asked !== undefined) return asked;
    const fields = descriptors[name]?.fields ?? [];
    const can =
      wanted.includes(name) ||
      fields.some(({ message }) => message !== undefined && canReach(message));
    reaches.set(name, can);
    return can;
  };
  return new Map(
    Object.values(descriptors).map(({ name, fields }) => [
      name,
      fields.filter(({ message }) => message !== undefined && canReach(message)),
    ]),
  );
}

const oftenWays = waysTo(soughtOften);
const otherWays = new Map<string, Ways>();

type Index = Map<string, Found[]>;

function visit(name: string, place: Place, { ways, index }: { ways: Ways; index: Index }): void {
  index.get(name)?.push(place);
  const fields = ways.get(name);
  if (fields === undefined) return;
  for (const { name: step, message = "" } of fields) {
    const held = fieldIn(place.value, step);
    if (typeof held !== "object" || held === null) continue;
    if (!Array.isArray(held)) visit(message, new Place(held, place, step), { ways, index });
    else {
      for (let at = 0; at < held.length; at += 1) {
        const item: unknown = held[at];
        if (typeof item === "object" && item !== null) {
          const inner = new Place(item, place, step);
          inner.at = at;
          visit(message, inner, { ways, index });
        }
      }
    }
  }
}

interface Start {
  readonly name: string;
  readonly value: object;
}

function search({ name, value }: Start, wanted: readonly string[], ways: Ways): Index {
  const index: Index = new Map(wanted.map((one) => [one, []]));
  visit(name, new Place(value), { ways, index });
  return index;
}

/** The index of a message that is being checked; it goes when the message goes. */
const indexes = new WeakMap<object, Index>();

/**
 * Every message of this name inside `value`, at any depth, `value` itself if it is one. Only fields that can hold
 * one are looked at. Depth is the schema's: no message holds itself. A message must not change while it is checked.
 */
export function findMessages(wanted: string, start: Start): readonly Found[] {
  if (!soughtOften.includes(wanted)) {
    const ways = otherWays.get(wanted) ?? waysTo([wanted]);
    otherWays.set(wanted, ways);
    return search(start, [wanted], ways).get(wanted) ?? [];
  }
  const index = indexes.get(start.value) ?? search(start, soughtOften, oftenWays);
  indexes.set(start.value, index);
  return index.get(wanted) ?? [];
}
