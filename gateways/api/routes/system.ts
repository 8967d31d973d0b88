import { roles } from "../../people/index.ts";
import type { Route } from "../route.ts";
import { getFault, getLive, getReady, getStatus } from "../system.ts";

/** The gateway's own state, and what its codes mean. */
export const systemRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/status", summary: "what waits and what works", for: roles, handle: getStatus },
  { method: "GET", path: "/livez", summary: "the process answers", open: true, for: [], handle: getLive },
  { method: "GET", path: "/readyz", summary: "work can be done", open: true, for: [], handle: getReady },
  { method: "GET", path: "/faults/:code", summary: "what a code means", open: true, for: [], handle: getFault },
]; // prettier-ignore
