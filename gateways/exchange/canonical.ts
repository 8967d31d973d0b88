import { type Bytes, sha256, utf8 } from "../../schemas/ground/index.ts";

function render(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(render).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${render(member)}`);
  return `{${members.join(",")}}`;
}

/** SHA-256 of a JSON value in one spelling: the order of members and white space do not count. */
export function digestOfJson(value: unknown): Bytes {
  return sha256(utf8(render(value)));
}
