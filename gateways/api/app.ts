import { type Context, Hono } from "hono";

import { type EpochMs, Fault, isFault, renderHex } from "../../schemas/ground/index.ts";
import { nobody, type Peer } from "../people/index.ts";
import { parseTraceparent } from "../traces/index.ts";
import { whoAsks } from "./admit.ts";
import { answerRecorded } from "./audit-answer.ts";
import type { Desk } from "./call.ts";
import { checkQueryNames } from "./check-query.ts";
import { checkHost } from "./host.ts";
import { finishAnswer } from "./finish.ts";
import { chooseLanguage } from "./negotiate.ts";
import { peerOf } from "./peer.ts";
import { makeProblem, placeOf, renderProblem } from "./problem.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

/** On every answer that says nothing else: it is data for a program, never kept, framed or guessed at. */
const safety: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const traceIdBytes = 16;

/** What was asked for; no route when nothing stands at that path, or nothing of that method. */
interface Asked {
  readonly request: Request;
  readonly route?: Route | undefined;
  /** The methods of the path, when it is one of ours. */
  readonly methods?: readonly string[] | undefined;
  readonly params: Readonly<Record<string, string>>;
  readonly peer: Peer;
}

/** Says which methods there are, to whoever may know that there is anything. @throws {Fault} NOT_FOUND, METHOD_NOT_ALLOWED */
function answerMethods({ request, methods }: Asked): Response {
  if (methods === undefined) throw new Fault("NOT_FOUND", "nothing answers this path");
  const allow = methods.join(", ");
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { allow } });
  throw new Fault("METHOD_NOT_ALLOWED", `this path answers ${allow}`);
}

async function handle(desk: Desk, asked: Asked, traceId: string): Promise<Response> {
  const { request, route, params, peer } = asked;
  checkHost(request, desk.hostNames);
  const vault = route?.whileLocked === true ? undefined : desk.services?.vault;
  // before who asks: sessions lie in the store too
  vault?.held();
  // before "not found", so that only who may ask learns what there is
  const caller = route?.open === true ? nobody : await whoAsks(desk, { request, peer });
  if (route === undefined) return answerMethods(asked);
  if (route.open !== true && route.isWaiting !== true) vault?.touch();
  checkQueryNames(route, new URL(request.url).searchParams);
  const response = await answerRecorded(desk, { request, route, params, traceId, caller, peer });
  return await finishAnswer(route, request, response);
}

/** What a refusal is told with. */
interface Refusal {
  readonly asked: Asked;
  readonly error: unknown;
  readonly traceId: string;
}

function refuse(desk: Desk, { asked, error, traceId }: Refusal): Response {
  const { request, methods = [] } = asked;
  const lang = chooseLanguage(request.headers);
  const problem = makeProblem(error, traceId, lang);
  const { code, status } = problem;
  desk.services?.metrics?.refused(code);
  if (status < 500) desk.log.debug("request refused", { traceId, code, status });
  else desk.log.error("request failed", { traceId, code, status, file: placeOf(error) });
  if (isFault(error) && code.startsWith("INTEGRITY_")) desk.onFatal(error);
  const response = renderProblem(problem, lang);
  if (status === 405) response.headers.set("allow", methods.join(", "));
  return response;
}

/** How long a request took, for the agency's own collector; its route as the table has it, and nothing that was asked. */
function trace(desk: Desk, { request, route }: Asked, { from, response }: { readonly from: EpochMs; readonly response: Response }): void {
  const { status } = response;
  const { method, path } = route ?? { method: "", path: "unknown" };
  const facts = { method, route: path, status, code: status < 500 ? undefined : "INTERNAL" };
  const parent = parseTraceparent(request.headers.get("traceparent"));
  desk.services?.traces?.note({ name: `${method} ${path}`.trim(), from, to: desk.clock.now(), parent, facts });
} // prettier-ignore

async function answer(desk: Desk, asked: Asked): Promise<Response> {
  const from = desk.clock.now();
  const traceId = renderHex(desk.chance.bytes(traceIdBytes));
  let response: Response;
  try {
    response = await handle(desk, asked, traceId);
  } catch (error) {
    response = refuse(desk, { asked, error, traceId });
  }
  for (const [name, value] of Object.entries(safety)) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  trace(desk, asked, { from, response });
  // what nobody reads is not left open, such as a stream of events
  if (asked.request.method === "HEAD") await response.body?.cancel();
  return response;
}

/** The methods of one path as `Allow` says them. */
function methodsOf(path: string): readonly string[] {
  const own = routes.filter((route) => route.path === path).map(({ method }) => method);
  const head = own.includes("GET") ? ["HEAD"] : [];
  return [...new Set([...own, ...head, "OPTIONS"])];
}

/** The route of a request that came to this one; HEAD comes the way of GET. */
function routeFor(request: Request, route: Route | undefined, path: string): Route | undefined {
  if (request.method !== "HEAD") return route;
  return routes.find((one) => one.path === path && one.method === "HEAD") ?? route;
}

function askedOf(c: Context, path?: string, route?: Route): Asked {
  const request = c.req.raw;
  const found = path === undefined ? undefined : routeFor(request, route, path);
  const methods = path === undefined ? undefined : methodsOf(path);
  return { request, route: found, methods, params: c.req.param(), peer: peerOf(c.env) };
}

/** A browser that was given nothing but our name is led to the console; programs get the table of routes there. */
function leadsToConsole({ services }: Desk, request: Request): boolean {
  const wantsPage = (request.headers.get("accept") ?? "").startsWith("text/html");
  return services?.console !== undefined && wantsPage;
}

/** Builds the HTTP application from the table of routes. Opens no socket. */
export function makeApp(desk: Desk): Hono {
  const app = new Hono();
  app.get("/", async (c, next) => {
    if (!leadsToConsole(desk, c.req.raw)) return await next();
    return new Response(null, { status: 303, headers: { ...safety, location: "/console/" } });
  });
  for (const route of routes) {
    app.on(route.method, route.path, (c) => answer(desk, askedOf(c, route.path, route)));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, (c) => answer(desk, askedOf(c, path)));
  }
  app.notFound((c) => answer(desk, askedOf(c)));
  return app;
}
