import type { Bodies } from "../../gen/index.ts";
import { type Bytes, renderHex, renderUuid } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import { move, type Workflow } from "../workflow.ts";
import { acknowledgement, result } from "./awaited.ts";
import { patienceIn } from "./what-came.ts";

const open = ["SENT", "ACKNOWLEDGED", "PARTLY_TRANSLATED"] as const;

type Product = Bodies["translation.product"];

function keyOf(pointer: string, digest: Bytes): string {
  return `${renderHex(digest)} ${pointer}`;
}

/** Whether these are the words of a field that was asked for, of that very text. */
function isAsked({ opening }: Lane, { targetId, pointer, sourceDigest }: Product): boolean {
  const asked = opening.read("translation.request");
  if (asked === undefined || renderUuid(asked.targetId) !== renderUuid(targetId)) return false;
  const key = keyOf(pointer, sourceDigest);
  return asked.segments.some((one) => keyOf(one.pointer, one.sourceDigest) === key);
}

function leftOver({ opening, applied }: Lane, { pointer }: Product): readonly string[] {
  const products = applied.map((step) => step.read("translation.product")?.pointer);
  const done = new Set([...products, pointer]);
  const asked = opening.read("translation.request")?.segments ?? [];
  return asked.map((one) => one.pointer).filter((one) => !done.has(one));
}

/**
 * Fields of one message in another language (domain §2.11): a product for each, of the very words that were sent. It is done
 * when every field asked for has one. A product of other words belongs to none of them.
 */
export const translation: Workflow = {
  name: "TRANSLATION",
  opens: ["translation.request"],
  first: "SENT",
  opened: (step) => ({ resultBy: step.read("translation.request")?.deadline }),
  moves: [
    move({ on: "request.acknowledge", by: "OTHER", from: ["SENT"], to: "ACKNOWLEDGED" }),
    move({
      on: "translation.product",
      by: "OTHER",
      from: open,
      to: (body, lane) => (leftOver(lane, body).length > 0 ? "PARTLY_TRANSLATED" : "TRANSLATED"),
      unless: (body, { lane }) => (isAsked(lane, body) ? undefined : "OUT_OF_TURN"),
    }),
    move({ on: "reply.refuse", by: "OTHER", from: open, to: "REFUSED" }),
    ...patienceIn(open),
  ],
  awaits: {
    SENT: [acknowledgement, result],
    ACKNOWLEDGED: [result],
    PARTLY_TRANSLATED: [result],
  },
};
