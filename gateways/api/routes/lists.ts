import { readers } from "../../people/index.ts";
import { filterShape, searchShape, togetherQueryShape, triedShape } from "../list-shapes.ts";
import { getRelated, getThread, postFilterTest, postSearch } from "../lists.ts";
import { messagePageShape } from "../message-shapes.ts";
import type { Route } from "../route.ts";

const page = { says: "a page, newest first", shape: messagePageShape } as const;

/** Finding messages. */
export const listRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/messages:search", summary: "messages in which words are found", for: readers, act: "MESSAGE_SEARCHED", reads: "content", body: { shape: searchShape }, answers: { 200: page }, handle: postSearch },
  { method: "GET", path: "/v1/threads/:id", summary: "the messages of a thread", for: readers, act: "MESSAGE_LISTED", reads: "content", query: togetherQueryShape, answers: { 200: page }, handle: getThread },
  { method: "GET", path: "/v1/messages/:id/related", summary: "what stands together with a message", for: readers, act: "MESSAGE_LISTED", reads: "content", query: togetherQueryShape, answers: { 200: page }, handle: getRelated },
  { method: "POST", path: "/v1/filters:test", summary: "what a filter would have met lately", for: readers, act: "FILTER_TRIED", reads: "content", body: { shape: filterShape }, answers: { 200: { says: "numbers, and the newest", shape: triedShape } }, handle: postFilterTest },
]; // prettier-ignore
