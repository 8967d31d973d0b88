import { z } from "zod";

import { readers, type Role } from "../../people/index.ts";
import {
  erasuresShape,
  holdShape,
  holdsShape,
  holdWishShape,
  liftShape,
  retentionShape,
} from "../hold-shapes.ts";
import {
  askedOneShape,
  askedShape,
  outsideShape,
  recallShape,
  recallsShape,
  recallStartedShape,
  recallWishShape,
} from "../recall-shapes.ts";
import {
  getErasures,
  getHolds,
  getOrders,
  getRecall,
  getRecalls,
  getRetention,
  postHold,
  postHoldConfirmed,
  postHoldLifted,
  postOutside,
  postRecall,
} from "../recalls.ts";
import type { Route } from "../route.ts"; // prettier-ignore

const keyHeader = z.object({ "idempotency-key": z.string().min(1).max(120) });
const overseers: readonly Role[] = [...readers, "auditor"];

/** What is taken back, kept and erased. */
export const recallRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/recalls", summary: "take messages of ours back: an order to each who holds a copy", for: ["officer"], act: "RECALL_STARTED", headers: keyHeader, body: { shape: recallWishShape }, answers: { 201: { says: "whom it was sent to, and whom not and why", shape: recallStartedShape } }, handle: postRecall },
  { method: "GET", path: "/v1/recalls", summary: "messages of ours that are taken back, and how far each is", for: overseers, act: "RECALL_LISTED", answers: { 200: { says: "the newest first, up to 200", shape: recallsShape } }, handle: getRecalls },
  { method: "GET", path: "/v1/recalls/:id", summary: "who holds a message that is taken back, and what each has answered", for: overseers, act: "RECALL_LISTED", answers: { 200: { says: "holder by holder", shape: recallShape } }, handle: getRecall },
  { method: "GET", path: "/v1/orders", summary: "what other agencies ordered of messages of theirs, and how far it is carried out", for: overseers, act: "RECALL_LISTED", answers: { 200: { says: "the newest first, up to 200", shape: askedShape } }, handle: getOrders },
  { method: "POST", path: "/v1/orders/:id/outside", summary: "a body outside the network has undone what it was given", for: ["officer"], act: "RECALL_ANSWERED", body: { shape: outsideShape }, answers: { 200: { says: "how the order stands", shape: askedOneShape } }, handle: postOutside },
  { method: "GET", path: "/v1/holds", summary: "messages that an authority has kept", for: overseers, act: "RECALL_LISTED", answers: { 200: { says: "the newest first, up to 500", shape: holdsShape } }, handle: getHolds },
  { method: "POST", path: "/v1/holds", summary: "keep messages on an authority's order, whoever takes them back; for 72 hours until another person agrees", for: ["officer", "approver"], act: "HOLD_SET", body: { shape: holdWishShape }, answers: { 201: { says: "a hold for each", shape: holdsShape } }, handle: postHold },
  { method: "POST", path: "/v1/holds/:id/confirmation", summary: "another person agrees to a hold", for: ["approver"], stepUp: true, act: "HOLD_CONFIRMED", answers: { 200: { says: "it stands to its end", shape: holdShape } }, handle: postHoldConfirmed },
  { method: "POST", path: "/v1/holds/:id/lifting", summary: "another person ends a hold; what was taken back meanwhile goes then", for: ["approver"], stepUp: true, act: "HOLD_LIFTED", body: { shape: liftShape }, answers: { 200: { says: "it keeps nothing any more", shape: holdShape } }, handle: postHoldLifted },
  { method: "GET", path: "/v1/retention", summary: "messages to be looked at again, and those that go within thirty days", for: overseers, act: "RECALL_LISTED", answers: { 200: { says: "the earliest first, up to 200", shape: retentionShape } }, handle: getRetention },
  { method: "GET", path: "/v1/erasures", summary: "what was erased here, with its proof", for: overseers, act: "RECALL_LISTED", answers: { 200: { says: "the newest first, up to 200; no content", shape: erasuresShape } }, handle: getErasures },
]; // prettier-ignore
