import { readers } from "../../people/index.ts";
import type { Route } from "../route.ts";
import { getAwaited, getBreaches, getThreadState } from "../work.ts";
import {
  awaitedQueryShape,
  awaitedShape,
  breachesQueryShape,
  breachesShape,
  threadStateShape,
} from "../work-shapes.ts";

/** Work in hand. */
export const workRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/threads/:id/state", summary: "how a thread stands: what is awaited of whom, and who may say what next", for: readers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "its matters", shape: threadStateShape } }, handle: getThreadState },
  { method: "GET", path: "/v1/awaited", summary: "what is awaited in all threads, the earliest first", for: readers, act: "MESSAGE_LISTED", query: awaitedQueryShape, answers: { 200: { says: "up to 500", shape: awaitedShape } }, handle: getAwaited },
  { method: "GET", path: "/v1/breaches", summary: "deadlines that passed, the latest first", for: [...readers, "auditor"], act: "MESSAGE_LISTED", query: breachesQueryShape, answers: { 200: { says: "up to 500", shape: breachesShape } }, handle: getBreaches },
]; // prettier-ignore
