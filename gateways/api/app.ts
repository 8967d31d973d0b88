import { Hono } from "hono";

import { Fault, isFault, renderHex } from "../../schemas/ground/index.ts";
import { nobody } from "../people/index.ts";
import { checkRole, whoAsks } from "./admit.ts";
import type { Desk } from "./call.ts";
import { checkHost } from "./host.ts";
import { makeProblem, placeOf, renderProblem } from "./problem.ts";
import type { Route } from "./route.ts";
import { routes } from "./routes.ts";

/** On every answer: it is data for a program, never a page, never kept, never framed or guessed at. */
const safety: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

const traceIdBytes = 16;

/** What was asked for; no route when nothing stands at that path. */
interface Asked {
  readonly request: Request;
  readonly route?: Route;
  readonly params: Readonly<Record<string, string>>;
}

async function handle(desk: Desk, asked: Asked, traceId: string): Promise<Response> {
  const { request, route, params } = asked;
  checkHost(request, desk.hostNames);
  // before "not found", so that only who may ask learns what there is
  const caller = route?.open === true ? nobody : await whoAsks(desk, request);
  if (route === undefined) throw new Fault("NOT_FOUND", "nothing answers this method and path");
  if (route.open !== true) checkRole(route, caller, desk.clock.now());
  const call = { request, url: new URL(request.url), params, traceId, caller };
  return await route.handle(desk, call);
}

function refuse(desk: Desk, error: unknown, traceId: string): Response {
  const problem = makeProblem(error, traceId);
  const { code, status } = problem;
  if (status < 500) desk.log.debug("request refused", { traceId, code, status });
  else desk.log.error("request failed", { traceId, code, status, file: placeOf(error) });
  if (isFault(error) && code.startsWith("INTEGRITY_")) desk.onFatal(error);
  return renderProblem(problem);
}

async function answer(desk: Desk, asked: Asked): Promise<Response> {
  const traceId = renderHex(desk.chance.bytes(traceIdBytes));
  let response: Response;
  try {
    response = await handle(desk, asked, traceId);
  } catch (error) {
    response = refuse(desk, error, traceId);
  }
  for (const [name, value] of Object.entries(safety)) response.headers.set(name, value);
  return response;
}

/** Builds the HTTP application from the table of routes. Opens no socket. */
export function makeApp(desk: Desk): Hono {
  const app = new Hono();
  for (const route of routes) {
    app.on(route.method, route.path, (c) =>
      answer(desk, { request: c.req.raw, route, params: c.req.param() }),
    );
  }
  app.notFound((c) => answer(desk, { request: c.req.raw, params: {} }));
  return app;
}
