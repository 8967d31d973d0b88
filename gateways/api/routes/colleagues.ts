import { readers } from "../../people/index.ts";
import { deleteClaim, getClaims, putClaim } from "../claims.ts";
import {
  claimShape,
  claimsShape,
  claimWishShape,
  handoverShape,
  handoversShape,
  handoverWishShape,
  standingShape,
  viewShape,
  viewsShape,
  viewTextShape,
} from "../colleague-shapes.ts";
import { getHandovers, getStanding, postHandover, postTaking } from "../handovers.ts";
import { getHome } from "../home.ts";
import { homeShape } from "../home-shapes.ts";
import type { Route } from "../route.ts";
import { deleteView, getViews, putView } from "../views.ts";

/** What colleagues of one agency tell each other about their work. */
export const colleagueRoutes: readonly Route[] = [
  { method: "GET", path: "/v1/home", summary: "what waits for who asks: terms, what is urgent, what he worked on last", for: readers, act: "MESSAGE_LISTED", answers: { 200: { says: "a few of each, and how many there are", shape: homeShape } }, handle: getHome },
  { method: "GET", path: "/v1/claims", summary: "who has which message in hand", for: readers, answers: { 200: { says: "the oldest first", shape: claimsShape } }, handle: getClaims },
  { method: "PUT", path: "/v1/messages/:id/claim", summary: "take a message in hand, or keep it there; free again fifteen minutes after the last word", for: ["officer"], act: "MESSAGE_CLAIMED", body: { shape: claimWishShape }, answers: { 200: { says: "it is his", shape: claimShape } }, handle: putClaim },
  { method: "DELETE", path: "/v1/messages/:id/claim", summary: "let go of a message", for: ["officer"], act: "CLAIM_RELEASED", answers: { 204: { says: "nobody has it" } }, handle: deleteClaim },
  { method: "GET", path: "/v1/handover", summary: "what there is to hand over to the next shift", for: readers, act: "MESSAGE_LISTED", answers: { 200: { says: "how things stand", shape: standingShape } }, handle: getStanding },
  { method: "GET", path: "/v1/handovers", summary: "shifts that were handed over", for: readers, act: "MESSAGE_LISTED", answers: { 200: { says: "the newest twenty", shape: handoversShape } }, handle: getHandovers },
  { method: "POST", path: "/v1/handovers", summary: "hand the shift over", for: ["officer"], act: "SHIFT_HANDED_OVER", body: { shape: handoverWishShape }, answers: { 201: { says: "how things stood", shape: handoverShape } }, handle: postHandover },
  { method: "POST", path: "/v1/handovers/:id/taking", summary: "sign for the shift, as the person who comes after", for: ["officer"], act: "SHIFT_TAKEN", answers: { 200: { says: "it is taken", shape: handoverShape } }, handle: postTaking },
  { method: "GET", path: "/v1/views", summary: "lists that are kept under a name", for: readers, answers: { 200: { says: "one's own and the shared ones", shape: viewsShape } }, handle: getViews },
  { method: "PUT", path: "/v1/views/:id", summary: "keep a list under a name", for: readers, body: { shape: viewTextShape }, answers: { 200: { says: "it is changed", shape: viewShape }, 201: { says: "it is kept", shape: viewShape } }, handle: putView },
  { method: "DELETE", path: "/v1/views/:id", summary: "keep a list no more", for: readers, answers: { 204: { says: "it is gone" } }, handle: deleteView },
]; // prettier-ignore
