import { isFault } from "../../schemas/ground/index.ts";
import { Broken } from "./promises.ts";

/** Shorter texts stand in our own words by chance; more of them would take longer than the reader itself. */
const leastLength = 4;
const mostLeaves = 500;
const mostTried = 5;

/** A name that a field could have may be repeated: who sent it must find it again. */
const ownName = /^[A-Za-z][A-Za-z0-9_]{0,59}$/;

function* textsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && !ownName.test(name)) yield name;
    yield* textsIn(member);
  }
}

function leavesOf(value: unknown): readonly string[] {
  const found = new Set<string>();
  for (const text of textsIn(value)) {
    if (text.length >= leastLength) found.add(text);
    if (found.size >= mostLeaves) break;
  }
  return [...found];
}

/** A text of the same length and kinds of characters that says something else. */
function scramble(text: string): string {
  return text.replaceAll(/[a-zA-Z0-9]/g, (sign) => {
    const last = { z: "a", Z: "A", 9: "0" }[sign];
    return last ?? String.fromCharCode(sign.charCodeAt(0) + 1);
  });
}

function replaced(value: unknown, [old, other]: readonly [string, string]): unknown {
  if (typeof value === "string") return value === old ? other : value;
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => replaced(item, [old, other]));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name === old && !ownName.test(name) ? other : name,
      replaced(member, [old, other]),
    ]),
  );
}

/** Everything a fault says; nothing when there is none. */
function wordsOf(act: () => unknown): string {
  try {
    act();
    return "";
  } catch (error) {
    if (!isFault(error)) throw error;
    const told = error.violations.flatMap(({ path, message }) => [path, message]);
    return [error.detail, ...told].join("\n");
  }
}

/**
 * Throws when the fault that `check` has for a value repeats a text of it. That a text stands in the fault is not
 * enough, it may be a word of ours: it is repeated when another text in its place is told too.
 */
export function holdSilent(value: unknown, check: (value: unknown) => unknown): void {
  const words = wordsOf(() => check(value));
  const seen = leavesOf(value).filter((leaf) => words.includes(leaf));
  for (const leaf of seen.slice(0, mostTried)) {
    const other = scramble(leaf);
    if (other === leaf) continue;
    const told = wordsOf(() => check(replaced(value, [leaf, other])));
    if (told.includes(other)) throw new Broken("a fault repeats what was sent");
  }
}

/** Checks a value; its fault, when it has one, must not repeat what is in it. */
export function checkedSilently<T>(value: unknown, check: (value: unknown) => T): T {
  try {
    return check(value);
  } catch (error) {
    if (isFault(error)) holdSilent(value, check);
    throw error;
  }
}
