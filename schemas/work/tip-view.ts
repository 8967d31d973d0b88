import type { Bodies } from "../gen/index.ts";
import { orderSteps } from "./order.ts";
import type { Step } from "./step.ts";

/** What one owner said last of a case. */
export interface TipSubStream {
  readonly agency: string;
  /** POLICE, PROSECUTION or WELFARE. */
  readonly branch: string;
  readonly step: Step;
  readonly body: Bodies["tip.case"];
}

/** A person of the case under her pseudonym, as who first named her tells it. */
export interface TipPerson<B> {
  readonly owner: string;
  readonly step: Step;
  readonly body: B;
  /** Others who wrote about her too; what they wrote changes nothing here. */
  readonly alsoBy: readonly string[];
}

/** A case as its owners tell it together; each says its own part, and none of it was changed by another. */
export interface TipCaseView {
  readonly caseRef: string;
  readonly subStreams: readonly TipSubStream[];
  /** How far justice is: as prosecution says it, or police where prosecution is silent. */
  readonly justiceStage: string | undefined;
  /** How far help is: as welfare says it. */
  readonly welfareStage: string | undefined;
  /** Closed when all who write it closed it. */
  readonly isClosed: boolean;
  readonly victims: ReadonlyMap<string, TipPerson<Bodies["tip.victim"]>>;
  readonly perpetrators: ReadonlyMap<string, TipPerson<Bodies["tip.perpetrator"]>>;
}

const branches = ["POLICE", "PROSECUTION", "WELFARE"] as const;

function addPerson<B>(all: Map<string, TipPerson<B>>, ref: string, { step, body }: { readonly step: Step; readonly body: B }): void {
  const known = all.get(ref);
  if (known === undefined || known.owner === step.from) {
    all.set(ref, { owner: step.from, step, body, alsoBy: known?.alsoBy ?? [] });
    return;
  }
  all.set(ref, { ...known, alsoBy: [...new Set([...known.alsoBy, step.from])] });
} // prettier-ignore

function stageIn(said: readonly TipSubStream[], branch: string, of: "justiceStage" | "welfareStage"): string | undefined {
  const known = said.filter((one) => one.branch === branch && (one.body[of] ?? "UNKNOWN") !== "UNKNOWN");
  return known.at(-1)?.body[of];
} // prettier-ignore

/**
 * A case of trafficking, put together by its reference (domain W10). Each agency has a sub-stream in each branch it writes, and
 * its newest word there counts; the same messages give the same view in whatever order they came. Undefined when no owner told
 * of it. It joins pseudonyms and never opens one: who a victim is does not come into it.
 */
export function readTipCase(all: Iterable<Step>, caseRef: string): TipCaseView | undefined {
  const streams = new Map<string, TipSubStream>();
  const victims = new Map<string, TipPerson<Bodies["tip.victim"]>>();
  const perpetrators = new Map<string, TipPerson<Bodies["tip.perpetrator"]>>();
  for (const step of orderSteps(all).steps) {
    const said = step.read("tip.case");
    if (said?.caseRef === caseRef) {
      const key = `${step.from} ${said.branch}`;
      streams.delete(key);
      streams.set(key, { agency: step.from, branch: said.branch, step, body: said });
    }
    const victim = step.read("tip.victim");
    if (victim?.caseRef === caseRef) addPerson(victims, victim.victimRef, { step, body: victim });
    const perpetrator = step.read("tip.perpetrator");
    if (perpetrator?.caseRef === caseRef) addPerson(perpetrators, perpetrator.perpetratorRef, { step, body: perpetrator });
  }
  if (streams.size === 0) return undefined;
  const said = [...streams.values()];
  const subStreams = branches.flatMap((branch) => said.filter((one) => one.branch === branch));
  return {
    caseRef,
    subStreams,
    justiceStage: stageIn(said, "PROSECUTION", "justiceStage") ?? stageIn(said, "POLICE", "justiceStage"),
    welfareStage: stageIn(said, "WELFARE", "welfareStage"),
    isClosed: said.every(({ body }) => body.caseStatus.startsWith("CLOSED")),
    victims,
    perpetrators,
  };
} // prettier-ignore
