import { readers } from "../../people/index.ts";
import { lookupAnswerShape, lookupShape } from "../lookup-shapes.ts";
import { postLookup } from "../lookups.ts";
import type { Route } from "../route.ts";

/** Lookups in what this gateway holds. Asked by POST alone: what stands in an address is kept by whoever passes it on. */
export const lookupRoutes: readonly Route[] = [
  { method: "POST", path: "/v1/lookups", summary: "look up papers, vehicles, firearms, things and persons here, without a link too", for: readers, act: "MESSAGE_SEARCHED", reads: "content", body: { shape: lookupShape }, answers: { 200: { says: "hits, which are leads only, and the age of what was looked through", shape: lookupAnswerShape } }, handle: postLookup },
]; // prettier-ignore
