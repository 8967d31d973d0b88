import { Fault } from "../../../schemas/ground/index.ts";

function renderText(text: string): string {
  // half a character is written as the same bytes whichever it is: two values would have one form
  if (!text.isWellFormed()) {
    throw new Fault("REGISTER_INVALID", "the metadata holds text that is not Unicode");
  }
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function renderMembers(value: object): string {
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, one]) => `${renderText(name)}:${renderCanonical(one)}`).join(",")}}`;
}

/**
 * The canonical form of a JSON value, in which TUF signs (OLPC Canonical JSON): members sorted, no white space,
 * whole numbers only. Two values have one form exactly when they are equal. Depth is bounded by who read it.
 *
 * @throws {Fault} REGISTER_INVALID when a number is not whole, or a text is not Unicode
 */
export function renderCanonical(value: unknown): string {
  if (typeof value === "string") return renderText(value);
  if (Array.isArray(value)) return `[${value.map(renderCanonical).join(",")}]`;
  if (typeof value === "object" && value !== null) return renderMembers(value);
  if (value === null || typeof value === "boolean" || Number.isSafeInteger(value)) {
    return String(value);
  }
  throw new Fault("REGISTER_INVALID", "the metadata holds a number that is not whole");
}
