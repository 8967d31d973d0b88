import { Fault } from "../../schemas/ground/index.ts";
import type { Route } from "./route.ts";

/**
 * Refuses a parameter that the route's line of the table does not name: a filter that is misspelt would else be none, and
 * more be shown than was asked for. Open routes are left alone: what leads to them may add its own.
 *
 * @throws {Fault} REQUEST_INVALID
 */
export function checkQueryNames({ open, query }: Route, search: URLSearchParams): void {
  if (open === true) return;
  const known = Object.keys(query?.shape ?? {});
  if ([...search.keys()].every((name) => known.includes(name))) return;
  const takes = known.length === 0 ? "no parameters" : known.join(", ");
  throw new Fault("REQUEST_INVALID", `the query of this path takes ${takes}`);
}
