import type { Bodies } from "../../gen/index.ts";
import { parseUuid, renderUuid } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import { move, type Workflow } from "../workflow.ts";
import { asking } from "./answered-once.ts";
import { answer, result, runClock } from "./awaited.ts";
import { told, toldBy } from "./what-came.ts";

/**
 * Where a firearm came from (domain W9): a request with one more hop. An answer that names the next country leaves the case
 * open there, and {@link draftNextTrace} writes what is to be asked; one that lacks data waits for the asker. Whatever the
 * answer, who asked tells what came of it.
 */
export const firearmTrace: Workflow = {
  name: "FIREARM_TRACE",
  opens: ["firearm.trace_request"],
  first: "SENT",
  moves: [
    move({
      on: "firearm.trace_reply",
      by: "OTHER",
      from: ["SENT", "ACKNOWLEDGED", "WAITING_FOR_ASKER"],
      to: ({ outcome, nextCountry }) => {
        if (outcome === "INSUFFICIENT_DATA") return "WAITING_FOR_ASKER";
        return nextCountry === undefined ? "ANSWERED" : "NEXT_COUNTRY";
      },
      marks: (_, { step, lane }) => runClock(lane.marks, step.at),
    }),
    ...asking.moves.map((one) => ({ ...one, from: one.from.filter((state) => state !== "PARTLY_ANSWERED") })),
    ...toldBy("OPENER", ["NEXT_COUNTRY"]),
  ],
  awaits: {
    ...asking.awaits,
    WAITING_FOR_ASKER: [answer("OPENER"), result],
    NEXT_COUNTRY: [told("OPENER")],
  },
}; // prettier-ignore

/** What is to be asked next of a firearm, for a person to look through and send. */
export interface NextTrace {
  readonly country: string;
  /** The agency to ask, where the answer names it; the directory knows it otherwise. */
  readonly agency: string | undefined;
  readonly body: Bodies["firearm.trace_request"];
}

/**
 * The request that an answer calls for in the next country. It says only what the first request said: what the answer tells is
 * its sender's, and goes on by his consent alone. Undefined when no country is named, and when that agency or country was
 * asked already, for a trace does not go in a circle; `asked` are the lanes of the thread.
 */
export function draftNextTrace(lane: Lane, asked: readonly Lane[]): NextTrace | undefined {
  if (lane.workflow !== "FIREARM_TRACE" || lane.state !== "NEXT_COUNTRY") return undefined;
  const request = lane.opening.read("firearm.trace_request");
  const reply = lane.applied.findLast(({ type }) => type === "firearm.trace_reply")?.read("firearm.trace_reply");
  if (request === undefined || reply?.nextCountry === undefined) return undefined;
  const { nextCountry: country, nextAgency: agency } = reply;
  const others = asked.filter(({ workflow }) => workflow === lane.workflow).map(({ other }) => other);
  const already = [...new Set([...request.alreadyAsked, ...others, lane.other])];
  const isAsked = agency === undefined ? already.some((one) => one.split("/")[0] === country.toLowerCase()) : already.includes(agency);
  if (isAsked) return undefined;
  return {
    country,
    agency,
    body: { ...request, imported: undefined, parentId: parseUuid(lane.opening.id), alreadyAsked: already.slice(-20) },
  };
} // prettier-ignore

/** Whether a trace is the next hop of another: by what it says itself. */
export function isNextHop(child: Lane, parent: Lane): boolean {
  const parentId = child.opening.read("firearm.trace_request")?.parentId;
  return parentId !== undefined && renderUuid(parentId) === parent.opening.id;
}
