import type { Lane } from "../lane.ts";
import type { MoveAt, Workflow } from "../workflow.ts";
import { agreedResult, makeProposal } from "./proposal.ts";
import { movesBySteps, type StepRow } from "./spoken-steps.ts";
import { told, toldBy } from "./what-came.ts";
import { isWithheld } from "./withheld.ts";

type Row = StepRow<"evidence.custody_event">;
type Items = readonly { readonly exhibitNo: string }[];

const kept = ["PROPOSED", "RECEIVED", "COUNTER_PROPOSED", "AGREED"] as const;
const arrived = ["ARRIVED", "COMPLETED"] as const;
/** What is done to exhibits without their changing hands; who holds them says it. */
const inHand = ["COLLECTED", "SEALED", "OPENED", "STORED", "EXAMINED", "COPIED", "DIVIDED", "DESTROYED", "LOST"]; // prettier-ignore

function numbersIn(items: Items): readonly string[] {
  return items.map(({ exhibitNo }) => exhibitNo);
}

/** Exhibits that custody events of these kinds named, among those that took effect. */
function namedBy({ applied }: Lane, kinds: readonly string[]): ReadonlySet<string> {
  const events = applied.map((step) => step.read("evidence.custody_event"));
  const those = events.filter((one) => one !== undefined && kinds.includes(one.kind));
  return new Set(those.flatMap((one) => numbersIn(one?.items ?? [])));
}

/** What was offered: in the first proposal, or in the changes of it that took effect. */
function offered({ opening, applied }: Lane): ReadonlySet<string> {
  const texts = [opening, ...applied].map((step) => step.read("evidence.transfer"));
  return new Set(texts.flatMap((one) => numbersIn(one?.exhibits ?? [])));
}

/** Exhibits on the way of which nobody has said that they arrived or were lost, these included. */
function stillOnTheWay(lane: Lane, now: Items): readonly string[] {
  const settled = new Set([...namedBy(lane, ["RECEIVED", "LOST"]), ...numbersIn(now)]);
  return [...namedBy(lane, ["HANDED_OVER"])].filter((one) => !settled.has(one));
}

function withheld({ step: { at }, lane, lanes }: MoveAt): boolean {
  const offences = lane.opening.read("evidence.transfer")?.offences ?? [];
  return isWithheld({ lane, lanes, at, offences });
}

const receipt: Pick<Row, "to" | "unless"> = {
  to: ({ items }, lane) => (stillOnTheWay(lane, items).length > 0 ? "IN_TRANSFER" : "ARRIVED"),
  unless: ({ items }, { lane }) => {
    const sent = namedBy(lane, ["HANDED_OVER"]);
    return numbersIn(items).every((one) => sent.has(one)) ? undefined : "OUT_OF_TURN";
  },
};

const rows: readonly Row[] = [
  { says: inHand, by: "OPENER", from: kept, to: (_, { state }) => state },
  {
    says: ["HANDED_OVER"],
    by: "OPENER",
    from: ["AGREED", "IN_TRANSFER", "ARRIVED"],
    to: "IN_TRANSFER",
    unless: ({ items }, at) => {
      const agreed = offered(at.lane);
      // nothing goes over that was not offered and agreed
      if (!numbersIn(items).every((one) => agreed.has(one))) return "INCOMPLETE";
      return withheld(at) ? "INCOMPLETE" : undefined;
    },
  },
  { says: ["RECEIVED"], by: "OTHER", from: ["IN_TRANSFER"], ...receipt },
  { says: ["LOST"], by: "EITHER", from: ["IN_TRANSFER"], ...receipt },
  {
    says: inHand,
    by: "OTHER",
    from: [...arrived, "RETURN_ON_THE_WAY"],
    to: (_, { state }) => state,
  },
  { says: ["RETURNED"], by: "OTHER", from: arrived, to: "RETURN_ON_THE_WAY" },
  { says: ["RECEIVED"], by: "OPENER", from: ["RETURN_ON_THE_WAY"], to: "RETURNED" },
];

/**
 * Evidence from one state to another (domain W7). It changes hands by two messages: the giver says that he handed over, the
 * taker that he received, and each carries the signatures of both. It has arrived when every exhibit handed over was received
 * or reported lost. Nothing is handed over that was not agreed, nor in a capital case before the assurance is signed.
 */
export const evidence: Workflow = makeProposal({
  name: "EVIDENCE_TRANSFER",
  type: "evidence.transfer",
  doneBy: ({ handoverAt }) => handoverAt,
  completer: "OPENER",
  completeFrom: ["ARRIVED", "RETURNED"],
  leaver: "OPENER",
  teller: "OTHER",
  more: [
    ...movesBySteps({ on: "evidence.custody_event", stepOf: ({ kind }) => kind, rows }),
    ...toldBy("OTHER", ["ARRIVED", "RETURNED"]),
  ],
  moreAwaits: {
    IN_TRANSFER: [agreedResult("OTHER")],
    ARRIVED: [told("OTHER")],
    RETURN_ON_THE_WAY: [agreedResult("OPENER")],
    RETURNED: [told("OTHER")],
  },
});
