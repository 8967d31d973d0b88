import { limits, parseJsonText } from "../../schemas/index.ts";
import { type Bytes, isFault, parseUtf8 } from "../../schemas/ground/index.ts";

/** What stands for a document that was refused. */
export const refused = "!";

const bits = new DataView(new ArrayBuffer(8));

/** A number by the bits of its double; a zero is one, whatever its sign. */
export function plainNumber(value: number): string {
  bits.setFloat64(0, value === 0 ? 0 : value);
  return `#${bits.getBigUint64(0).toString(16).padStart(16, "0")}`;
}

/** A text by its UTF-16 units, so that no half of a character is lost. */
export function plainText(text: string): string {
  let units = "";
  for (let at = 0; at < text.length; at += 1) {
    units += text.charCodeAt(at).toString(16).padStart(4, "0");
  }
  return `"${units}"`;
}

/** A value of JSON in a form that programs in every language write alike: members by their names in order. */
export function plainValue(value: unknown): string {
  if (typeof value === "string") return plainText(value);
  if (typeof value === "number") return plainNumber(value);
  if (typeof value === "boolean") return value ? "t" : "f";
  if (Array.isArray(value)) return `[${value.map(plainValue).join(",")}]`;
  if (typeof value !== "object" || value === null) return "n";
  const members = Object.entries(value).map(([name, held]) => [plainText(name), plainValue(held)]);
  const sorted = members.toSorted(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, held]) => `${name}:${held}`).join(",")}}`;
}

/** A document as we read it, from its bytes, as the API does. */
export function readOurs(bytes: Bytes): string {
  try {
    return plainValue(parseJsonText(parseUtf8(bytes), limits.maxRequestBytes));
  } catch (error) {
    if (isFault(error)) return refused;
    throw error;
  }
}
