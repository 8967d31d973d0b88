/** A step of a path: a field's name or an item's index. Names of unknown fields come from the caller. */
export type Step = PropertyKey;

const ownName = /^[A-Za-z][A-Za-z0-9_]{0,59}$/;

/** A name as it may be shown: one that no schema could have is content, and content is not repeated. */
function shown(step: Step): string {
  if (typeof step === "number") return String(step);
  return typeof step === "string" && ownName.test(step) ? step : "?";
}

/** JSON Pointer (RFC 6901); "" is the whole. Names that are not spelt as fields stand as "?". */
export function renderPointer(path: readonly Step[]): string {
  return path.map((step) => `/${shown(step)}`).join("");
}

/** The last field's name of a path, with the item's number after it: `persons[2]`. */
export function fieldOf(path: readonly Step[]): string {
  const last = path.at(-1);
  if (last === undefined) return "the message";
  if (typeof last === "number") return `${fieldOf(path.slice(0, -1))}[${last}]`;
  return shown(last) === "?" ? "a name unlike any of ours" : shown(last);
}
