import { z } from "zod";

import { roles } from "../../people/index.ts";
import { doctorShape, getDoctor } from "../doctor.ts";
import type { Route } from "../route.ts";
import { getLive, getReady, getStatus } from "../system.ts";
import { readyShape, statusShape } from "../system-shapes.ts";

/** The gateway's own state, and what its codes mean. */
export const systemRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/status", whileLocked: true, summary: "what waits and what works", for: roles, answers: { 200: { says: "the state", shape: statusShape } }, handle: getStatus },
  { method: "GET", path: "/v1/doctor", summary: "what keeps this gateway from its work, and what to do", for: ["administrator"], answers: { 200: { says: "everything that was looked at, in the language of Accept-Language", shape: doctorShape } }, handle: getDoctor },
  { method: "GET", path: "/livez", whileLocked: true, summary: "the process answers", open: true, for: [], answers: { 200: { says: "it answers", shape: z.strictObject({ live: z.literal(true) }) } }, handle: getLive },
  { method: "GET", path: "/readyz", whileLocked: true, summary: "work can be done", open: true, for: [], answers: { 200: { says: "ready", shape: readyShape }, 503: { says: "not ready", shape: readyShape } }, handle: getReady },
]; // prettier-ignore
