import type { CeremonyDesk } from "../../certs/authority/index.ts";
import { type Chance, type Clock, systemClock } from "../../schemas/ground/index.ts";

/** Two officers with paper: they write down every fingerprint that is shown and type it when asked. */
export interface ScriptedOfficers extends CeremonyDesk {
  /** What was said, in order. */
  readonly said: string[];
  readonly asked: string[];
  /** The paper: what is confirmed, and its fingerprint. */
  readonly paper: Map<string, string>;
}

/** How the officers differ from good ones. */
export interface OfficerChange {
  readonly names?: readonly [string, string];
  /** What is typed in the place of what the paper says. */
  readonly typed?: (fingerprint: string, question: string) => string;
  readonly pin?: string;
}

/** Makes two officers who act at one time. The paper may be shared between machines. */
export function makeOfficers(
  {
    now,
    chance,
    paper = new Map(),
  }: { now: () => number; chance: Chance; paper?: Map<string, string> },
  change: OfficerChange = {},
): ScriptedOfficers {
  const clock: Clock = { ...systemClock, now };
  const [first, second] = change.names ?? ["Ama Mensah", "Kofi Boateng"];
  const said: string[] = [];
  const asked: string[] = [];
  return {
    clock,
    chance,
    said,
    asked,
    paper,
    say: (text) => {
      said.push(text);
      const [, what, shown] = /^Fingerprint of (.+?): ([0-9a-f ]{49})$/.exec(text) ?? [];
      if (what !== undefined && shown !== undefined) paper.set(what, shown);
      const [, above] = /^To confirm, type this: ([0-9a-f ]{49})$/.exec(text) ?? [];
      if (above !== undefined) paper.set("the revocation", above);
    },
    ask: async (question) => {
      asked.push(question);
      if (question.includes("first officer")) return await Promise.resolve(first);
      if (question.includes("second officer")) return second;
      const [, what = ""] = /type the fingerprint of (.+?) (?:from|as) /.exec(question) ?? [];
      const fingerprint = paper.get(what) ?? "";
      return change.typed?.(fingerprint, question) ?? fingerprint;
    },
    askPin: async () => await Promise.resolve(change.pin ?? "4321"),
  };
}
