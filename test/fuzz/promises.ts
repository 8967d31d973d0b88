import { isDeepStrictEqual } from "node:util";

/** Thrown by a target when a reader took what it must not take, or took it for something else. */
export class Broken extends Error {
  override readonly name = "Broken";
}

/** Throws unless it holds. */
export function hold(isTrue: boolean, promise: string): void {
  if (!isTrue) throw new Broken(promise);
}

/** The value with bytes as text, so that two kinds of byte array with the same bytes are equal. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member)]));
}

/** Throws unless both are the same through and through. */
export function holdSame(found: unknown, wanted: unknown, promise: string): void {
  if (!isDeepStrictEqual(plain(found), plain(wanted))) throw new Broken(promise);
}

/** Does what cannot fail any more once an input was taken: even a Fault is a finding here. */
export function certain<T>(what: string, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw new Broken(`${what} fails after the input was taken`, { cause });
  }
}
