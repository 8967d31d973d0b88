import { listOf } from "../ground/members.ts";

/** Where a value stands in a message: names of members, and places in lists. */
export type Path = readonly (string | number)[];

type Members = Readonly<Record<string, unknown>>;

function isMembers(value: unknown): value is Members {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that stands there; undefined where none does. */
export function valueAt(tree: unknown, path: Path): unknown {
  let found = tree;
  for (const step of path) {
    if (typeof step === "number") found = Array.isArray(found) ? found[step] : undefined;
    else found = isMembers(found) ? found[step] : undefined;
  }
  return found;
}

function isBlank(value: unknown): boolean {
  if (value === undefined || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return false;
}

function withItem(list: unknown, at: number, item: unknown): readonly unknown[] {
  const items = [...listOf(list)];
  if (item === undefined) items.splice(at, 1);
  else items[at] = item;
  return items;
}

/** The tree with another value there; `undefined` takes it away, and an item of a list with it. Everything beside the way is shared. */
export function withValue(tree: unknown, path: Path, value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const old: unknown = Array.isArray(tree) ? tree[step] : undefined;
    return withItem(tree, step, withValue(old, rest, value));
  }
  const members = isMembers(tree) ? tree : {};
  const changed = withValue(members[step], rest, value);
  const { [step]: _, ...others } = members;
  return isBlank(changed) ? others : { ...others, [step]: changed };
}

/** The JSON Pointer of a path. @see RFC 6901 */
export function renderPointer(path: Path): string {
  return path
    .map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`)
    .join("");
}

/** The path of a JSON Pointer; what is written as a number is a place in a list. */
export function readPointer(pointer: string): Path {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}
