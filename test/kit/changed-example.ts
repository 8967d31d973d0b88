import {
  checkWhole,
  type MessageType,
  parseBody,
  parseInnerHeader,
  typeOptions,
} from "../../schemas/body/index.ts";
import { exampleInstant, exampleOf } from "../../schemas/examples/index.ts";
import { Fault } from "../../schemas/ground/index.ts";

/** Values by JSON Pointer into the body or, after "inner", into the inner header; null takes a field out. */
export type Change = Readonly<Record<string, unknown>>;

function changed(json: unknown, [name = "", ...rest]: readonly string[], value: unknown): unknown {
  if (Array.isArray(json)) {
    const list: readonly unknown[] = json;
    const at = Number(name);
    const kept = list.slice(0, at);
    const item = rest.length === 0 ? value : changed(list[at], rest, value);
    return [...kept, ...(item === null ? [] : [item]), ...list.slice(at + 1)];
  }
  const members = new Map<string, unknown>(Object.entries(json ?? {}));
  const held = rest.length === 0 ? value : changed(members.get(name), rest, value);
  if (held === null) members.delete(name);
  else members.set(name, held);
  return Object.fromEntries(members);
}

/** The codes and places that the example of a type is refused for, changed as given. */
export function refusals(type: MessageType, change: Change = {}): readonly string[] {
  const { inner, body, handling, originator } = exampleOf(type);
  const { urgency, scope } = typeOptions(type)!;
  const whole = Object.entries(change).reduce<unknown>(
    (json, [pointer, value]) =>
      changed(
        json,
        pointer.startsWith("inner/") ? pointer.split("/") : `body${pointer}`.split("/"),
        value,
      ),
    { inner, body },
  );
  const parts = new Map<string, unknown>(Object.entries(whole ?? {}));
  try {
    checkWhole({
      type,
      scope,
      urgency,
      handling,
      originator,
      createdAt: exampleInstant,
      expiresAt: exampleInstant + 86_400_000,
      inner: parseInnerHeader(parts.get("inner")),
      body: parseBody(type, parts.get("body")),
    });
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return error.violations.map(({ code, path }) => `${code} ${path}`.trim());
  }
}
