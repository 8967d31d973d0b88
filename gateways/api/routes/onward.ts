import { readers, writers } from "../../people/index.ts";
import { submissionShape } from "../message-shapes.ts";
import { getOnwardLog, getUses, usesShape } from "../onward.ts";
import type { Route } from "../route.ts";

/** What was done with messages of others. */
export const onwardRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/messages/:id/uses", summary: "to whom a message was passed on, for what, on which consent", for: readers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "the first use first", shape: usesShape } }, handle: getUses },
  { method: "GET", path: "/v1/messages/:id/onward-log", summary: "what its owner is told of the uses of a message", for: writers, act: "MESSAGE_FOLLOWED", answers: { 200: { says: "a message to be looked at and sent", shape: submissionShape } }, handle: getOnwardLog },
]; // prettier-ignore
