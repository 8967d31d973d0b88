import { startTally } from "../../schemas/tables/index.ts";
import type { Figure, Gathering, Plan } from "./gather.ts";
import { smallestCell } from "./gather.ts";

/** Fewer others than this are not several: what they did is not told. */
const fewestOthers = 3;

/** What figures are rounded to: exact, those of one table would tell by difference what is withheld in another of them. */
const roundingBase = 5;

/** That somebody once asked about a crime, or refused once for a ground, is not even told to be withheld. */
const silent = ["type", "crime", "handling", "purpose", "ground"];

function plan(dimensions: readonly string[], pairs: Plan["pairs"] = []): Plan {
  return { dimensions, pairs, smallest: smallestCell };
}

const ofMessages = plan(["type", "crime", "handling", "purpose"], [["crime", "handling"], ["crime", "purpose"]]); // prettier-ignore

/** What this agency did. */
const ownPlans: Readonly<Record<string, Plan>> = {
  MESSAGES: ofMessages,
  DEADLINES: plan(["standing", "type", "crime"], [["standing", "type"], ["standing", "crime"]]),
  ANSWER_TIMES: plan(["answerTime", "type"], [["answerTime", "type"]]),
  OUTCOMES: plan(["outcome", "type", "crime", "purpose"], [["outcome", "type"], ["outcome", "crime"], ["outcome", "purpose"]]),
  REFUSALS: plan(["ground", "type"]),
  RECALLS: plan(["standing", "recallResult"], [["standing", "recallResult"]]),
}; // prettier-ignore

/** What others did, and have not said that it may be told: for all of them together. */
const othersPlans: Readonly<Record<string, Plan>> = {
  MESSAGES: ofMessages,
  DEADLINES: plan(["standing"]),
  ANSWER_TIMES: plan(["answerTime"]),
  OUTCOMES: plan(["outcome"]),
  REFUSALS: plan(["ground"]),
  RECALLS: plan(["standing", "recallResult"]),
};

/** To the nearest five; no figure that is told becomes as small as one that is withheld. */
export function roundFigure(count: number): number {
  return Math.round(count / roundingBase) * roundingBase;
}

/** Nobody said of what kind: that has no code, and no cell. */
function isNamed(under: Readonly<Record<string, string>>): boolean {
  return !Object.values(under).includes("UNKNOWN");
}

/** The figures of one indicator of the exchange, of this agency or of the others. */
export function gatherExchange(indicator: string, side: string | undefined): Gathering {
  const isOwn = side === "OWN";
  const own = (isOwn ? ownPlans : othersPlans)[indicator] ?? plan([]);
  const tally = startTally({ ...own, silent, unknown: "UNKNOWN" });
  const others = new Set<string>();
  return {
    add: (fact) => {
      tally.add(fact);
      if (fact.party !== undefined) others.add(fact.party);
    },
    figures: (head) => {
      const withheld = { ...head, treatment: "SUPPRESSED" };
      if (!isOwn && others.size < fewestOthers) return Promise.resolve([{ cell: withheld }]);
      const cells = tally.cells().filter(({ under }) => isNamed(under));
      return Promise.resolve(
        cells.map(({ under, count }): Figure => ({
          cell:
            count === undefined
              ? { ...head, ...under, treatment: "SUPPRESSED" }
              : { ...head, ...under, count: roundFigure(count), treatment: "ROUNDED" },
        })),
      );
    },
  };
}
