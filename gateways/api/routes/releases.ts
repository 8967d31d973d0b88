import { z } from "zod";

import { writers } from "../../people/index.ts";
import { submittedShape } from "../message-answers.ts";
import { textForms } from "../message-text.ts";
import {
  getRelease,
  getReleases,
  postRelease,
  postReturn,
  postStop,
  postWithdrawal,
} from "../releases.ts";
import {
  releasePageShape,
  releaseQueryShape,
  releaseShape,
  returnShape,
  shownReleaseShape,
  stoppedShape,
} from "../releases-shapes.ts";
import type { Route } from "../route.ts";

const all = [...writers, "approver"] as const;
const place = { Location: "where the message stands" } as const;
const version = { ETag: "of what is shown, for If-Match of who releases it" } as const;
const ifMatch = z.object({ "if-match": z.string().max(40).optional() });

/** Messages that take two officers, and what is stopped before it leaves. */
export const releaseRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/releases", summary: "what waits for a second officer, or has waited", for: all, act: "RELEASE_READ", query: releaseQueryShape, answers: { 200: { says: "one's own; for an approver all up to his ceiling", shape: releasePageShape } }, handle: getReleases },
  { method: "GET", path: "/v1/releases/:id", summary: "exactly what would be sent now, and to whom", for: all, act: "RELEASE_READ", answers: { 200: { says: "the message as its readers would have it", shape: shownReleaseShape, types: ["application/json", ...textForms], headers: version } }, handle: getRelease },
  { method: "POST", path: "/v1/releases/:id/release", summary: "send it, as the second officer", for: ["approver"], stepUp: true, act: "RELEASE_GIVEN", headers: ifMatch, answers: { 200: { says: "it had been sent before", shape: submittedShape, headers: place }, 201: { says: "it is on the disk, and will be sent", shape: submittedShape, headers: place } }, handle: postRelease },
  { method: "POST", path: "/v1/releases/:id/return", summary: "give it back to who wrote it, with a reason", for: ["approver"], act: "RELEASE_RETURNED", body: { shape: returnShape }, answers: { 200: { says: "it is given back, and not sent", shape: releaseShape } }, handle: postReturn },
  { method: "POST", path: "/v1/releases/:id/withdraw", summary: "take back what one handed in", for: writers, act: "RELEASE_WITHDRAWN", answers: { 200: { says: "it is taken back, and not sent", shape: releaseShape } }, handle: postWithdrawal },
  { method: "POST", path: "/v1/messages/:id/stop", summary: "stop a message before it leaves", for: all, act: "SENDING_STOPPED", answers: { 200: { says: "it is never sent", shape: stoppedShape } }, handle: postStop },
]; // prettier-ignore
