import { limits } from "../../schemas/index.ts";
import { roles } from "../people/index.ts";
import { type Handler, renderAnswer } from "./call.ts";
import type { Route } from "./route.ts";
import { messageRoutes } from "./routes/messages.ts";
import { registerRoutes } from "./routes/register.ts";
import { systemRoutes } from "./routes/system.ts";

/** Everything the gateway answers over HTTP; each family stands in `routes/`. */
export const routes: readonly Route[] = [
  { method: "GET", path: "/", summary: "links, versions, limits", for: roles, handle: getRoot },
  ...messageRoutes,
  ...registerRoutes,
  ...systemRoutes,
];

function getRoot(...[{ exchange }]: Parameters<Handler>): Response {
  const links = routes.map(({ method, path, summary }) => ({ method, path, summary }));
  return renderAnswer({ agency: exchange.agency, api: "v1", envelope: 1, limits, links });
}
