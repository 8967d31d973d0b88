import type { Bodies } from "../../schemas/gen/index.ts";
import { type Fact, firstTold, foldAge, groupSaid, type Said, underOf } from "./fact.ts";
import type { Source } from "./sources.ts";

type Victim = Bodies["tip.victim"];
type Perpetrator = Bodies["tip.perpetrator"];
type Case = Bodies["tip.case"];

/** What the facts about one case share. */
interface Known {
  /** By victim, what is known of her, whoever told it. */
  readonly victims: ReadonlyMap<string, Victim>;
  /** By case, whether it crosses a border. */
  readonly movements: ReadonlyMap<string, string>;
}

function idsOf(said: readonly Said<unknown>[]): readonly string[] {
  return said.map(({ source }) => source.step.id);
}

function lastOf<B>(said: readonly Said<B>[]): B | undefined {
  return said.at(-1)?.body;
}

/** When something was first said that still holds; undefined when the newest word says it no more. */
function sinceWhen<B>(said: readonly Said<B>[], holds: (body: B) => boolean): number | undefined {
  const last = lastOf(said);
  if (last === undefined || !holds(last)) return undefined;
  return firstTold(said.filter(({ body }) => holds(body)));
}

function underVictim({ victims, movements }: Known, ref: string): Fact["under"] {
  const victim = victims.get(ref);
  const { sex, ageBand, citizenships: [citizenship] = [], exploitation: [exploitation] = [] } = victim ?? {};
  const movement = victim === undefined ? undefined : movements.get(victim.caseRef);
  return underOf({ sex, ageBand: foldAge(ageBand), citizenship, exploitation, movement });
} // prettier-ignore

const statuses = [["VICTIMS_PRESUMED", "POSSIBLE"], ["VICTIMS_DETECTED", "ACTUAL"]] as const; // prettier-ignore

function countVictims(own: readonly Source[], known: Known): readonly Fact[] {
  const byVictim = groupSaid(own, ({ step }) => {
    const body = step.read("tip.victim");
    return body === undefined ? undefined : { key: body.victimRef, body };
  });
  return [...byVictim].flatMap(([ref, said]) =>
    statuses.flatMap(([indicator, status]): readonly Fact[] => {
      const at = sinceWhen(said, ({ traffickingStatus }) => traffickingStatus === status);
      if (at === undefined) return [];
      return [{ indicator, at, count: 1, under: underVictim(known, ref), messages: idsOf(said) }];
    }),
  );
}

type Referral = Bodies["tip.referral"];

const helps: readonly (readonly [string, (body: Referral) => boolean])[] = [
  ["VICTIMS_ASSISTED", ({ stage }) => stage === "STARTED" || stage === "COMPLETED"],
  ["VICTIMS_REPATRIATED", ({ stage, repatriation }) => stage === "COMPLETED" && repatriation !== undefined],
]; // prettier-ignore

/** Help is counted by who gives it: what was offered or asked of others helped nobody yet. */
function countHelp(own: readonly Source[], known: Known): readonly Fact[] {
  const byVictim = groupSaid(own, ({ step }) => {
    const body = step.read("tip.referral");
    return body === undefined ? undefined : { key: body.victimRef, body };
  });
  return [...byVictim].flatMap(([ref, said]) =>
    helps.flatMap(([indicator, holds]): readonly Fact[] => {
      const at = firstTold(said.filter(({ body }) => holds(body)));
      if (at === undefined) return [];
      const { sex, ageBand } = lastOf(said) ?? {};
      const told = underOf({ sex, ageBand: foldAge(ageBand) });
      return [{ indicator, at, count: 1, under: { ...told, ...underVictim(known, ref) }, messages: idsOf(said) }];
    }),
  );
} // prettier-ignore

const charged = ["PROSECUTED", "CONVICTED", "ACQUITTED"];
const stages: readonly (readonly [string, readonly string[]])[] = [
  ["PERSONS_SUSPECTED", ["REPORTED", "INVESTIGATED", "UNKNOWN", ...charged]],
  ["PERSONS_PROSECUTED", charged],
  ["PERSONS_CONVICTED", ["CONVICTED"]],
  ["PERSONS_ACQUITTED", ["ACQUITTED"]],
];

/** A firm is no person. */
function isPerson({ organisation, person, profile }: Perpetrator): boolean {
  return organisation === undefined || person !== undefined || profile !== undefined;
}

function countPerpetrators(own: readonly Source[], { movements }: Known): readonly Fact[] {
  const byRef = groupSaid(own, ({ step }) => {
    const body = step.read("tip.perpetrator");
    return body === undefined || !isPerson(body) ? undefined : { key: body.perpetratorRef, body };
  });
  return [...byRef.values()].flatMap((said) =>
    stages.flatMap(([indicator, reached]): readonly Fact[] => {
      const at = sinceWhen(said, ({ justiceStage }) => reached.includes(justiceStage));
      const last = lastOf(said);
      if (at === undefined || last === undefined) return [];
      const { sex, ageBand, nationality: citizenship } = last.profile ?? {};
      const { processRoles: [processRole], caseRef } = last;
      const under = underOf({ sex, ageBand: foldAge(ageBand), citizenship, processRole, movement: movements.get(caseRef) });
      return [{ indicator, at, count: 1, under, messages: idsOf(said) }];
    }),
  );
} // prettier-ignore

function countCases(own: readonly Source[]): readonly Fact[] {
  const byCase = groupSaid(own, ({ step }) => {
    const body: Case | undefined = step.read("tip.case");
    return body === undefined ? undefined : { key: body.caseRef, body };
  });
  return [...byCase.values()].flatMap((said): readonly Fact[] => {
    const [at, last] = [firstTold(said), lastOf(said)];
    if (at === undefined || last === undefined) return [];
    const { exploitation: [exploitation], movement } = last;
    const under = underOf({ exploitation, movement });
    return [{ indicator: "OFFENCES_RECORDED", at, count: 1, under, messages: idsOf(said) }];
  });
} // prettier-ignore

/**
 * What an agency's own messages tell of trafficking: each person once by her pseudonym, each case once by its reference,
 * as the newest word has it, at the time of the first. What others told is read to know a person by, and not counted: they
 * count it themselves.
 */
export function countTip(sources: readonly Source[], agency: string): readonly Fact[] {
  const own = sources.filter(({ step }) => step.from === agency);
  // our own word goes before another's
  const told = [...sources.filter(({ step }) => step.from !== agency), ...own];
  const victims = told.flatMap(({ step }) => step.read("tip.victim") ?? []);
  const cases = told.flatMap(({ step }) => step.read("tip.case") ?? []);
  const known: Known = {
    victims: new Map(victims.map((body) => [body.victimRef, body])),
    movements: new Map(cases.map(({ caseRef, movement }) => [caseRef, movement])),
  };
  return [
    ...countCases(own),
    ...countVictims(own, known),
    ...countHelp(own, known),
    ...countPerpetrators(own, known),
  ];
}
