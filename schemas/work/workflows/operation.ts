import { sameBytes } from "../../ground/index.ts";
import type { EpochMs } from "../../ground/index.ts";
import type { Lane } from "../lane.ts";
import type { Step } from "../step.ts";
import { type Awaited, move, type Move, type Workflow } from "../workflow.ts";
import { acknowledgement } from "./awaited.ts";

const open = ["INVITED", "TAKING_PART"] as const;
const dayMs = 86_400_000;

function endOf({ opening }: Lane): EpochMs | undefined {
  return opening.read("operation.open")?.validUntil;
}

/** An operation is boxed in time: whoever opened it closes it on its last day. */
const close: Awaited = { closing: "DECISION", of: "OPENER", by: endOf };

/** Its data goes as was said before any flowed. */
const goodbye: Awaited = { closing: "PURGE", of: "OTHER", by: ({ marks }) => marks.resultBy };

function isOfIt({ opening }: Lane, id: Uint8Array): boolean {
  const own = opening.read("operation.open")?.operationId;
  return own !== undefined && sameBytes(own, id);
}

function goneBy(lane: Lane, step: Step): EpochMs {
  const { dataUntil, closedAt } = step.read("operation.close") ?? {};
  const days = lane.opening.read("operation.open")?.dataDays ?? 0;
  return dataUntil ?? (closedAt ?? step.at) + days * dayMs;
}

const membership: readonly Move[] = [
  move({
    on: "request.acknowledge",
    by: "OTHER",
    from: ["INVITED"],
    to: "TAKING_PART",
    // nobody joins what is over
    unless: (_, { step, lane }) => (step.at > (endOf(lane) ?? 0) ? "OUT_OF_TURN" : undefined),
  }),
  move({ on: "reply.refuse", by: "OTHER", from: ["INVITED"], to: "DECLINED" }),
  move({ on: "request.withdraw", by: "OTHER", from: ["TAKING_PART"], to: "LEFT" }),
];

const ending: Move = move({
  on: "operation.close",
  by: "OPENER",
  from: [...open, "LEFT"],
  // one keeper holds the archive; with all others nothing stays
  to: ({ dataAtEnd, dataKeeper }, { other }) =>
    dataAtEnd === "ARCHIVE" && dataKeeper === other ? "ARCHIVED" : "CLOSED_WITH_DATA",
  unless: ({ operationId, reason }, { step, lane }) => {
    if (!isOfIt(lane, operationId)) return "OUT_OF_TURN";
    return reason === "TIME_UP" && step.at < (endOf(lane) ?? 0) ? "NOT_DUE_YET" : undefined;
  },
  marks: (_, { step, lane }) => ({ resultBy: goneBy(lane, step) }),
});

/** Every copy that a member answers for is gone, and those he passed on to; a court's order keeps what it names. */
const gone: Move = move({
  on: "data.purge_ack",
  by: "OTHER",
  from: ["CLOSED_WITH_DATA"],
  to: "CLOSED",
  unless: ({ purged }) =>
    purged.some(({ done }) => done === "UNDER_WAY" || done === "REFUSED")
      ? "INCOMPLETE"
      : undefined,
});

/**
 * A joint operation (domain §2.6, T32): a group boxed in time. Each member invited takes part, declines or leaves; who
 * opened it closes it on its last day; and after the close each member says that the data is gone as was agreed, save
 * for the one keeper of an archive. No member joins after the end, and "time is up" is not said before it.
 */
export const operation: Workflow = {
  name: "OPERATION",
  opens: ["operation.open"],
  first: "INVITED",
  moves: [...membership, ending, gone],
  awaits: {
    INVITED: [acknowledgement, close],
    TAKING_PART: [close],
    LEFT: [close],
    CLOSED_WITH_DATA: [goodbye],
  },
};
