import { problemShape } from "../../gateways/api/problem.ts";
import type { Route } from "../../gateways/api/route.ts";
import { routes } from "../../gateways/api/routes.ts";

function patternOf(path: string): RegExp {
  const pieces = path
    .replaceAll(/[.*+?^$()|[\]\\]/g, "\\$&")
    .replaceAll(/\/:[A-Za-z]+(?:\{[^}]*\})?/g, "/[^/]+");
  return new RegExp(`^${pieces}$`);
}

const patterns = routes.map((route) => ({ route, pattern: patternOf(route.path) }));

function findRoute(method: string, path: string): Route | undefined {
  const wanted = method === "HEAD" ? "GET" : method;
  return patterns.find(({ route, pattern }) => route.method === wanted && pattern.test(path))
    ?.route;
}

/** What came back from a request. */
export interface Answered {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

function checkSuccess(route: Route, { status, type, text, path }: Answered): void {
  const answer = route.answers[status];
  if (answer === undefined)
    throw new Error(`${route.method} ${route.path} tells no answer ${status}`);
  const types = answer.types ?? (answer.shape === undefined ? [""] : ["application/json"]);
  const bare = type.split(";")[0] ?? "";
  if (!types.includes(bare))
    throw new Error(`${route.method} ${route.path} answers ${bare}, which it does not tell`);
  const search = new URL(path, "http://gateway.test").searchParams;
  const known = Object.keys(route.query?.shape ?? {});
  const untold =
    route.open === true ? undefined : [...search.keys()].find((name) => !known.includes(name));
  if (untold !== undefined)
    throw new Error(`${route.method} ${route.path} takes ${untold}, which it does not tell`);
  if (bare === "application/json" && answer.shape !== undefined)
    answer.shape.parse(JSON.parse(text));
}

/** Throws when an answer is not one that the table of routes tells: a status, a type, a parameter, a member. */
export function checkAnswered(answered: Answered): void {
  const { method, path, status, type, text } = answered;
  if (status >= 400 && type === "application/problem+json") {
    if (method !== "HEAD") problemShape.parse(JSON.parse(text));
    return;
  }
  const route = findRoute(method, path.split("?")[0] ?? "");
  if (route === undefined)
    throw new Error(`${method} ${path} is answered with ${status} and no problem`);
  if (method === "HEAD" || status === 304) return;
  checkSuccess(route, answered);
}
