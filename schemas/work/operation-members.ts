import type { EpochMs } from "../ground/index.ts";
import type { Step } from "./step.ts";

/** How an agency stands to an operation; who opened it takes part from the beginning. */
export type MemberStanding = "INVITED" | "TAKING_PART" | "DECLINED" | "LEFT" | "EXCUSED";

/** A change of how an agency stands. */
interface Turn {
  readonly at: EpochMs;
  readonly standing: MemberStanding;
}

/** Who stood how to an operation, and when. */
export class MemberBook {
  readonly #turns = new Map<string, Turn[]>();

  now(agency: string): MemberStanding | undefined {
    return this.#turns.get(agency)?.at(-1)?.standing;
  }

  /** At a moment; undefined for who was not of it then. */
  at(agency: string, moment: EpochMs): MemberStanding | undefined {
    return this.turn(agency, moment)?.standing;
  }

  turn(agency: string, moment: EpochMs): Turn | undefined {
    return this.#turns.get(agency)?.findLast(({ at }) => at <= moment);
  }

  agencies(): readonly string[] {
    return [...this.#turns.keys()];
  }

  set(agency: string, standing: MemberStanding, at: EpochMs): void {
    const turns = this.#turns.get(agency) ?? [];
    this.#turns.set(agency, [...turns, { at, standing }]);
  }

  /** What the opener says of who is of it: whoever is not named any more is excused, whoever had gone is asked again. */
  plan(opener: string, members: readonly string[], at: EpochMs): void {
    for (const agency of members) {
      const before = this.now(agency);
      if (agency === opener) {
        if (before === undefined) this.set(agency, "TAKING_PART", at);
      } else if (before !== "INVITED" && before !== "TAKING_PART") this.set(agency, "INVITED", at);
    }
    const left = this.agencies().filter((agency) => !members.includes(agency));
    for (const agency of left) if (this.now(agency) !== "EXCUSED") this.set(agency, "EXCUSED", at);
  }
}

/** What a member says of itself: from where, and to where. */
const words: Readonly<Record<string, readonly [from: MemberStanding, to: MemberStanding]>> = {
  "request.acknowledge": ["INVITED", "TAKING_PART"],
  "reply.refuse": ["INVITED", "DECLINED"],
  "request.withdraw": ["TAKING_PART", "LEFT"],
};

/** Takes in what a member says of itself; says whether it was one of these words and in turn. Nobody joins after the end. */
export function applyWord(book: MemberBook, { type, from, at }: Step, end: EpochMs): boolean {
  const [before, after] = words[type] ?? [];
  if (before === undefined || after === undefined || book.now(from) !== before) return false;
  if (after === "TAKING_PART" && at > end) return false;
  book.set(from, after, at);
  return true;
}
