import type { z } from "zod";

import { Fault, type FaultCode, tryShape } from "../../schemas/ground/index.ts";

/** How a value that does not fit is told of. */
interface Telling {
  readonly code: FaultCode;
  /** What the value is: "the key". */
  readonly what: string;
}

const request: Telling = { code: "REQUEST_INVALID", what: "the request" };
const maxWhereChars = 100;
const maxWhyChars = 200;

/**
 * Reads a value from outside as a shape says. A strict shape refuses members that it does not name, because an
 * answer that passed over one would look like an answer to all that was asked.
 *
 * @throws {Fault} REQUEST_INVALID, or the code that is told; and what the shape throws itself
 */
export function readShape<T>(shape: z.ZodType<T>, value: unknown, telling = request): T {
  const { code, what } = telling;
  const result = tryShape(shape, value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (issue === undefined) throw new Fault(code, `${what} is not one we understand`);
  const where = issue.path.map(String).join(".").slice(0, maxWhereChars);
  const why = issue.message.slice(0, maxWhyChars);
  throw new Fault(code, where === "" ? `${what}: ${why}` : `${what}, ${where}: ${why}`);
}
