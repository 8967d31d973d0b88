/**
 * JSON in one spelling: no white space, members in the order of their UTF-16 names (RFC 8785 §3.2.3).
 * For our own data of texts, whole numbers, lists and objects; two equal values have the same text.
 */
export function renderCanonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(renderCanonicalJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${renderCanonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
