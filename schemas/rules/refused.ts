/** What looking at a refused place throws: one for all, for it never leaves this room. */
const refused = new Error("this place was refused");

/** Whether a rule was ended because it looked at a refused place. */
export function isRefusedPlace(error: unknown): boolean {
  return error === refused;
}

function refuse(): never {
  throw refused;
}

function isNode(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array);
}

/** The places, and everything that one of them lies in. */
interface Ways {
  readonly places: ReadonlySet<string>;
  readonly above: ReadonlySet<string>;
}

function findWays(places: readonly string[]): Ways {
  const above = new Set<string>();
  for (const place of places) {
    for (let end = place.lastIndexOf("/"); end > 0; end = place.lastIndexOf("/", end - 1)) {
      above.add(place.slice(0, end));
    }
  }
  return { places: new Set(places), above };
}

/** Names of fields hold none of the signs that a pointer escapes. */
function copyNode(node: object, path: string, ways: Ways): object {
  const copy: object = Array.isArray(node) ? [] : {};
  for (const [name, held] of Object.entries(node)) {
    const at = `${path}/${name}`;
    if (ways.places.has(at)) {
      Object.defineProperty(copy, name, { get: refuse, enumerable: true, configurable: true });
    } else {
      Reflect.set(copy, name, ways.above.has(at) && isNode(held) ? copyNode(held, at, ways) : held);
    }
  }
  return copy;
}

/**
 * A copy of a message for rules alone, in which whoever looks at one of these places is stopped: `findBroken` then says
 * nothing of that rule. So a rule judges what was found right, or does not judge.
 *
 * @param places JSON Pointers of what was refused, missing fields among them
 */
export function withoutRefused(message: object, places: readonly string[]): object {
  return copyNode(message, "", findWays(places));
}
