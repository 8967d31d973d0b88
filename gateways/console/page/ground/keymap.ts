import { isStroke } from "./strokes.ts";

/** Which command has which key; empty: none. */
export type Keymap = ReadonlyMap<string, string>;

/** The keys as they stand: what a person changed goes before what is usual. What cannot be read counts as unchanged. */
export function readKeymap(usual: Keymap, kept: string | null): Keymap {
  const changed = readChanged(kept);
  return new Map([...usual].map(([id, stroke]) => [id, changed.get(id) ?? stroke]));
}

function readChanged(kept: string | null): Keymap {
  try {
    const value: unknown = JSON.parse(kept ?? "{}");
    if (typeof value !== "object" || value === null) return new Map();
    const good = Object.entries(value).filter(([, stroke]) => typeof stroke === "string" && (stroke === "" || isStroke(stroke)));
    return new Map(good.map(([id, stroke]) => [id, String(stroke)]));
  } catch {
    return new Map();
  }
} // prettier-ignore

/** Gives a command a key; who had it, or whose key begins like it, has none from then on. */
export function withStroke(map: Keymap, id: string, stroke: string): Keymap {
  const clashes = (one: string): boolean =>
    one !== "" && stroke !== "" && (one === stroke || one.startsWith(`${stroke} `) || stroke.startsWith(`${one} `));
  return new Map([...map].map(([other, had]) => [other, other === id ? stroke : clashes(had) ? "" : had]));
} // prettier-ignore

/** What a key means after those before it: a command, the beginning of one, or nothing. */
export function findStroke(map: Keymap, typed: string): { readonly id?: string; readonly isBegun: boolean } {
  const [id] = [...map].find(([, stroke]) => stroke !== "" && stroke === typed) ?? [];
  if (id !== undefined) return { id, isBegun: false };
  return { isBegun: [...map.values()].some((stroke) => stroke.startsWith(`${typed} `)) };
} // prettier-ignore
